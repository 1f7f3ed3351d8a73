// What each kind of state does when it is entered, and how a state is left.

extension Step {
    /// Runs a state that has just been entered.
    mutating func execute(_ place: Int, _ current: State, _ input: Payload) throws(StateError) -> Flow {
        switch current.body {
        case .pass(let pass): return try self.pass(place, current, pass, input)
        case .choice(let choice): return try choose(place, current, choice, input)
        case .wait(let wait): return try self.wait(place, current, wait, input)
        case .succeed: return try leave(place, current, input, to: .end)
        case .fail(let fail): return try self.fail(place, fail, input)
        case .task, .parallel, .map: return try work(place, current, input)
        }
    }

    /// Does the work of a state that has Retry: for the first time, or again.
    mutating func work(_ place: Int, _ current: State, _ input: Payload) throws(StateError) -> Flow {
        switch current.body {
        case .task(let task): return try schedule(place, current, task, input)
        case .parallel(let parallel): return try begin(place, current, parallel, input)
        case .map(let map): return try begin(place, current, map, input)
        case .pass, .choice, .wait, .succeed, .fail: return .waits
        }
    }

    private mutating func pass(
        _ place: Int, _ current: State, _ pass: PassBody, _ input: Payload
    ) throws(StateError) -> Flow {
        guard current.queryLanguage == .jsonPath else { return try leave(place, current, input, to: pass.next) }
        var result = try effectiveInput(place, current, input)
        if let parameters = pass.parameters {
            result = try Payload(try value(parameters, place, result.value))
        }
        if let fixed = pass.result { result = try Payload(fixed) }
        let assigned = try assignment(current.assign, place, input: result.value, StatesData(input: input.value))
        let combined = try combine(result, with: input.value, by: pass.resultPath)
        return try exit(place, current, combined, assigned, to: pass.next)
    }

    private mutating func choose(
        _ place: Int, _ current: State, _ choice: ChoiceBody, _ input: Payload
    ) throws(StateError) -> Flow {
        let effective = try effectiveInput(place, current, input)
        let data = StatesData(input: input.value)
        var scope: Scope?
        for rule in choice.rules {
            let holds: Bool
            switch rule.test {
            case .constant(let truth): holds = truth
            case .condition(let condition):
                let known = scope ?? self.scope(place, effective.value)
                scope = known
                holds = try condition.holds(in: known)
            case .jsonata(let field):
                let found = try value(field, place, data)
                guard case .bool(let truth) = found else { throw field.mismatch(found, expected: "boolean") }
                holds = truth
            }
            guard holds else { continue }
            let assigned = try assignment(rule.assign, place, input: effective.value, data)
            let output = try output(rule.output, place, data, or: effective)
            return try exit(place, current, output, assigned, to: .state(rule.next))
        }
        guard let fallback = choice.fallback else {
            throw StateError(
                ErrorName.runtime,
                "Failed to transition out of the state. The state does not point to a next state.")
        }
        let assigned = try assignment(current.assign, place, input: effective.value, data)
        let output = try output(current.output, place, data, or: effective)
        return try exit(place, current, output, assigned, to: .state(fallback))
    }

    private mutating func wait(
        _ place: Int, _ current: State, _ wait: WaitBody, _ input: Payload
    ) throws(StateError) -> Flow {
        let effective = try effectiveInput(place, current, input)
        let moment = try moment(of: wait.delay, place, effective.value, StatesData(input: input.value))
        guard moment > stamp.now else { return try leave(place, current, input, to: wait.next) }
        state.frames.setActivity(.timer(id: startTimer(at: moment), fireAt: moment), of: place)
        return .waits
    }

    private mutating func moment(
        of delay: WaitBody.Delay, _ place: Int, _ input: JSONValue, _ data: StatesData
    ) throws(StateError) -> Timestamp {
        switch delay {
        case .until(let fixed): return fixed
        case .untilPath(let path):
            let found = try find(path, place, input, field: "TimestampPath")
            return try timestamp(found, "The TimestampPath parameter", "\(path.text) == \(found.plainText)")
        case .untilJSONata(let field):
            let found = try value(field, place, data)
            guard case .string(let text) = found else { throw field.mismatch(found, expected: "string") }
            return try timestamp(found, "The Timestamp parameter", "\(field.text) == \(text)")
        case .seconds(.path(let path, let field)):
            let found = try find(path, place, input, field: field)
            guard let seconds = found.intValue else {
                throw StateError(
                    ErrorName.runtime,
                    "The SecondsPath parameter cannot be parsed as a long value: \(path.text) == \(found.plainText)")
            }
            guard seconds >= 0 else {
                throw StateError(
                    ErrorName.runtime,
                    "The SecondsPath parameter references a negative value: \(path.text) == \(seconds)")
            }
            return stamp.now.advanced(by: .seconds(min(seconds, 99_999_999)))
        case .seconds(let field):
            let seconds = try number(field, place, input: input, data, name: "Seconds") ?? 0
            return stamp.now.advanced(by: .seconds(seconds))
        }
    }

