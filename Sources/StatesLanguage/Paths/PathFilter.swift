/// What an element must fulfil to pass `[?(...)]`.
indirect enum PathFilter: Sendable, Hashable {
    case all([PathFilter])
    case any([PathFilter])
    case not(PathFilter)
    /// There is something at the path, be it null.
    case exists(JSONPath)
    case compare(Operand, Comparison, Operand)
    /// The whole text of the side is what the expression describes.
    case matches(Operand, RegularExpression)

    /// One side of a comparison.
    enum Operand: Sendable, Hashable {
        case literal(JSONValue)
        case path(JSONPath)
    }

    /// How two sides are compared; the raw value is how a path writes it.
    enum Comparison: String, Sendable, Hashable, CaseIterable {
        case equal = "=="
        case notEqual = "!="
        case lessOrEqual = "<="
        case less = "<"
        case greaterOrEqual = ">="
        case greater = ">"
        case isIn = "in"
        case isNotIn = "nin"
        case isSubset = "subsetof"
        case anyOf = "anyof"
        case noneOf = "noneof"
        case containsAll = "all"
        case contains
        case hasSize = "size"
        case isEmpty = "empty"
    }

    /// How deep parentheses and filters inside filters may nest.
    static let depthLimit = 20

    func holds(for node: JSONValue, in walk: inout PathWalk) throws(PathMissing) -> Bool {
        try walk.visit(1)
        switch self {
        case .all(let parts):
            for part in parts where try !part.holds(for: node, in: &walk) { return false }
            return true
        case .any(let parts):
            for part in parts where try part.holds(for: node, in: &walk) { return true }
            return false
        case .not(let part): return try !part.holds(for: node, in: &walk)
        case .exists(let path): return try Operand.path(path).value(for: node, in: &walk) != nil
        case .compare(let left, let comparison, let right):
            guard try left.isAnswerable(for: node, in: &walk), try right.isAnswerable(for: node, in: &walk) else {
                return false
            }
            let (left, right) = (try left.value(for: node, in: &walk), try right.value(for: node, in: &walk))
            for case .array(let elements)? in [left, right] { try walk.visit(elements.count) }
            return comparison.holds(left, right)
        case .matches(let operand, let expression):
            guard try operand.isAnswerable(for: node, in: &walk) else { return false }
            let text: String
            switch try operand.value(for: node, in: &walk) {
            case .string(let value)?: text = value
            case .number(let number)?: text = number.description
            case .bool(let truth)?: text = truth ? "true" : "false"
            // As in the library that AWS uses, anything else is an empty text.
            default: text = ""
            }
            return try walk.isMatch(of: expression, in: text)
        }
    }
}

extension PathFilter.Operand {
    /// Whether a comparison with this side can hold: AWS documents that a bare `@` never matches a scalar.
    fileprivate func isAnswerable(for node: JSONValue, in walk: inout PathWalk) throws(PathMissing) -> Bool {
        guard case .path(let path) = self, path.root == .current, path.steps.isEmpty else { return true }
        switch node {
        case .array, .object: return true
        case .null, .bool, .number, .string: return false
        }
    }

    /// The value of the side, or nil when its path leads nowhere.
    fileprivate func value(for node: JSONValue, in walk: inout PathWalk) throws(PathMissing) -> JSONValue? {
        switch self {
        case .literal(let value): return value
        case .path(let path):
            do {
                return try walk.value(of: path, from: path.root == .current ? node : walk.document)
            } catch {
                if error.reason == .unusable { throw error }
                return nil
            }
        }
    }
}

