/// The two kinds of state machine on AWS.
public enum ExecutionKind: String, Sendable, Hashable, CaseIterable {
    /// Long-lived, with a history of at most 25,000 events.
    case standard = "STANDARD"
    /// At most five minutes long, without jobs that are waited for.
    case express = "EXPRESS"

    /// The most events of a standard execution's history.
    static let historyLimit = 25_000
    /// The longest an express execution may take.
    static let secondsLimit = 300
}

/// How a simulated run has ended, and its history.
public struct SimulationResult: Sendable, Hashable {
    /// `SUCCEEDED`, `FAILED`, `TIMED_OUT` or `ABORTED`.
    public let status: String
    /// The output of a run that succeeded.
    public let output: JSONValue?
    /// The error of one that did not.
    public let error: String?
    /// Its cause.
    public let cause: String?
    /// The events.
    public let history: [HistoryEvent]

    init(_ outcome: RunOutcome, history: [HistoryEvent]) {
        self.history = history
        switch outcome {
        case .succeeded(let output): (status, self.output, error, cause) = ("SUCCEEDED", output, nil, nil)
        case .failed(let error, let cause):
            (status, output) = ("FAILED", nil)
            (self.error, self.cause) = (error.isEmpty ? nil : error, cause.isEmpty ? nil : cause)
        case .timedOut: (status, output, error, cause) = ("TIMED_OUT", nil, nil, nil)
        case .aborted(let error, let cause):
            (status, output) = ("ABORTED", nil)
            (self.error, self.cause) = (error.isEmpty ? nil : error, cause.isEmpty ? nil : cause)
        }
    }

    /// The result as a document.
    public var json: JSONValue {
        [
            "status": .string(status), "output": output ?? .null, "error": error.map(JSONValue.string) ?? .null,
            "cause": cause.map(JSONValue.string) ?? .null, "history": .array(history.map(\.json)),
        ]
    }
}

/// Runs machines in memory, in virtual time: waits cost nothing, and tasks answer what mocks say.
///
/// The same arguments give the same result.
public struct Simulation {
    /// The most steps that a simulation takes before it is given up.
    public static let stepLimit = 2_000_000
    /// The most bytes that the events of a simulation may take before it is given up.
    public static let historyByteLimit = 32 << 20
    /// About what an event takes besides its data.
    private static let eventByteCount = 128

    private let machine: StateMachine
    private let mocks: SimulationMocks
    private var random: SeededRandom
    private var now: Timestamp
    private var agenda = Agenda()
    private var usedCounts: [String: Int] = [:]
    private var history: [HistoryEvent] = []
    private var historyByteCount = 0
    private var failure: SimulationError?
    /// When the heartbeat's timer of the task that was asked for last would fire, though its worker is alive.
    private var quietMoment: Timestamp?

    init(_ machine: StateMachine, _ mocks: SimulationMocks, _ startTime: Timestamp, _ seed: UInt64) {
        self.machine = machine
        self.mocks = mocks
        now = startTime
        random = SeededRandom(seed: seed)
    }

    /// Runs a machine to its end.
    public static func run(
        _ machine: StateMachine, input: JSONValue, mocks: SimulationMocks = SimulationMocks(), startTime: Timestamp,
        kind: ExecutionKind = .standard, seed: UInt64 = 0
    ) throws(SimulationError) -> SimulationResult {
        if let problem = machine.problems(for: kind).first { throw SimulationError(problem.diagnosis) }
        var simulation = Simulation(machine, mocks, startTime, seed)
        let start = simulation.start(input: input, kind: kind)
        return try simulation.run(start)
    }

    /// What a run is started with: names in the form of AWS, unless the mocks say otherwise.
    private mutating func start(input: JSONValue, kind: ExecutionKind) -> RunStart {
        func text(_ group: String, _ member: String) -> String? { mocks.context[group]?[member]?.stringValue }
        let account = "us-east-1:123456789012"
        let machineName = text("StateMachine", "Name") ?? "StateMachine"
        let runName = text("Execution", "Name") ?? random.uuid()
        return RunStart(
            input: input,
            runID: text("Execution", "Id") ?? "arn:aws:states:\(account):execution:\(machineName):\(runName)",
            runName: runName,
            machineID: text("StateMachine", "Id") ?? "arn:aws:states:\(account):stateMachine:\(machineName)",
            machineName: machineName,
            roleARN: text("Execution", "RoleArn") ?? "arn:aws:iam::123456789012:role/StateMachineRole",
            historyLimit: kind == .standard ? ExecutionKind.historyLimit : nil,
            secondsLimit: kind == .express ? ExecutionKind.secondsLimit : nil)
    }

