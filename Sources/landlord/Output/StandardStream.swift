import Glibc
import LandlordTUI

/// The standard output and the standard error.
enum StandardStream {
    /// Whether a person reads the standard output.
    static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
    /// Whether a person reads the standard error.
    static var hasReader: Bool { isatty(STDERR_FILENO) == 1 }

    /// The columns of the terminal behind the standard output; nil where there is none.
    static var columns: Int? {
        guard isTerminal else { return nil }
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    /// Writes a text that is safe to show to the standard output.
    ///
    /// Where nobody reads it any more the process ends as every other program of a pipe does.
    static func write(_ text: String) throws(Failure) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno == EPIPE {
                signal(SIGPIPE, SIG_DFL)
                raise(SIGPIPE)
            } else if errno != EINTR {
                throw Failure(.inputOutput, "the output cannot be written: \(String(cString: strerror(errno)))")
            }
        }
    }

    /// Writes lines to the standard output, with everything that could drive a terminal made visible.
    static func write(visible text: String) throws(Failure) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        try write(lines.map { DisplayText.sanitize(String($0)).string }.joined(separator: "\n"))
    }

    /// Writes one line to the standard error, with everything that could drive a terminal made visible.
    static func note(_ line: String) {
        let bytes = Array((DisplayText.sanitize(line).string + "\n").utf8)
        // Whoever closed the standard error does not want to hear this.
        _ = bytes.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    /// Writes one line to the standard error where a person reads it.
    static func progress(_ line: String) {
        if hasReader { note(line) }
    }

    /// Runs something that writes, and answers the exit code.
    static func outcome(_ body: () throws(Failure) -> Void) -> Int32 {
        do throws(Failure) {
            try body()
            return 0
        } catch {
            return error.report()
        }
    }
}
