extension LintRule {
    static let dataRules: [LintRule] = [
        pathWithoutEnding, endingInJSONata, expressionInJSONPath, pathInJSONata, unfinishedExpression, literalResult,
        parametersIgnored, selectorDiscarded, unknownContext, unknownStatesField, mapContextOutside, resultUnavailable,
        payloadTooLarge,
    ]

    private static let pathWithoutEnding = LintRule(
        "PATH_WITHOUT_ENDING", .warning, "A path stands in a field that does not end in .$",
        why: "Without the ending the text itself is passed on, and not what it names.",
        state: { state, _, report in
            guard state.language == .jsonPath else { return }
            for text in state.texts where text.kind == .literal && text.field != "Result" && text.looksLikePath {
                report.add(
                    text.pointer, "'\(text.text)' is passed on as a text",
                    suggestion: text.key.isEmpty ? "build the list with States.Array" : "name the field '\(text.key).$'"
                )
            }
        })

    private static let endingInJSONata = LintRule(
        "ENDING_IN_JSONATA", .warning, "A field of a JSONata state ends in .$",
        why: "The ending means something in JSONPath states only; here it becomes a part of the name.",
        state: { state, _, report in
            guard state.language == .jsonata else { return }
            for text in state.texts where text.key.hasSuffix(".$") {
                report.add(
                    text.pointer, "the ending is a part of the name here",
                    suggestion: "name the field '\(text.key.dropLast(2))' and write {% ... %}")
            }
        })

    private static let expressionInJSONPath = LintRule(
        "EXPRESSION_IN_JSONPATH", .warning, "A JSONata expression stands in a JSONPath state",
        why: "It is passed on as a text, because the query language of the state is JSONPath.",
        state: { state, _, report in
            guard state.language == .jsonPath else { return }
            for text in state.texts where text.kind == .literal && JSONataField.isExpression(text.text) {
                report.add(
                    text.pointer, "the expression is passed on as a text", suggestion: "set QueryLanguage to JSONata")
            }
        })

    private static let pathInJSONata = LintRule(
        "PATH_IN_JSONATA", .warning, "A JSONPath stands in a JSONata state",
        why: "It is passed on as a text. In JSONata the input is $states.input, between {% and %}.",
        state: { state, _, report in
            guard state.language == .jsonata else { return }
            for text in state.texts where text.kind == .literal && text.looksLikePath {
                let rest =
                    text.text.hasPrefix("$$.") ? "context" + text.text.dropFirst(2) : "input" + text.text.dropFirst(1)
                report.add(
                    text.pointer, "'\(text.text)' is passed on as a text", suggestion: "write {% $states.\(rest) %}")
            }
        })

    private static let unfinishedExpression = LintRule(
        "EXPRESSION_NOT_WHOLE", .warning, "An expression is only a part of a text",
        why: "A text is an expression only when it starts with {% and ends with %}; otherwise it is "
            + "passed on as it is.",
        state: { state, _, report in
            guard state.language == .jsonata else { return }
            for text in state.texts where text.kind == .literal && text.text.contains("{%") && text.text.contains("%}")
            {
                guard !text.text.hasPrefix("{%") else { continue }
                report.add(
                    text.pointer, "'\(text.text)' is passed on as a text",
                    suggestion: "make the whole text an expression that joins its parts with &")
            }
        })

    private static let literalResult = LintRule(
        "LITERAL_RESULT", .warning, "The Result of a Pass state contains paths",
        why: "Result is passed on as it is written. Parameters computes.", on: [.pass],
        state: { state, _, report in
            guard state.language == .jsonPath else { return }
            for text in state.texts where text.field == "Result" {
                guard text.key.hasSuffix(".$") || text.text.hasPrefix("$.") || text.text.hasPrefix("$$.") else {
                    continue
                }
                report.add(text.pointer, "Result is passed on as it is written", suggestion: "use Parameters")
            }
        })

    private static let parametersIgnored = LintRule(
        "PARAMETERS_IGNORED", .warning, "A Pass state has both Result and Parameters",
        why: "Result is the output, so that what Parameters computes is thrown away.", on: [.pass],
        state: { state, _, report in
            guard state.has("Result"), state.has("Parameters") else { return }
            report.add(state.pointer(to: "Parameters"), "Result takes the place of what Parameters computes")
        })

