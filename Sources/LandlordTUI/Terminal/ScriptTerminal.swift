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

    public private(set) var size: Size
    public let colorDepth: ColorDepth
    public let glyphs: GlyphSet

    /// Every frame that was shown, in order.
    public private(set) var frames: [Frame] = []

    /// The time that each wait would have taken at most; nil is for ever.
    public private(set) var waits: [Duration?] = []

    /// The commands that the terminal was lent to.
    public private(set) var commands: [[String]] = []

    /// The exit code that the next commands end with.
    public var exitCode: Int32 = 0

    public private(set) var stopCount = 0
    public private(set) var invalidationCount = 0
    public private(set) var ringCount = 0
    public private(set) var isMouseOn = true
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

    public var waker: @Sendable () -> Void {
        { [semaphore] in semaphore.signal() }
    }

    public func show(_ frame: Frame) {
        frames.append(frame)
    }

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

    public func pendingKeys() -> [Key] {
        defer { keys = [] }
        return keys
    }

    public func invalidate() { invalidationCount += 1 }

    public func ring() { ringCount += 1 }

    public func setMouse(isOn: Bool) { isMouseOn = isOn }

    public func stop() { stopCount += 1 }

    public func run(_ arguments: [String]) -> Int32 {
        commands.append(arguments)
        return exitCode
    }

    public func close() { isClosed = true }
}
