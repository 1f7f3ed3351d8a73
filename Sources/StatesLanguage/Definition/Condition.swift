/// A compiled rule of a Choice state.
indirect enum Condition: Sendable, Hashable {
    case all([Condition])
    case any([Condition])
    case not(Condition)
    case test(variable: JSONPath, Comparison)

    /// What is asked of a variable.
    enum Comparison: Sendable, Hashable {
        case isPresent(Bool)
        case isOfKind(Kind, Bool)
        case matches(WildcardPattern)
        case compares(Operand.Kind, Relation, Operand)
    }

    /// The kinds that `IsNull` and its like ask for.
    enum Kind: String, Sendable, Hashable, CaseIterable {
        case null = "IsNull"
        case string = "IsString"
        case numeric = "IsNumeric"
        case boolean = "IsBoolean"
        case timestamp = "IsTimestamp"
    }

    /// How two values are compared.
    enum Relation: String, Sendable, Hashable, CaseIterable {
        case equals = "Equals"
        case less = "LessThan"
        case greater = "GreaterThan"
        case lessOrEqual = "LessThanEquals"
        case greaterOrEqual = "GreaterThanEquals"
    }

    /// The value a variable is compared with.
    enum Operand: Sendable, Hashable {
        case literal(JSONValue)
        case path(JSONPath)

        /// As what two values are compared; a variable of another kind never matches.
        enum Kind: String, Sendable, Hashable, CaseIterable {
            case string = "String"
            case numeric = "Numeric"
            case boolean = "Boolean"
            case timestamp = "Timestamp"
        }
    }
}

/// The operators of data tests by name.
enum ChoiceOperator: Sendable, Hashable {
    case isPresent
    case isOfKind(Condition.Kind)
    case matches
    case compares(Condition.Operand.Kind, Condition.Relation, isPath: Bool)

    static let byName: [String: ChoiceOperator] = {
        var table: [String: ChoiceOperator] = ["IsPresent": .isPresent, "StringMatches": .matches]
        for kind in Condition.Kind.allCases { table[kind.rawValue] = .isOfKind(kind) }
        for kind in Condition.Operand.Kind.allCases {
            for relation in Condition.Relation.allCases where kind != .boolean || relation == .equals {
                let name = kind.rawValue + relation.rawValue
                table[name] = .compares(kind, relation, isPath: false)
                table[name + "Path"] = .compares(kind, relation, isPath: true)
            }
        }
        return table
    }()
}

// MARK: Evaluation

extension Condition {
    /// Tells whether the condition holds; a variable that is not there is an error, except for `IsPresent`.
    func holds(in scope: Scope) throws(StateError) -> Bool {
        switch self {
        case .all(let conditions):
            for condition in conditions where try !condition.holds(in: scope) { return false }
            return true
        case .any(let conditions):
            for condition in conditions where try condition.holds(in: scope) { return true }
            return false
        case .not(let condition): return try !condition.holds(in: scope)
        case .test(let variable, .isPresent(let expected)):
            do {
                _ = try variable.value(in: scope)
                return expected
            } catch {
                return !expected
            }
        case .test(let variable, let comparison):
            return try comparison.holds(for: Self.look(up: variable, in: scope), in: scope)
        }
    }

    fileprivate static func look(up path: JSONPath, in scope: Scope) throws(StateError) -> JSONValue {
        do {
            return try path.value(in: scope)
        } catch {
            throw StateError(
                ErrorName.runtime,
                "Invalid path '\(path.text)': The choice state's condition path references an invalid value.")
        }
    }
}

extension Condition.Comparison {
    fileprivate func holds(for value: JSONValue, in scope: Scope) throws(StateError) -> Bool {
        switch self {
        case .isPresent(let expected): return expected
        case .isOfKind(let kind, let expected): return kind.includes(value) == expected
        case .matches(let pattern):
            guard case .string(let text) = value else { return false }
            return pattern.matches(text)
        case .compares(let kind, let relation, .literal(let operand)):
            return Self.compare(value, operand, as: kind, relation) ?? false
        case .compares(let kind, let relation, .path(let path)):
            let operand = try Condition.look(up: path, in: scope)
            return Self.compare(value, operand, as: kind, relation) ?? false
        }
    }

    /// Compares two values as one kind; nil when one of them is of another.
    private static func compare(
        _ left: JSONValue, _ right: JSONValue, as kind: Condition.Operand.Kind, _ relation: Condition.Relation
    ) -> Bool? {
        switch (kind, left, right) {
        case (.string, .string(let left), .string(let right)):
            if left.hasSameBytes(as: right) { return relation.holds(isLess: false, isEqual: true) }
            return relation.holds(isLess: JSONWriter.isOrderedBefore(left, right), isEqual: false)
        case (.numeric, .number(let left), .number(let right)):
            return relation.holds(isLess: left < right, isEqual: left == right)
        case (.boolean, .bool(let left), .bool(let right)):
            return left == right
        case (.timestamp, .string(let left), .string(let right)):
            guard let left = Timestamp(rfc3339: left), let right = Timestamp(rfc3339: right) else { return nil }
            return relation.holds(isLess: left < right, isEqual: left == right)
        default: return nil
        }
    }
}

extension Condition.Relation {
    fileprivate func holds(isLess: Bool, isEqual: Bool) -> Bool {
        switch self {
        case .equals: isEqual
        case .less: isLess
        case .lessOrEqual: isLess || isEqual
        case .greater: !isLess && !isEqual
        case .greaterOrEqual: !isLess
        }
    }
}

extension Condition.Kind {
    fileprivate func includes(_ value: JSONValue) -> Bool {
        switch (self, value) {
        case (.null, .null), (.string, .string), (.numeric, .number), (.boolean, .bool): true
        case (.timestamp, .string(let text)): Timestamp(rfc3339: text) != nil
        default: false
        }
    }
}
