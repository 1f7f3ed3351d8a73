import Glibc
import LandlordDomain
import StatesLanguage

/// The directory in which runs are that have left the database: one file of lines for each batch.
///
/// A file is written under a name that ends in `.part` and is on the disk before its runs are removed; it gets its name
/// afterwards. What a process has left behind that died in between is settled by the next one: a part whose runs are
/// still there is thrown away, another one gets its name. So each run is in the database or in one file.
struct ArchiveDirectory: Sendable {
    let path: String

    static let partSuffix = ".part"
    static let suffix = ".ndjson"

    /// Makes the directory, and keeps everybody else from archiving into it.
    ///
    /// - Returns: Nil where somebody else is archiving.
    func lock() throws(RepositoryError) -> OpenFileLock? {
        var missing: [String] = []
        var directory = path
        while access(directory, F_OK) != 0, errno == ENOENT, directory.contains("/") {
            missing.append(directory)
            directory = String(directory[..<(directory.lastIndex(of: "/") ?? directory.startIndex)])
            if directory.isEmpty { break }
        }
        for directory in missing.reversed() where mkdir(directory, 0o700) != 0 && errno != EEXIST {
            throw Self.failure(directory)
        }
        return try OpenFileLock.acquire(path: "\(path)/.lock")
    }

    /// The parts that were left behind, by name.
    func parts() throws(RepositoryError) -> [String] {
        guard let directory = opendir(path) else { throw Self.failure(path) }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasSuffix(Self.partSuffix) { names.append(name) }
        }
        return names.sorted()
    }

    /// The runs of a part with their last digests, as far as it was written.
    func runs(ofPart name: String) throws(RepositoryError) -> [String: [UInt8]] {
        var runs: [String: [UInt8]] = [:]
        try LineFile.read("\(path)/\(name)") { line in
            // A line that was cut off belongs to a part whose runs were not removed.
            guard let json = try? JSONValue(parsing: line), json["kind"]?.stringValue == "run",
                let id = json["run"]?.stringValue, let hash = json["hash"]?.stringValue
            else { return }
            runs[id] = Hexadecimal.bytes(hash)
        }
        return runs
    }

    /// Writes a part that is on the disk when this returns.
    func write(part name: String, _ lines: [JSONValue]) throws(RepositoryError) {
        let file = "\(path)/\(name)"
        let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw Self.failure(file) }
        defer { close(descriptor) }
        for line in lines {
            var rest = (line.serializedBytes() + [UInt8(ascii: "\n")])[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
                if count > 0 { rest = rest.dropFirst(count) } else if errno != EINTR { throw Self.failure(file) }
            }
        }
        guard fsync(descriptor) == 0 else { throw Self.failure(file) }
        try synchronize()
    }

    /// Gives a part its name.
    func finish(part name: String) throws(RepositoryError) {
        let file = "\(path)/\(name)"
        guard rename(file, String(file.dropLast(Self.partSuffix.count)) + Self.suffix) == 0 else {
            throw Self.failure(file)
        }
        try synchronize()
    }

    /// Throws a part away.
    func discard(part name: String) throws(RepositoryError) {
        guard unlink("\(path)/\(name)") == 0 || errno == ENOENT else { throw Self.failure("\(path)/\(name)") }
    }

    /// Puts the names on the disk.
    private func synchronize() throws(RepositoryError) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.failure(path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw Self.failure(path) }
    }

    private static func failure(_ path: String) -> RepositoryError {
        errno == ENOSPC || errno == EDQUOT
            ? .full : .unusable("\(path) cannot be used for archives: \(String(cString: strerror(errno)))")
    }
}
