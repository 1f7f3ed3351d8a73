/// Reads one state of a definition.
struct StateParser {
    let reader: FieldReader
    let positions: [ByteKey: Int]

    private static let flow: Set<String> = ["Next", "End"]
    private static let shared: Set<String> = ["Comment", "InputPath", "OutputPath", "QueryLanguage", "Type"]

    private static let fields: [StateType: Set<String>] = [
        .task: shared.union(flow).union([
            "Catch", "HeartbeatSeconds", "HeartbeatSecondsPath", "Parameters", "Resource", "ResultPath",
            "ResultSelector",
            "Retry", "TimeoutSeconds", "TimeoutSecondsPath",
        ]),
        .pass: shared.union(flow).union(["Parameters", "Result", "ResultPath"]),
        .choice: shared.union(["Choices", "Default"]),
        .wait: shared.union(flow).union(["Seconds", "SecondsPath", "Timestamp", "TimestampPath"]),
        .succeed: shared,
        .fail: ["Cause", "CausePath", "Comment", "Error", "ErrorPath", "QueryLanguage", "Type"],
    ]

    /// The state, or nil when there are problems with it that leave nothing to build.
    func parse(name: String) -> State? {
        guard let typeName = reader.string("Type", isRequired: true) else { return nil }
        guard let type = StateType(rawValue: typeName), let known = Self.fields[type] else {
            if typeName == "Parallel" || typeName == "Map" {
                reader.report(.notSupported, "Type", "\(typeName) states are not yet supported")
            } else {
                reader.report(.invalidValue, "Type", "there is no state type '\(typeName)'")
            }
            return nil
        }
        reader.refuseFields(except: known, of: "a \(typeName) state")
        Self.checkQueryLanguage(reader)
        let comment = reader.string("Comment")
        let inputPath = pathField("InputPath")
        let outputPath = pathField("OutputPath")
        guard let body = body(of: type) else { return nil }
        return State(
            name: name, type: type, comment: comment, inputPath: inputPath, outputPath: outputPath, body: body)
    }

    private func body(of type: StateType) -> State.Body? {
        switch type {
        case .task: task().map(State.Body.task)
        case .pass: pass().map(State.Body.pass)
        case .choice: choice().map(State.Body.choice)
        case .wait: wait().map(State.Body.wait)
        case .succeed: .succeed
        case .fail: .fail(fail())
        }
    }

    static func checkQueryLanguage(_ reader: FieldReader) {
        switch reader.string("QueryLanguage") {
        case nil, "JSONPath": break
        case "JSONata": reader.report(.notSupported, "QueryLanguage", "JSONata is not yet supported")
        case let other?: reader.report(.invalidValue, "QueryLanguage", "there is no query language '\(other)'")
        }
    }

    // MARK: Shared fields

    private func pathField(_ name: String) -> PathField {
        switch reader.object[name] {
        case nil: .whole
        case .null?: .nothing
        default:
            switch reader.path(name, isDefinite: false) {
            case let path? where !path.isWholeInput: .path(path)
            case .some, nil: .whole
            }
        }
    }

    private func resultPath(_ reader: FieldReader) -> ResultPathField {
        switch reader.object["ResultPath"] {
        case nil: return .replace
        case .null?: return .discard
        default: break
        }
        guard let text = reader.string("ResultPath") else { return .replace }
        do {
            let path = try ReferencePath(parsing: text)
            return text == "$" ? .replace : .path(path)
        } catch {
            reader.report(.invalidPath, "ResultPath", "\(error.message) (at byte \(error.offset) of '\(text)')")
            return .replace
        }
    }

    private func target(_ reader: FieldReader, _ field: String, isRequired: Bool = true) -> Int? {
        guard let name = reader.string(field, isRequired: isRequired) else { return nil }
        guard let position = positions[ByteKey(text: name)] else {
            reader.report(.missingTarget, field, "there is no state '\(name)'")
            return nil
        }
        return position
    }

    private func next() -> Target? {
        let isEnd = reader.boolean("End")
        if reader.has("Next") && isEnd == true {
            reader.report(.conflictingFields, "End", "'Next' and 'End' exclude each other")
            return nil
        }
        if isEnd == true { return .end }
        if reader.has("End") && isEnd == nil { return nil }
        guard reader.has("Next") else {
            reader.problems.add(.missingField, reader.pointer, "the state needs 'Next' or 'End': true")
            return nil
        }
        return target(reader, "Next").map(Target.state)
    }