    private static let selectorDiscarded = LintRule(
        "SELECTOR_DISCARDED", .warning, "A ResultSelector picks from a result that is thrown away",
        why: "ResultPath null keeps the input and drops the result.", on: [.task, .parallel, .map],
        state: { state, _, report in
            guard state.has("ResultSelector"), state["ResultPath"]?.isNull == true else { return }
            report.add(state.pointer(to: "ResultSelector"), "ResultPath null throws away what ResultSelector picks")
        })

    private static let unknownContext = LintRule(
        "UNKNOWN_CONTEXT_FIELD", .warning, "The context object has no such field",
        why: "It has Execution, State, StateMachine, Task and Map; reading anything else fails the "
            + "run.",
        state: { state, _, report in
            let known = ["Execution", "State", "StateMachine", "Task", "Map"]
            for text in state.texts {
                for reference in text.references {
                    guard let name = reference.contextMember, !known.contains(name) else { continue }
                    let hint = Suggestion.nearest(to: name, among: known).map { "did you mean '\($0)'?" }
                    report.add(text.pointer, "the context object has no '\(name)'", suggestion: hint)
                }
            }
        })

    private static let unknownStatesField = LintRule(
        "UNKNOWN_STATES_FIELD", .warning, "$states has no such field",
        why: "It has input, result, errorOutput and context.",
        state: { state, _, report in
            guard state.language == .jsonata else { return }
            let known = ["input", "result", "errorOutput", "context"]
            for text in state.texts {
                for reference in text.references where reference.root == .variable("states") {
                    guard let name = reference.members.first, !known.contains(name) else { continue }
                    let hint = Suggestion.nearest(to: name, among: known).map { "did you mean '\($0)'?" }
                    report.add(text.pointer, "$states has no '\(name)'", suggestion: hint)
                }
            }
        })

    private static let mapContextOutside = LintRule(
        "MAP_CONTEXT_OUTSIDE", .warning, "The item of a Map is read outside a Map",
        why: "Only inside a Map, and in its ItemSelector, the context object has Map.",
        state: { state, machine, report in
            guard state.type != .map, !machine.isInsideMap(state) else { return }
            for text in state.texts where text.references.contains(where: { $0.contextMember == "Map" }) {
                report.add(text.pointer, "'\(state.name)' is not inside a Map")
            }
        })

    private static let resultUnavailable = LintRule(
        "RESULT_UNAVAILABLE", .warning, "$states.result is read before there is one",
        why: "Only Output and Assign of Task, Parallel and Map states see the result.",
        state: { state, _, report in
            guard state.language == .jsonata else { return }
            let hasResult = state.type == .task || state.type == .parallel || state.type == .map
            for text in state.texts {
                guard !hasResult || (text.field != "Output" && text.field != "Assign") else { continue }
                guard
                    text.references.contains(where: { $0.members.first == "result" && $0.root == .variable("states") })
                else { continue }
                report.add(text.pointer, "there is no result here", suggestion: "read it in Output or Assign")
            }
        })

    private static let payloadTooLarge = LintRule(
        "PAYLOAD_TOO_LARGE", .warning, "The fixed data of a state is larger than a state may pass on",
        why: "Data between states may have 262,144 bytes.",
        state: { state, _, report in
            for name in ["Parameters", "Arguments", "Result", "Output", "Assign"] {
                guard let value = state[name], value.serializedByteCount > 262_144 else { continue }
                report.add(state.pointer(to: name), "the data has more than 262,144 bytes")
            }
        })
}

extension LintedText {
    /// Whether somebody meant a path here: `$.name`, `$$.name`, or nothing but `$`'s.
    fileprivate var looksLikePath: Bool {
        text.hasPrefix("$.") || text.hasPrefix("$$.") || text.hasPrefix("$[") || text == "$" || text == "$$"
    }
}

extension Reference {
    /// The field of the context object that is read.
    fileprivate var contextMember: String? {
        switch root {
        case .context: members.first
        case .variable(let name): name == "states" && members.first == "context" ? members.dropFirst().first : nil
        }
    }
}
