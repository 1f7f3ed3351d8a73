import Glibc
import StatesLanguage
import Synchronization

/// A file of lines that never grows without end and never fails its caller.
///
/// A log that throws stops the work that it should describe; so a line that cannot be written is counted, and the
/// count is written with the first line that can. When the file would pass its limit, it becomes `landlord.log.1`,
/// that one becomes `.2`, and the last falls away. Several processes may write one log: lines are appended in one
/// call each, and a process that finds its file renamed by another goes on with the new one.
public final class LogFile: Sendable {
    /// How long a log may become.
    public struct Options: Sendable, Hashable {
        /// The most bytes of one file.
        public var byteLimit: Int
        /// How many files are kept besides the current one.
        public var archiveLimit: Int

        /// Chooses limits.
        public init(byteLimit: Int = 10 << 20, archiveLimit: Int = 3) {
            self.byteLimit = byteLimit
            self.archiveLimit = archiveLimit
        }
    }

    private struct State {
        var descriptor: Int32 = -1
        var size = 0
        var lostCount = 0
    }

    /// The current file.
    public let path: String
    private let options: Options
    // The write happens under the lock: lines must keep their order, and to rotate while another thread writes would
    // send its line to a closed descriptor. A write to a file does not wait for anybody.
    private let state = Mutex(State())

    /// Names a log; it is opened with the first line.
    public init(path: String, options: Options = Options()) {
        self.path = path
        self.options = options
    }

    deinit {
        let descriptor = state.withLock { $0.descriptor }
        if descriptor >= 0 { close(descriptor) }
    }

    /// Appends a line; the line feed is added here.
    public func append(_ line: [UInt8]) {
        state.withLock { state in
            if state.descriptor >= 0, state.size + line.count + 1 > options.byteLimit { rotate(&state) }
            if state.descriptor < 0 { reopen(&state) }
            guard state.descriptor >= 0 else {
                state.lostCount += 1
                return
            }
            var bytes: [UInt8] = []
            if state.lostCount > 0 {
                let note: JSONValue = [
                    "level": "warning", "message": "Log lines were lost", "count": .number(JSONNumber(state.lostCount)),
                ]
                bytes += note.serializedBytes() + [UInt8(ascii: "\n")]
            }
            bytes += line + [UInt8(ascii: "\n")]
            let written = write(state.descriptor, bytes, bytes.count)
            state.size += max(0, written)
            state.lostCount = written == bytes.count ? 0 : state.lostCount + 1
        }
    }

    /// The number of lines that could not be written and have not been reported in the log yet.
    public var lostCount: Int { state.withLock { $0.lostCount } }

    private func reopen(_ state: inout State) {
        if state.descriptor >= 0 { close(state.descriptor) }
        state.descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard state.descriptor >= 0 else { return }
        // A file that was there before may be readable for others; what a log tells is not for them.
        fchmod(state.descriptor, 0o600)
        var status = stat()
        state.size = fstat(state.descriptor, &status) == 0 ? Int(status.st_size) : 0
    }

    private func rotate(_ state: inout State) {
        var mine = stat()
        var current = stat()
        let isCurrent =
            fstat(state.descriptor, &mine) == 0 && stat(path, &current) == 0 && mine.st_ino == current.st_ino
            && mine.st_dev == current.st_dev
        if isCurrent {
            for number in stride(from: options.archiveLimit - 1, through: 1, by: -1) {
                rename("\(path).\(number)", "\(path).\(number + 1)")
            }
            if options.archiveLimit > 0 { rename(path, "\(path).1") } else { unlink(path) }
        }
        reopen(&state)
    }
}
