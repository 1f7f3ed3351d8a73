// Tasks: how they are asked for, and what becomes of their answers.

extension Step {
    /// Asks for a task, for the first time or again.
    mutating func schedule(
        _ place: Int, _ current: State, _ task: TaskBody, _ input: Payload
    ) throws(StateError) -> Flow {
        let effective = try effectiveInput(place, current, input)
        let data = StatesData(input: input.value)
        let id = takeID()
        let token = task.resource.waitsForToken ? token(for: id) : nil
        var parameters = effective
        if let template = task.arguments {
            parameters = try Payload(try value(template, place, input: effective.value, data, token: token))
        }
        let timeout = try number(
            task.timeout, place, input: effective.value, data, name: "TimeoutSeconds", from: 1
        ).map { Int($0) }
        let heartbeat = try number(
            task.heartbeat, place, input: effective.value, data, name: "HeartbeatSeconds", from: 1
        ).map { Int($0) }
        let credentials = try task.credentials.map { template throws(StateError) in
            try value(template, place, input: effective.value, data)
        }
        let scheduled = ScheduledTask(
            id: id, stateName: current.name, resource: task.resource.text, parameters: parameters.value,
            token: token, timeoutSeconds: timeout, heartbeatSeconds: heartbeat,
            attempt: state.frames[place].retryCount + 1, iterations: iterations(around: place),
            credentials: credentials, priority: current.extensions.priority,
            semaphore: current.extensions.semaphore)
        recordScheduled(task.resource, scheduled, parameters.text, place)
        guard state.isRunning else { return .ended }
        command(.scheduleTask(scheduled))
        var wait = RunState.TaskWait(
            id: id, token: token, heartbeatSeconds: heartbeat, isStarted: task.resource.kind != .activity)
        wait.timeoutTimer = timeout.map { startTimer(at: stamp.now.advanced(by: .seconds($0))) }
        wait.heartbeatTimer = heartbeat.map { startTimer(at: stamp.now.advanced(by: .seconds($0))) }
        state.frames.setActivity(.task(wait), of: place)
        return .waits
    }

    /// The numbers of the iterations around a line, the outermost first.
    private func iterations(around place: Int) -> [Int] {
        var numbers: [Int] = []
        var line: Int? = place
        while let place = line {
            if let item = state.frames[place].item { numbers.append(item.index) }
            line = state.frames[place].parent
        }
        return numbers.reversed()
    }

    /// A token that nobody can guess who does not know the seed, and that a replay mints again.
    private func token(for task: Int) -> String {
        SHA256Digest.hex(of: "\(state.start.runID)\n\(task)\n\(stamp.seed)")
    }

    private mutating func recordScheduled(
        _ resource: TaskResource, _ task: ScheduledTask, _ parameters: String, _ place: Int
    ) {
        var details: JSONObject = ["resource": .string(resource.name)]
        switch resource.kind {
        case .service:
            details = ["resourceType": .string(resource.type), "resource": .string(resource.name)]
            if let region { details["region"] = .string(region) }
            details["parameters"] = .string(parameters)
        case .lambdaFunction, .activity:
            details["input"] = .string(parameters)
            details["inputDetails"] = HistoryEvent.notTruncated
        }
        if let timeout = task.timeoutSeconds { details["timeoutInSeconds"] = .integer(timeout) }
        if resource.kind != .lambdaFunction, let heartbeat = task.heartbeatSeconds {
            details["heartbeatInSeconds"] = .integer(heartbeat)
        }
        if let role = task.credentials?["RoleArn"] { details["taskCredentials"] = ["roleArn": role] }
        record(resource.kind.scheduled, in: place, .details(.object(details)))
        switch resource.kind {
        case .service: record(.taskStarted, in: place, resource.details([:]))
        case .lambdaFunction: record(.lambdaFunctionStarted, in: place)
        case .activity: break
        }
    }

    /// The region that the machine's ARN names.
    private var region: String? {
        let parts = state.start.machineID.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count > 3 && parts[0] == "arn" && !parts[3].isEmpty ? String(parts[3]) : nil
    }

