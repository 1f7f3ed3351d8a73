/// Reads the filter that a person types over the list of callbacks.
///
///     term = word | string
///          | ("status" | "operation") ":" value { "," value }
///          | ("tenant" | "destination" | "execution" | "cause" | "error") ":" value
///          | "error~" value
///          | "attempts" (":" | "<" | "<=" | ">" | ">=") number
///          | "age" ("<" | "<=" | ">" | ">=") duration ;
///
/// A bare word is looked for in identifier, tenant, destination and last error. The grammar itself is that of all
/// lists: `FilterText`.
public enum CallbackFilter {
    /// Reads a filter and lays it over a query, whose order, place and limit stay.
    ///
    /// - Throws: The first part that cannot be served, with its place.
    public static func parse(
        _ text: String, into query: CallbackQuery = CallbackQuery()
    ) throws(FilterProblem) -> CallbackQuery {
        var result = query
        for term in try FilterText.terms(of: text) {
            switch term.content {
            case .word(let word): result.words.append(word)
            case .condition(let field, let sign, let value, _):
                try apply(term, field, sign, value, to: &result)
            }
        }
        return result
    }

    private static func apply(
        _ term: FilterTerm, _ field: String, _ sign: FilterTerm.Sign, _ value: String, to query: inout CallbackQuery
    ) throws(FilterProblem) {
        switch field {
        case "status" where sign.isEquality:
            try term.refuseSecond(!query.statuses.isEmpty, field)
            query.statuses = try term.words(of: value, what: "status")
        case "operation" where sign.isEquality:
            try term.refuseSecond(!query.operations.isEmpty, field)
            query.operations = try term.words(of: value, what: "operation")
        case "tenant" where sign.isEquality: try set(\.tenantName, value, term, field, in: &query)
        case "destination" where sign.isEquality: try set(\.host, value.lowercased(), term, field, in: &query)
        case "cause" where sign.isEquality: try set(\.fingerprint, value, term, field, in: &query)
        case "execution" where sign.isEquality:
            try set(\.executionID, ComputeExecution.ID(value), term, field, in: &query)
        case "error" where sign.isEquality:
            try term.refuseSecond(!query.errorCodes.isEmpty, field)
            query.errorCodes = try term.words(of: value.uppercased(), what: "error code")
        case "error" where sign == .tilde: query.errorWords.append(value)
        case "attempts" where sign != .tilde: try narrowAttempts(term, sign, value, in: &query)
        case "age" where !sign.isEquality && sign != .tilde: try narrowAge(term, sign, value, in: &query)
        default: throw term.refusal(known: known, shown: shown)
        }
    }

    private static let known: [(field: String, signs: [FilterTerm.Sign])] = [
        ("status", [.colon]), ("tenant", [.colon]), ("destination", [.colon]), ("operation", [.colon]),
        ("execution", [.colon]), ("cause", [.colon]), ("error", [.colon, .tilde]), ("attempts", [.atLeast, .atMost]),
        ("age", [.less, .more]),
    ]
    private static let shown =
        "status:, tenant:, destination:, operation:, execution:, cause:, error:, error~, attempts>=, age<"

    private static func set<Value: Hashable>(
        _ path: WritableKeyPath<CallbackQuery, Value?>, _ value: Value, _ term: FilterTerm, _ field: String,
        in query: inout CallbackQuery
    ) throws(FilterProblem) {
        try term.refuseSecond(query[keyPath: path].map { $0 != value } ?? false, field)
        query[keyPath: path] = value
    }

    /// Several terms narrow the range further.
    private static func narrowAttempts(
        _ term: FilterTerm, _ sign: FilterTerm.Sign, _ value: String, in query: inout CallbackQuery
    ) throws(FilterProblem) {
        guard value.utf8.allSatisfy({ (0x30...0x39) ~= $0 }), let number = Int(value), number < Int.max else {
            throw term.problem("needs a whole number")
        }
        let range: ClosedRange<Int>?
        switch sign {
        case .atMost: range = 0...number
        case .less: range = number > 0 ? 0...(number - 1) : nil
        case .atLeast: range = number...Int.max
        case .more: range = (number + 1)...Int.max
        case .colon, .equals, .tilde: range = number...number
        }
        let known = query.attempts ?? 0...Int.max
        guard let range, range.overlaps(known) else { throw term.problem("leaves no number of attempts") }
        query.attempts = range.clamped(to: known)
    }

    private static func narrowAge(
        _ term: FilterTerm, _ sign: FilterTerm.Sign, _ value: String, in query: inout CallbackQuery
    ) throws(FilterProblem) {
        guard let age = Duration(words: value) else { throw term.problem("needs a duration such as 30m, 24h or 7d") }
        switch sign {
        case .less, .atMost: query.ageBelow = min(query.ageBelow ?? age, age)
        case .more, .atLeast, .colon, .equals, .tilde: query.ageAbove = max(query.ageAbove ?? age, age)
        }
    }
}
