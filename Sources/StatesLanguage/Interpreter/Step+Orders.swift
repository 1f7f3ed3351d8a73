// What operators do to a run: suspend, resume, cancel, terminate, retry.

extension Step {
    /// Takes an input, or keeps it while the run is suspended.
    mutating func receive(_ input: RunInput) {
        if case .order(let order) = input { return obey(order) }
        guard state.isRunning else { return }
        if state.suspension != nil, let id = input.keptID { return keep(input, id) }
        take(input)
    }

    private mutating func obey(_ order: RunOrder) {
        guard state.isRunning else {
            if order.verb == .retry { retry(order) }
            return
        }
        switch order.verb {
        case .suspend: suspend(order)
        case .resume: resume(order)
        case .cancel:
            guard state.rollback == nil else { return }
            settleKept()
            let outcome = RunOutcome.aborted(error: RunOrder.cancelledError, cause: "cancelled \(order.text)")
            if state.completed.isEmpty { end(outcome, after: 0) } else { rollBack(outcome) }
            runReady()
        case .terminate:
            end(.aborted(error: RunOrder.cancelledError, cause: "terminated \(order.text)"), after: 0)
        case .retry: break
        }
    }

    // MARK: Suspension

    private mutating func suspend(_ order: RunOrder) {
        guard state.suspension == nil else { return }
        state.suspension = RunSuspension(order: order, since: stamp.now)
        record(.executionSuspended, after: state.eventCount, order.content)
    }

    private mutating func resume(_ order: RunOrder) {
        guard let suspension = state.suspension else { return }
        state.suspension = nil
        record(.executionResumed, after: state.eventCount, order.content)
        for input in suspension.kept where state.isRunning { take(input) }
    }

    /// Keeps what the run waits for; what nobody waits for is dropped, as it always is.
    private mutating func keep(_ input: RunInput, _ id: Int) {
        guard id == state.limitTimer || state.frames.place(waitingFor: id) != nil,
            state.suspension?.kept.contains(where: { $0.keptID == id }) == false
        else { return }
        state.suspension?.kept.append(input)
        hasKept = true
    }

    /// Books the tasks that have succeeded while the run was suspended, so that they are taken back as well.
    ///
    /// Nothing follows from them. A result with which the state would have failed counts for nothing, as ever.
    private mutating func settleKept() {
        guard let suspension = state.suspension else { return }
        state.suspension = nil
        for case .taskSucceeded(let id, let output) in suspension.kept {
            guard let place = state.frames.place(waitingFor: id), isInDefinition(place),
                case .task = state.frames[place].activity
            else { continue }
            do throws(StateError) {
                // One that is too large would be offered to Retry and Catch.
                _ = try Payload(output)
                _ = try taskSucceeded(place, output)
            } catch {
                // The state has not ended well, and is left for good.
            }
        }
    }

    // MARK: Retry

    /// Goes on with the state that failed, with what it was given then; its attempts are counted anew.
    ///
    /// A run that ended in a Fail state goes on where the error was caught that led there. A Parallel or Map begins
    /// again as a whole.
    private mutating func retry(_ order: RunOrder) {
        guard state.canBeRetried else { return }
        state.outcome = nil
        state.keepsData = false
        state.retryCount += 1
        var details = order.details
        details["redriveCount"] = .integer(state.retryCount)
        record(.executionRedriven, after: state.eventCount, .details(.object(details)))
        startLimitTimer()
        var frame = state.frames.main
        var goal = (machine.flows[0].start, state.start.input)
        if let main = frame, let position = main.position {
            goal = (position, main.input)
            if machine.states[position].type == .fail, let caught = main.caught {
                goal = (caught.position, caught.input)
            }
        }
        frame =
            frame
            ?? RunState.Frame(
                input: goal.1, enteredAt: stamp.now, previousEventID: 0, lastEventID: 0)
        guard var frame else { return }
        frame.previousEventID = state.eventCount
        frame.lastEventID = state.eventCount
        let place = state.frames.restart(with: frame)
        makeReady(place, .next(.state(goal.0), Payload(checked: goal.1)))
        runReady()
    }

