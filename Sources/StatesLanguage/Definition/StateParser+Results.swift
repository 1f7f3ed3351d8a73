// Task and Parallel states, and what they share with Map: Retry, Catch and the way of a result.

extension StateParser {
    private static let branchFields: Set = ["Comment", "StartAt", "States"]
    private static let retrierFields: Set = [
        "BackoffRate", "Comment", "ErrorEquals", "IntervalSeconds", "JitterStrategy", "MaxAttempts", "MaxDelaySeconds",
    ]
    private static let catcherFields: Set = ["Assign", "Comment", "ErrorEquals", "Next", "Output", "ResultPath"]

    func task() -> TaskBody? {
        reader.require("Resource")
        let resource = reader.string("Resource").map(TaskResource.init)
        if resource?.text.isEmpty == true { reader.report(.invalidValue, "Resource", "Value cannot be empty") }
        let timeout = reader.numberField("TimeoutSeconds", in: DefinitionParser.secondsRange, language)
        let heartbeat = reader.numberField("HeartbeatSeconds", in: DefinitionParser.secondsRange, language)
        if case .literal(let timeout)? = timeout, case .literal(let heartbeat)? = heartbeat, heartbeat >= timeout {
            reader.report(
                .invalidValue, "HeartbeatSeconds", "'HeartbeatSeconds' must be smaller than 'TimeoutSeconds'")
        }
        let arguments = arguments()
        let credentials = credentials(resource)
        let rules = resultRules()
        guard let rules, let resource else { return nil }
        return TaskBody(
            resource: resource, arguments: arguments, credentials: credentials, timeout: timeout, heartbeat: heartbeat,
            rules: rules)
    }

    /// `Parameters` or `Arguments`.
    func arguments() -> Template? {
        switch language {
        case .jsonPath: reader.payloadTemplate("Parameters").map(Template.jsonPath)
        case .jsonata: reader.jsonataTemplate("Arguments").map(Template.jsonata)
        }
    }

    private func credentials(_ resource: TaskResource?) -> Template? {
        guard reader.has("Credentials") else { return nil }
        if resource?.kind == .activity {
            reader.reportHere(
                .unknownField, "Credentials", "The field 'Credentials' is not supported for activities")
        }
        if let child = reader.child("Credentials"), !child.has("RoleArn"), !child.has("RoleArn.$") {
            reader.report(.missingField, "Credentials", "The field 'RoleArn' is required but was missing")
        }
        return reader.template("Credentials", language)
    }

    func parallel() -> ParallelBody? {
        reader.require("Branches")
        if reader.object["Branches"]?.arrayValue?.isEmpty == true {
            reader.report(.invalidValue, "Branches", "Value cannot be empty")
        }
        let branches = reader.objects("Branches").map { branch -> Int? in
            branch.refuseFields(except: Self.branchFields)
            return builder.flow(branch, depth: depth + 1, owner: position)
        }
        let arguments = arguments()
        let complete = branches.compactMap(\.self)
        guard let rules = resultRules(), complete.count == branches.count, !complete.isEmpty else { return nil }
        return ParallelBody(branches: complete, arguments: arguments, rules: rules)
    }

    // MARK: Results and errors

    func resultRules() -> ResultRules? {
        let isPath = language == .jsonPath
        let selector = isPath ? reader.payloadTemplate("ResultSelector") : nil
        if isPath, let value = reader.object["ResultSelector"], value.objectValue == nil {
            reader.report(.wrongType, "ResultSelector", "Expected value of type [OBJECT]")
        }
        let retriers = reader.objects("Retry").compactMap(retrier)
        checkOrder("Retry")
        let catchers = reader.objects("Catch").compactMap(catcher)
        checkOrder("Catch")
        let path = isPath ? resultPath(reader) : .replace
        guard let next = next() else { return nil }
        return ResultRules(selector: selector, path: path, retriers: retriers, catchers: catchers, next: next)
    }

    private func errorNames(_ reader: FieldReader) -> [String]? {
        reader.require("ErrorEquals")
        guard let value = reader.object["ErrorEquals"] else { return nil }
        guard case .array(let elements) = value else {
            reader.report(.wrongType, "ErrorEquals", "Expected value of type [ARRAY]")
            return nil
        }
        guard !elements.isEmpty else {
            reader.report(.invalidValue, "ErrorEquals", "Value cannot be empty")
            return nil
        }
        let names = elements.compactMap(\.stringValue)
        guard names.count == elements.count else {
            reader.report(.wrongType, "ErrorEquals", "Expected value of type [STRING]")
            return nil
        }
        if names.contains(ErrorName.all) && names.count > 1 {
            reader.report(.errorNames, "ErrorEquals", "States.ALL must appear alone and at end of list")
        }
        for name in names where name.hasPrefix("States.") && !ErrorName.isReserved(name) {
            reader.report(
                .errorNames, "ErrorEquals",
                "Custom Error Names MUST NOT begin with the prefix 'States.', got '\(name)'.")
        }
        return names
    }

    /// `States.ALL` takes everything, so nothing may come after it.
    private func checkOrder(_ field: String) {
        guard let rules = reader.object[field]?.arrayValue else { return }
        for (position, rule) in rules.enumerated().dropLast() {
            guard rule["ErrorEquals"]?.arrayValue?.contains(.string(ErrorName.all)) == true else { continue }
            reader.problems.add(
                .errorNames, reader.place(field).appending(position).appending("ErrorEquals"),
                "States.ALL must appear alone and at end of list")
        }
    }

    private func retrier(_ reader: FieldReader) -> Retrier? {
        reader.refuseFields(except: Self.retrierFields)
        let interval = reader.integer("IntervalSeconds", in: 0...99_999_999) ?? 1
        let attempts = reader.integer("MaxAttempts", in: 0...99_999_999) ?? 3
        let rate = reader.number("BackoffRate", in: 1...Double.greatestFiniteMagnitude) ?? 2
        let maxDelay = reader.integer("MaxDelaySeconds", in: 1...31_622_400)
        if let maxDelay, maxDelay <= interval {
            reader.report(.invalidValue, "MaxDelaySeconds", "'MaxDelaySeconds' must be above 'IntervalSeconds'")
        }
        let jitter = reader.word("JitterStrategy", of: ["NONE", "FULL"])
        guard let names = errorNames(reader) else { return nil }
        return Retrier(
            errors: names, intervalSeconds: interval, attemptLimit: attempts, backoffRate: rate,
            maxDelaySeconds: maxDelay, hasFullJitter: jitter == "FULL")
    }

    private func catcher(_ reader: FieldReader) -> Catcher? {
        reader.refuseFields(except: Self.catcherFields)
        StateFields.checkLanguage(of: reader, language, among: Self.catcherFields)
        reader.require("Next")
        let isPath = language == .jsonPath
        let resultPath = isPath ? resultPath(reader) : .replace
        let output = isPath ? nil : reader.jsonataTemplate("Output", seesErrorOutput: true).map(Template.jsonata)
        let assign = assignment(reader, seesErrorOutput: true)
        let next = target(reader, "Next")
        guard let names = errorNames(reader), let next else { return nil }
        return Catcher(errors: names, next: next, resultPath: resultPath, output: output, assign: assign)
    }
}
