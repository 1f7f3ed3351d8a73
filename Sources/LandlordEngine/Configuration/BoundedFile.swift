import Glibc

/// Reads a file that somebody named, never more of it than a document may have.
public enum BoundedFile {
    /// Reads a document's bytes.
    ///
    /// - Parameters:
    ///   - path: The file; `-` for the standard input.
    ///   - limit: The most bytes that are read.
    /// - Returns: All of the file.
    /// - Throws: ``DocumentProblem/Code/unreadable`` or ``DocumentProblem/Code/tooLarge``.
    public static func read(_ path: String, limit: Int = YAMLDocument.sizeLimit) throws(DocumentError) -> [UInt8] {
        if path == "-" { return try read(descriptor: STDIN_FILENO, name: path, limit: limit) }
        guard !path.utf8.contains(0) else { throw DocumentError(.unreadable, file: path, "is not a path") }
        // Without O_NONBLOCK, to open a pipe that nobody writes would wait for ever; to read one must wait.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw failure(errno, path) }
        defer { close(descriptor) }
        guard fcntl(descriptor, F_SETFL, 0) == 0 else { throw failure(errno, path) }
        return try read(descriptor: descriptor, name: path, limit: limit)
    }

    /// Reads to the end of an open file.
    public static func read(descriptor: Int32, name: String, limit: Int) throws(DocumentError) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while bytes.count <= limit {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count == 0 { return bytes }
            if count < 0 {
                if errno == EINTR { continue }
                throw failure(errno, name)
            }
            bytes += buffer[..<count]
        }
        throw DocumentError(.tooLarge, file: name, "is larger than \(limit) bytes")
    }

    /// True where nothing has that name, or a part of the way to it is missing.
    static func isMissing(_ path: String) -> Bool {
        access(path, F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR)
    }

    private static func failure(_ code: Int32, _ path: String) -> DocumentError {
        let reason =
            switch code {
            case ENOENT, ENOTDIR: "there is no such file"
            case EACCES, EPERM: "you may not read it"
            case EISDIR: "is a directory"
            default: "cannot be read: \(String(cString: strerror(code)))"
            }
        return DocumentError(.unreadable, file: path, reason)
    }
}

extension Configuration {
    /// Finds and reads the file, and resolves the configuration.
    ///
    /// - Parameters:
    ///   - path: The file of `--config`; without it, `LANDLORD_CONFIG` names one, and without that it is the default,
    ///     which alone may be missing.
    ///   - flags: The options of the command line.
    ///   - environment: The environment.
    /// - Returns: The configuration.
    /// - Throws: Everything that is wrong in any of them.
    public static func load(
        path: String? = nil, flags: [Flag] = [], environment: [String: String]
    ) throws(DocumentError) -> Configuration {
        let named = path ?? environment["LANDLORD_CONFIG"].flatMap { $0.isEmpty ? nil : $0 }
        guard let file = named ?? Directories(environment: environment).configurationFile,
            named != nil || !BoundedFile.isMissing(file)
        else { return try resolve(flags: flags, environment: environment) }
        let bytes = try BoundedFile.read(file)
        return try resolve(flags: flags, environment: environment, file: File(path: file, bytes: bytes))
    }
}
