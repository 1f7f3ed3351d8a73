// Events, commands, and the end of a run.

extension Step {
    /// Adds an event to a line of execution; some events are passed by, so that the next follows the same as they do.
    ///
    /// The events of a distributed Map's children are not the run's own; only their number counts.
    mutating func record(
        _ type: HistoryEventType, in place: Int, after previous: Int? = nil, _ content: HistoryEvent.Content? = nil,
        advances: Bool = true
    ) {
        let id: Int
        if state.frames[place].isSilent {
            id = state.frames[place].lastEventID + 1
        } else {
            record(type, after: previous ?? state.frames[place].previousEventID, content ?? .details([:]))
            id = state.eventCount
        }
        state.frames[place].lastEventID = id
        if advances { state.frames[place].previousEventID = id }
    }

    mutating func record(_ type: HistoryEventType, after previous: Int, _ content: HistoryEvent.Content) {
        // The last event that fits is the one that says so.
        if let limit = state.start.historyLimit, state.eventCount >= limit - 1, !type.endsRun {
            isHistoryFull = true
            return
        }
        guard state.isRunning || type.endsRun else { return }
        state.eventCount += 1
        let event = HistoryEvent(
            id: state.eventCount, previousEventID: previous, type: type, timestamp: stamp.now, content: content)
        byteCount += event.dataByteCount
        events.append(event)
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

    /// Starts the time that the whole run has, where there is a limit.
    mutating func startLimitTimer() {
        guard let seconds = [machine.timeoutSeconds, state.start.secondsLimit].compactMap(\.self).min() else { return }
        state.limitTimer = startTimer(at: stamp.now.advanced(by: .seconds(seconds)))
    }

    mutating func stopLimitTimer() {
        guard let timer = state.limitTimer else { return }
        state.limitTimer = nil
        command(.cancelTimer(id: timer))
    }

    /// Stops waiting; what is open is given up.
    mutating func cancelActivity(_ place: Int) {
        let activity = state.frames[place].activity
        if let task = activity.task { command(.cancelTask(id: task)) }
        for timer in activity.timers { command(.cancelTimer(id: timer)) }
        state.frames.setActivity(.none, of: place)
    }

    /// Ends the run, whatever is open.
    mutating func end(_ outcome: RunOutcome, text: String? = nil, after previous: Int) {
        for (place, _) in state.frames.all { cancelActivity(place) }
        stopLimitTimer()
        state.suspension = nil
        if !outcome.canBeRetried { state.completed = [] }
        record(outcome.event, after: previous, .details(outcome.details(text: text)))
        state.outcome = outcome
        state.keepsData = outcome.canBeRetried
        if !state.frames.isEmpty { state.frames.keepMain(isRetriable: outcome.canBeRetried) }
        command(.finish(outcome))
    }
}

extension HistoryEventType {
    fileprivate var endsRun: Bool {
        switch self {
        case .executionSucceeded, .executionFailed, .executionTimedOut, .executionAborted: true
        default: false
        }
    }
}

extension RunOutcome {
    /// Whether an operator may let the run go on.
    fileprivate var canBeRetried: Bool {
        switch self {
        case .succeeded: false
        case .failed, .timedOut, .aborted: true
        }
    }

    fileprivate var event: HistoryEventType {
        switch self {
        case .succeeded: .executionSucceeded
        case .failed: .executionFailed
        case .timedOut: .executionTimedOut
        case .aborted: .executionAborted
        }
    }

    func details(text: String?) -> JSONValue {
        switch self {
        case .succeeded(let output):
            return ["output": .string(text ?? output.serialized()), "outputDetails": HistoryEvent.notTruncated]
        case .failed(let error, let cause), .timedOut(let error, let cause), .aborted(let error, let cause):
            var details = JSONObject()
            if !error.isEmpty { details["error"] = .string(error) }
            if !cause.isEmpty { details["cause"] = .string(cause) }
            return .object(details)
        }
    }
}
