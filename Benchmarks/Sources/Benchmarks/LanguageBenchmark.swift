import Foundation
import StatesLanguage

/// The language by itself, on one core: states entered per second, JSON beside Foundation's, and definitions of 1 MB.
struct LanguageBenchmark {
    let options: Options

    func run() throws {
        try measureStates()
        try measureJSON()
        for shape in DefinitionShape.allCases { try measure(shape) }
        try measureMap()
        try measureStorage()
    }

    // MARK: States

    private func measureStates() throws {
        let rounds: JSONValue = ["n": 0, "rounds": 1_000]
        let input = Sample.start(rounds)
        for (name, machine) in [
            ("states entered, Pass and Choice", try Sample.counter(in: .jsonPath)),
            ("states entered, JSONata in each", try Sample.counter(in: .jsonata)),
        ] {
            let entered = Interpreter.begin(machine: machine, start: input, stamp: Sample.stamp).events
                .count { $0.details["name"] != nil && $0.details["input"] != nil }
            let rate = rates { _ = Interpreter.begin(machine: machine, start: input, stamp: Sample.stamp) }
            Benchmarks.show(name, rate.median * Double(entered), beside: rate.range(of: Double(entered)))
        }
    }

    /// A Map of ten times as many items takes ten times as long, if it is linear.
    private func measureMap() throws {
        let machine = try Sample.map()
        let few = rates { Sample.run(machine, Sample.items(1_000)) }
        let many = rates { Sample.run(machine, Sample.items(10_000)) }
        Benchmarks.show("Map of 1,000 items", few.median, beside: few.milliseconds)
        let ratio = (few.median / many.median / 10 * 100).rounded() / 100
        Benchmarks.show(
            "Map of 10,000 items", many.median, beside: "\(many.milliseconds); an item costs \(ratio) times")
    }

    // MARK: Storage

    /// What it costs to take a step and to make the bytes that a store writes for it; and how many a Map writes.
    private func measureStorage() throws {
        let tasks = try Sample.threeTasks()
        let input: JSONValue = ["order": ["id": "o-1", "total": 12.5, "lines": ["hat", "cup"]], "customer": "Ann"]
        let (steps, _) = Sample.store(tasks, input)
        let bare = rates { Sample.run(tasks, input) }
        let stored = rates { _ = Sample.store(tasks, input) }
        func microseconds(_ rates: Rates) -> String {
            "\((10_000_000 / rates.median / Double(steps)).rounded() / 10) µs"
        }
        Benchmarks.show("steps of a run of three tasks", bare.median * Double(steps), beside: microseconds(bare))
        Benchmarks.show(
            "and the bytes of state and events", stored.median * Double(steps), beside: microseconds(stored))
        let map = try Sample.map()
        for count in [1_000, 10_000] {
            let (steps, bytes) = Sample.store(map, Sample.items(count))
            Benchmarks.show(
                "bytes of state written for a Map of \(count) items", Double(bytes),
                beside: "\(bytes / count) for an item, in \(steps) steps")
        }
    }

    // MARK: JSON

    private func measureJSON() throws {
        let text = Array(DefinitionShape.results.text.utf8)
        let data = Data(text)
        let megabytes = Double(text.count) / 1_000_000
        let value = try JSONValue(parsing: text)
        let object = try JSONSerialization.jsonObject(with: data)
        let ours = try rates { _ = try JSONValue(parsing: text) }
        let theirs = try rates { _ = try JSONSerialization.jsonObject(with: data) }
        show("JSON read, MB", ours, beside: theirs, megabytes)
        let written = rates { _ = value.serializedBytes() }
        let theirsWritten = try rates { _ = try JSONSerialization.data(withJSONObject: object) }
        show("JSON written, MB", written, beside: theirsWritten, megabytes)
    }

    private func show(_ name: String, _ ours: Rates, beside theirs: Rates, _ megabytes: Double) {
        let ratio = (ours.median / theirs.median * 10).rounded() / 10
        let other = Int((theirs.median * megabytes).rounded())
        Benchmarks.show(name, ours.median * megabytes, beside: "\(ratio) times JSONSerialization, which does \(other)")
    }

    // MARK: Definitions

