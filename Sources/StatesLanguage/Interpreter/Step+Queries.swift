// How fields are computed: paths and templates in the one language, expressions in the other.

/// What the expressions of a JSONata state can see beside the context object: `$states`.
struct StatesData {
    var input: JSONValue
    var result: JSONValue?
    var errorOutput: JSONValue?
}

extension Step {
    // MARK: What can be seen

    func context(_ place: Int, token: String? = nil, item: MapItem? = nil) -> ContextObject {
        let frame = state.frames[place]
        var context = ContextObject(
            start: state.start, startedAt: state.startedAt, stateName: frame.stateName, enteredAt: frame.enteredAt,
            retryCount: frame.position.flatMap { machine.states[$0].resultRules } == nil ? nil : frame.retryCount,
            token: token)
        context.item = item
        context.redriveCount = state.retryCount
        guard frame.parent != nil else { return context }
        // The nearest iteration and the nearest child execution around the line.
        var around: RunState.Frame? = frame
        while let line = around {
            if context.item == nil { context.item = line.item }
            if let input = line.childInput {
                context.child = (input, line.branch)
                break
            }
            around = line.parent.map { state.frames[$0] }
        }
        return context
    }

    /// The variables that can be read: those of the line, over those of the lines around it.
    ///
    /// The branches of a distributed Map run on their own and see none from outside.
    func variables(_ place: Int) -> JSONObject {
        let frame = state.frames[place]
        guard let parent = frame.parent, frame.childInput == nil else { return frame.variables }
        var merged = variables(parent)
        if merged.isEmpty { return frame.variables }
        for (name, value) in frame.variables { merged[name] = value }
        return merged
    }

    func scope(_ place: Int, _ input: JSONValue, token: String? = nil, item: MapItem? = nil) -> Scope {
        Scope(input: input, context: context(place, token: token, item: item), variables: variables(place))
    }

    // MARK: Templates

    mutating func value(
        _ template: PayloadTemplate, _ place: Int, _ input: JSONValue, token: String? = nil, item: MapItem? = nil
    ) throws(StateError) -> JSONValue {
        try template.value(in: scope(place, input, token: token, item: item), random: &random)
    }

    mutating func value(
        _ template: JSONataTemplate, _ place: Int, _ data: StatesData, token: String? = nil, item: MapItem? = nil
    ) throws(StateError) -> JSONValue {
        // A single expression has limits of its own, and may give more than a payload holds: the items of a Map.
        if case .expression(let field) = template { return try value(field, place, data, token: token, item: item) }
        var room = TemplateRoom()
        return try value(template, place, data, token, item, &room)
    }

    private mutating func value(
        _ template: JSONataTemplate, _ place: Int, _ data: StatesData, _ token: String?, _ item: MapItem?,
        _ room: inout TemplateRoom
    ) throws(StateError) -> JSONValue {
        switch template {
        case .literal(let value): return value
        case .expression(let field):
            let found = try value(field, place, data, token: token, item: item)
            try room.take(found)
            return found
        case .array(let parts):
            var elements: [JSONValue] = []
            elements.reserveCapacity(parts.count)
            for part in parts { elements.append(try value(part, place, data, token, item, &room)) }
            return .array(elements)
        case .object(let members):
            var object = JSONObject()
            for member in members { object[member.key] = try value(member.value, place, data, token, item, &room) }
            return .object(object)
        }
    }

    /// A template of either language; `input` is what `$` is to paths.
    mutating func value(
        _ template: Template, _ place: Int, input: JSONValue, _ data: StatesData, token: String? = nil,
        item: MapItem? = nil
    ) throws(StateError) -> JSONValue {
        switch template {
        case .jsonPath(let template): try value(template, place, input, token: token, item: item)
        case .jsonata(let template): try value(template, place, data, token: token, item: item)
        }
    }

    /// The value of an expression, which must have one.
    mutating func value(
        _ field: JSONataField, _ place: Int, _ data: StatesData, token: String? = nil, item: MapItem? = nil
    ) throws(StateError) -> JSONValue {
        var states: JSONObject = ["input": data.input]
        if let result = data.result { states["result"] = result }
        if let output = data.errorOutput { states["errorOutput"] = output }
        if field.usesContext { states["context"] = context(place, token: token, item: item).value }
        let variables = JSONataVariables(states: .object(states), variables(place))
        let found: JSONValue?
        do {
            found = try field.expression.evaluate(nil, variables: variables, now: stamp.now, random: &random)
        } catch {
            throw field.failure("threw an error during evaluation\(error.words)")
        }
        guard let found else { throw field.failure("returned nothing (undefined).") }
        return found
    }

    // MARK: Fields

    func look(up path: JSONPath, _ place: Int, _ input: JSONValue) throws(StateError) -> JSONValue {
        try path.requiredValue(in: scope(place, input))
    }

