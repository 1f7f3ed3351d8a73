internal import Dispatch

/// A terminal that plays a script and keeps every frame: keys in, frames out, no screen.
///
/// When the script has ended the terminal is gone (`.hangup`), so a loop that does not quit by itself ends too.
public final class ScriptTerminal: Terminal {
    /// One thing that happens to the terminal.
    public enum Step: Hashable, Sendable {
        /// Keys arrive in one reading.
        case keys([Key])
        /// The window gets another size.
        case resize(Size)
        /// Something else than keys wakes the loop.
        case signal(TerminalSignal)
        /// The time that the loop was willing to wait passes, and nothing happens.
        case timeout
        /// Nothing happens until somebody calls the waker.
        case wake
    }

    /// The window as the last `.resize` step left it.
    public private(set) var size: Size
    /// The colours that the script's terminal claims to show.
    public let colorDepth: ColorDepth
    /// The marks that the script's terminal claims to show; ASCII by default, so that golden screens are plain.
    public let glyphs: GlyphSet

    /// Every frame that was shown, in order.
    public private(set) var frames: [Frame] = []

    /// The time that each wait would have taken at most; nil is for ever.
    public private(set) var waits: [Duration?] = []

    /// The commands that the terminal was lent to.
    public private(set) var commands: [[String]] = []

    /// The exit code that the next commands end with.
    public var exitCode: Int32 = 0

    /// How often the loop gave the terminal back to the shell.
    public private(set) var stopCount = 0
    /// How often the loop wanted everything painted again.
    public private(set) var invalidationCount = 0
    /// How often the bell rang.
    public private(set) var ringCount = 0
    /// Whether reports of the mouse are wanted.
    public private(set) var isMouseOn = true
    /// Whether the loop gave the terminal back for good, as it must in every case.
    public private(set) var isClosed = false

    /// How long a `.wake` step waits before it gives up and ends the script.
    private static let wakeLimit = 10

    private var steps: ArraySlice<Step>
    private var keys: [Key] = []
    private let semaphore = DispatchSemaphore(value: 0)

    /// Creates a terminal that plays some steps.
    public init(
        size: Size = Size(rows: 24, columns: 80), colorDepth: ColorDepth = .indexed256, glyphs: GlyphSet = .ascii,
        steps: [Step] = []
    ) {
        self.size = size
        self.colorDepth = colorDepth
        self.glyphs = glyphs
        self.steps = steps[...]
    }

    /// What the screen shows now.
    public var lastFrame: Frame? { frames.last }

    /// Ends the `.wake` step that the script is at, or the next one.
    public var waker: @Sendable () -> Void {
        { [semaphore] in semaphore.signal() }
    }

    /// Keeps the frame.
    public func show(_ frame: Frame) {
        frames.append(frame)
    }

    /// Plays the next step; the terminal is gone after the last one.
    public func wait(for timeout: Duration?) -> [TerminalSignal] {
        waits.append(timeout)
        guard let step = steps.popFirst() else { return [.hangup] }
        switch step {
        case .keys(let pressed):
            keys += pressed
            return [.input]
        case .resize(let newSize):
            size = newSize
            return [.resize]
        case .signal(let signal): return [signal]
        case .timeout: return []
        case .wake:
            let limit = DispatchTime.now() + .seconds(Self.wakeLimit)
            return semaphore.wait(timeout: limit) == .success ? [.wake] : [.hangup]
        }
    }

    /// Hands out the keys of the steps played since the last call.
    public func pendingKeys() -> [Key] {
        defer { keys = [] }
        return keys
    }

    /// Counts the wish to paint everything again.
    public func invalidate() { invalidationCount += 1 }

    /// Counts the bell.
    public func ring() { ringCount += 1 }

    /// Notes whether reports of the mouse are wanted.
    public func setMouse(isOn: Bool) { isMouseOn = isOn }

    /// Counts the stop; the script goes on at once.
    public func stop() { stopCount += 1 }

    /// Notes the command and answers with `exitCode`; nothing is run.
    public func run(_ arguments: [String]) -> Int32 {
        commands.append(arguments)
        return exitCode
    }

    /// Notes that the terminal was given back.
    public func close() { isClosed = true }
}