    private func measure(_ shape: DefinitionShape) throws {
        let text = shape.text
        let bytes = Array(text.utf8)
        let parsing = try rates { _ = try Sample.machine(bytes) }
        let linting = rates { _ = Linter().findings(in: bytes) }
        Benchmarks.show("1 MB parsed: \(shape.rawValue)", parsing.median, beside: parsing.milliseconds)
        Benchmarks.show("1 MB parsed and linted: \(shape.rawValue)", linting.median, beside: linting.milliseconds)
    }

    /// How often something can be done in a second, measured several times over.
    private func rates(of work: () throws -> Void) rethrows -> Rates {
        try work()
        var rates: [Double] = []
        for _ in 0..<5 {
            var count = 0
            let watch = Stopwatch(seconds: options.seconds / 5)
            repeat {
                try work()
                count += 1
            } while watch.isRunning
            rates.append(Double(count) / watch.seconds)
        }
        return Rates(sorted: rates.sorted())
    }
}

/// Rates of several measurements of one thing.
private struct Rates {
    let sorted: [Double]

    var median: Double { sorted[sorted.count / 2] }

    /// The time for one.
    var milliseconds: String {
        func text(_ rate: Double) -> String { "\((10_000 / rate).rounded() / 10)" }
        return "\(text(median)) ms (\(text(sorted[sorted.count - 1])) to \(text(sorted[0])))"
    }

    func range(of factor: Double) -> String {
        "\(Int(sorted[0] * factor)) to \(Int(sorted[sorted.count - 1] * factor))"
    }
}

/// Machines that are run.
private enum Sample {
    static let stamp = Stamp(now: Timestamp(millisecondsSinceEpoch: 1_767_225_600_000), seed: 7)

    static func machine(_ text: some Sequence<UInt8>) throws -> StateMachine {
        try StateMachine(definition: JSONValue(parsing: Array(text)))
    }

    static func start(_ input: JSONValue) -> RunStart {
        RunStart(input: input, runID: "run", runName: "run", machineID: "machine", machineName: "machine")
    }

    /// A loop that counts: in each round a Choice and two Pass states.
    static func counter(in language: QueryLanguage) throws -> StateMachine {
        switch language {
        case .jsonPath:
            try machine(
                """
                {"StartAt": "More", "States": {
                    "More": {"Type": "Choice", "Default": "Done", "Choices": [
                        {"Variable": "$.n", "NumericLessThanPath": "$.rounds", "Next": "Add"}]},
                    "Add": {"Type": "Pass", "Next": "Keep", "Parameters": {
                        "n.$": "States.MathAdd($.n, 1)", "rounds.$": "$.rounds"}},
                    "Keep": {"Type": "Pass", "Next": "More"},
                    "Done": {"Type": "Succeed"}}}
                """.utf8)
        case .jsonata:
            try machine(
                """
                {"QueryLanguage": "JSONata", "StartAt": "More", "States": {
                    "More": {"Type": "Choice", "Default": "Done", "Choices": [
                        {"Condition": "{% $states.input.n < $states.input.rounds %}", "Next": "Add"}]},
                    "Add": {"Type": "Pass", "Next": "Keep", "Output": {
                        "n": "{% $states.input.n + 1 %}", "rounds": "{% $states.input.rounds %}"}},
                    "Keep": {"Type": "Pass", "Next": "More", "Output": "{% $states.input %}"},
                    "Done": {"Type": "Succeed"}}}
                """.utf8)
        }
    }

    static func map() throws -> StateMachine {
        try machine(
            """
            {"StartAt": "Each", "States": {"Each": {"Type": "Map", "End": true, "MaxConcurrency": 0,
                "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                    "StartAt": "Ask", "States": {"Ask": {"Type": "Task", "Resource": "ask", "End": true}}}}}}
            """.utf8)
    }

    static func threeTasks() throws -> StateMachine {
        let states = (1...3).map { number in
            """
            "T\(number)":{"Type":"Task","Resource":"charge","ResultPath":"$.result","TimeoutSeconds":60,\
            "Retry":[{"ErrorEquals":["States.ALL"]}],\(number < 3 ? "\"Next\":\"T\(number + 1)\"" : "\"End\":true")}
            """
        }
        return try machine("{\"StartAt\":\"T1\",\"States\":{\(states.joined(separator: ","))}}".utf8)
    }

