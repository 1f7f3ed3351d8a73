/// One step of a run while it is being taken.
struct Step {
    let machine: StateMachine
    let stamp: Stamp
    var state: RunState
    var random: SeededRandom
    var events: [HistoryEvent] = []
    var commands: [Command] = []
    var byteCount = 0
    /// The variables that a run begins with, which only a test of a single state gives it.
    var firstVariables: JSONObject = [:]
    /// Whether an event no longer found room in the history.
    var isHistoryFull = false
    /// Whether an input was kept for later, which is nothing that the history shows.
    var hasKept = false
    private var enteredCount = 0
    private var ready: [Ready] = []

    /// Where a line of execution goes next.
    enum Flow {
        case next(Target, Payload)
        /// A Map iteration begins; its `MapIterationStarted` follows that event.
        case iterates(after: Int)
        /// All branches of the state have ended well.
        case joined
        /// A branch of the state has failed for good.
        case branchFailed(StateError)
        case waits
        case ended
    }

    /// A line of execution that can go on.
    private struct Ready {
        let place: Int
        let serial: Int
        let flow: Flow
    }

    init(machine: StateMachine, state: consuming RunState, stamp: Stamp) {
        self.machine = machine
        self.state = state
        self.state.frames.beginStep()
        self.stamp = stamp
        random = SeededRandom(seed: stamp.seed)
    }

    var transition: Transition { Transition(state: state, events: events, commands: commands, hasKept: hasKept) }

    // MARK: Inputs

    mutating func begin() {
        var frame = RunState.Frame(
            input: state.start.input, enteredAt: stamp.now, previousEventID: 0, lastEventID: 0)
        frame.variables = firstVariables
        do {
            let input = try Payload(state.start.input)
            var details: JSONObject = ["input": .string(input.text), "inputDetails": HistoryEvent.notTruncated]
            if let role = state.start.roleARN { details["roleArn"] = .string(role) }
            record(.executionStarted, after: 0, .details(.object(details)))
            startLimitTimer()
            let main = state.frames.add(frame)
            advance(main, .next(.state(machine.flows[0].start), input))
            runReady()
        } catch {
            record(.executionStarted, after: 0, .details(["inputDetails": ["truncated": true]]))
            end(.failed(error: error.name, cause: error.cause), after: 0)
        }
    }

    mutating func take(_ input: RunInput) {
        switch input {
        case .start, .order, .move: return
        case .stop(let error, let cause): end(.aborted(error: error, cause: cause), after: 0)
        case .timerFired(let timer) where timer == state.limitTimer:
            state.limitTimer = nil
            conclude(.timedOut(error: ErrorName.timeout, cause: ""), after: 0)
            runReady()
        case .timerFired(let timer): proceed(with: timer, isTimer: true) { $0.timerFired(timer, $1) }
        case .taskSucceeded(let task, let output):
            proceed(with: task) { step, place throws(StateError) in try step.taskSucceeded(place, output) }
        case .taskFailed(let task, let error, let cause):
            proceed(with: task) { step, place throws(StateError) in
                try step.taskFailed(place, StateError(error, cause))
            }
        case .taskRefused(let task, let phase, let error, let cause):
            proceed(with: task) { step, place throws(StateError) in
                try step.taskFailed(place, StateError(error, cause), phase: phase)
            }
        case .taskStarted(let task, let worker): proceed(with: task) { $0.taskStarted($1, worker: worker) }
        case .taskSubmitted(let task, let output): proceed(with: task) { $0.taskSubmitted($1, output: output) }
        case .heartbeat(let task): proceed(with: task) { $0.heartbeat($1) }
        case .itemsRead(let read, let items):
            proceed(with: read) { step, place throws(StateError) in try step.itemsRead(place, items) }
        }
    }

    /// Lets the line that waits for a task or a timer go on, and then all that can.
    private mutating func proceed(
        with id: Int, isTimer: Bool = false, _ body: (inout Step, Int) throws(StateError) -> Flow
    ) {
        // A task cannot be answered under the number of a timer, nor a timer fire under that of a task.
        guard let place = state.frames.place(waitingFor: id),
            isTimer != (state.frames[place].activity.task == id)
        else { return }
        guard isInDefinition(place) else {
            let cause = "The definition has no state '\(state.frames[place].stateName)', in which the run is."
            end(.failed(error: ErrorName.runtime, cause: cause), after: state.frames[place].lastEventID)
            return
        }
        advance(place, attempt(place) { step throws(StateError) in try body(&step, place) })
        runReady()
    }

