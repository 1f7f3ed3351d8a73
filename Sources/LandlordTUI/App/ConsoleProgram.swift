/// What the loop tells a program: what the person did, or what became of the terminal.
public enum ConsoleInput: Hashable, Sendable {
    case key(Key)
    case resize(Size)
    /// The time that `nextTick` asked for has passed.
    case tick
    /// Somebody asked the process to end, or the terminal is gone; the loop ends after this.
    case terminate
}

/// What a program may ask of the loop, because only the loop has the terminal.
public enum TerminalRequest<Event: Sendable>: Sendable {
    case quit
    /// Stop the process, as the shell's `^Z` does, until it is continued.
    case stop
    /// Lend the terminal to a command, such as an editor, and tell its exit code.
    case run(arguments: [String], completion: @Sendable (Int32) -> Event)
    /// Paint the whole screen again.
    case redraw
    case ring
    case mouse(isOn: Bool)
    /// Show everything in another theme from now on.
    case theme(Theme)
}

/// A console without a terminal: a value that takes events, asks for effects and draws itself.
public protocol ConsoleProgram {
    associatedtype Event: Sendable
    associatedtype Effect: Sendable

    /// Takes an event and returns what should be done about it. Pure: no clock, no engine, no waiting.
    mutating func update(_ event: Event) -> [Effect]

    /// Draws everything. Pure as well: the same program, size and theme give the same frame.
    func view(size: Size, theme: Theme) -> Frame

    /// Turns what happened into an event; nil if it means nothing.
    ///
    /// This is the one place where a program may look at its clock, to write the time into the event.
    func event(for input: ConsoleInput) -> Event?

    /// Returns what an effect asks of the terminal; nil if it is for the effect runner.
    func request(for effect: Effect) -> TerminalRequest<Event>?

    /// When something that is visible changes by time alone; nil if nothing does, and then nothing wakes the console.
    var nextTick: Duration? { get }
}