    /// A number of a field; `minimum` and `name` are for what the error says of another value.
    mutating func number(
        _ field: NumberField?, _ place: Int, input: JSONValue, _ data: StatesData, name: String, isInteger: Bool = true,
        from minimum: Double = 0, to maximum: Double = 99_999_999
    ) throws(StateError) -> Double? {
        switch field {
        case nil: return nil
        case .literal(let number)?: return number
        case .jsonata(let field)?:
            let found = try value(field, place, data)
            guard case .number(let number) = found else { throw field.mismatch(found, expected: "number") }
            let isFit = number.doubleValue >= minimum && number.doubleValue <= maximum
            guard isFit, !isInteger || number.intValue != nil else {
                throw field.failure(
                    "returned a value that is not allowed: \(found.serialized()) is not a number from "
                        + "\(Int(minimum)) to \(Int(maximum)).")
            }
            return number.doubleValue
        case .path(let path, let fieldName)?:
            var found = try look(up: path, place, input)
            // A Map also takes a number that is written as a text.
            let isOfMap = name == "MaxConcurrency" || name.hasPrefix("Tolerated")
            if isOfMap, let text = found.stringValue, let integer = Int(text) { found = .integer(integer) }
            guard let number = found.doubleValue, !isInteger || found.intValue != nil else {
                throw StateError(
                    ErrorName.runtime,
                    isOfMap
                        ? "The \(fieldName) field refers to value \"\(found.plainText)\" which is not a valid "
                            + "\(isInteger ? "integer" : "float"): \(path.text)"
                        : "Expected non-negative integer for \(name), got '\(found.plainText)' instead.")
            }
            guard number >= minimum, number <= maximum else {
                throw StateError(ErrorName.runtime, Self.rangeError(name, found))
            }
            return number
        }
    }

    /// What is said of a number at the end of a path that a field cannot have.
    private static func rangeError(_ name: String, _ found: JSONValue) -> String {
        switch name {
        case "ToleratedFailureCount": "ToleratedFailureCount cannot be negative."
        case "ToleratedFailurePercentage": "ToleratedFailurePercentage must be between 0 and 100."
        default: "Expected non-negative integer for \(name), got '\(found.plainText)' instead."
        }
    }

    mutating func text(
        of field: TextField?, _ place: Int, input: JSONValue, _ data: StatesData
    ) throws(StateError) -> String {
        switch field {
        case nil: return ""
        case .literal(let text)?: return text
        case .jsonata(let field)?:
            let found = try value(field, place, data)
            guard case .string(let text) = found else { throw field.mismatch(found, expected: "string") }
            return text
        case .expression(let expression, let name)?:
            let found = try expression.value(in: scope(place, input), field: name, random: &random)
            guard case .string(let text) = found else {
                throw StateError(ErrorName.runtime, "The value of '\(name)' is not a string: \(found.serialized())")
            }
            return text
        }
    }

    // MARK: Variables

    /// The most bytes that the variables of one assignment may have, as on AWS.
    static var assignmentByteLimit: Int { 262_144 }
    /// The most bytes that all variables a line can see may have, as on AWS.
    static var variableByteLimit: Int { 10_485_760 }

    static var assignmentTooLarge: StateError {
        StateError(
            ErrorName.dataLimitExceeded,
            "The variables assigned by the state have more than \(assignmentByteLimit) bytes.")
    }

    /// Assigns variables on a line; answers their texts for the history.
    mutating func assign(_ values: JSONObject, _ place: Int) throws(StateError) -> JSONObject {
        var texts = JSONObject()
        var size = 0
        for (name, value) in values {
            let text = value.serialized()
            size += text.utf8.count
            texts[name] = .string(text)
        }
        guard size <= Self.assignmentByteLimit else { throw Self.assignmentTooLarge }
        for (name, value) in values { state.frames[place].variables[name] = value }
        if state.frames[place].variables.count > 40 {
            let total = variables(place).reduce(0) { $0 + $1.value.serializedBytes().count }
            guard total <= Self.variableByteLimit else {
                throw StateError(
                    ErrorName.dataLimitExceeded,
                    "The variables of the execution have more than \(Self.variableByteLimit) bytes.")
            }
        }
        return texts
    }
}

extension JSONataField {
    func failure(_ words: String) -> StateError {
        StateError(
            ErrorName.queryEvaluationError,
            "The JSONata expression '\(text)' specified for the field '\(field)' \(words)", location: field)
    }

    func mismatch(_ value: JSONValue, expected: String) -> StateError {
        failure(
            "returned an unexpected result type. Expected '\(expected)', but was '\(value.typeName)' for value: "
                + value.serialized())
    }
}

extension JSONataError {
    /// The end of the sentence about an error: Step Functions sets a code apart, and the words of a limit not.
    fileprivate var words: String { code.hasPrefix("U") ? ": \(message)" : ". \(code): \(message)" }
}

extension JSONValue {
    /// The type as JSONata's `$type` names it.
    var typeName: String {
        switch self {
        case .null: "null"
        case .bool: "boolean"
        case .number: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }

    /// The text of a string, and the JSON of anything else.
    var plainText: String { stringValue ?? serialized() }
}
