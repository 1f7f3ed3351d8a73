/// The loop that owns the terminal: wait, take events, update, draw.
///
/// It runs on the thread that calls `run`, which must be the main one for a real terminal, and nothing else may touch
/// the program or the terminal meanwhile. While it waits the main thread serves nobody: no code that needs the main
/// actor may be waited for, and so the program is a plain value and not bound to that actor.
///
/// Keys are drawn at once. Data is drawn at most every `frameInterval`, so that a thousand changes a second cost
/// twenty frames.
public struct ConsoleLoop<Program: ConsoleProgram> {
    /// How long data may wait until it is drawn.
    public static var frameInterval: Duration { .milliseconds(50) }

    /// The program, also after the loop has ended.
    public private(set) var program: Program
    private var theme: Theme
    private let terminal: any Terminal
    private let mailbox: Mailbox<Program.Event>
    private let start: (Program.Effect) -> Void
    private let elapsed: () -> Duration

    private var isRunning = true
    private var isDirty = true
    private var isUrgent = true
    private var lastDrawn: Duration?
    private var tickDue: Duration?

    /// Puts a loop together.
    ///
    /// - Parameters:
    ///   - program: What is shown.
    ///   - theme: How it looks at first.
    ///   - terminal: Where it is shown; the loop closes it in every case.
    ///   - mailbox: Where effects and the engine leave events. It must wake this terminal.
    ///   - elapsed: A clock that only goes forward; decides when to draw and never what.
    ///   - start: Starts an effect and returns at once; the answer comes through the mailbox.
    public init(
        program: Program, theme: Theme, terminal: any Terminal, mailbox: Mailbox<Program.Event>,
        elapsed: @escaping () -> Duration, start: @escaping (Program.Effect) -> Void
    ) {
        self.program = program
        self.theme = theme
        self.terminal = terminal
        self.mailbox = mailbox
        self.elapsed = elapsed
        self.start = start
    }

    /// Runs until the program quits, the process is asked to end or the terminal goes away.
    ///
    /// - Parameter initialEffects: What to start before anything is drawn, such as loading the first page.
    public mutating func run(initialEffects: [Program.Effect] = []) {
        defer { terminal.close() }
        perform(initialEffects)
        deliver(.resize(terminal.size))
        while isRunning {
            drawIfDue()
            let signals = terminal.wait(for: waitingTime)
            let keys = terminal.pendingKeys()
            for signal in signals { handle(signal) }
            for key in keys where isRunning {
                isUrgent = true
                deliver(.key(key))
            }
            for event in mailbox.drain() where isRunning { update(event) }
            if let due = tickDue, isRunning, elapsed() >= due {
                tickDue = nil
                deliver(.tick)
            }
        }
    }

    private mutating func handle(_ signal: TerminalSignal) {
        guard isRunning else { return }
        switch signal {
        case .input, .wake: break
        case .resize:
            isUrgent = true
            deliver(.resize(terminal.size))
        case .stop: stop()
        case .resumed: repaint()
        case .terminate, .hangup:
            deliver(.terminate)
            isRunning = false
        }
    }

    private mutating func deliver(_ input: ConsoleInput) {
        if let event = program.event(for: input) {
            update(event)
        } else if case .resize = input {
            isDirty = true
        }
    }

    private mutating func update(_ event: Program.Event) {
        let effects = program.update(event)
        isDirty = true
        perform(effects)
    }

    private mutating func perform(_ effects: [Program.Effect]) {
        for effect in effects {
            if let request = program.request(for: effect) {
                serve(request)
            } else {
                start(effect)
            }
        }
    }

    private mutating func serve(_ request: TerminalRequest<Program.Event>) {
        switch request {
        case .quit: isRunning = false
        case .stop: stop()
        case .run(let arguments, let completion):
            let code = terminal.run(arguments)
            repaint()
            // The window may have changed its size under the command.
            deliver(.resize(terminal.size))
            update(completion(code))
        case .redraw: repaint()
        case .ring: terminal.ring()
        case .mouse(let isOn): terminal.setMouse(isOn: isOn)
        case .theme(let theme):
            self.theme = theme
            repaint()
        }
    }

    private mutating func stop() {
        terminal.stop()
        repaint()
        deliver(.resize(terminal.size))
    }

    private mutating func repaint() {
        terminal.invalidate()
        isDirty = true
        isUrgent = true
    }

    private mutating func drawIfDue() {
        let now = elapsed()
        guard isDirty, isUrgent || now >= nextFrame else { return }
        terminal.show(program.view(size: terminal.size, theme: theme))
        isDirty = false
        isUrgent = false
        lastDrawn = now
        // A steady flow of data must not push the tick away for ever, so an earlier one stays.
        tickDue = program.nextTick.map { interval in
            let due = now + max(interval, Self.frameInterval)
            return min(tickDue ?? due, due)
        }
    }

    private var nextFrame: Duration { lastDrawn.map { $0 + Self.frameInterval } ?? .zero }

    private var waitingTime: Duration? {
        let due = [isDirty ? nextFrame : nil, tickDue].compactMap { $0 }.min()
        return due.map { max(.zero, $0 - elapsed()) }
    }
}
