import Foundation

/// The log of one container: files `log.N` in its directory, where N counts the bytes written before the file began.
struct LogFiles: Sendable, Hashable {
    /// The container's directory.
    let directory: String

    /// Lines, and the place behind them.
    struct Lines: Sendable, Hashable {
        /// Without their ends.
        var texts: [String]
        /// Bytes since the container's beginning.
        var offset: Int
    }

    /// How much is read at most at one time.
    static let byteLimit = 262_144
    /// A line is cut here.
    static let lineByteLimit = 8_192

    /// One file, and where it begins.
    private struct File {
        let start: Int
        let end: Int
        let path: String
    }

    /// The last lines.
    func last(_ limit: Int) -> Lines {
        let files = files()
        guard let end = files.last?.end else { return Lines(texts: [], offset: 0) }
        let from = max(files.first?.start ?? 0, end - Self.byteLimit)
        var lines = lines(from: from, in: files, limit: .max, endsAt: end)
        // Reading began in the middle of a line, unless it began at the very beginning.
        if from > (files.first?.start ?? 0), !lines.texts.isEmpty { lines.texts.removeFirst() }
        lines.texts = lines.texts.suffix(limit)
        return lines
    }

    /// The lines behind an offset; whole ones only, so that a line being written is read when it is finished.
    func lines(after offset: Int, limit: Int) -> Lines {
        let files = files()
        guard let first = files.first, let last = files.last else { return Lines(texts: [], offset: offset) }
        // What was rotated away is lost to this reader; a container that was made anew begins at the beginning.
        let from = offset > last.end ? first.start : max(offset, first.start)
        return lines(from: from, in: files, limit: limit, endsAt: min(last.end, from + Self.byteLimit))
    }

    private func lines(from: Int, in files: [File], limit: Int, endsAt end: Int) -> Lines {
        let bytes = bytes(from: from, to: end, in: files)
        var texts: [String] = []
        var start = bytes.startIndex
        while texts.count < limit, start < bytes.endIndex {
            let newline = bytes[start...].firstIndex(of: UInt8(ascii: "\n"))
            // A line that fills everything read is handed out in pieces: waiting for its end would wait for ever.
            let isEndless = newline == nil && start == bytes.startIndex && bytes.count >= Self.byteLimit
            guard newline != nil || isEndless else { break }
            let lineEnd = newline ?? bytes.endIndex
            texts.append(String(decoding: bytes[start..<lineEnd].prefix(Self.lineByteLimit), as: UTF8.self))
            start = newline.map { bytes.index(after: $0) } ?? lineEnd
        }
        return Lines(texts: texts, offset: from + start)
    }

    private func files() -> [File] {
        // A directory that is not there is a container without a log.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        return names.compactMap { name -> File? in
            guard name.hasPrefix("log."), let start = Int(name.dropFirst(4)) else { return nil }
            let path = directory + "/" + name
            // A file that is rotated away just now is no longer there to be measured.
            guard let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int else { return nil }
            return File(start: start, end: start + size, path: path)
        }.sorted { $0.start < $1.start }
    }

    private func bytes(from: Int, to end: Int, in files: [File]) -> [UInt8] {
        var bytes: [UInt8] = []
        for file in files where file.end > from && file.start < end {
            // A file that was rotated away since it was listed has nothing more to say.
            guard let handle = FileHandle(forReadingAtPath: file.path) else { continue }
            // Only reading: a failing close has no consequence.
            defer { try? handle.close() }
            let begin = max(from, file.start)
            // What cannot be read is missing from the answer; a log is not worth failing for.
            guard (try? handle.seek(toOffset: UInt64(begin - file.start))) != nil,
                let data = try? handle.read(upToCount: min(end, file.end) - begin)
            else { continue }
            bytes += data
        }
        return bytes
    }
}
