import StatesLanguage
import Testing

/// A run that is stored in pieces, as a database would.
private struct PieceStore {
    let start: RunStart
    private(set) var head: JSONValue = .null
    private(set) var pieces: [Int: JSONValue] = [:]
    /// The bytes that all steps have written.
    private(set) var writtenBytes = 0

    init(_ start: RunStart) { self.start = start }

    mutating func write(_ changes: RunChanges) {
        head = changes.head
        writtenBytes += head.serializedBytes().count
        for range in changes.removed { pieces = pieces.filter { !range.contains($0.key) } }
        for piece in changes.pieces {
            pieces[piece.key] = piece.value
            writtenBytes += piece.value.serializedBytes().count
        }
    }

    /// What is read back from the text of what was written.
    func read() throws -> RunState {
        let stored = try pieces.map { RunPiece(key: $0.key, value: try JSONValue(parsing: $0.value.serialized())) }
        return try RunState(start: start, head: JSONValue(parsing: head.serialized()), pieces: stored)
    }
}

/// Makes machines of states in states.
private struct NestedMachine {
    var random: SeededGenerator
    private var count = 0

    init(random: SeededGenerator) { self.random = random }

    mutating func definition() throws -> StateMachine {
        let extensions = Bool.random(using: &random) ? "\"Extensions\":{\"CompensateOnFailure\":true}," : ""
        return try StateMachine("{\(extensions)\(flow(depth: 0))}")
    }

    private mutating func flow(depth: Int) -> String {
        let names = (0..<Int.random(in: 1...(depth == 0 ? 5 : 2), using: &random)).map { _ in
            count += 1
            return "S\(count)"
        }
        var undone = false
        var states = names.indices.map { position in
            let next = position + 1 < names.count ? "\"Next\":\"\(names[position + 1])\"" : "\"End\":true"
            var fields = state(next, names[names.count - 1], depth: depth)
            let canBeUndone = ["Task", "Parallel", "Map"].contains { fields.hasPrefix("\"Type\":\"\($0)\"") }
            if canBeUndone, Bool.random(using: &random) {
                undone = true
                fields += ",\"Extensions\":{\"Compensation\":\"U\(names[0])\"}"
            }
            return "\"\(names[position])\":{\(fields)}"
        }
        if undone { states.append("\"U\(names[0])\":{\"Type\":\"Task\",\"Resource\":\"undo\",\"End\":true}") }
        return "\"StartAt\":\"\(names[0])\",\"States\":{\(states.joined(separator: ","))}"
    }

    private mutating func state(_ next: String, _ last: String, depth: Int) -> String {
        let caught =
            switch Int.random(in: 0..<3, using: &random) {
            case 0: #""Retry":[{"ErrorEquals":["E"],"MaxAttempts":1,"IntervalSeconds":0}],"#
            case 1: #""Catch":[{"ErrorEquals":["States.ALL"],"Next":"\#(last)","ResultPath":null}],"#
            default: ""
            }
        switch Int.random(in: 0..<(depth < 3 ? 8 : 3), using: &random) {
        case 0: return #""Type":"Pass","Assign":{"v\#(count)x\#(depth).$":"$"},\#(next)"#
        case 1: return #""Type":"Wait","Seconds":\#(Int.random(in: 0...2, using: &random)),\#(next)"#
        case 2: return #""Type":"Task","Resource":"r","TimeoutSeconds":9,\#(caught)"ResultPath":null,\#(next)"#
        case 3, 4:
            let branches = (0..<Int.random(in: 1...3, using: &random)).map { _ in "{\(flow(depth: depth + 1))}" }
            return #""Type":"Parallel",\#(caught)"ResultPath":null,"#
                + #""Branches":[\#(branches.joined(separator: ","))],\#(next)"#
        case 5, 6:
            return #""Type":"Map","ItemsPath":"$.list","ItemSelector":{"list.$":"$.list"},"ResultPath":null,\#(caught)"#
                + #""MaxConcurrency":\#(Int.random(in: 0...2, using: &random)),"#
                + #""ItemProcessor":{\#(flow(depth: depth + 1))},\#(next)"#
        default: return distributed(next, caught, depth: depth)
        }
    }

