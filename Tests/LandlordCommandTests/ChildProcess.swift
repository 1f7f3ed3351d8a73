import Dispatch
import Foundation
import Glibc

/// A program that a test starts, without Foundation's `Process`.
///
/// - Why: that one learns of an end by a socket that every child inherits, so a child that leaves a daemon behind (tmux
///   does) seems to run for ever, and one that is started at the same moment takes the others along.
struct ChildProcess: Sendable {
    /// The process could not be started.
    struct NotStarted: Error, CustomStringConvertible {
        let description: String
    }

    /// The process.
    let id: pid_t

    /// Starts a program with these files as its input, output and errors.
    init(
        _ program: String, _ arguments: [String], environment: [String: String], input: OpenFile, output: OpenFile,
        errors: OpenFile
    ) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (file, number) in [(input, STDIN_FILENO), (output, STDOUT_FILENO), (errors, STDERR_FILENO)] {
            posix_spawn_file_actions_adddup2(&actions, file.descriptor, number)
        }
        // What other threads have open at this moment is not meant for the child.
        for number in STDERR_FILENO + 1..<1_024 { posix_spawn_file_actions_addclose(&actions, number) }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        var ordinary = sigset_t()
        sigemptyset(&ordinary)
        for number in [SIGPIPE, SIGINT, SIGTERM] { sigaddset(&ordinary, number) }
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &ordinary)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var words = ([program] + arguments).map { strdup($0) } + [nil]
        var variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in words + variables { free(text) } }
        var id: pid_t = 0
        // The files must stay open until the child has them.
        let code = withExtendedLifetime([input, output, errors]) {
            posix_spawn(&id, program, &actions, &attributes, &words, &variables)
        }
        guard code == 0 else {
            throw NotStarted(description: "\(program) cannot be started: \(String(cString: strerror(code)))")
        }
        self.id = id
    }

    /// Waits for the end on a thread that nobody else needs.
    ///
    /// - Returns: The exit code; 128 and the signal's number where a signal ended it.
    func end() async -> Int32 {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: waitForEnd()) }
        }
    }

    /// Waits for the end on the calling thread.
    ///
    /// - Returns: The exit code; 128 and the signal's number where a signal ended it.
    func waitForEnd() -> Int32 {
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
    }
}

/// An open file that no other child inherits, closed when it is let go.
final class OpenFile: Sendable {
    /// The descriptor.
    let descriptor: Int32

    /// Opens a file for reading.
    init(reading path: String) throws {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        try check(path)
    }

    /// Opens or makes a file for writing.
    init(writing path: String) throws {
        descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        try check(path)
    }

    private init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// A pipe; a pair of sockets in truth, because those can be made so that no other child inherits them.
    static func pipe() throws -> (reading: OpenFile, writing: OpenFile) {
        var ends: [Int32] = [0, 0]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
            throw ChildProcess.NotStarted(description: "there is no pipe")
        }
        return (OpenFile(ends[0]), OpenFile(ends[1]))
    }

    /// What comes next; empty at the end.
    func next() -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        var count = -1
        repeat { count = read(descriptor, &buffer, buffer.count) } while count < 0 && errno == EINTR
        return Array(buffer.prefix(max(0, count)))
    }

    private func check(_ path: String) throws {
        guard descriptor >= 0 else { throw ChildProcess.NotStarted(description: "\(path) cannot be opened") }
    }
}
