/// A screen and a keyboard, owned by one thread.
///
/// The console's loop is the only caller. Everybody else reaches it through a mailbox and the waker.
public protocol Terminal: AnyObject {
    /// The extent of the screen now.
    var size: Size { get }

    /// How many colours it shows.
    var colorDepth: ColorDepth { get }

    /// The lines and marks it can show.
    var glyphs: GlyphSet { get }

    /// Ends a waiting `wait`; may be called from any thread, also after the terminal is closed.
    var waker: @Sendable () -> Void { get }

    /// Shows a screen.
    func show(_ frame: Frame)

    /// Waits for something to happen, at most for a time, or for ever.
    func wait(for timeout: Duration?) -> [TerminalSignal]

    /// Returns the keys pressed since the last call.
    func pendingKeys() -> [Key]

    /// Forgets what is on the screen, so that the next frame is painted in full.
    func invalidate()

    /// Rings the bell, or flashes.
    func ring()

    /// Turns reports of the mouse on or off; off, the terminal's own selection works.
    func setMouse(isOn: Bool)

    /// Gives the terminal back to the shell and stops the process until it is continued.
    func stop()

    /// Lends the terminal to a command, such as an editor, and returns its exit code when it has ended.
    func run(_ arguments: [String]) -> Int32

    /// Gives the terminal back for good. Calling it again does nothing.
    func close()
}

/// What woke a waiting terminal.
public enum TerminalSignal: Hashable, Sendable {
    /// Keys are waiting.
    case input
    /// Somebody called the waker.
    case wake
    /// The screen has another size.
    case resize
    /// Somebody asked the process to stop for a while.
    case stop
    /// The process was stopped and goes on; the screen may show anything.
    case resumed
    /// Somebody asked the process to end.
    case terminate
    /// The terminal is gone.
    case hangup
}

/// Why the console cannot have the terminal.
public enum TerminalError: Error, Hashable, CustomStringConvertible {
    case notATerminal
    case unknownTerminal(String)
    case tooSimple(String)

    /// Says what is wrong and what to do about it, for the person who started the console.
    public var description: String {
        switch self {
        case .notATerminal:
            "Input and output must both be a terminal; use the commands for scripts."
        case .unknownTerminal(let name):
            "The terminal type \"\(name)\" is not known; set TERM to one that is, such as xterm-256color."
        case .tooSimple(let name):
            "The terminal type \"\(name)\" cannot place text on the screen; use --plain."
        }
    }
}