    private func seconds(_ name: String) -> SecondsField? {
        reader.requireOne(of: [name, name + "Path"], in: "the state", isOptional: true)
        if reader.has(name) {
            return reader.integer(name, in: DefinitionParser.secondsRange).map(SecondsField.literal)
        }
        return reader.path(name + "Path", isDefinite: true).map(SecondsField.path)
    }

    // MARK: States

    private func task() -> TaskBody? {
        let resource = reader.string("Resource", isRequired: true)
        if resource?.isEmpty == true { reader.report(.invalidValue, "Resource", "'Resource' may not be empty") }
        let timeout = seconds("TimeoutSeconds")
        let heartbeat = seconds("HeartbeatSeconds")
        if case .literal(let timeout)? = timeout, case .literal(let heartbeat)? = heartbeat, heartbeat >= timeout {
            reader.report(.invalidValue, "HeartbeatSeconds", "'HeartbeatSeconds' must be below 'TimeoutSeconds'")
        }
        let parameters = reader.template("Parameters")
        let resultSelector = reader.template("ResultSelector")
        if reader.has("ResultSelector"), reader.object["ResultSelector"]?.objectValue == nil {
            reader.report(.wrongType, "ResultSelector", "'ResultSelector' must be an object")
        }
        let retriers = reader.objects("Retry").compactMap(retrier)
        checkOrder("Retry")
        let catchers = reader.objects("Catch").compactMap(catcher)
        checkOrder("Catch")
        let resultPath = resultPath(reader)
        guard let next = next(), let resource else { return nil }
        return TaskBody(
            resource: TaskResource(resource), parameters: parameters, resultSelector: resultSelector,
            resultPath: resultPath, timeout: timeout, heartbeat: heartbeat, retriers: retriers, catchers: catchers,
            next: next)
    }

    private func pass() -> PassBody? {
        let parameters = reader.template("Parameters")
        let resultPath = resultPath(reader)
        guard let next = next() else { return nil }
        return PassBody(
            result: reader.object["Result"], parameters: parameters, resultPath: resultPath, next: next)
    }

    private func wait() -> WaitBody? {
        let names = ["Seconds", "SecondsPath", "Timestamp", "TimestampPath"]
        reader.requireOne(of: names, in: "a Wait state")
        let delay = delay()
        guard let next = next(), let delay else { return nil }
        return WaitBody(delay: delay, next: next)
    }

    private func delay() -> WaitBody.Delay? {
        if reader.has("Seconds") {
            return reader.integer("Seconds", in: 0...99_999_999).map(WaitBody.Delay.seconds)
        }
        if reader.has("SecondsPath") {
            return reader.path("SecondsPath", isDefinite: true).map(WaitBody.Delay.secondsPath)
        }
        if reader.has("Timestamp") {
            guard let text = reader.string("Timestamp") else { return nil }
            guard let moment = Timestamp(rfc3339: text) else {
                reader.report(.invalidValue, "Timestamp", "'\(text)' is not a timestamp of RFC 3339")
                return nil
            }
            return .until(moment)
        }
        return reader.path("TimestampPath", isDefinite: true).map(WaitBody.Delay.untilPath)
    }

    private func fail() -> FailBody {
        reader.requireOne(of: ["Error", "ErrorPath"], in: "a Fail state", isOptional: true)
        reader.requireOne(of: ["Cause", "CausePath"], in: "a Fail state", isOptional: true)
        return FailBody(error: text("Error"), cause: text("Cause"))
    }

    private func text(_ name: String) -> TextField? {
        if reader.has(name) { return reader.string(name).map(TextField.literal) }
        let pathName = name + "Path"
        guard let text = reader.string(pathName) else { return nil }
        do {
            return .expression(try Expression(parsing: text), field: pathName)
        } catch {
            reader.report(.invalidPath, pathName, "\(error.message) (at byte \(error.offset) of '\(text)')")
            return nil
        }
    }

