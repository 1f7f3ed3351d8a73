/// One step of a run while it is being taken.
struct Step {
    let machine: StateMachine
    let stamp: Stamp
    var state: RunState
    var random: SeededRandom
    private var events: [HistoryEvent] = []
    private var commands: [Command] = []
    private var enteredCount = 0
    private var byteCount = 0

    /// Where a line of execution goes after a state.
    enum Flow {
        case next(Target, Payload)
        case waits
        case ended
    }

    init(machine: StateMachine, state: RunState, stamp: Stamp) {
        self.machine = machine
        self.state = state
        self.stamp = stamp
        random = SeededRandom(seed: stamp.seed)
    }

    var transition: Transition { Transition(state: state, events: events, commands: commands) }

    // MARK: Inputs

    mutating func begin() {
        let start = state.start
        let first = machine.flows[0].start
        do {
            let input = try Payload(start.input)
            record(.executionStarted, after: 0, ["input": .string(input.text), "inputDetails": Self.notTruncated])
            if let seconds = machine.timeoutSeconds {
                state.limitTimer = startTimer(at: stamp.now.advanced(by: .seconds(seconds)))
            }
            advance(0, .next(.state(first), input))
        } catch {
            record(.executionStarted, after: 0, ["inputDetails": ["truncated": true]])
            end(.failed(error: error.name, cause: error.cause), after: 0)
        }
    }

    mutating func taskSucceeded(_ frame: Int, output: JSONValue) {
        inCurrentState(of: frame) { (step, current) throws(StateError) in
            guard case .task(let task) = current.body else { return .waits }
            return try step.taskReturned(frame, current, task, output: output)
        }
    }

    mutating func taskFailed(_ frame: Int, _ error: StateError) {
        inCurrentState(of: frame) { (step, current) throws(StateError) in step.taskEnded(frame, current, error) }
    }

    mutating func timerFired(_ frame: Int) {
        inCurrentState(of: frame) { (step, current) throws(StateError) in
            switch (step.state.frames[frame].activity, current.body) {
            case (.task(let id, _, _), .task):
                step.command(.cancelTask(id: id))
                step.forgetTimer(frame)
                return step.taskEnded(frame, current, StateError(ErrorName.timeout, ""))
            case (.backoff, .task(let task)):
                step.state.frames[frame].activity = .none
                let input = Payload(checked: step.state.frames[frame].input)
                return try step.schedule(frame, current, task, input: input)
            case (.timer, .wait(let wait)):
                step.state.frames[frame].activity = .none
                let input = Payload(checked: step.state.frames[frame].input)
                let effective = try step.effectiveInput(frame, current, input)
                return try step.exit(frame, current, effective, to: wait.next)
            default: return .waits
            }
        }
    }

    mutating func limitPassed() {
        state.limitTimer = nil
        cancelOpenWork()
        let cause = "The run took longer than its \(machine.timeoutSeconds ?? 0) seconds."
        end(.timedOut(error: ErrorName.timeout, cause: cause), after: lastEventID)
    }

    mutating func stop(error: String, cause: String) {
        cancelOpenWork()
        end(.aborted(error: error, cause: cause), after: lastEventID)
    }

    // MARK: The loop

    /// Goes on in the state that a line of execution is in, and then from state to state.
    private mutating func inCurrentState(
        of frame: Int, _ body: (inout Step, State) throws(StateError) -> Flow
    ) {
        let name = state.frames[frame].stateName
        guard let current = machine.state(named: name) else {
            cancelOpenWork()
            let cause = "The definition has no state '\(name)', in which the run is."
            end(.failed(error: ErrorName.runtime, cause: cause), after: lastEventID)
            return
        }
        let flow: Flow
        do {
            flow = try body(&self, current)
        } catch {
            flow = handle(located(error, frame), frame, current)
        }
        advance(frame, flow)
    }

    /// Runs states until the line of execution waits or the run ends.
    private mutating func advance(_ frame: Int, _ flow: Flow) {
        var flow = flow
        while case .next(let target, let data) = flow {
            guard case .state(let position) = target else {
                end(.succeeded(output: data.value), text: data.text, after: lastEventID)
                return
            }
            let next = machine.states[position]
            guard enteredCount < Interpreter.stateLimitPerStep, byteCount < Interpreter.byteLimitPerStep else {
                let cause = "The run entered \(enteredCount) states without waiting for anything; it would never end."
                end(.failed(error: ErrorName.runtime, cause: cause), after: lastEventID)
                return
            }
            enteredCount += 1
            enter(frame, next, data)
            do {
                flow = try execute(frame, next, data)
            } catch {
                flow = handle(located(error, frame), frame, next)
            }
        }
    }