    private mutating func distributed(_ next: String, _ rules: String, depth: Int) -> String {
        let items =
            Bool.random(using: &random)
            ? #""ItemsPath":"$.list","# : #""ItemReader":{"Resource":"arn:aws:states:::s3:getObject"},"#
        let batches = Bool.random(using: &random) ? #""ItemBatcher":{"MaxItemsPerBatch":2},"# : ""
        let written =
            Bool.random(using: &random) ? #""ResultWriter":{"Resource":"arn:aws:states:::s3:putObject"},"# : ""
        return
            #""Type":"Map","ItemSelector":{"list.$":"$.list"},"ResultPath":null,"#
            + #"\#(items)\#(batches)\#(written)\#(rules)"#
            + #""MaxConcurrency":\#(Int.random(in: 0...2, using: &random)),"ToleratedFailureCount":1,"#
            + #""ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"#
            + #"\#(flow(depth: depth + 1))},\#(next)"#
    }
}

@Suite struct StoredRunTests {
    private static let input: JSONValue = ["list": [1, "zwei", nil]]

    private func randomInput(for state: RunState, using random: inout SeededGenerator) -> RunInput {
        guard let task = state.openTasks.randomElement(using: &random) else {
            return .timerFired(timer: state.openTimers.randomElement(using: &random) ?? 0)
        }
        switch Int.random(in: 0..<28, using: &random) {
        case 24...26: return .order(.random(using: &random))
        case 0: return .taskFailed(task: task, error: "E", cause: "c")
        case 1: return .taskFailed(task: task, error: "F", cause: "c")
        case 2...4: return .timerFired(timer: state.openTimers.randomElement(using: &random) ?? 0)
        case 5...8: return .itemsRead(read: task, items: [1, 2, 3])
        case 9: return .heartbeat(task: 1_000)
        default: return .taskSucceeded(task: task, output: Self.input)
        }
    }

    @Test func `what the steps change adds up to the state after each of them`() throws {
        var random = SeededGenerator(seed: 11)
        var (steps, split, ended) = (0, 0, 0)
        for _ in 0..<150 {
            var maker = NestedMachine(random: SeededGenerator(seed: random.next()))
            let machine = try maker.definition()
            let start = RunStart.sample(Self.input)
            var transition = Interpreter.begin(machine: machine, start: start, stamp: .at(0, seed: random.next()))
            var store = PieceStore(start)
            store.write(transition.changes)
            for second in 1...60 {
                let state = try store.read()
                try #require(state == transition.state)
                #expect(try RunState(json: JSONValue(parsing: state.json.serialized())) == state)
                for piece in state.pieces { #expect(store.pieces[piece.key] == piece.value) }
                steps += 1
                split += store.pieces.isEmpty ? 0 : 1
                guard state.isRunning || (state.canBeRetried && Bool.random(using: &random)) else { break }
                // Whether a run was read back or kept makes no difference to what it does next.
                let input = state.isRunning ? randomInput(for: state, using: &random) : .order(.sample(.retry))
                let kept = Bool.random(using: &random) ? state : transition.state
                transition = Interpreter.step(
                    machine: machine, state: kept, input: input, stamp: .at(Double(second), seed: random.next()))
                store.write(transition.changes)
            }
            guard !transition.state.isRunning else { continue }
            #expect(store.pieces.isEmpty)
            ended += 1
        }
        #expect(
            steps > 1_500 && split > 800 && ended > 40, "\(steps) steps, \(split) in pieces, \(ended) runs ended")
    }

