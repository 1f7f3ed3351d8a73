/// Reads one rule of a Choice state, or one rule inside another.
struct ConditionParser {
    let reader: FieldReader
    /// Whether the rule stands in `Choices` itself, where it has `Next`.
    let isTop: Bool

    private static let combiners = ["And", "Or", "Not"]

    func parse() -> Condition? {
        if !isTop && reader.has("Next") {
            reader.report(.unknownField, "Next", "only a rule directly in 'Choices' has 'Next'")
        }
        let found = Self.combiners.filter(reader.has)
        guard let combiner = found.first else { return test() }
        reader.refuseFields(except: ["Comment", "Next", combiner], of: "a rule with '\(combiner)'")
        switch combiner {
        case "Not":
            guard let value = reader.object[combiner],
                let inner = FieldReader(value, pointer: reader.place(combiner), problems: reader.problems)
            else { return nil }
            return ConditionParser(reader: inner, isTop: false).parse().map(Condition.not)
        case "And": return list(combiner).map(Condition.all)
        default: return list(combiner).map(Condition.any)
        }
    }

    private func list(_ name: String) -> [Condition]? {
        let readers = reader.objects(name)
        if reader.object[name]?.arrayValue?.isEmpty == true {
            reader.report(.invalidValue, name, "'\(name)' needs at least one rule")
        }
        let conditions = readers.compactMap { ConditionParser(reader: $0, isTop: false).parse() }
        return conditions.count == readers.count ? conditions : nil
    }

    private func test() -> Condition? {
        let names = reader.object.keys.filter { ChoiceOperator.byName[$0] != nil }
        reader.refuseFields(except: Set(names).union(["Comment", "Next", "Variable"]), of: "a rule")
        for extra in names.dropFirst() {
            reader.report(
                .conflictingFields, extra, "a rule has only one comparison, and '\(names[0])' is there already")
        }
        guard reader.has("Variable") else {
            reader.problems.add(.missingField, reader.pointer, "the field 'Variable' is missing")
            return nil
        }
        let variable = reader.path("Variable", isDefinite: true)
        guard let name = names.first, let comparison = ChoiceOperator.byName[name] else {
            reader.problems.add(.missingField, reader.pointer, "the rule has no comparison")
            return nil
        }
        guard let comparison = read(comparison, name), let variable else { return nil }
        return .test(variable: variable, comparison)
    }

    private func read(_ comparison: ChoiceOperator, _ name: String) -> Condition.Comparison? {
        switch comparison {
        case .isPresent: return reader.boolean(name).map(Condition.Comparison.isPresent)
        case .isOfKind(let kind): return reader.boolean(name).map { .isOfKind(kind, $0) }
        case .matches: return reader.string(name).map { .matches(WildcardPattern($0)) }
        case .compares(let kind, let relation, let isPath):
            let operand = isPath ? reader.path(name, isDefinite: true).map(Condition.Operand.path) : literal(kind, name)
            return operand.map { .compares(kind, relation, $0) }
        }
    }

    private func literal(_ kind: Condition.Operand.Kind, _ name: String) -> Condition.Operand? {
        guard let value = reader.object[name] else { return nil }
        switch (kind, value) {
        case (.string, .string), (.numeric, .number), (.boolean, .bool): return .literal(value)
        case (.timestamp, .string(let text)) where Timestamp(rfc3339: text) != nil: return .literal(value)
        case (.timestamp, .string(let text)):
            reader.report(.invalidValue, name, "'\(text)' is not a timestamp of RFC 3339")
        case (.string, _): reader.report(.wrongType, name, "'\(name)' compares with a string")
        case (.numeric, _): reader.report(.wrongType, name, "'\(name)' compares with a number")
        case (.boolean, _): reader.report(.wrongType, name, "'\(name)' compares with true or false")
        case (.timestamp, _): reader.report(.wrongType, name, "'\(name)' compares with a timestamp")
        }
        return nil
    }
}
