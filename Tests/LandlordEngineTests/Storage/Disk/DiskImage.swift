import CFaultyDisk
import Foundation
import LandlordTestSupport

/// A disk as the log of the faulty layer leaves it: what was synced, and what a power cut may still take away.
///
/// A disk writes whole sectors, in any order, and keeps what it was asked to sync. So a cut leaves everything up to the
/// last sync of a file, and of later writes each sector or not.
struct DiskImage {
    private static let sectorByteCount = 4_096

    private var synced: [Int32: [UInt8]] = [:]
    private var pending: [Int32: [fd_event]] = [:]
    /// A disk that says "synced" and is not, which is what `synchronous = OFF` makes of every disk.
    let isLying: Bool

    init(isLying: Bool = false) { self.isLying = isLying }

    /// Takes the next thing that happened to a file.
    mutating func take(_ event: fd_event) {
        switch fd_kind(UInt32(event.kind)) {
        case FD_WRITE, FD_TRUNCATE: pending[event.file, default: []].append(event)
        case FD_DELETE: (synced[event.file], pending[event.file]) = (nil, nil)
        case FD_SYNC where !isLying:
            for event in pending.removeValue(forKey: event.file) ?? [] {
                Self.apply(event, to: &synced[event.file, default: []]) { _ in true }
            }
        default: break
        }
    }

    /// Writes the files that a power cut at this moment leaves into a directory.
    func cut(into directory: String, by chance: SeededChance) throws {
        for file in Set(synced.keys).union(pending.keys) {
            var bytes = synced[file] ?? []
            for event in pending[file] ?? [] { Self.apply(event, to: &bytes) { _ in chance.next() & 1 == 0 } }
            let name = String(cString: fd_file_name(file))
            try Data(bytes).write(to: URL(fileURLWithPath: directory + "/" + name))
        }
    }

    private static func apply(_ event: fd_event, to bytes: inout [UInt8], keeps: (Int) -> Bool) {
        let offset = Int(event.offset)
        guard fd_kind(UInt32(event.kind)) == FD_WRITE else {
            if keeps(offset), bytes.count > offset { bytes.removeLast(bytes.count - offset) }
            return
        }
        let written = UnsafeBufferPointer(start: event.bytes, count: Int(event.length))
        var begin = 0
        while begin < written.count {
            let boundary = ((offset + begin) / sectorByteCount + 1) * sectorByteCount - offset
            let end = min(written.count, boundary)
            if keeps(offset + begin) {
                if bytes.count < offset + end {
                    bytes.append(contentsOf: repeatElement(0, count: offset + end - bytes.count))
                }
                bytes.replaceSubrange((offset + begin)..<(offset + end), with: written[begin..<end])
            }
            begin = end
        }
    }
}
