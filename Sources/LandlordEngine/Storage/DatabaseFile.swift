import Foundation
import Glibc

/// The file of a database: made with the right modes, looked at before anything opens it, taken away again if
/// opening fails.
struct DatabaseFile {
    let path: String
    /// The directories this made, innermost first.
    private(set) var madeDirectories: [String] = []
    /// Whether this made the file.
    private(set) var isMade = false
    /// Whether there is nothing in it yet.
    private(set) var isEmpty = false

    private static let magic = Array("SQLite format 3\0".utf8)

    /// Finds or makes the file at `path`, and changes nothing if it cannot serve.
    static func prepare(_ path: String) throws(DatabaseError) -> DatabaseFile {
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw .cannotCreate(path: path, reason: "it is not a path")
        }
        var file = DatabaseFile(path: absolute(path))
        do throws(DatabaseError) {
            try file.makeDirectories()
            try file.makeFile()
            try file.checkAccess()
            try file.checkHeader()
            return file
        } catch {
            file.discard()
            throw error
        }
    }

    /// Takes away what this made, so that a failed opening leaves nothing behind.
    func discard() {
        if isMade {
            for suffix in ["", "-wal", "-shm", "-journal"] { unlink(path + suffix) }
        }
        for directory in madeDirectories { rmdir(directory) }
    }

    /// Runs `body` while no other process makes a database in this directory; does not wait for one that is there.
    ///
    /// Switching a new file to the write-ahead log needs it alone for a moment, and SQLite does not wait for that
    /// by itself.
    func makingAlone<Value>(_ body: () throws -> Value) throws -> Value {
        guard isEmpty else { return try body() }
        let directory = open(Self.parent(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { if directory >= 0 { close(directory) } }
        // A file system that cannot lock is no reason to refuse: two first openings at once are rare.
        if directory >= 0 { flock(directory, LOCK_EX) }
        return try body()
    }

    /// Lets only the owner read the database, whoever made it and however.
    ///
    /// SQLite gives `-wal` and `-shm` the mode of the database, but only when it makes them.
    func restrictModes() throws(DatabaseError) {
        for suffix in ["", "-wal", "-shm"] {
            var status = stat()
            guard stat(path + suffix, &status) == 0, status.st_mode & 0o077 != 0 else { continue }
            guard chmod(path + suffix, 0o600) == 0 else { throw Self.error(path: path + suffix, errno) }
        }
    }

    private mutating func makeDirectories() throws(DatabaseError) {
        var missing: [String] = []
        var directory = Self.parent(of: path)
        while access(directory, F_OK) != 0, errno == ENOENT, directory != "/" {
            missing.append(directory)
            directory = Self.parent(of: directory)
        }
        for directory in missing.reversed() {
            guard mkdir(directory, 0o700) == 0 || errno == EEXIST else { throw Self.error(path: directory, errno) }
            madeDirectories.insert(directory, at: 0)
        }
    }

    private mutating func makeFile() throws(DatabaseError) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        if descriptor >= 0 {
            close(descriptor)
            isMade = true
        } else if errno != EEXIST {
            throw Self.error(path: path, errno)
        }
        var status = stat()
        guard stat(path, &status) == 0 else { throw Self.error(path: path, errno) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            let isDirectory = status.st_mode & S_IFMT == S_IFDIR
            throw .cannotCreate(path: path, reason: isDirectory ? "it is a directory" : "it is not a regular file")
        }
        isEmpty = status.st_size == 0 && access(path + "-wal", F_OK) != 0
    }

    private func checkAccess() throws(DatabaseError) {
        guard access(path, R_OK) == 0 else { throw .permissionDenied(path: path, reason: Self.words(errno)) }
        guard access(path, W_OK) == 0 else { throw .readOnly(path: path, reason: Self.words(errno)) }
        // The write-ahead log lives beside the file, so the directory must be writable too.
        let directory = Self.parent(of: path)
        guard access(directory, W_OK) == 0 else { throw .readOnly(path: directory, reason: Self.words(errno)) }
    }

    private func checkHeader() throws(DatabaseError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.error(path: path, errno) }
        defer { close(descriptor) }
        var header = [UInt8](repeating: 0, count: Self.magic.count)
        let count = read(descriptor, &header, header.count)
        guard count >= 0 else { throw .ioFailure(path: path, reason: Self.words(errno)) }
        guard count == 0 || header == Self.magic else { throw .notADatabase(path: path) }
    }

    private static func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return "/" }
        return String(path[..<slash])
    }

    static func words(_ code: Int32) -> String { String(cString: strerror(code)).lowercased() }

    /// What an operating system's refusal to make or use a file means.
    static func error(path: String, _ code: Int32) -> DatabaseError {
        switch code {
        case EACCES, EPERM: .permissionDenied(path: path, reason: words(code))
        case EROFS: .readOnly(path: path, reason: words(code))
        case ENOSPC, EDQUOT: .diskFull(path: path)
        case EIO: .ioFailure(path: path, reason: words(code))
        default: .cannotCreate(path: path, reason: words(code))
        }
    }
}
