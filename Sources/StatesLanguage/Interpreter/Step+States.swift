// What each kind of state does when it is entered.

extension Step {
    /// Runs a state that has just been entered.
    mutating func execute(_ frame: Int, _ current: State, _ input: Payload) throws(StateError) -> Flow {
        switch current.body {
        case .task(let task): return try schedule(frame, current, task, input: input)
        case .pass(let pass): return try self.pass(frame, current, pass, input: input)
        case .choice(let choice): return try choose(frame, current, choice, input: input)
        case .wait(let wait): return try self.wait(frame, current, wait, input: input)
        case .succeed:
            return try exit(frame, current, try effectiveInput(frame, current, input), to: .end)
        case .fail(let fail):
            try self.fail(frame, fail, input: input)
            return .ended
        case .parallel, .map: throw StateError(ErrorName.runtime, "Such a state cannot be run yet.")
        }
    }

    private mutating func pass(
        _ frame: Int, _ current: State, _ pass: PassBody, input: Payload
    ) throws(StateError) -> Flow {
        let effective = try effectiveInput(frame, current, input)
        var result = effective
        if let fixed = pass.result {
            result = try Payload(fixed)
        } else if let parameters = pass.parameters {
            result = try Payload(try parameters.value(in: scope(frame, effective.value), random: &random))
        }
        let combined = try combine(result, with: input.value, by: pass.resultPath)
        return try exit(frame, current, combined, to: pass.next)
    }

    private mutating func choose(
        _ frame: Int, _ current: State, _ choice: ChoiceBody, input: Payload
    ) throws(StateError) -> Flow {
        let effective = try effectiveInput(frame, current, input)
        let scope = scope(frame, effective.value)
        for rule in choice.rules {
            guard case .condition(let condition) = rule.test, try condition.holds(in: scope) else { continue }
            return try exit(frame, current, effective, to: .state(rule.next))
        }
        guard let fallback = choice.fallback else {
            throw StateError(ErrorName.noChoiceMatched, "No choice matched, and there is no 'Default'.")
        }
        return try exit(frame, current, effective, to: .state(fallback))
    }

    private mutating func wait(
        _ frame: Int, _ current: State, _ wait: WaitBody, input: Payload
    ) throws(StateError) -> Flow {
        let effective = try effectiveInput(frame, current, input)
        let moment: Timestamp
        switch wait.delay {
        case .seconds(.literal(let seconds)):
            moment = stamp.now.advanced(by: .seconds(seconds))
        case .seconds(.path(let path, let field)):
            let seconds = try seconds(at: path, named: field, from: 0, in: scope(frame, effective.value))
            moment = stamp.now.advanced(by: .seconds(seconds))
        case .seconds(.jsonata), .untilJSONata: throw StateError(ErrorName.runtime, "JSONata cannot be run yet.")
        case .until(let fixed):
            moment = fixed
        case .untilPath(let path):
            let value = try look(up: path, named: "TimestampPath", in: scope(frame, effective.value))
            guard let found = value.stringValue.flatMap(Timestamp.init(rfc3339:)) else {
                throw StateError(
                    ErrorName.runtime, "The value at '\(path.text)' of 'TimestampPath' is not a timestamp.")
            }
            moment = found
        }
        guard moment > stamp.now else { return try exit(frame, current, effective, to: wait.next) }
        state.frames[frame].activity = .timer(id: startTimer(at: moment), fireAt: moment)
        return .waits
    }

    private mutating func fail(_ frame: Int, _ fail: FailBody, input: Payload) throws(StateError) {
        let error = try text(of: fail.error, in: scope(frame, input.value))
        let cause = try text(of: fail.cause, in: scope(frame, input.value))
        endAsFailed(frame, StateError(error, cause))
    }

    private mutating func text(of field: TextField?, in scope: Scope) throws(StateError) -> String {
        switch field {
        case nil: return ""
        case .literal(let text): return text
        case .jsonata: throw StateError(ErrorName.runtime, "JSONata cannot be run yet.")
        case .expression(let expression, let name):
            guard case .string(let text) = try expression.value(in: scope, field: name, random: &random) else {
                throw StateError(ErrorName.runtime, "The value of '\(name)' is not a string.")
            }
            return text
        }
    }
}

// MARK: Input and output processing

extension Step {
    func scope(_ frame: Int, _ input: JSONValue, token: String? = nil) -> Scope {
        let frame = state.frames[frame]
        return Scope(
            input: input,
            context: ContextObject(
                start: state.start, startedAt: state.startedAt, stateName: frame.stateName, enteredAt: frame.enteredAt,
                retryCount: frame.retryCount, token: token))
    }

    func look(up path: JSONPath, named field: String, in scope: Scope) throws(StateError) -> JSONValue {
        do {
            return try path.value(in: scope)
        } catch {
            throw StateError(ErrorName.runtime, "Invalid path '\(path.text)' of '\(field)': \(error.message)")
        }
    }

    func seconds(
        at path: JSONPath, named field: String, from minimum: Int, in scope: Scope
    ) throws(StateError) -> Int {
        let value = try look(up: path, named: field, in: scope)
        guard let seconds = value.intValue, (minimum...99_999_999).contains(seconds) else {
            throw StateError(
                ErrorName.runtime,
                "The value at '\(path.text)' of '\(field)' is not an integer from \(minimum) to 99999999.")
        }
        return seconds
    }

    /// What `InputPath` leaves of a state's input.
    func effectiveInput(_ frame: Int, _ current: State, _ input: Payload) throws(StateError) -> Payload {
        try filter(input, by: current.inputPath, named: "InputPath", frame)
    }

    private func filter(
        _ data: Payload, by field: PathField, named name: String, _ frame: Int
    ) throws(StateError) -> Payload {
        switch field {
        case .whole: data
        case .nothing: .emptyObject
        case .path(let path): try Payload(try look(up: path, named: name, in: scope(frame, data.value)))
        }
    }

    /// Combines a result with the state's raw input as `ResultPath` says.
    func combine(
        _ result: Payload, with input: JSONValue, by field: ResultPathField
    ) throws(StateError) -> Payload {
        switch field {
        case .replace: result
        case .discard: Payload(checked: input)
        case .path(let path): try Payload(try path.set(result.value, in: input))
        }
    }

    /// Leaves a state with what `OutputPath` leaves of the data.
    mutating func exit(_ frame: Int, _ current: State, _ data: Payload, to next: Target) throws(StateError) -> Flow {
        let output = try filter(data, by: current.outputPath, named: "OutputPath", frame)
        recordExit(frame, current, output)
        return .next(next, output)
    }

    mutating func recordExit(_ frame: Int, _ current: State, _ output: Payload) {
        guard let event = current.type.exitedEvent else { return }
        record(
            event, in: frame,
            ["name": .string(current.name), "output": .string(output.text), "outputDetails": Self.notTruncated])
    }
}
