/// Makes findings of what reading a text and compiling a definition report.
///
/// The parser knows some twenty kinds of problem; here the common ones among them get names of their own, and a hint.
struct ParserProblems {
    let definition: JSONValue
    let machine: LintedMachine?

    /// To look for the nearest name takes time: only the first problems get a hint, and only among so many names.
    private static let hintLimit = 50
    private static let wordLimit = 500

    /// The finding for a text that is not JSON.
    static func finding(for error: JSONParseError, in text: [UInt8]) -> LintFinding {
        let code =
            switch error.message {
            case let message where message.hasPrefix("the member "): "DUPLICATE_KEY"
            case let message where message.hasPrefix("nested deeper"): ProblemCode.tooDeep.rawValue
            case let message where message.contains("UTF-8"): "INVALID_UTF8"
            default: "INVALID_JSON"
            }
        // The parser counts bytes, a person characters.
        let lineStart = max(0, error.offset - error.column + 1)
        let column = text[lineStart..<min(error.offset, text.count)].count { $0 & 0xC0 != 0x80 } + 1
        return LintFinding(code, .error, at: "", error.message, line: error.line, column: column)
    }

    /// The findings for the parser's problems.
    func findings(for problems: [DefinitionError.Problem]) -> [LintFinding] {
        var names: [String: [String]] = [:]
        return problems.enumerated().map { position, problem in
            let code = code(of: problem)
            let hint = position < Self.hintLimit ? suggestion(for: problem, code, &names) : nil
            return LintFinding(code, .error, at: problem.pointer, problem.message, suggestion: hint)
        }
    }

    /// The name of the rule that a problem breaks.
    private func code(of problem: DefinitionError.Problem) -> String {
        let field = lastName(problem.pointer)
        switch ProblemCode(rawValue: problem.code) {
        case .conflictingFields? where field == "End" || field == "Next": return "NEXT_AND_END"
        case .invalidValue?: return codeOfValue(problem, field)
        case .invalidPath? where problem.message.contains("Reference Path"): return "INVALID_REFERENCE_PATH"
        case .invalidTemplate? where problem.message.contains("there is no intrinsic function"):
            return "UNKNOWN_INTRINSIC"
        case .invalidTemplate? where problem.message.contains("does not take"),
            .invalidTemplate? where problem.message.contains("placeholders for"):
            return "INTRINSIC_ARGUMENTS"
        case .errorNames? where problem.message.hasPrefix("Custom Error Names"): return "RESERVED_ERROR_NAME"
        case .missingField? where problem.message.contains("[Next, End]"): return "MISSING_NEXT"
        default: return problem.code
        }
    }

    private func codeOfValue(_ problem: DefinitionError.Problem, _ field: String) -> String {
        if field == "Type" { return "UNKNOWN_STATE_TYPE" }
        if field == "HeartbeatSeconds", problem.message.contains("TimeoutSeconds") { return "HEARTBEAT_TOO_LONG" }
        if problem.message.contains("RFC 3339") { return "INVALID_TIMESTAMP" }
        if problem.message.hasPrefix("Minimum value") || problem.message.hasPrefix("Maximum value") {
            return "OUT_OF_RANGE"
        }
        if problem.message == "Value cannot be empty" { return "EMPTY_VALUE" }
        if problem.message.hasPrefix("Value should be one of") { return "UNKNOWN_WORD" }
        return problem.code
    }

    // MARK: Hints

    private func suggestion(
        for problem: DefinitionError.Problem, _ code: String, _ names: inout [String: [String]]
    ) -> String? {
        let field = lastName(problem.pointer)
        switch code {
        case ProblemCode.unknownField.rawValue: return nearest(field, knownFields(around: problem.pointer))
        case "UNKNOWN_STATE_TYPE":
            return value(at: problem.pointer)?.stringValue.flatMap { nearest($0, StateType.allCases.map(\.rawValue)) }
        case ProblemCode.missingTarget.rawValue:
            guard let word = value(at: problem.pointer)?.stringValue else { return nil }
            return nearest(word, stateNames(around: problem.pointer, &names))
        case "UNKNOWN_INTRINSIC":
            let names = IntrinsicFunction.allCases.map(\.rawValue)
            return value(at: problem.pointer)?.stringValue.flatMap { nearest(String($0.prefix { $0 != "(" }), names) }
        case "RESERVED_ERROR_NAME":
            let names = value(at: problem.pointer)?.arrayValue?.compactMap(\.stringValue) ?? []
            return names.first { $0.hasPrefix("States.") && !ErrorName.isReserved($0) }
                .flatMap { nearest($0, ErrorName.reserved.sorted()) }
        case ProblemCode.reservedVariable.rawValue: return "choose another name than 'states'"
        default: return nil
        }
    }

    private func nearest(_ word: String, _ words: [String]) -> String? {
        Suggestion.nearest(to: word, among: words.prefix(Self.wordLimit).filter { $0 != word }).map {
            "did you mean '\($0)'?"
        }
    }

    private func lastName(_ pointer: String) -> String {
        let name = pointer.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        return JSONPointer.unescaped(name)
    }

    /// The value at a pointer.
    private func value(at pointer: String) -> JSONValue? {
        var value: JSONValue? = definition
        for part in pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
            let name = JSONPointer.unescaped(part)
            if case .array? = value {
                value = Int(name).flatMap { value?[$0] }
            } else {
                value = value?[name]
            }
        }
        return value
    }

    /// The fields that the object around a place may have.
    private func knownFields(around pointer: String) -> [String] {
        let parent = String(pointer[..<(pointer.lastIndex(of: "/") ?? pointer.startIndex)])
        let type = value(at: parent)?["Type"]?.stringValue.flatMap(StateType.init(rawValue:))
        if let type { return (StateFields.known[type] ?? []).sorted() }
        return Self.otherFields
    }

    private static let otherFields =
        [
            "StartAt", "States", "Comment", "Version", "TimeoutSeconds", "QueryLanguage", "ErrorEquals",
            "IntervalSeconds",
            "MaxAttempts", "BackoffRate", "MaxDelaySeconds", "JitterStrategy", "Next", "ResultPath", "Output", "Assign",
            "Condition", "Variable", "And", "Or", "Not", "ProcessorConfig", "Mode", "ExecutionType", "Resource",
            "Parameters", "Arguments", "ReaderConfig", "InputType", "MaxItems", "CSVHeaders", "CSVHeaderLocation",
            "CSVDelimiter", "MaxItemsPerBatch", "MaxInputBytesPerBatch", "BatchInput",
        ] + ChoiceOperator.byName.keys.sorted()

    /// The names of the states among which a transition is possible, gathered once for each group.
    private func stateNames(around pointer: String, _ names: inout [String: [String]]) -> [String] {
        let flows = (machine?.flows ?? []).filter { pointer.hasPrefix($0.pointer.text) }
        let inner = flows.max { $0.pointer.text.utf8.count < $1.pointer.text.utf8.count }
        guard let inner else { return [] }
        if let known = names[inner.pointer.text] { return known }
        let found = Array(inner.positions.keys.map(\.text).sorted().prefix(Self.wordLimit + 1))
        names[inner.pointer.text] = found
        return found
    }
}
