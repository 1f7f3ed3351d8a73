// What Retry and Catch make of an error, and what becomes of a line that fails for good.

extension Step {
    /// Retries, catches, or lets the line of execution fail.
    mutating func handle(_ error: StateError, _ place: Int) -> Flow {
        let current = current(place)
        guard let rules = current.resultRules else {
            lineFailed(place, error)
            return .ended
        }
        if retry(place, rules, error) { return .waits }
        if !error.endsExecution || state.frames[place].isSilent {
            switch current.type {
            case .parallel: record(.parallelStateFailed, in: place)
            case .map: record(.mapStateFailed, in: place)
            case .task, .pass, .choice, .wait, .succeed, .fail: break
            }
        }
        guard let catcher = rules.catchers.first(where: { error.isNamed(by: $0.errors) }) else {
            lineFailed(place, error)
            return .ended
        }
        do {
            return try caught(error, place, current, catcher)
        } catch let second {
            var located = second
            // The rule itself has failed: nothing catches that.
            if second.location != nil || second.name == ErrorName.runtime || second == Payload.tooLarge {
                located = self.located(second, place)
            }
            lineFailed(place, located)
            return .ended
        }
    }

    private mutating func caught(
        _ error: StateError, _ place: Int, _ current: State, _ catcher: Catcher
    ) throws(StateError) -> Flow {
        let report: JSONValue = ["Error": .string(error.reportedName), "Cause": .string(error.cause)]
        let input = state.frames[place].input
        let data = StatesData(input: input, errorOutput: report)
        let assigned = try assignment(catcher.assign, place, input: report, data)
        let result = try Payload(report)
        let output: Payload
        switch current.queryLanguage {
        case .jsonPath: output = try combine(result, with: input, by: catcher.resultPath)
        case .jsonata: output = try self.output(catcher.output, place, data, or: result)
        }
        try recordExit(place, current, output, assigned)
        if state.frames[place].parent == nil {
            state.frames[place].caught = RunState.Caught(position: state.frames[place].position ?? 0, input: input)
        }
        return .next(.state(catcher.next), output)
    }

    /// Waits for another attempt, if the first rule of Retry that names the error has one left.
    private mutating func retry(_ place: Int, _ rules: ResultRules, _ error: StateError) -> Bool {
        guard let rule = rules.retriers.firstIndex(where: { error.isNamed(by: $0.errors) }) else { return false }
        var counts = state.frames[place].retryCounts
        if counts.isEmpty { counts = Array(repeating: 0, count: rules.retriers.count) }
        guard counts[rule] < rules.retriers[rule].attemptLimit else { return false }
        let delay = rules.retriers[rule].delayMilliseconds(afterRetries: counts[rule], random: &random)
        counts[rule] += 1
        state.frames[place].retryCounts = counts
        let until = stamp.now.advanced(by: .milliseconds(delay))
        let timer = startTimer(at: until)
        state.frames.setActivity(.backoff(timer: timer, until: until, error: error.reportedName), of: place)
        return true
    }

    // MARK: Lines that end

    /// A line of execution has reached its end.
    mutating func lineEnded(_ place: Int, _ data: Payload) {
        guard state.frames[place].parent != nil else {
            if state.rollback != nil { return takeBackNext() }
            end(.succeeded(output: data.value), text: data.text, after: state.frames[place].previousEventID)
            return
        }
        branchEnded(place, data)
    }

    /// A line of execution has failed for good; an error that nothing may catch ends the run, wherever it is.
    mutating func lineFailed(_ place: Int, _ error: StateError) {
        let frame = state.frames[place]
        guard frame.parent != nil, frame.isSilent || !error.endsExecution else {
            if state.rollback != nil { return takingBackFailed(error) }
            conclude(.failed(error: error.reportedName, cause: error.cause), after: frame.lastEventID)
            return
        }
        branchLost(place, error)
    }
}

extension StateError {
    /// Whether the error ends the execution at once.
    var endsExecution: Bool { name == ErrorName.runtime }
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
        for _ in 0..<count where seconds < limit && backoffRate > 1 && seconds > 0 { seconds *= backoffRate }
        let milliseconds = UInt64((min(seconds, limit) * 1_000).rounded())
        return Int64(hasFullJitter ? random.next(below: milliseconds + 1) : milliseconds)
    }
}