    static func items(_ count: Int) -> JSONValue {
        .array((0..<count).map { ["item": .number(JSONNumber($0))] })
    }

    /// Runs a machine to its end; every task answers with what it was asked.
    static func run(_ machine: StateMachine, _ input: JSONValue, _ took: (Transition) -> Void = { _ in }) {
        var transition = Interpreter.begin(machine: machine, start: start(input), stamp: stamp)
        took(transition)
        var state = transition.state
        var open = transition.tasks
        while let task = open.popLast() {
            transition = Interpreter.step(
                machine: machine, state: consume state, input: .taskSucceeded(task: task.id, output: task.parameters),
                stamp: stamp)
            took(transition)
            open += transition.tasks
            state = transition.state
        }
        precondition(!state.isRunning, "The machine did not end.")
    }

    /// Runs a machine to its end and makes all that a store writes; answers the steps and the bytes of the state.
    static func store(_ machine: StateMachine, _ input: JSONValue) -> (steps: Int, bytes: Int) {
        var steps = 0
        var bytes = 0
        run(machine, input) { transition in
            let changes = transition.changes
            bytes += changes.head.serializedBytes().count
            for piece in changes.pieces { bytes += piece.value.serializedBytes().count }
            for event in transition.events { precondition(!event.details.serializedBytes().isEmpty) }
            steps += 1
        }
        return (steps, bytes)
    }
}

extension Transition {
    fileprivate var tasks: [ScheduledTask] {
        commands.compactMap { if case .scheduleTask(let task) = $0 { task } else { nil } }
    }
}

/// Definitions of 1 MB that are as different as definitions are.
private enum DefinitionShape: String, CaseIterable {
    case small = "Pass and Choice in JSONPath"
    case tasks = "Task with Retry and Catch"
    case jsonata = "JSONata in every field"
    case short = "three short JSONata expressions in each state"
    case results = "few states with large Results"
    case nested = "Parallel and Map, 60 deep"
    case tiny = "10,000 states"

    /// The most bytes that the language takes.
    private static let byteLimit = StateMachine.definitionByteLimit

