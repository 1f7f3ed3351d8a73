import StatesLanguage

extension StateMachine {
    /// A machine from the text of its definition.
    init(_ text: String) throws {
        try self.init(definition: JSONValue(parsing: text))
    }

    /// A machine of one state, `S`, which ends the run unless its fields say otherwise.
    static func single(_ fields: String) throws -> StateMachine {
        try StateMachine("{\"StartAt\":\"S\",\"States\":{\"S\":\(fields)}}")
    }
}

extension RunStart {
    static func sample(_ input: JSONValue = [:]) -> RunStart {
        RunStart(input: input, runID: "run-1", runName: "first", machineID: "machine-1", machineName: "sample")
    }
}

extension Stamp {
    /// A stamp some seconds after noon of a fixed day.
    static func at(_ seconds: Double, seed: UInt64 = 1) -> Stamp {
        let noon = Timestamp(millisecondsSinceEpoch: 1_795_262_400_000)
        return Stamp(now: noon.advanced(by: .milliseconds(Int64(seconds * 1_000))), seed: seed)
    }
}

extension RunOrder {
    /// One of the things that an operator may do.
    static func random(using random: inout SeededGenerator) -> RunOrder {
        RunOrder(Verb.allCases.randomElement(using: &random) ?? .suspend, by: "ana", reason: "drill")
    }

    static func sample(_ verb: Verb) -> RunOrder { RunOrder(verb, by: "ana", reason: "drill") }
}

/// A run that a test drives by hand, gathering what the steps give.
struct DrivenRun {
    let machine: StateMachine
    var state: RunState
    var inputs: [(RunInput, Stamp)]
    var events: [HistoryEvent]
    var commands: [Command]

    init(_ machine: StateMachine, input: JSONValue = [:], stamp: Stamp = .at(0)) {
        self.machine = machine
        let first = Interpreter.begin(machine: machine, start: .sample(input), stamp: stamp)
        state = first.state
        inputs = [(.start(.sample(input)), stamp)]
        events = first.events
        commands = first.commands
    }

    /// Takes one input and answers the commands it gave.
    @discardableResult
    mutating func take(_ input: RunInput, at stamp: Stamp) -> [Command] {
        let step = Interpreter.step(machine: machine, state: state, input: input, stamp: stamp)
        state = step.state
        inputs.append((input, stamp))
        events += step.events
        commands += step.commands
        return step.commands
    }

    /// The types of the events so far.
    var types: [String] { events.map(\.type.rawValue) }

    /// The task that was asked for last.
    var lastTask: ScheduledTask? {
        commands.reversed().compactMap { if case .scheduleTask(let task) = $0 { task } else { nil } }.first
    }

    /// The output, if the run has succeeded.
    var output: JSONValue? {
        if case .succeeded(let output) = state.outcome { output } else { nil }
    }

    /// The error, if the run has failed.
    var error: String? {
        if case .failed(let error, _) = state.outcome { error } else { nil }
    }

    /// The cause, if the run has failed.
    var cause: String? {
        if case .failed(_, let cause) = state.outcome { cause } else { nil }
    }
}
