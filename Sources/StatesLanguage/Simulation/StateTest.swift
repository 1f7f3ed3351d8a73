/// One state run by itself, as Step Functions' `TestState` does, with the data at each step of it.
public struct StateTest: Sendable, Hashable {
    /// `SUCCEEDED`, `FAILED`, `CAUGHT_ERROR` or `RETRIABLE`.
    public let status: String
    /// The output of the state, also where a rule of `Catch` made it.
    public let output: JSONValue?
    /// The error that ended it.
    public let error: String?
    /// The cause of that.
    public let cause: String?
    /// The state that would come next.
    public let nextState: String?
    /// The data on its way through the state: `input`, `afterInputPath`, `afterParameters` or `afterArguments`,
    /// `result`, `afterResultSelector`, `afterResultPath`, `variables`.
    public let inspection: JSONObject
    /// The events.
    public let history: [HistoryEvent]

    /// The result as a document.
    public var json: JSONValue {
        var json: JSONObject = ["status": .string(status)]
        if let output { json["output"] = output }
        if let error { json["error"] = .string(error) }
        if let cause { json["cause"] = .string(cause) }
        if let nextState { json["nextState"] = .string(nextState) }
        json["inspectionData"] = .object(inspection)
        return .object(json)
    }

    /// What a test gives a state besides its definition.
    public struct Surroundings: Sendable {
        /// The input of the state.
        public var input: JSONValue
        /// The variables that it can read.
        public var variables: JSONObject
        /// What its tasks answer, and what its context object says.
        public var mocks: SimulationMocks
        /// When it runs.
        public var now: Timestamp
        /// The seed of everything random in it.
        public var seed: UInt64

        /// Makes surroundings.
        public init(
            input: JSONValue, variables: JSONObject = [:], mocks: SimulationMocks = SimulationMocks(), now: Timestamp,
            seed: UInt64 = 0
        ) {
            self.input = input
            self.variables = variables
            self.mocks = mocks
            self.now = now
            self.seed = seed
        }
    }

    /// The name that the state has in a test.
    public static let stateName = "State"

    /// Runs a state; the states that it leads to need not be there.
    public init(
        of definition: JSONValue, queryLanguage: QueryLanguage = .jsonPath, in surroundings: Surroundings
    ) throws {
        let machine = try Self.machine(of: definition, queryLanguage)
        let before = StateProbe(machine, surroundings)
        var simulation = Simulation(machine, surroundings.mocks, surroundings.now, surroundings.seed)
        let end = try simulation.runFirstState(surroundings)
        history = simulation.events
        var inspection = before.data()
        if let result = end.result {
            for (name, value) in before.data(after: result) { inspection[name] = value }
        }
        if !end.variables.isEmpty { inspection["variables"] = .object(end.variables) }
        self.inspection = inspection
        (status, output, error, cause, nextState) = (end.status, end.output, end.error, end.cause, end.next)
    }

    /// A machine of the state and of an end in the place of each state that it leads to.
    private static func machine(of definition: JSONValue, _ language: QueryLanguage) throws(DefinitionError)
        -> StateMachine
    {
        var states: JSONObject = [stateName: definition]
        var targets = [definition["Next"], definition["Default"]]
        for field in ["Catch", "Choices"] {
            targets += (definition[field]?.arrayValue ?? []).map { $0["Next"] }
        }
        for target in targets {
            guard case .string(let name)? = target, states[name] == nil else { continue }
            states[name] = ["Type": "Succeed"]
        }
        return try StateMachine(definition: [
            "QueryLanguage": .string(language.rawValue), "StartAt": .string(stateName), "States": .object(states),
        ])
    }
}

/// Looks at the data on its way through the first state of a machine, without running it.
private struct StateProbe {
    private let step: Step
    private let current: State
    private let input: Payload

    init(_ machine: StateMachine, _ surroundings: StateTest.Surroundings) {
        let start = RunStart(
            input: surroundings.input, runID: "run", runName: "run", machineID: "machine", machineName: "machine")
        var state = RunState(start: start, startedAt: surroundings.now)
        var frame = RunState.Frame(
            position: 0, stateName: StateTest.stateName, input: surroundings.input, enteredAt: surroundings.now,
            enteredEventID: 2, previousEventID: 2, lastEventID: 2)
        frame.variables = surroundings.variables
        _ = state.frames.add(frame)
        step = Step(
            machine: machine, state: state, stamp: Stamp(now: surroundings.now, seed: surroundings.seed))
        current = machine.states[0]
        input = Payload(checked: surroundings.input)
    }

    /// What can be seen before there is a result; fields that fail are left out, for the run tells why.
    func data() -> JSONObject {
        var step = step
        var data: JSONObject = ["input": input.value]
        // As the summary says.
        guard let effective = try? step.effectiveInput(0, current, input) else { return data }
        let isPath = current.queryLanguage == .jsonPath
        if isPath { data["afterInputPath"] = effective.value }
        // As the summary says.
        if let template = current.argumentsTemplate,
            let value = try? step.value(template, 0, input: effective.value, StatesData(input: input.value))
        {
            data[isPath ? "afterParameters" : "afterArguments"] = value
        } else if isPath {
            data["afterParameters"] = effective.value
        }
        return data
    }

    /// What can be seen of a result.
    func data(after result: JSONValue) -> JSONObject {
        var step = step
        var data: JSONObject = ["result": result]
        guard current.queryLanguage == .jsonPath, let rules = current.resultRules else { return data }
        var selected = result
        if let selector = rules.selector {
            // The run tells why it failed.
            guard let value = try? step.value(selector, 0, result) else { return data }
            selected = value
        }
        data["afterResultSelector"] = selected
        // As above.
        let combined = try? step.combine(Payload(checked: selected), with: input.value, by: rules.path)
        if let combined { data["afterResultPath"] = combined.value }
        return data
    }
}

extension State {
    /// `Parameters` or `Arguments`.
    fileprivate var argumentsTemplate: Template? {
        switch body {
        case .task(let task): task.arguments
        case .parallel(let parallel): parallel.arguments
        case .pass(let pass): pass.parameters.map(Template.jsonPath)
        case .map, .choice, .wait, .succeed, .fail: nil
        }
    }
}

/// How the first state of a machine has ended.
struct FirstStateEnd {
    var status: String
    var output: JSONValue?
    var error: String?
    var cause: String?
    var next: String?
    var result: JSONValue?
    var variables: JSONObject = [:]
}
