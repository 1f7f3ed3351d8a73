/// Reads one rule of a Choice state, or one rule inside another.
struct ConditionParser {
    let reader: FieldReader
    /// Whether the rule stands in `Choices` itself, where it has `Next`.
    let isTop: Bool

    private static let combiners = ["And", "Or", "Not"]

    func parse() -> Condition? {
        if reader.has("Condition") {
            reader.reportHere(
                .wrongQueryLanguage, "Condition", StateFields.message("Condition", only: .jsonata, in: .jsonPath))
        }
        if reader.has("Output") {
            reader.reportHere(
                .wrongQueryLanguage, "Output", StateFields.message("Output", only: .jsonata, in: .jsonPath))
        }
        let found = (Self.combiners + ["Variable"]).filter(reader.has)
        guard found.count == 1, let combiner = found.first else {
            reader.problems.add(
                found.isEmpty ? .missingField : .conflictingFields, reader.pointer,
                "The object must have only one of the following fields, [And, Or, Not, Variable, Condition]")
            return nil
        }
        guard combiner != "Variable" else { return test() }
        reader.refuseFields(except: known, and: [combiner])
        switch combiner {
        case "Not": return reader.child(combiner).flatMap(nested).map(Condition.not)
        case "And": return list(combiner).map(Condition.all)
        default: return list(combiner).map(Condition.any)
        }
    }

    /// The fields of any rule; only one directly in `Choices` leads somewhere.
    private var known: Set<String> {
        isTop ? Self.topFields : Self.innerFields
    }

    private static let topFields: Set = ["Assign", "Comment", "Condition", "Next", "Output"]
    private static let innerFields: Set = ["Comment", "Condition", "Output"]

    private func nested(_ reader: FieldReader) -> Condition? {
        ConditionParser(reader: reader, isTop: false).parse()
    }

    private func list(_ name: String) -> [Condition]? {
        let readers = reader.objects(name)
        if reader.object[name]?.arrayValue?.isEmpty == true {
            reader.report(.invalidValue, name, "Value cannot be empty")
        }
        let conditions = readers.compactMap(nested)
        return conditions.count == readers.count ? conditions : nil
    }

    private func test() -> Condition? {
        let names = reader.object.keys.filter { ChoiceOperator.byName[$0] != nil }
        reader.refuseFields(except: known, and: names + ["Variable"])
        for extra in names.dropFirst() {
            reader.reportHere(
                .conflictingFields, extra,
                "There should only be one of the following fields: [\(names.joined(separator: ", "))]")
        }
        let variable = reader.referencePath("Variable")
        guard let name = names.first, let comparison = ChoiceOperator.byName[name] else {
            reader.problems.add(
                .missingField, reader.pointer, "This object should have a comparison with the value of 'Variable'")
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
            let operand = isPath ? reader.referencePath(name).map(Condition.Operand.path) : literal(kind, name)
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
        case (.string, _): reader.report(.wrongType, name, "Expected value of type [STRING]")
        case (.numeric, _): reader.report(.wrongType, name, "Expected value of type Number")
        case (.boolean, _): reader.report(.wrongType, name, "Expected value of type [BOOLEAN]")
        case (.timestamp, _): reader.report(.wrongType, name, "Expected value of type [STRING]")
        }
        return nil
    }
}
