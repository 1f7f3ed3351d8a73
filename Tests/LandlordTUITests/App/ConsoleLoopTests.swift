import LandlordTUI
import Synchronization
import Testing

/// A program small enough to see the loop through it.
private struct Counter: ConsoleProgram {
    enum Event: Hashable, Sendable {
        case input(ConsoleInput)
        case loaded(Int)
        case edited(Int32)
        case resync
    }

    enum Effect: Hashable, Sendable {
        case load, quit, stop, edit, redraw
    }

    var keys = ""
    var loaded = 0
    var ticks = 0
    var exitCode: Int32?
    var size = Size(rows: 0, columns: 0)
    var isTerminated = false
    var nextTick: Duration?

    mutating func update(_ event: Event) -> [Effect] {
        switch event {
        case .input(.key(.character(let character))):
            keys.append(character)
            switch character {
            case "q": return [.quit]
            case "l": return [.load]
            case "e": return [.edit]
            case "z": return [.stop]
            default: return []
            }
        case .input(.key): return []
        case .input(.resize(let size)): self.size = size
        case .input(.tick): ticks += 1
        case .input(.terminate): isTerminated = true
        case .loaded(let count): loaded += count
        case .edited(let code): exitCode = code
        case .resync: break
        }
        return []
    }

    func view(size: Size, theme: Theme) -> Frame {
        var frame = theme.frame(size)
        frame.put("\(keys) \(loaded)", row: 0, column: 0)
        return frame
    }

    func event(for input: ConsoleInput) -> Event? { .input(input) }

    func request(for effect: Effect) -> TerminalRequest<Event>? {
        switch effect {
        case .load: nil
        case .quit: .quit
        case .stop: .stop
        case .edit: .run(arguments: ["vi", "/tmp/x"], completion: { .edited($0) })
        case .redraw: .redraw
        }
    }
}

@Suite("Console loop", .timeLimit(.minutes(1)))
struct ConsoleLoopTests {
    private final class Time {
        var now = Duration.zero
    }

    private func run(
        _ steps: [ScriptTerminal.Step], program: Counter = Counter(), time: Time = Time(),
        terminal given: ScriptTerminal? = nil, answer: Int? = nil
    ) -> (program: Counter, terminal: ScriptTerminal) {
        let terminal = given ?? ScriptTerminal(size: Size(rows: 2, columns: 20), steps: steps)
        let mailbox = Mailbox<Counter.Event>(
            resync: .resync, isReplaceable: { _ in false }, wake: terminal.waker)
        var loop = ConsoleLoop(
            program: program, theme: .builtIn(glyphs: .ascii), terminal: terminal, mailbox: mailbox,
            elapsed: { time.now }, start: { _ in if let answer { mailbox.post(.loaded(answer)) } })
        loop.run()
        return (loop.program, terminal)
    }

    @Test func `keys go in and frames come out`() {
        let (program, terminal) = run([.keys([.character("a"), .character("b")]), .keys([.character("q")])])
        #expect(program.keys == "abq")
        #expect(terminal.frames.map { $0.lines[0] } == [" 0", "ab 0"])
        #expect(terminal.isClosed)
    }

    @Test func `nothing wakes a console in which nothing ages`() {
        let (_, terminal) = run([.keys([.character("a")])])
        #expect(terminal.waits == [nil, nil])
    }

    @Test func `a tick comes when the program asked for it, and only then`() {
        let time = Time()
        let program = Counter(nextTick: .seconds(1))
        let (early, _) = run([.timeout, .timeout], program: program, time: time)
        #expect(early.ticks == 0)
        time.now = .zero
        let terminal = ScriptTerminal(size: Size(rows: 2, columns: 20), steps: [.timeout])
        let mailbox = Mailbox<Counter.Event>(resync: .resync, isReplaceable: { _ in false }, wake: terminal.waker)
        var readings = [Duration.zero, .zero, .seconds(1)][...]
        var loop = ConsoleLoop(
            program: program, theme: .builtIn(glyphs: .ascii), terminal: terminal, mailbox: mailbox,
            elapsed: { readings.popFirst() ?? .seconds(1) }, start: { _ in })
        loop.run()
        #expect(loop.program.ticks == 1)
        #expect(terminal.waits.first == .some(.seconds(1)))
    }

    @Test func `an effect's answer is drawn`() {
        let (program, terminal) = run([.keys([.character("l")]), .wake, .keys([.character("q")])], answer: 7)
        #expect(program.loaded == 7)
        #expect(terminal.lastFrame?.lines[0] == "l 7")
    }

    @Test func `data is drawn at most once in a frame's time, keys at once`() {
        let time = Time()
        let terminal = ScriptTerminal(
            size: Size(rows: 1, columns: 20),
            steps: [.signal(.wake), .signal(.wake), .keys([.character("a")]), .signal(.wake)])
        let mailbox = Mailbox<Counter.Event>(resync: .resync, isReplaceable: { _ in false }, wake: {})
        var waits = 0
        var loop = ConsoleLoop(
            program: Counter(), theme: .builtIn(glyphs: .ascii), terminal: terminal, mailbox: mailbox,
            elapsed: {
                // Data comes all the time; the clock stands still.
                if waits != terminal.waits.count {
                    waits = terminal.waits.count
                    mailbox.post(.loaded(1))
                }
                return time.now
            }, start: { _ in })
        loop.run()
        #expect(terminal.frames.count == 2)
        #expect(terminal.waits.contains(.some(.milliseconds(50))))
    }

    @Test func `the terminal is lent to an editor and taken back`() {
        let terminal = ScriptTerminal(
            size: Size(rows: 2, columns: 20), steps: [.keys([.character("e")]), .keys([.character("q")])])
        terminal.exitCode = 3
        let (program, _) = run([], terminal: terminal)
        #expect(terminal.commands == [["vi", "/tmp/x"]])
        #expect(program.exitCode == 3)
        #expect(terminal.invalidationCount == 1)
    }

    @Test(arguments: [
        [ScriptTerminal.Step.keys([.character("z")]), .keys([.character("q")])],
        [.signal(.stop), .keys([.character("q")])],
    ])
    func `stopping gives the terminal back and paints it anew`(steps: [ScriptTerminal.Step]) {
        let (_, terminal) = run(steps)
        #expect(terminal.stopCount == 1)
        #expect(terminal.invalidationCount == 1)
    }

    @Test func `a new size is told and drawn`() {
        let (program, terminal) = run([.resize(Size(rows: 5, columns: 9)), .keys([.character("q")])])
        #expect(program.size == Size(rows: 5, columns: 9))
        #expect(terminal.lastFrame?.size == Size(rows: 5, columns: 9))
    }

    @Test(arguments: [TerminalSignal.terminate, .hangup])
    func `an end from outside is told, and the terminal closed`(signal: TerminalSignal) {
        let (program, terminal) = run([.signal(signal)])
        #expect(program.isTerminated)
        #expect(terminal.isClosed)
    }

    @Test func `nothing happens after quitting`() {
        let (program, _) = run([.keys([.character("q"), .character("l")])])
        #expect(program.keys == "q")
    }
}