    private mutating func run(_ start: RunStart) throws(SimulationError) -> SimulationResult {
        var state = take(Interpreter.begin(machine: machine, start: start, stamp: stamp()))
        for _ in 0..<Self.stepLimit {
            if let failure { throw failure }
            if let outcome = state.outcome { return SimulationResult(outcome, history: history) }
            guard let next = agenda.next() else {
                throw SimulationError("the run waits for something that nobody answers")
            }
            now = max(now, next.time)
            let transition = Interpreter.step(
                machine: machine, state: consume state, input: next.input, stamp: stamp())
            state = take(transition)
        }
        throw SimulationError("the run takes more than \(Self.stepLimit) steps")
    }

    /// The events so far.
    var events: [HistoryEvent] { history }

    /// Runs the first state of a machine until it is left, fails, or would be tried again.
    mutating func runFirstState(_ test: StateTest.Surroundings) throws(SimulationError) -> FirstStateEnd {
        let start = start(input: test.input, kind: .standard)
        var step = Step(
            machine: machine, state: RunState(start: start, startedAt: now), stamp: stamp())
        step.firstVariables = test.variables
        step.begin()
        var state = take(step.transition)
        var result: JSONValue?
        for _ in 0..<Self.stepLimit {
            if let failure { throw failure }
            let hasLeft = history.contains { $0.type == machine.states[0].type.exitedEvent }
            if hasLeft || !state.isRunning { break }
            if case .backoff(_, _, let error) = state.waiting {
                return FirstStateEnd(
                    status: "RETRIABLE", error: error, cause: lastCause, result: result,
                    variables: state.frames.main?.variables ?? [:])
            }
            guard let next = agenda.next() else {
                throw SimulationError("the state waits for something that nobody answers")
            }
            now = max(now, next.time)
            if case .taskSucceeded(_, let output) = next.input { result = output }
            let transition = Interpreter.step(
                machine: machine, state: consume state, input: next.input, stamp: stamp())
            state = take(transition)
        }
        return end(state, result)
    }

    /// The cause that the last event about a failure gives.
    private var lastCause: String? {
        history.reversed().compactMap { $0.details["cause"]?.stringValue }.first
    }

    private func end(_ state: RunState, _ result: JSONValue?) -> FirstStateEnd {
        let exit = history.first { $0.type == machine.states[0].type.exitedEvent }
        guard let text = exit?.details["output"]?.stringValue else {
            guard case .failed(let error, let cause)? = state.outcome else { return FirstStateEnd(status: "FAILED") }
            return FirstStateEnd(status: "FAILED", error: error, cause: cause, result: result)
        }
        // The text of an event is JSON that the interpreter wrote itself.
        var end = FirstStateEnd(status: "SUCCEEDED", output: try? JSONValue(parsing: text), result: result)
        end.next = history.first { $0.id > (exit?.id ?? 0) && $0.details["name"] != nil }?.details["name"]?.stringValue
        for (name, text) in exit?.details["assignedVariables"]?.objectValue ?? [:] {
            // As above.
            end.variables[name] = text.stringValue.flatMap { try? JSONValue(parsing: $0) }
        }
        let failed = history.last { $0.id < (exit?.id ?? 0) && $0.details["error"] != nil }
        if let failed, machine.states[0].resultRules?.catchers.isEmpty == false, result == nil {
            end.status = "CAUGHT_ERROR"
            end.error = failed.details["error"]?.stringValue
            end.cause = failed.details["cause"]?.stringValue
        }
        return end
    }

    private mutating func stamp() -> Stamp { Stamp(now: now, seed: random.next()) }

    /// Does what a transition asks for.
    private mutating func take(_ transition: consuming Transition) -> RunState {
        for event in transition.events {
            historyByteCount += Self.eventByteCount + event.dataByteCount
            history.append(event)
        }
        if historyByteCount > Self.historyByteLimit {
            failure = SimulationError("the run's history takes more than \(Self.historyByteLimit) bytes")
        }
        for command in transition.commands {
            switch command {
            case .scheduleTask(let task): answer(task)
            case .readItems(let read): answer(read.task)
            case .startTimer(_, let fireAt) where fireAt == quietMoment: quietMoment = nil
            case .startTimer(let id, let fireAt): agenda.add(.timerFired(timer: id), at: fireAt)
            // An input that nobody waits for any more changes nothing.
            case .cancelTask, .cancelTimer, .finish: break
            }
        }
        return transition.state
    }

