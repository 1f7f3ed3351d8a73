import Foundation

/// The built program in a real terminal emulator: tmux with a private socket.
struct TerminalSession {
    /// What the screen did not show in time.
    struct Absent: Error, CustomStringConvertible {
        let description: String
    }

    private let socket = "landlord-\(UUID().uuidString)"
    private let folder: URL

    /// Opens the console on a database of its own; `editor` is what the program finds in `$EDITOR`.
    init(folder: URL, editor: String, size: (columns: Int, rows: Int) = (100, 30)) throws {
        self.folder = folder
        let command = """
            exec env -i HOME='\(folder.path)' PATH="$PATH" TERM="$TERM" LANG=C.UTF-8 EDITOR='\(editor)' \
            '\(try BuiltProgram.url().path)' --database '\(folder.path)/t.db'
            """
        // The shell stays after the program, so that its exit code and the restored terminal can be seen.
        try tmux([
            "-u", "-f", "/dev/null", "new-session", "-d", "-x", "\(size.columns)", "-y", "\(size.rows)",
            "sh", "-c", "(\(command)); echo left with $?; exec cat",
        ])
    }

    /// Types keys, in tmux's names.
    func type(_ keys: String...) throws { try tmux(["send-keys"] + keys) }

    /// What the screen shows.
    func screen() throws -> String { try tmux(["capture-pane", "-p"]) }

    /// Looks at the screen until it shows `text`; taking the picture is all the pause there is.
    @discardableResult
    func waitFor(_ text: String, seconds: Int = 30) throws -> String {
        try waitFor("'\(text)'", seconds: seconds) { $0.contains(text) }
    }

    /// Looks at the screen until it is as described.
    @discardableResult
    func waitFor(_ what: String, seconds: Int = 30, _ isSo: (String) -> Bool) throws -> String {
        let clock = ContinuousClock()
        let deadline = clock.now.advanced(by: .seconds(seconds))
        var last = ""
        while clock.now < deadline {
            last = try screen()
            if isSo(last) { return last }
        }
        throw Absent(description: "the screen never showed \(what); it shows:\n\(last)")
    }

    /// Ends the terminal and what runs in it.
    func close() {
        // It may have ended by itself.
        _ = try? tmux(["kill-server"])
    }

    @discardableResult
    private func tmux(_ arguments: [String]) throws -> String {
        try BuiltProgram.output(of: "/usr/bin/env", ["tmux", "-L", socket] + arguments)
    }
}