extension PathFilter.Comparison {
    /// Compares; a side that is not there equals nothing and is in nothing.
    fileprivate func holds(_ left: JSONValue?, _ right: JSONValue?) -> Bool {
        switch self {
        case .equal: return Self.areEqual(left, right)
        case .notEqual: return !Self.areEqual(left, right)
        case .less: return Self.isOrdered(left, right) { $0 < $1 }
        case .lessOrEqual: return Self.isOrdered(left, right) { $0 <= $1 }
        case .greater: return Self.isOrdered(right, left) { $0 < $1 }
        case .greaterOrEqual: return Self.isOrdered(right, left) { $0 <= $1 }
        case .isIn: return right?.arrayValue?.contains { Self.areEqual(left, $0) } ?? false
        case .isNotIn: return !(right?.arrayValue?.contains { Self.areEqual(left, $0) } ?? false)
        case .contains: return Self.contains(left, right)
        case .hasSize: return Self.size(of: left).map { Self.areEqual(.number(JSONNumber($0)), right) } ?? false
        case .isEmpty: return Self.size(of: left).map { .bool($0 == 0) == right } ?? false
        case .isSubset, .anyOf, .noneOf, .containsAll: return Self.compareSets(self, left, right)
        }
    }

    private static func compareSets(_ comparison: Self, _ left: JSONValue?, _ right: JSONValue?) -> Bool {
        guard let left = left?.arrayValue, let right = right?.arrayValue else { return false }
        let (leftSet, rightSet) = (Set(left), Set(right))
        switch comparison {
        case .isSubset: return leftSet.isSubset(of: rightSet)
        case .anyOf: return !leftSet.isDisjoint(with: rightSet)
        case .noneOf: return leftSet.isDisjoint(with: rightSet)
        default: return leftSet.isSuperset(of: rightSet)
        }
    }

    /// A number and a string are equal when the one reads as the other, as in the library that AWS uses.
    private static func areEqual(_ left: JSONValue?, _ right: JSONValue?) -> Bool {
        switch (left, right) {
        case (.number(let number)?, .string(let text)?): Double(text).flatMap(JSONNumber.init) == number
        case (.string(let text)?, .number(let number)?): text.hasSameBytes(as: number.description)
        case (let left?, let right?): left == right
        default: false
        }
    }

    private static func isOrdered(
        _ left: JSONValue?, _ right: JSONValue?, _ isOrdered: (JSONNumber, JSONNumber) -> Bool
    ) -> Bool {
        switch (left, right) {
        case (.number(let left)?, .number(let right)?): return isOrdered(left, right)
        case (.string(let left)?, .string(let right)?):
            // Java orders strings by their UTF-16 code units; equal strings are like equal numbers.
            let order = JSONWriter.isOrderedBefore(left, right) ? 0 : left.hasSameBytes(as: right) ? 1 : 2
            return isOrdered(JSONNumber(order), JSONNumber(1))
        default: return false
        }
    }

    private static func contains(_ left: JSONValue?, _ right: JSONValue?) -> Bool {
        switch (left, right) {
        case (.array(let elements)?, let right?): elements.contains { areEqual($0, right) }
        case (.string(let text)?, .string(let part)?): PathFilter.isFound(Array(part.utf8), in: Array(text.utf8))
        default: false
        }
    }

    private static func size(of value: JSONValue?) -> Int? {
        switch value {
        case .array(let elements): elements.count
        case .object(let object): object.count
        case .string(let text): text.utf16.count
        default: nil
        }
    }
}

extension PathFilter {
    /// Tells whether bytes stand in others, in time that grows with the sum of both lengths alone.
    fileprivate static func isFound(_ part: [UInt8], in text: [UInt8]) -> Bool {
        guard let first = part.first else { return true }
        guard part.count <= text.count, first == part[0] else { return false }
        // Knuth, Morris and Pratt: `fallback[n]` is the longest proper prefix that is also the end of the first n + 1.
        var fallback = [0]
        var matched = 0
        for byte in part.dropFirst() {
            while matched > 0, part[matched] != byte { matched = fallback[matched - 1] }
            if part[matched] == byte { matched += 1 }
            fallback.append(matched)
        }
        matched = 0
        for byte in text {
            while matched > 0, part[matched] != byte { matched = fallback[matched - 1] }
            if part[matched] == byte { matched += 1 }
            if matched == part.count { return true }
        }
        return false
    }
}