    private func choice() -> ChoiceBody? {
        guard reader.has("Choices") else {
            reader.problems.add(.missingField, reader.pointer, "the field 'Choices' is missing")
            return nil
        }
        let readers = reader.objects("Choices")
        if reader.object["Choices"]?.arrayValue?.isEmpty == true {
            reader.report(.invalidValue, "Choices", "there must be at least one choice")
        }
        let rules = readers.map { rule in
            (condition: ConditionParser(reader: rule, isTop: true).parse(), next: target(rule, "Next"))
        }
        let fallback = target(reader, "Default", isRequired: false)
        let complete = rules.compactMap { rule in
            rule.condition.flatMap { condition in rule.next.map { (condition: condition, next: $0) } }
        }
        guard complete.count == rules.count else { return nil }
        return ChoiceBody(rules: complete, fallback: fallback)
    }
}

// MARK: Retry and Catch

extension StateParser {
    private func errorNames(_ reader: FieldReader) -> [String]? {
        guard let value = reader.object["ErrorEquals"] else {
            reader.problems.add(.missingField, reader.pointer, "the field 'ErrorEquals' is missing")
            return nil
        }
        guard case .array(let elements) = value, !elements.isEmpty else {
            reader.report(.wrongType, "ErrorEquals", "'ErrorEquals' must be an array of at least one error name")
            return nil
        }
        let names = elements.compactMap(\.stringValue)
        guard names.count == elements.count else {
            reader.report(.wrongType, "ErrorEquals", "an error name must be a string")
            return nil
        }
        if names.contains(ErrorName.all) && names.count > 1 {
            reader.report(.errorNames, "ErrorEquals", "'\(ErrorName.all)' must stand alone")
        }
        for name in names where name.hasPrefix("States.") && !ErrorName.reserved.contains(name) {
            reader.report(.errorNames, "ErrorEquals", "'\(name)' is not an error of the States Language")
        }
        return names
    }

    /// `States.ALL` takes everything, so nothing may come after it.
    private func checkOrder(_ field: String) {
        guard let rules = reader.object[field]?.arrayValue else { return }
        for (position, rule) in rules.enumerated().dropLast() {
            guard rule["ErrorEquals"]?.arrayValue?.contains(.string(ErrorName.all)) == true else { continue }
            reader.problems.add(
                .errorNames, reader.place(field).appending(String(position)),
                "the rule with '\(ErrorName.all)' must be the last")
        }
    }

    private func retrier(_ reader: FieldReader) -> Retrier? {
        let known: Set = [
            "BackoffRate", "Comment", "ErrorEquals", "IntervalSeconds", "JitterStrategy", "MaxAttempts",
            "MaxDelaySeconds",
        ]
        reader.refuseFields(except: known, of: "a rule of 'Retry'")
        let interval = reader.integer("IntervalSeconds", in: DefinitionParser.secondsRange) ?? 1
        let attempts = reader.integer("MaxAttempts", in: 0...99_999_999) ?? 3
        let rate = reader.number("BackoffRate", atLeast: 1) ?? 2
        let maxDelay = reader.integer("MaxDelaySeconds", in: 1...31_622_400)
        if let maxDelay, maxDelay <= interval {
            reader.report(.invalidValue, "MaxDelaySeconds", "'MaxDelaySeconds' must be above 'IntervalSeconds'")
        }
        let jitter = reader.string("JitterStrategy") ?? "NONE"
        if jitter != "NONE" && jitter != "FULL" {
            reader.report(.invalidValue, "JitterStrategy", "'JitterStrategy' is 'FULL' or 'NONE'")
        }
        guard let names = errorNames(reader) else { return nil }
        return Retrier(
            errors: names, intervalSeconds: interval, attemptLimit: attempts, backoffRate: rate,
            maxDelaySeconds: maxDelay, hasFullJitter: jitter == "FULL")
    }

    private func catcher(_ reader: FieldReader) -> Catcher? {
        reader.refuseFields(except: ["Comment", "ErrorEquals", "Next", "ResultPath"], of: "a rule of 'Catch'")
        let resultPath = resultPath(reader)
        let next = target(reader, "Next")
        guard let names = errorNames(reader), let next else { return nil }
        return Catcher(errors: names, next: next, resultPath: resultPath)
    }
}