    // MARK: Answers

    /// Leaves the state of a task that has succeeded; a result beyond the limits makes it fail after all.
    mutating func taskSucceeded(_ place: Int, _ output: JSONValue) throws(StateError) -> Flow {
        let current = current(place)
        switch (state.frames[place].activity, current.body) {
        case (.task, .task(let task)):
            let result: Payload
            do {
                result = try Payload(output)
            } catch {
                let subject = task.resource.kind == .service ? task.resource.type : task.resource.text
                return try taskFailed(
                    place, error == Payload.tooLarge ? Payload.tooLarge(resultOf: subject) : error)
            }
            closeTask(place)
            var details: JSONObject = [:]
            details["output"] = .string(result.text)
            details["outputDetails"] = HistoryEvent.notTruncated
            record(task.resource.kind.succeeded, in: place, task.resource.details(details))
            return try returned(place, current, task.rules, result)
        case (.reading, .map):
            guard case .array(let items) = output else {
                return try taskFailed(
                    place, StateError(ErrorName.itemReaderFailed, "Attempting to map over non-iterable node."))
            }
            return try itemsRead(place, items)
        case (.writing, .map(let map)):
            state.frames.setActivity(.none, of: place)
            return try written(place, current, map, output)
        default: return .waits
        }
    }

    /// Records that a task has failed, and lets Retry and Catch have the error.
    mutating func taskFailed(
        _ place: Int, _ error: StateError, phase: TaskPhase? = nil
    ) throws(StateError) -> Flow {
        let current = current(place)
        switch (state.frames[place].activity, current.body) {
        case (.task, .task(let task)):
            let isTimeout = error.name == ErrorName.timeout || error.name == ErrorName.heartbeatTimeout
            if isTimeout { return timedOut(place, task, error) }
            closeTask(place)
            var details: JSONObject = [:]
            if !error.name.isEmpty { details["error"] = .string(error.name) }
            if !error.cause.isEmpty { details["cause"] = .string(error.cause) }
            record(
                task.resource.kind.failed(in: phase), in: place, task.resource.details(details))
            return handle(error, place)
        case (.reading, .map), (.writing, .map):
            let isReading = if case .reading = state.frames[place].activity { true } else { false }
            state.frames.setActivity(.none, of: place)
            let name = isReading ? ErrorName.itemReaderFailed : ErrorName.resultWriterFailed
            let cause = error.name.isEmpty || error.name == name ? error.cause : "\(error.name): \(error.cause)"
            return branchFailed(place, StateError(name, cause))
        default: return .waits
        }
    }

    /// A task has run out of time, or its worker has fallen silent.
    private mutating func timedOut(_ place: Int, _ task: TaskBody, _ error: StateError) -> Flow {
        closeTask(place)
        var details: JSONObject = ["error": .string(error.reportedName)]
        if !error.cause.isEmpty { details["cause"] = .string(error.cause) }
        record(task.resource.kind.timedOut, in: place, task.resource.details(details))
        return handle(error, place)
    }

    mutating func taskStarted(_ place: Int, worker: String?) -> Flow {
        guard case .task(var task) = state.frames[place].activity, !task.isStarted else { return .waits }
        task.isStarted = true
        state.frames.setActivity(.task(task), of: place)
        record(.activityStarted, in: place, .details(worker.map { ["workerName": .string($0)] } ?? [:]))
        return .waits
    }

    /// Records that the call of a task was made which waits for more than that; the second time is no news.
    mutating func taskSubmitted(_ place: Int, output: JSONValue) -> Flow {
        guard case .task(let task) = current(place).body, task.resource.pattern != .requestResponse,
            case .task(var wait) = state.frames[place].activity, !wait.isSubmitted
        else { return .waits }
        wait.isSubmitted = true
        state.frames.setActivity(.task(wait), of: place)
        let details: JSONObject = [
            "resourceType": .string(task.resource.type), "resource": .string(task.resource.name),
            "output": .string(output.serialized()), "outputDetails": HistoryEvent.notTruncated,
        ]
        record(.taskSubmitted, in: place, .details(.object(details)))
        return .waits
    }