    @Test func `a run that is moved at any moment goes on like its twin that is not`() throws {
        var random = SeededGenerator(seed: 77)
        var (moves, split) = (0, 0)
        for _ in 0..<50 {
            var maker = NestedMachine(random: SeededGenerator(seed: random.next()))
            let machine = try maker.definition()
            // The same states in the other order: every place in the machine is another.
            var machines = [machine, try StateMachine(definition: machine.definition.withStatesReversed)]
            let start = RunStart.sample(Self.input)
            let first = Stamp.at(0, seed: random.next())
            var twin = Interpreter.begin(machine: machine, start: start, stamp: first)
            var moved = twin
            var store = PieceStore(start)
            store.write(moved.changes)
            for second in 1...40 {
                // A runaway ends, and would only run away again.
                guard twin.state.isRunning || (twin.state.canBeRetried && twin.state.retryCount == 0),
                    twin.events.count < 1_000
                else { break }
                if Bool.random(using: &random) {
                    let move = RunMove(from: 1, to: 2, by: "ana", reason: "")
                    #expect(moved.state.moveProblems(from: machines[0], to: machines[1]) == [])
                    moved = Interpreter.move(
                        moved.state, move, from: machines[0], to: machines[1], stamp: .at(Double(second)))
                    #expect(moved.events.map(\.type) == [.executionMoved] && moved.commands == [])
                    store.write(moved.changes)
                    try #require(try store.read() == moved.state)
                    machines.swapAt(0, 1)
                    (moves, split) = (moves + 1, split + (store.pieces.isEmpty ? 0 : 1))
                }
                let input =
                    twin.state.isRunning ? randomInput(for: twin.state, using: &random) : .order(.sample(.retry))
                let stamp = Stamp.at(Double(second), seed: random.next())
                twin = Interpreter.step(machine: machine, state: twin.state, input: input, stamp: stamp)
                moved = Interpreter.step(machine: machines[0], state: moved.state, input: input, stamp: stamp)
                store.write(moved.changes)
                try #require(try store.read() == moved.state)
                #expect(moved.events.map(\.type) == twin.events.map(\.type))
                #expect(moved.state.openTasks == twin.state.openTasks)
                #expect(moved.state.openTimers == twin.state.openTimers)
                #expect(moved.state.currentState == twin.state.currentState)
                #expect(moved.state.outcome?.json["status"] == twin.state.outcome?.json["status"])
                #expect(moved.state.outcome?.json["error"] == twin.state.outcome?.json["error"])
            }
        }
        #expect(moves > 200 && split > 150, "\(moves) moves, \(split) of runs in pieces")
    }

    @Test func `a run is never moved to where one of its states is missing`() throws {
        var random = SeededGenerator(seed: 5)
        var (refused, accepted) = (0, 0)
        for _ in 0..<150 {
            var maker = NestedMachine(random: SeededGenerator(seed: random.next()))
            let machine = try maker.definition()
            guard let lost = machine.states.randomElement(using: &random)?.name else { continue }
            let text = machine.definition.serialized().replacing("\"\(lost)\"", with: "\"Other\"")
            let other = try StateMachine(text)
            let start = RunStart.sample(Self.input)
            var run = Interpreter.begin(machine: machine, start: start, stamp: .at(0, seed: random.next()))
            for second in 1...12 where run.state.isRunning {
                run = Interpreter.step(
                    machine: machine, state: run.state, input: randomInput(for: run.state, using: &random),
                    stamp: .at(Double(second), seed: random.next()))
            }
            guard run.state.isRunning else { continue }
            let stored = run.state.json.serialized()
            let problems = run.state.moveProblems(from: machine, to: other)
            guard problems.isEmpty else {
                refused += 1
                continue
            }
            accepted += 1
            #expect(!stored.contains("\"state\":\"\(lost)\""))
            run = Interpreter.move(
                run.state, RunMove(from: 1, to: 2, by: "ana", reason: ""), from: machine, to: other, stamp: .at(20))
            for second in 21...60 where run.state.isRunning {
                run = Interpreter.step(
                    machine: other, state: run.state, input: randomInput(for: run.state, using: &random),
                    stamp: .at(Double(second), seed: random.next()))
                let cause = run.state.outcome?.json["cause"]?.stringValue ?? ""
                #expect(!cause.contains("The definition has no state"))
            }
        }
        #expect(refused > 10 && accepted > 20, "\(refused) refused, \(accepted) accepted")
    }

