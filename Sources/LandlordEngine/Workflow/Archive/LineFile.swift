import Glibc

/// A file of lines, read one after the other.
public enum LineFile {
    /// The longest line; a run's input and what follows from it are far smaller.
    public static let lineByteLimit = 64 << 20

    /// Calls `body` with each line without its end.
    ///
    /// - Throws: That it cannot be read, or has a line that is too long.
    public static func read(_ path: String, _ body: ([UInt8]) -> Void) throws(RepositoryError) {
        guard !path.utf8.contains(0), let file = fopen(path, "re") else {
            throw .unusable("\(path) cannot be read: \(String(cString: strerror(errno)))")
        }
        defer { fclose(file) }
        var buffer: UnsafeMutablePointer<CChar>?
        var size = 0
        defer { free(buffer) }
        while case let count = getline(&buffer, &size, file), count > 0 {
            guard count <= lineByteLimit, let start = buffer else {
                throw .unusable("\(path) has a line that is too long")
            }
            let bytes = UnsafeRawBufferPointer(start: start, count: count)
            body(Array(bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes[...]))
        }
        guard ferror(file) == 0 else { throw .unusable("\(path) cannot be read: \(String(cString: strerror(errno)))") }
    }
}