    private mutating func answer(_ task: ScheduledTask) {
        guard let name = SimulationMocks.names(of: task).first(where: { mocks.tasks[$0] != nil }),
            let steps = mocks.tasks[name]
        else {
            answerWithoutMock(task)
            return
        }
        let used = usedCounts[name, default: 0]
        usedCounts[name] = used + 1
        let step = steps[min(used, steps.count - 1)]
        let moment = now.advanced(by: .seconds(step.delaySeconds))
        let resource = TaskResource(task.resource)
        if step.outcome != .heartbeatTimeout {
            quietMoment = task.heartbeatSeconds.map { now.advanced(by: .seconds($0)) }
        }
        if resource.kind == .activity { agenda.add(.taskStarted(task: task.id, worker: nil), at: now) }
        switch step.outcome {
        case .result(let value, let submitted):
            if resource.pattern != .requestResponse {
                agenda.add(.taskSubmitted(task: task.id, output: submitted ?? value), at: now)
            }
            agenda.add(.taskSucceeded(task: task.id, output: value), at: moment)
        case .failure(let error, let cause):
            agenda.add(.taskFailed(task: task.id, error: error, cause: cause), at: moment)
        case .timeout:
            let end = now.advanced(by: .seconds(task.timeoutSeconds ?? 0))
            agenda.add(.taskFailed(task: task.id, error: ErrorName.timeout, cause: ""), at: end)
        case .heartbeatTimeout:
            let end = now.advanced(by: .seconds(task.heartbeatSeconds ?? 0))
            agenda.add(.taskFailed(task: task.id, error: ErrorName.heartbeatTimeout, cause: ""), at: end)
        }
    }

    /// Results that go outside are taken to have arrived; anything else must have a mock.
    private mutating func answerWithoutMock(_ task: ScheduledTask) {
        guard task.resource.hasSuffix(":states:::s3:putObject") else {
            failure = SimulationError(
                "there is no mock for the state '\(task.stateName)' (resource '\(task.resource)')")
            return
        }
        let prefix = task.parameters["Prefix"]?.stringValue.map { $0 + "/" } ?? ""
        // The folder of the results has the name of the run of the Map.
        let run = task.parameters["MapRunArn"]?.stringValue?.split(separator: ":").last ?? ""
        let details: JSONValue = [
            "Bucket": task.parameters["Bucket"] ?? "", "Key": .string("\(prefix)\(run)/manifest.json"),
        ]
        agenda.add(.taskSucceeded(task: task.id, output: details), at: now)
    }
}

/// What will happen in a simulation, in the order of time; at one time in the order in which it was added.
private struct Agenda {
    struct Entry {
        let time: Timestamp
        let number: Int
        let input: RunInput

        func isBefore(_ other: Entry) -> Bool { time == other.time ? number < other.number : time < other.time }
    }

    /// A heap: no entry comes before the one at half its place.
    private var entries: [Entry] = []
    private var count = 0

    mutating func add(_ input: RunInput, at time: Timestamp) {
        entries.append(Entry(time: time, number: count, input: input))
        count += 1
        var place = entries.count - 1
        while place > 0, case let parent = (place - 1) / 2, entries[place].isBefore(entries[parent]) {
            entries.swapAt(place, parent)
            place = parent
        }
    }

    mutating func next() -> Entry? {
        guard let first = entries.first else { return nil }
        let last = entries.removeLast()
        guard !entries.isEmpty else { return first }
        entries[0] = last
        var place = 0
        while case let child = place * 2 + 1, child < entries.count {
            let right = child + 1
            let least = right < entries.count && entries[right].isBefore(entries[child]) ? right : child
            guard entries[least].isBefore(entries[place]) else { break }
            entries.swapAt(place, least)
            place = least
        }
        return first
    }
}

extension StateMachine {
    /// What keeps the machine from being of a kind: express ones have no activities and wait for no jobs.
    public func problems(for kind: ExecutionKind) -> [DefinitionError.Problem] {
        guard kind == .express else { return [] }
        return states.compactMap { state in
            guard let message = state.taskResource?.expressRefusal else { return nil }
            return DefinitionError.Problem(
                code: "EXPRESS_PATTERN", pointer: state.pointer + "/Resource", message: message)
        }
    }
}