    // MARK: Rollback

    /// Remembers a state that has ended well, where the definition says how to take it back.
    ///
    /// - Throws: `States.Runtime` where the run has too much to remember.
    mutating func complete(_ current: State, input: JSONValue, output: JSONValue) throws(StateError) {
        guard let compensation = current.extensions.compensation, state.rollback == nil else { return }
        guard state.completed.count < CompletedState.limit else {
            throw StateError(
                ErrorName.runtime, "The run has more than \(CompletedState.limit) states that can be taken back.")
        }
        state.completed.append(
            CompletedState(
                name: current.name, compensation: machine.states[compensation].name, input: input, output: output))
    }

    /// Ends a run that did not succeed: at once, or after it has taken back what it has done.
    mutating func conclude(_ outcome: RunOutcome, after previous: Int) {
        guard machine.extensions.compensatesOnFailure, !state.completed.isEmpty, state.rollback == nil else {
            return end(outcome, after: previous)
        }
        rollBack(outcome)
    }

    /// Gives up all that is under way, and takes back what was done, from the last to the first.
    private mutating func rollBack(_ outcome: RunOutcome) {
        for (place, _) in state.frames.all { cancelActivity(place) }
        stopLimitTimer()
        state.rollback = Rollback(outcome: outcome, origin: state.currentState)
        let names = state.completed.reversed().map { JSONValue.string($0.name) }
        var details = outcome.details(text: nil).objectValue ?? [:]
        details["states"] = .array(Array(names))
        record(.compensationStarted, after: state.eventCount, .details(.object(details)))
        takeBackNext()
    }

    /// Takes back the state that ended well last of those that are left, or ends the run.
    mutating func takeBackNext() {
        guard let rollback = state.rollback else { return }
        guard let next = state.completed.popLast() else {
            guard rollback.failures.isEmpty else {
                let cause = "not taken back: " + rollback.failures.joined(separator: "; ")
                return end(.failed(error: Self.compensationFailed, cause: cause), after: state.eventCount)
            }
            return end(rollback.outcome, after: state.eventCount)
        }
        state.rollback?.current = next.name
        guard let position = machine.states.firstIndex(where: { $0.name.hasSameBytes(as: next.compensation) }) else {
            return takingBackFailed(
                StateError(ErrorName.runtime, "The definition has no state '\(next.compensation)'."))
        }
        var frame = RunState.Frame(
            input: next.data, enteredAt: stamp.now, previousEventID: state.eventCount, lastEventID: state.eventCount)
        frame.variables = state.frames.main?.variables ?? [:]
        makeReady(state.frames.restart(with: frame), .next(.state(position), Payload(checked: next.data)))
    }

    /// Remembers that a state could not be taken back, and goes on with the others.
    mutating func takingBackFailed(_ error: StateError) {
        let name = state.rollback?.current ?? ""
        let failure = "'\(name)' (\(error.reportedName)\(error.cause.isEmpty ? "" : ": \(error.cause)"))"
        state.rollback?.failures.append(failure)
        record(
            .compensationFailed, after: state.eventCount,
            .details([
                "state": .string(name), "error": .string(error.reportedName), "cause": .string(error.cause),
            ]))
        takeBackNext()
    }

    /// The error of a run that could not take everything back.
    private static let compensationFailed = "CompensationFailed"
}

extension RunOrder {
    fileprivate var details: JSONObject { ["actor": .string(actor), "reason": .string(reason)] }

    fileprivate var content: HistoryEvent.Content { .details(.object(details)) }
}

extension RunInput {
    /// The number of the task or timer that an input speaks of which would move a suspended run.
    ///
    /// Nil for what moves nothing, such as a heartbeat.
    var keptID: Int? {
        switch self {
        case .taskSucceeded(let id, _), .taskFailed(let id, _, _), .taskRefused(let id, _, _, _), .itemsRead(let id, _),
            .timerFired(let id):
            id
        case .start, .order, .move, .stop, .taskStarted, .taskSubmitted, .heartbeat: nil
        }
    }
}