    private mutating func enter(_ frame: Int, _ next: State, _ data: Payload) {
        let previous = state.frames.indices.contains(frame) ? state.frames[frame].previousEventID : 0
        let fresh = RunState.Frame(
            stateName: next.name, input: data.value, enteredAt: stamp.now, enteredEventID: state.eventCount + 1,
            previousEventID: previous, retryCounts: [], activity: .none)
        if state.frames.indices.contains(frame) { state.frames[frame] = fresh } else { state.frames.append(fresh) }
        record(
            next.type.enteredEvent, in: frame,
            ["name": .string(next.name), "input": .string(data.text), "inputDetails": Self.notTruncated])
    }

    /// Says where an error of the interpreter itself happened, as AWS does.
    private func located(_ error: StateError, _ frame: Int) -> StateError {
        let frame = state.frames[frame]
        return StateError(
            error.name,
            "An error occurred while executing the state '\(frame.stateName)' "
                + "(entered at the event id #\(frame.enteredEventID)). \(error.cause)")
    }

    // MARK: Events and commands

    static let notTruncated: JSONValue = ["truncated": false]

    private var lastEventID: Int { state.frames.first?.previousEventID ?? 0 }

    /// Adds an event to a line of execution.
    mutating func record(_ type: HistoryEventType, in frame: Int, _ details: JSONValue) {
        record(type, after: state.frames[frame].previousEventID, details)
        state.frames[frame].previousEventID = state.eventCount
    }

    private mutating func record(_ type: HistoryEventType, after previous: Int, _ details: JSONValue) {
        state.eventCount += 1
        for name in ["input", "output", "parameters"] { byteCount += details[name]?.stringValue?.utf8.count ?? 0 }
        events.append(
            HistoryEvent(
                id: state.eventCount, previousEventID: previous, type: type, timestamp: stamp.now, details: details))
    }

    mutating func command(_ command: Command) { commands.append(command) }

    mutating func takeID() -> Int {
        defer { state.nextID += 1 }
        return state.nextID
    }

    mutating func startTimer(at moment: Timestamp) -> Int {
        let id = takeID()
        commands.append(.startTimer(id: id, fireAt: moment))
        return id
    }

    private mutating func cancelOpenWork() {
        for position in state.frames.indices {
            if case .task(let id, _, _) = state.frames[position].activity { command(.cancelTask(id: id)) }
            if let timer = state.frames[position].activity.timer { command(.cancelTimer(id: timer)) }
            state.frames[position].activity = .none
        }
    }

    /// Ends the run; nothing may be open but the timer of the machine's limit.
    mutating func end(_ outcome: RunOutcome, text: String? = nil, after previous: Int) {
        if let timer = state.limitTimer {
            state.limitTimer = nil
            command(.cancelTimer(id: timer))
        }
        record(outcome.event, after: previous, outcome.details(text: text))
        // Nothing reads these any more, and the stored state of an ended run should be small.
        for position in state.frames.indices { state.frames[position].input = .null }
        state.outcome = outcome
        command(.finish(outcome))
    }

    mutating func endAsFailed(_ frame: Int, _ error: StateError) {
        end(.failed(error: error.name, cause: error.cause), after: state.frames[frame].previousEventID)
    }
}

extension RunOutcome {
    fileprivate var event: HistoryEventType {
        switch self {
        case .succeeded: .executionSucceeded
        case .failed: .executionFailed
        case .timedOut: .executionTimedOut
        case .aborted: .executionAborted
        }
    }

    fileprivate func details(text: String?) -> JSONValue {
        switch self {
        case .succeeded(let output):
            return ["output": .string(text ?? output.serialized()), "outputDetails": Step.notTruncated]
        case .failed(let error, let cause), .timedOut(let error, let cause), .aborted(let error, let cause):
            var details = JSONObject()
            if !error.isEmpty { details["error"] = .string(error) }
            if !cause.isEmpty { details["cause"] = .string(cause) }
            return .object(details)
        }
    }
}