    var text: String {
        switch self {
        case .small: Self.chain(#""StartAt":"S0""#) { Self.smallState($0) }
        case .tasks: Self.chain(#""StartAt":"S0""#) { Self.task($0) }
        case .jsonata: Self.chain(#""StartAt":"S0","QueryLanguage":"JSONata""#) { Self.jsonataState($0) }
        case .short: Self.chain(#""StartAt":"S0","QueryLanguage":"JSONata""#) { Self.shortState($0) }
        case .results: Self.chain(#""StartAt":"S0""#) { Self.result($0) }
        case .nested: Self.nest(depth: 0, prefix: "S")
        case .tiny: Self.chain(#""StartAt":"S0""#, count: 10_000) { Self.tinyState($0) }
        }
    }

    /// States one after another until the text is as long as it may be.
    private static func chain(_ head: String, count: Int = .max, state: (Int) -> String) -> String {
        var states: [String] = []
        var byteCount = head.utf8.count + 200
        while states.count < count {
            let state = state(states.count)
            byteCount += state.utf8.count + 1
            guard byteCount <= byteLimit else { break }
            states.append(state)
        }
        states.append("\"S\(states.count)\":{\"Type\":\"Succeed\"}")
        return "{\(head),\"States\":{\(states.joined(separator: ","))}}"
    }

    private static func smallState(_ number: Int) -> String {
        let next = "S\(number + 1)"
        guard number % 2 == 0 else {
            return """
                "S\(number)":{"Type":"Choice","Choices":[{"Variable":"$.order.total","NumericGreaterThan":\(number),\
                "Next":"\(next)"},{"And":[{"Variable":"$.order.state","StringEquals":"paid"},\
                {"Variable":"$.order.items[0]","IsPresent":true}],"Next":"\(next)"}],"Default":"S\(number - 1)"}
                """
        }
        return """
            "S\(number)":{"Type":"Pass","InputPath":"$.order","Parameters":{"id.$":"$.id",\
            "n.$":"States.MathAdd($.n, 1)","kind":"order"},"ResultPath":"$.last","Next":"\(next)"}
            """
    }

    private static func task(_ number: Int) -> String {
        """
        "S\(number)":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"charge",\
        "Payload":{"order.$":"$.order","run.$":"$$.Execution.Id"}},"ResultSelector":{"body.$":"$.Payload.body"},\
        "ResultPath":"$.charge","TimeoutSeconds":60,"Retry":[{"ErrorEquals":["Lambda.ServiceException",\
        "Lambda.TooManyRequestsException"],"IntervalSeconds":2,"MaxAttempts":6,"BackoffRate":2},\
        {"ErrorEquals":["States.Timeout"],"MaxAttempts":1}],"Catch":[{"ErrorEquals":["States.ALL"],\
        "ResultPath":"$.error","Next":"S\(number + 1)"}],"Next":"S\(number + 1)"}
        """
    }

    private static func jsonataState(_ number: Int) -> String {
        """
        "S\(number)":{"Type":"Pass","Assign":{"total":"{% $sum($states.input.items.(price * \(number))) %}",\
        "name":"{% $uppercase($states.input.customer.name) & '-' & $string(\(number)) %}"},"Output":{"big":\
        "{% $states.input.items[price > \(number)].{'id': id, 'price': price} %}",\
        "first":"{% $states.input.items[\(number)].id %}",\
        "all":"{% $map($states.input.items, function($item, $index) {$item.price + $index + \(number)}) %}",\
        "kind":"order","seen":"{% $total > \(number) and $name != '' ? 'large' : 'small' %}"},"Next":"S\(number + 1)"}
        """
    }

    private static func shortState(_ number: Int) -> String {
        """
        "S\(number)":{"Type":"Pass","Output":{"a":"{% $v+\(number) %}","b":"{% $states.input.a[\(number)] %}"},\
        "Assign":{"v":"{% $v*\(number) %}"},"Next":"S\(number + 1)"}
        """
    }

    private static func result(_ number: Int) -> String {
        let rows = (0..<600).map { row in
            #"{"id":\#(number * 600 + row),"name":"row \#(row)","price":\#(row).25,"tags":["a","b"],"open":true}"#
        }
        return #""S\#(number)":{"Type":"Pass","Result":[\#(rows.joined(separator: ","))],"Next":"S\#(number + 1)"}"#
    }

    /// States in a branch in a branch, and so on, with some beside each.
    private static func nest(depth: Int, prefix: String) -> String {
        let count = depth == 60 ? 10 : 50
        var states = (0..<count).map { position in
            let name = "\(prefix)\(depth)-\(position)"
            let next = position + 1 < count ? "\(prefix)\(depth)-\(position + 1)" : "\(prefix)\(depth)-in"
            return """
                "\(name)":{"Type":"Pass","Parameters":{"id.$":"$.id","order.$":"States.Format('{}-{}', $.id, $.n)",\
                "kind":"order","options":{"retry":true,"limit":10}},"ResultPath":"$.last","Comment":\
                "\(String(repeating: "x", count: 130))","Next":"\(next)"}
                """
        }
        let name = "\(prefix)\(depth)-in"
        let inner = depth == 60 ? "" : nest(depth: depth + 1, prefix: prefix)
        switch (inner.isEmpty, depth % 2) {
        case (true, _): states.append("\"\(name)\":{\"Type\":\"Pass\",\"End\":true}")
        case (_, 0): states.append("\"\(name)\":{\"Type\":\"Parallel\",\"End\":true,\"Branches\":[\(inner)]}")
        default: states.append("\"\(name)\":{\"Type\":\"Map\",\"End\":true,\"ItemProcessor\":\(inner)}")
        }
        return "{\"StartAt\":\"\(prefix)\(depth)-0\",\"States\":{\(states.joined(separator: ","))}}"
    }

    private static func tinyState(_ number: Int) -> String {
        #""S\#(number)":{"Type":"Pass","Comment":"Does nothing","ResultPath":null,"Result":1,"Next":"S\#(number + 1)"}"#
    }
}