    @Test func `a run of one line is a head alone, and a late input changes nothing`() throws {
        let machine = try StateMachine.single(#"{"Type":"Task","Resource":"r","End":true}"#)
        let first = Interpreter.begin(machine: machine, start: .sample(), stamp: .at(0))
        #expect(first.changes.pieces.isEmpty && first.changes.removed.isEmpty)
        let late = Interpreter.step(machine: machine, state: first.state, input: .heartbeat(task: 9), stamp: .at(1))
        #expect(late.isEmpty && late.changes.head == first.changes.head && late.changes.pieces.isEmpty)
    }

    @Test func `what a Map writes is linear in its items`() throws {
        let (few, many) = (try writtenBytes(items: 60), try writtenBytes(items: 600))
        #expect(many < few * 11, "60 items write \(few) bytes, 600 write \(many)")
    }

    private func writtenBytes(items: Int) throws -> Int {
        let machine = try StateMachine.single(
            #"""
            {"Type":"Map","End":true,"MaxConcurrency":0,"ItemProcessor":{
            "StartAt":"Ask","States":{"Ask":{"Type":"Task","Resource":"ask","End":true}}}}
            """#)
        let start = RunStart.sample(.array((0..<items).map { ["item": .number(JSONNumber($0))] }))
        var transition = Interpreter.begin(machine: machine, start: start, stamp: .at(0))
        var store = PieceStore(start)
        store.write(transition.changes)
        while let task = transition.state.openTasks.first {
            transition = Interpreter.step(
                machine: machine, state: transition.state, input: .taskSucceeded(task: task, output: [1, 2]),
                stamp: .at(1))
            store.write(transition.changes)
        }
        #expect(!transition.state.isRunning)
        return store.writtenBytes
    }

    @Test(arguments: [
        (0, "5"), (0, "{}"), (1, "{}"), (-1, "{}"), (1 << 32, "{}"), (2 << 32, "7"), ((1 << 32) + 1, "{}"),
        (1, #"{"total":1e99,"begun":0,"lastEventID":0}"#), (1, #"{"total":99999999999,"begun":0,"lastEventID":0}"#),
        (1, #"{"total":2,"begun":3,"lastEventID":0}"#), (1, #"{"total":4,"begun":1,"lastEventID":0}"#), (2, "[]"),
        (99, "[1]"),
    ])
    func `a piece that is damaged is an error`(_ key: Int, _ text: String) throws {
        let machine = try StateMachine.single(
            #"""
            {"Type":"Map","End":true,"ItemProcessor":{
            "StartAt":"A","States":{"A":{"Type":"Task","Resource":"r","End":true}}}}
            """#
        )
        let start = RunStart.sample([1, 2])
        let first = Interpreter.begin(machine: machine, start: start, stamp: .at(0)).changes
        let damaged = first.pieces.filter { $0.key != key } + [RunPiece(key: key, value: try JSONValue(parsing: text))]
        #expect(throws: StoredFormError.self) { try RunState(start: start, head: first.head, pieces: damaged) }
    }
}

extension JSONValue {
    /// The document with the states of every group in the other order.
    fileprivate var withStatesReversed: JSONValue {
        switch self {
        case .object(let object):
            var turned: JSONObject = [:]
            for (key, value) in object {
                var inner = value.withStatesReversed
                if key == "States", case .object(let states) = inner {
                    var reversed: JSONObject = [:]
                    for (name, state) in Array(states).reversed() { reversed[name] = state }
                    inner = .object(reversed)
                }
                turned[key] = inner
            }
            return .object(turned)
        case .array(let elements): return .array(elements.map(\.withStatesReversed))
        case .null, .bool, .number, .string: return self
        }
    }
}