    mutating func heartbeat(_ place: Int) -> Flow {
        guard case .task(var task) = state.frames[place].activity, let seconds = task.heartbeatSeconds,
            let timer = task.heartbeatTimer
        else { return .waits }
        command(.cancelTimer(id: timer))
        task.heartbeatTimer = startTimer(at: stamp.now.advanced(by: .seconds(seconds)))
        state.frames.setActivity(.task(task), of: place)
        return .waits
    }

    mutating func timerFired(_ timer: Int, _ place: Int) -> Flow {
        let current = current(place)
        switch (state.frames[place].activity, current.body) {
        case (.task(let wait), .task(let task)):
            command(.cancelTask(id: wait.id))
            forget(timer, place)
            let name = timer == wait.heartbeatTimer ? ErrorName.heartbeatTimeout : ErrorName.timeout
            return timedOut(place, task, StateError(name, ""))
        case (.backoff, _):
            state.frames.setActivity(.none, of: place)
            let input = Payload(checked: state.frames[place].input)
            return attempt(place) { step throws(StateError) in try step.work(place, current, input) }
        case (.timer, .wait(let wait)):
            state.frames.setActivity(.none, of: place)
            return attempt(place) { step throws(StateError) in try step.waited(place, current, wait) }
        default: return .waits
        }
    }

    /// Drops a timer that has fired, and so needs no cancelling.
    private mutating func forget(_ timer: Int, _ place: Int) {
        guard case .task(var task) = state.frames[place].activity else { return }
        if task.timeoutTimer == timer { task.timeoutTimer = nil }
        if task.heartbeatTimer == timer { task.heartbeatTimer = nil }
        state.frames.setActivity(.task(task), of: place)
    }

    /// Stops waiting for a task that has been answered.
    private mutating func closeTask(_ place: Int) {
        guard case .task(let task) = state.frames[place].activity else { return }
        for timer in state.frames[place].activity.timers { command(.cancelTimer(id: timer)) }
        state.frames.setActivity(.none, of: place)
        // Whoever answers has had the task, even if nobody said so.
        if !task.isStarted { record(.activityStarted, in: place, .details([:])) }
    }
}

extension TaskResource {
    /// The details of an event about a task; a service integration names itself in each.
    fileprivate func details(_ rest: JSONObject) -> HistoryEvent.Content {
        guard kind == .service else { return .details(.object(rest)) }
        var details: JSONObject = ["resourceType": .string(type), "resource": .string(name)]
        for (key, value) in rest { details[key] = value }
        return .details(.object(details))
    }
}

extension TaskResource.Kind {
    fileprivate var scheduled: HistoryEventType {
        switch self {
        case .lambdaFunction: .lambdaFunctionScheduled
        case .activity: .activityScheduled
        case .service: .taskScheduled
        }
    }

    fileprivate var succeeded: HistoryEventType {
        switch self {
        case .lambdaFunction: .lambdaFunctionSucceeded
        case .activity: .activitySucceeded
        case .service: .taskSucceeded
        }
    }

    fileprivate var timedOut: HistoryEventType {
        switch self {
        case .lambdaFunction: .lambdaFunctionTimedOut
        case .activity: .activityTimedOut
        case .service: .taskTimedOut
        }
    }

    fileprivate func failed(in phase: TaskPhase?) -> HistoryEventType {
        switch (self, phase) {
        case (.lambdaFunction, .schedule): .lambdaFunctionScheduleFailed
        case (.lambdaFunction, .start), (.lambdaFunction, .submit): .lambdaFunctionStartFailed
        case (.lambdaFunction, nil): .lambdaFunctionFailed
        case (.activity, .schedule): .activityScheduleFailed
        case (.activity, _): .activityFailed
        case (.service, .submit): .taskSubmitFailed
        case (.service, .start), (.service, .schedule): .taskStartFailed
        case (.service, nil): .taskFailed
        }
    }
}