    /// Whether the state that a line is in stands where it was; a definition that came from elsewhere may be another.
    func isInDefinition(_ place: Int) -> Bool {
        guard let position = state.frames[place].position, machine.states.indices.contains(position) else {
            return false
        }
        return machine.states[position].name.hasSameBytes(as: state.frames[place].stateName)
    }

    /// Does something in the state of a line; an error is offered to its Retry and Catch.
    mutating func attempt(_ place: Int, _ body: (inout Step) throws(StateError) -> Flow) -> Flow {
        do {
            return try body(&self)
        } catch {
            return handle(located(error, place), place)
        }
    }

    // MARK: The loop

    /// Remembers that a line can go on once the others before it have.
    mutating func makeReady(_ place: Int, _ flow: Flow) {
        ready.append(Ready(place: place, serial: state.frames[place].serial, flow: flow))
    }

    mutating func runReady() {
        var head = 0
        while head < ready.count {
            let next = ready[head]
            head += 1
            // What is done is dropped now and then, so that a long step does not keep it all.
            if head > 1_024 && head * 2 > ready.count {
                ready.removeSubrange(..<head)
                head = 0
            }
            guard state.isRunning, state.frames.has(next.place, serial: next.serial) else { continue }
            advance(next.place, next.flow)
        }
        ready = []
    }

    /// Runs states until the line of execution waits or ends.
    private mutating func advance(_ place: Int, _ flow: Flow) {
        var flow = flow
        while true {
            if isHistoryFull, let limit = state.start.historyLimit {
                let cause = "The execution reached the maximum number of history events (\(limit))."
                end(.failed(error: ErrorName.runtime, cause: cause), after: state.eventCount)
                return
            }
            switch flow {
            case .waits, .ended: return
            case .next(.end, let data):
                lineEnded(place, data)
                return
            case .next(.state(let position), let data):
                guard enteredCount < Interpreter.stateLimitPerStep, byteCount < Interpreter.byteLimitPerStep else {
                    let cause =
                        "The run entered \(enteredCount) states without waiting for anything; it would never end."
                    end(.failed(error: ErrorName.runtime, cause: cause), after: state.frames[place].lastEventID)
                    return
                }
                enteredCount += 1
                enter(place, position, data)
                flow = attempt(place) { step throws(StateError) in
                    try step.execute(place, step.machine.states[position], data)
                }
            case .iterates(let previous): flow = beginIteration(place, after: previous)
            case .joined: flow = attempt(place) { step throws(StateError) in try step.joined(place) }
            case .branchFailed(let error): flow = branchFailed(place, error)
            }
            guard state.isRunning else { return }
        }
    }

    private mutating func enter(_ place: Int, _ position: Int, _ data: Payload) {
        let next = machine.states[position]
        state.frames[place].position = position
        state.frames[place].stateName = next.name
        state.frames[place].input = data.value
        state.frames[place].enteredAt = stamp.now
        if !state.frames[place].retryCounts.isEmpty { state.frames[place].retryCounts = [] }
        record(next.type.enteredEvent, in: place, .entered(name: next.name, input: data.text))
        state.frames[place].enteredEventID = state.frames[place].lastEventID
    }

    /// The state that a line is in.
    func current(_ place: Int) -> State { machine.states[state.frames[place].position ?? 0] }

    /// Says where an error of the interpreter itself happened, as AWS does.
    ///
    /// An expression that failed is an event of its own. `owner` is the line whose state it is where that is another:
    /// what the selector of a Map does belongs to the iteration.
    mutating func located(_ error: StateError, _ place: Int, owner: Int? = nil) -> StateError {
        let frame = state.frames[owner ?? place]
        // That data is too large is said of the state's result, and not of a place.
        if error == Payload.tooLarge { return Payload.tooLarge(resultOf: frame.stateName) }
        if error.name == ErrorName.dataLimitExceeded { return error }
        let located = StateError(
            error.name,
            "An error occurred while executing the state '\(frame.stateName)' "
                + "(entered at the event id #\(frame.enteredEventID)). \(error.cause)", location: error.location)
        if let location = error.location {
            record(
                .evaluationFailed, in: place,
                .details([
                    "error": .string(error.name), "cause": .string(located.cause), "location": .string(location),
                    "state": .string(frame.stateName),
                ]))
        }
        return located
    }
}
