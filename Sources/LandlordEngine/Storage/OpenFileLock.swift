import Glibc

/// An exclusive lock on a file that the kernel frees the moment its holder dies.
///
/// It is an "open file description" lock: unlike POSIX record locks it also excludes a second holder in the same
/// process, and closing some other descriptor of the file does not drop it.
final class OpenFileLock: Sendable {
    // <fcntl.h> hides this behind _GNU_SOURCE; the number is part of Linux's stable interface.
    private static let setLock: Int32 = 37

    private let descriptor: Int32

    /// Takes the lock on the file at `path`, making the file if need be; nil when someone else holds it.
    static func acquire(path: String) throws(RepositoryError) -> OpenFileLock? {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .unusable("\(path) cannot be opened: \(DatabaseFile.words(errno))") }
        var request = flock()
        request.l_type = Int16(F_WRLCK)
        request.l_whence = Int16(SEEK_SET)
        if fcntl(descriptor, setLock, &request) == 0 { return OpenFileLock(descriptor: descriptor) }
        let code = errno
        close(descriptor)
        guard code == EAGAIN || code == EACCES else {
            throw .unusable("\(path) cannot be locked: \(DatabaseFile.words(code))")
        }
        return nil
    }

    private init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    // Closing the only descriptor of the description frees the lock.
    deinit { close(descriptor) }
}
