// Tasks: scheduling, their end, and what Retry and Catch make of an error.

extension Step {
    /// Asks for a task, for the first time or again.
    mutating func schedule(
        _ frame: Int, _ current: State, _ task: TaskBody, input: Payload
    ) throws(StateError) -> Flow {
        let effective = try effectiveInput(frame, current, input)
        let id = takeID()
        let token = task.resource.waitsForToken ? token(for: id) : nil
        let scope = scope(frame, effective.value, token: token)
        var parameters = effective
        if case .jsonPath(let template)? = task.arguments {
            parameters = try Payload(try template.value(in: scope, random: &random))
        }
        let timeout = try seconds(task.timeout, named: "TimeoutSecondsPath", in: scope)
        let heartbeat = try seconds(task.heartbeat, named: "HeartbeatSecondsPath", in: scope)
        var details: JSONObject = ["parameters": .string(parameters.text)]
        if let timeout { details["timeoutInSeconds"] = .number(JSONNumber(timeout)) }
        if let heartbeat { details["heartbeatInSeconds"] = .number(JSONNumber(heartbeat)) }
        record(.taskScheduled, in: frame, task.resource.details(details))
        record(.taskStarted, in: frame, task.resource.details([:]))
        command(
            .scheduleTask(
                ScheduledTask(
                    id: id, stateName: current.name, resource: task.resource.text, parameters: parameters.value,
                    token: token, timeoutSeconds: timeout, heartbeatSeconds: heartbeat,
                    attempt: state.frames[frame].retryCount + 1)))
        let timer = timeout.map { startTimer(at: stamp.now.advanced(by: .seconds($0))) }
        state.frames[frame].activity = .task(id: id, token: token, timeoutTimer: timer)
        return .waits
    }

    private func seconds(
        _ field: NumberField?, named name: String, in scope: Scope
    ) throws(StateError) -> Int? {
        switch field {
        case nil: nil
        case .literal(let seconds)?: Int(seconds)
        case .path(let path, _)?: try seconds(at: path, named: name, from: 1, in: scope)
        case .jsonata?: throw StateError(ErrorName.runtime, "JSONata cannot be run yet.")
        }
    }

    /// A token that nobody can guess who does not know the seed, and that a replay mints again.
    private func token(for task: Int) -> String {
        SHA256Digest.hex(of: "\(state.start.runID)\n\(task)\n\(stamp.seed)")
    }

    /// Leaves the state of a task that has succeeded; a result beyond the limits makes it fail after all.
    mutating func taskReturned(
        _ frame: Int, _ current: State, _ task: TaskBody, output: JSONValue
    ) throws(StateError) -> Flow {
        let result: Payload
        do {
            result = try Payload(output)
        } catch {
            return taskEnded(frame, current, error)
        }
        closeTask(frame)
        record(
            .taskSucceeded, in: frame,
            task.resource.details(["output": .string(result.text), "outputDetails": Self.notTruncated]))
        var selected = result
        if let selector = task.rules.selector {
            selected = try Payload(try selector.value(in: scope(frame, result.value), random: &random))
        }
        let input = state.frames[frame].input
        return try exit(frame, current, try combine(selected, with: input, by: task.rules.path), to: task.rules.next)
    }

    /// Records that a task has failed or timed out, and lets Retry and Catch have the error.
    mutating func taskEnded(_ frame: Int, _ current: State, _ error: StateError) -> Flow {
        guard case .task(let task) = current.body else { return .waits }
        closeTask(frame)
        var details: JSONObject = ["error": .string(error.name)]
        if !error.cause.isEmpty { details["cause"] = .string(error.cause) }
        let isTimeout = error.name == ErrorName.timeout || error.name == ErrorName.heartbeatTimeout
        record(isTimeout ? .taskTimedOut : .taskFailed, in: frame, task.resource.details(details))
        return handle(error, frame, current)
    }

    /// Stops waiting for a frame's task.
    mutating func closeTask(_ frame: Int) {
        if let timer = state.frames[frame].activity.timer { command(.cancelTimer(id: timer)) }
        state.frames[frame].activity = .none
    }

    /// Drops a frame's timer that has fired, and so needs no cancelling.
    mutating func forgetTimer(_ frame: Int) { state.frames[frame].activity = .none }

    /// Retries, catches, or ends the run.
    mutating func handle(_ error: StateError, _ frame: Int, _ current: State) -> Flow {
        guard case .task(let task) = current.body else {
            endAsFailed(frame, error)
            return .ended
        }
        if retry(frame, task, error) { return .waits }
        guard let catcher = task.rules.catchers.first(where: { error.isNamed(by: $0.errors) }) else {
            endAsFailed(frame, error)
            return .ended
        }
        let report: JSONValue = ["Error": .string(error.name), "Cause": .string(error.cause)]
        do {
            let input = state.frames[frame].input
            let output = try combine(try Payload(report), with: input, by: catcher.resultPath)
            recordExit(frame, current, output)
            return .next(.state(catcher.next), output)
        } catch {
            endAsFailed(frame, error)
            return .ended
        }
    }

    /// Waits for another attempt, if the first rule of Retry that names the error has one left.
    private mutating func retry(_ frame: Int, _ task: TaskBody, _ error: StateError) -> Bool {
        guard let rule = task.rules.retriers.firstIndex(where: { error.isNamed(by: $0.errors) }) else { return false }
        var counts = state.frames[frame].retryCounts
        if counts.isEmpty { counts = Array(repeating: 0, count: task.rules.retriers.count) }
        guard counts[rule] < task.rules.retriers[rule].attemptLimit else { return false }
        let delay = task.rules.retriers[rule].delayMilliseconds(afterRetries: counts[rule], random: &random)
        counts[rule] += 1
        state.frames[frame].retryCounts = counts
        let until = stamp.now.advanced(by: .milliseconds(delay))
        state.frames[frame].activity = .backoff(timer: startTimer(at: until), until: until, error: error.name)
        return true
    }
}

extension Retrier {
    /// The longest wait between attempts, in seconds, whatever the back-off rate.
    private static let longestDelaySeconds = 99_999_999.0

    /// The wait before the next attempt: the interval times the rate to the power of the retries so far, capped; with
    /// full jitter a random part of that.
    fileprivate func delayMilliseconds(afterRetries count: Int, random: inout SeededRandom) -> Int64 {
        let limit = maxDelaySeconds.map(Double.init) ?? Self.longestDelaySeconds
        var seconds = Double(intervalSeconds)
        // Multiplying gives the same bits on every machine, which a library's power function need not.
        for _ in 0..<count where seconds < limit && backoffRate > 1 { seconds *= backoffRate }
        let milliseconds = UInt64((min(seconds, limit) * 1_000).rounded())
        return Int64(hasFullJitter ? random.next(below: milliseconds + 1) : milliseconds)
    }
}

extension TaskResource {
    /// The details of an event about a task, with the resource in front.
    func details(_ rest: JSONObject) -> JSONValue {
        var details: JSONObject = ["resourceType": .string(type), "resource": .string(name)]
        for (key, value) in rest { details[key] = value }
        return .object(details)
    }
}
