import Dispatch
import Foundation
public import LandlordEngine
import StatesLanguage

/// The console on a real terminal.
public struct ConsoleApplication {
    /// How the console is opened.
    public struct Options: Sendable {
        /// What the header calls the database; short.
        public var database: String
        /// Who works here, for histories; the login name where nobody says otherwise.
        public var actor: String?
        /// The theme's name or file; without it, `$LANDLORD_THEME` and then the built-in one.
        public var theme: String?
        /// Where messages to standard error go while the console is up; nil leaves them on the screen.
        public var errorLog: String?
        /// Whether the mouse is used; off, the terminal's own selection works.
        public var usesMouse: Bool
        /// The environment; that of the process where nobody says otherwise.
        public var environment: [String: String]

        /// Says how to open the console.
        public init(
            database: String, actor: String? = nil, theme: String? = nil, errorLog: String? = nil,
            usesMouse: Bool = true, environment: [String: String]? = nil
        ) {
            self.database = database
            self.actor = actor
            self.theme = theme
            self.errorLog = errorLog
            self.usesMouse = usesMouse
            self.environment = environment ?? ProcessInfo.processInfo.environment
        }
    }

    /// Runs the console on the calling thread, which must be the main one, until the operator leaves.
    ///
    /// The thread serves nobody else meanwhile: whatever drives the engine must not need the main actor. Call
    /// `CursesTerminal.blockSignals()` before the process starts its first thread.
    ///
    /// - Parameters:
    ///   - engine: What to show; may be driven by this process or by another.
    ///   - options: How to open the console.
    /// - Returns: The exit code.
    /// - Throws: Why the terminal cannot be used; nothing has changed then.
    public static func run(engine: Engine, options: Options) throws(TerminalError) -> Int32 {
        // Subscribe before anything is loaded: the other way round loses what happens in between.
        let changes = engine.changes.subscribe()
        let terminal = try CursesTerminal(
            options: CursesTerminal.Options(errorLog: options.errorLog, usesMouse: options.usesMouse),
            environment: options.environment)
        run(engine: engine, options: options, terminal: terminal, changes: changes)
        return 0
    }

    /// Runs the console on any terminal.
    static func run(engine: Engine, options: Options, terminal: any Terminal, changes: ChangeSubscription) {
        let environment = options.environment
        let (theme, problems) = ThemeFile.load(
            option: options.theme, environment: environment, executablePath: Self.executablePath,
            depth: terminal.colorDepth, glyphs: terminal.glyphs)
        let now: @Sendable () -> Timestamp = {
            Timestamp(millisecondsSinceEpoch: Int64(Date().timeIntervalSince1970 * 1_000))
        }
        let mailbox = Mailbox<ConsoleEvent>(
            resync: ConsoleEvent(at: now(), kind: .changed(.everything)),
            isReplaceable: { if case .changed = $0.kind { true } else { false } },
            wake: terminal.waker)
        let actor = options.actor ?? Self.login(environment)
        let drafts = DraftFolder(
            under: environment["TMPDIR"] ?? "/tmp", number: UInt64.random(in: UInt64.min...UInt64.max))
        defer { drafts.remove() }
        let runner = EffectRunner(
            engine: engine, actor: actor, clock: ContinuousClock(), now: now, drafts: drafts, post: mailbox.post)
        let work = Task { await runner.run(changes: changes) }
        defer {
            runner.finish()
            runner.waitForSubmissions(atMost: .seconds(5))
            work.cancel()
        }
        var model = ConsoleModel(
            identity: ConsoleModel.Identity(database: options.database, actor: actor), now: now(),
            size: terminal.size)
        if let problem = problems.first { model.show("theme: \(problem)", level: .warning) }
        let effects = model.initialEffects
        let editor = EditorCommand(environment: environment)
        let start = ContinuousClock.now
        var loop = ConsoleLoop(
            program: Console(model: model, editor: editor.arguments(for:), clock: now), theme: theme,
            terminal: terminal,
            mailbox: mailbox, elapsed: { ContinuousClock.now - start }, start: runner.start)
        loop.run(initialEffects: effects)
    }

    /// The program's own file, for the themes that are installed beside it.
    private static var executablePath: String {
        // Without it the themes beside the program are not found, and the built-in one is shown.
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    }

    private static func login(_ environment: [String: String]) -> String {
        for name in ["LOGNAME", "USER"] {
            if let value = environment[name], !value.isEmpty { return value }
        }
        return "operator"
    }
}

/// How the operator's editor is called.
struct EditorCommand: Sendable {
    private let words: String

    /// Takes `$VISUAL`, then `$EDITOR`, then what every machine has.
    init(environment: [String: String]) {
        let wishes = ["VISUAL", "EDITOR"].compactMap { environment[$0] }
        words = wishes.first { !$0.allSatisfy(\.isWhitespace) } ?? ""
    }

    /// The command for a file.
    ///
    /// The shell splits the operator's words, as for every other program; the path is an argument of its own and never
    /// part of the script.
    func arguments(for path: String) -> [String] {
        let script =
            words.isEmpty
            ? "if command -v vi >/dev/null 2>&1; then exec vi \"$1\"; else exec nano \"$1\"; fi"
            : "exec \(words) \"$1\""
        return ["/bin/sh", "-c", script, "landlord", path]
    }
}
