extension LintRule {
    static let choiceRules: [LintRule] = [
        choiceWithoutDefault, repeatedCondition, constantCondition, pointlessChoice, mixedComparison,
    ]

    private static let choiceWithoutDefault = LintRule(
        "CHOICE_WITHOUT_DEFAULT", .warning, "A Choice state has no Default",
        why: "When no rule matches, the run fails, and no Catch can help.", on: [.choice],
        state: { state, _, report in
            guard !state.has("Default"), !state.choices.contains(where: { $0.isAlways }) else { return }
            report.add(
                state.pointer, "when no rule of '\(state.name)' matches, the run fails",
                suggestion: "add a Default, even if it leads to a Fail state that says what was not expected")
        })

    private static let repeatedCondition = LintRule(
        "REPEATED_CONDITION", .warning, "A rule of a Choice state has the condition of an earlier one",
        why: "The first rule that matches wins, so that the later one never does.", on: [.choice],
        state: { state, _, report in
            let choices = state.choices
            guard choices.count > 1 else { return }
            var seen: Set<JSONValue> = []
            for choice in choices where !seen.insert(choice.condition).inserted {
                report.add(choice.pointer, "an earlier rule has the same condition, so that this one never matches")
            }
        })

    private static let constantCondition = LintRule(
        "CONSTANT_CONDITION", .warning, "The condition of a Choice state does not depend on anything",
        why: "A rule that always matches hides the rules behind it and the Default; one that never "
            + "matches does nothing.",
        on: [.choice],
        state: { state, _, report in
            for choice in state.choices {
                guard let truth = choice.constant else { continue }
                report.add(
                    choice.pointer + "/Condition", truth ? "this rule always matches" : "this rule never matches")
            }
        })

    private static let pointlessChoice = LintRule(
        "POINTLESS_CHOICE", .info, "All ways of a Choice state lead to one state",
        why: "Nothing is chosen. One of the targets is probably wrong.", on: [.choice],
        state: { state, _, report in
            let assigns = state.has("Assign") || state.has("Output")
            guard !assigns, !state.choices.contains(where: { $0.fields["Assign"] != nil || $0.fields["Output"] != nil })
            else { return }
            var targets = state.choices.compactMap { $0.fields["Next"]?.stringValue }
            guard let fallback = state.string("Default"), !targets.isEmpty else { return }
            targets.append(fallback)
            guard Set(targets).count == 1 else { return }
            report.add(state.pointer, "every way leads to '\(fallback)'")
        })

    private static let mixedComparison = LintRule(
        "QUOTED_OPERAND", .warning, "A text that looks like a number, truth or time is compared as a text",
        why: "StringEquals never matches the number 5 or the value true, and orders times of "
            + "different zones wrongly.",
        on: [.choice],
        state: { state, _, report in
            for choice in state.choices {
                for (place, name, text) in choice.stringOperands {
                    guard let better = betterComparison(for: text, name) else { continue }
                    report.add(place.text, "'\(text)' is compared as a text", suggestion: "use \(better)")
                }
            }
        })

    private static func betterComparison(for text: String, _ name: String) -> String? {
        let relation = name.dropFirst("String".count)
        if text == "true" || text == "false" { return relation == "Equals" ? "BooleanEquals" : nil }
        if Timestamp(rfc3339: text) != nil { return "Timestamp\(relation)" }
        guard relation != "Equals", Double(text) != nil else { return nil }
        return "Numeric\(relation)"
    }
}

/// A rule of a Choice state.
struct LintedChoice {
    let fields: JSONObject
    let place: JSONPointer

    var pointer: String { place.text }

    /// The truth value of a condition that depends on nothing.
    var constant: Bool? {
        switch fields["Condition"] {
        case .bool(let truth)?: return truth
        case .string(let text)? where JSONataField.isExpression(text):
            switch text.dropFirst(2).dropLast(2).filter({ !$0.isWhitespace }) {
            case "true": return true
            case "false": return false
            default: return nil
            }
        default: return nil
        }
    }

    var isAlways: Bool { constant == true }

    /// The rule without what it leads to.
    var condition: JSONValue {
        var condition = fields
        for name in ["Next", "Assign", "Output", "Comment"] { condition[name] = nil }
        return .object(condition)
    }

    /// The texts that values are compared with as texts, at any depth.
    var stringOperands: [(place: JSONPointer, name: String, text: String)] {
        Self.stringOperands(in: fields, place)
    }

    private static func stringOperands(
        in object: JSONObject, _ place: JSONPointer
    ) -> [(place: JSONPointer, name: String, text: String)] {
        var found: [(JSONPointer, String, String)] = []
        for (key, value) in object {
            switch (key, value) {
            case ("And", .array(let rules)), ("Or", .array(let rules)):
                let place = place.appending(key)
                for (index, rule) in rules.enumerated() {
                    guard case .object(let rule) = rule else { continue }
                    found += stringOperands(in: rule, place.appending(index))
                }
            case ("Not", .object(let rule)): found += stringOperands(in: rule, place.appending(key))
            case (_, .string(let text))
            where key.hasPrefix("String") && !key.hasSuffix("Path") && key != "StringMatches":
                found.append((place.appending(key), key, text))
            default: break
            }
        }
        return found
    }
}

extension LintedState {
    /// The rules of a Choice state.
    var choices: [LintedChoice] {
        guard case .array(let rules)? = fields["Choices"] else { return [] }
        let place = place.appending("Choices")
        return rules.enumerated().compactMap { index, rule in
            guard case .object(let fields) = rule else { return nil }
            return LintedChoice(fields: fields, place: place.appending(index))
        }
    }
}