    private func find(
        _ path: JSONPath, _ place: Int, _ input: JSONValue, field: String
    ) throws(StateError) -> JSONValue {
        do {
            return try path.value(in: scope(place, input))
        } catch {
            throw StateError(
                ErrorName.runtime, "The \(field) parameter does not reference an input value: \(path.text)")
        }
    }

    private func timestamp(
        _ value: JSONValue, _ subject: String, _ words: String
    ) throws(StateError) -> Timestamp {
        guard let moment = value.stringValue.flatMap(Timestamp.init(rfc3339:)) else {
            throw StateError(
                ErrorName.runtime,
                "\(subject) does not reference a valid ISO-8601 extended offset date-time format string: \(words)")
        }
        return moment
    }

    private mutating func fail(_ place: Int, _ fail: FailBody, _ input: Payload) throws(StateError) -> Flow {
        let data = StatesData(input: input.value)
        let error = try text(of: fail.error, place, input: input.value, data)
        let cause = try text(of: fail.cause, place, input: input.value, data)
        lineFailed(place, StateError(error, cause))
        return .ended
    }

    /// What a Wait state does when its time has come.
    mutating func waited(_ place: Int, _ current: State, _ wait: WaitBody) throws(StateError) -> Flow {
        try leave(place, current, Payload(checked: state.frames[place].input), to: wait.next)
    }
}

// MARK: Input and output processing

extension Step {
    /// What `InputPath` leaves of a state's input.
    func effectiveInput(_ place: Int, _ current: State, _ input: Payload) throws(StateError) -> Payload {
        try filter(input, by: current.inputPath, place)
    }

    private func filter(_ data: Payload, by field: PathField, _ place: Int) throws(StateError) -> Payload {
        switch field {
        case .whole: data
        case .nothing: .emptyObject
        case .path(let path): try Payload(try look(up: path, place, data.value))
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

    /// `Output` of a JSONata state, or what the state gives without it.
    mutating func output(
        _ template: Template?, _ place: Int, _ data: StatesData, or fallback: Payload
    ) throws(StateError) -> Payload {
        guard case .jsonata(let template)? = template else { return fallback }
        return try Payload(try value(template, place, data))
    }

    /// The values of an assignment, which takes effect when the state is left.
    mutating func assignment(
        _ template: Template?, _ place: Int, input: JSONValue, _ data: StatesData
    ) throws(StateError) -> JSONObject? {
        guard let template else { return nil }
        do {
            return try value(template, place, input: input, data).objectValue
        } catch {
            throw error.name == ErrorName.dataLimitExceeded ? Self.assignmentTooLarge : error
        }
    }

    /// Leaves a state that has no result of its own: Wait, Succeed, and Pass with expressions.
    private mutating func leave(
        _ place: Int, _ current: State, _ input: Payload, to next: Target
    ) throws(StateError) -> Flow {
        let effective = try effectiveInput(place, current, input)
        let data = StatesData(input: input.value)
        let assigned = try assignment(current.assign, place, input: effective.value, data)
        let output = try output(current.output, place, data, or: effective)
        return try exit(place, current, output, assigned, to: next)
    }

    /// Leaves a state with what `OutputPath` leaves of the data.
    mutating func exit(
        _ place: Int, _ current: State, _ data: Payload, _ assigned: JSONObject?, to next: Target
    ) throws(StateError) -> Flow {
        let output = try filter(data, by: current.outputPath, place)
        try recordExit(place, current, output, assigned)
        return .next(next, output)
    }

    mutating func recordExit(
        _ place: Int, _ current: State, _ output: Payload, _ assigned: JSONObject?
    ) throws(StateError) {
        var texts: JSONObject?
        if let assigned, !assigned.isEmpty { texts = try assign(assigned, place) }
        guard let event = current.type.exitedEvent else { return }
        record(event, in: place, .exited(name: current.name, output: output.text, assigned: texts))
    }

    /// Leaves a Task, Parallel or Map state with its result.
    mutating func returned(
        _ place: Int, _ current: State, _ rules: ResultRules, _ result: Payload
    ) throws(StateError) -> Flow {
        let input = state.frames[place].input
        let data = StatesData(input: input, result: result.value)
        let assigned = try assignment(current.assign, place, input: result.value, data)
        guard current.queryLanguage == .jsonPath else {
            return try done(place, current, try output(current.output, place, data, or: result), assigned, rules)
        }
        var selected = result
        if let selector = rules.selector { selected = try Payload(try value(selector, place, result.value)) }
        return try done(place, current, try combine(selected, with: input, by: rules.path), assigned, rules)
    }

    /// Leaves a state that has done its work, which from then on can be taken back.
    private mutating func done(
        _ place: Int, _ current: State, _ data: Payload, _ assigned: JSONObject?, _ rules: ResultRules
    ) throws(StateError) -> Flow {
        let input = state.frames[place].input
        let output = try filter(data, by: current.outputPath, place)
        try complete(current, input: input, output: output.value)
        try recordExit(place, current, output, assigned)
        if state.frames[place].caught != nil { state.frames[place].caught = nil }
        return .next(rules.next, output)
    }
}
