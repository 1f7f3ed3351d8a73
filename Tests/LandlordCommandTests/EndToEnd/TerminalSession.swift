import Foundation
import Testing

/// The built program in a real terminal emulator: tmux with a private socket.
struct TerminalSession {
    /// What the screen did not show in time.
    struct Absent: Error, CustomStringConvertible {
        let description: String
    }

    private let socket = "landlord-\(UUID().uuidString)"
    private let folder: URL

    /// Opens the console on a database of its own; `editor` is what the program finds in `$EDITOR`.
    init(folder: URL, editor: String, size: (columns: Int, rows: Int) = (100, 30)) async throws {
        self.folder = folder
        let command = """
            exec env -i HOME='\(folder.path)' PATH="$PATH" TERM="$TERM" LANG=C.UTF-8 EDITOR='\(editor)' \
            '\(try Home.program)' --database '\(folder.path)/t.db'
            """
        // The shell stays after the program, so that its exit code and the restored terminal can be seen.
        try await tmux([
            "-u", "-f", "/dev/null", "new-session", "-d", "-x", "\(size.columns)", "-y", "\(size.rows)",
            "sh", "-c", "(\(command)); echo left with $?; exec cat",
        ])
    }

    /// Types keys, in tmux's names.
    func type(_ keys: String...) async throws { try await tmux(["send-keys"] + keys) }

    /// What the screen shows.
    func screen() async throws -> String { try await tmux(["capture-pane", "-p"]) }

    /// Looks at the screen until it shows `text`; taking the picture is all the pause there is.
    @discardableResult
    func waitFor(_ text: String, seconds: Int = 30) async throws -> String {
        try await waitFor("'\(text)'", seconds: seconds) { $0.contains(text) }
    }

    /// Looks at the screen until it is as described.
    @discardableResult
    func waitFor(_ what: String, seconds: Int = 30, _ isSo: (String) -> Bool) async throws -> String {
        let clock = ContinuousClock()
        let deadline = clock.now.advanced(by: .seconds(seconds))
        var last = ""
        while clock.now < deadline {
            last = try await screen()
            if isSo(last) { return last }
        }
        throw Absent(description: "the screen never showed \(what); it shows:\n\(last)")
    }

    /// Ends the terminal and what runs in it.
    func close() async {
        // It may have ended by itself.
        _ = try? await tmux(["kill-server"])
    }

    /// Starts a command without the descriptors of this process.
    ///
    /// The server that tmux leaves behind would keep them open,
    /// and Foundation takes a child for alive as long as somebody does.
    private static let alone = [
        "python3", "-c", "import os, sys; os.closerange(3, 4096); os.execvp(sys.argv[1], sys.argv[1:])",
    ]

    @discardableResult
    private func tmux(_ arguments: [String]) async throws -> String {
        try await ToolRun.output(of: Self.alone + ["tmux", "-L", socket] + arguments)
    }
}

/// A tool of the system that a test asks.
enum ToolRun {
    /// Runs a tool to its end and gives what it wrote: at most what a pipe holds.
    static func output(of command: [String]) async throws -> String {
        var (reading, writing): (OpenFile, OpenFile?) = try OpenFile.pipe()
        let process = try ChildProcess(
            "/usr/bin/env", command, environment: ProcessInfo.processInfo.environment,
            input: try OpenFile(reading: "/dev/null"), output: try #require(writing),
            errors: try OpenFile(writing: "/dev/null"))
        // The tool alone writes now, so that its end is the end of the pipe.
        writing = nil
        _ = await process.end()
        var bytes: [UInt8] = []
        while case let part = reading.next(), !part.isEmpty { bytes += part }
        return String(decoding: bytes, as: UTF8.self)
    }
}
