import StatesLanguage

/// Reads the filter that a person types over the list of tenants: the part of the grammar that the database answers.
///
///     term   = word | string | field ":" value { "," value } | "name~" value ;
///     field  = "status" | "provider" | "label." key ;
///
/// A bare word, and what `name~` asks for, is looked for in name, status message and identifier. Several values are
/// alternatives and only `status` has them. The grammar itself is that of all lists: `FilterText`.
public enum TenantFilter {
    /// Reads a filter and lays it over a query, whose order, place and limit stay.
    ///
    /// - Throws: The first part that cannot be served, with its place.
    public static func parse(
        _ text: String, into query: TenantQuery = TenantQuery()
    ) throws(FilterProblem) -> TenantQuery {
        var result = query
        for term in try FilterText.terms(of: text) { try apply(term, to: &result) }
        return result
    }

    private static func apply(_ term: FilterTerm, to query: inout TenantQuery) throws(FilterProblem) {
        guard case .condition(let field, let sign, let value, let isQuoted) = term.content else {
            if case .word(let word) = term.content { query.words.append(word) }
            return
        }
        switch field {
        case "status" where sign.isEquality:
            try term.refuseSecond(!query.statuses.isEmpty, "status")
            query.statuses = try term.words(of: value, what: "status")
        case "provider" where sign.isEquality:
            try term.refuseSecond(query.provider != nil && query.provider != value, "provider")
            try refuseAlternatives(value, isQuoted, term)
            query.provider = value
        case "name" where sign == .tilde: query.words.append(value)
        case _ where field.hasPrefix("label.") && sign.isEquality:
            let key = String(field.dropFirst("label.".count))
            guard !key.isEmpty else { throw term.problem("names no label") }
            try term.refuseSecond(query.labels[key] != nil && query.labels[key] != value, "label.\(key)")
            try refuseAlternatives(value, isQuoted, term)
            query.labels[key] = value
        default:
            throw term.refusal(
                known: [("status", [.colon]), ("provider", [.colon]), ("name", [.tilde])],
                shown: "status:, provider:, label.KEY: and name~")
        }
    }

    private static func refuseAlternatives(
        _ value: String, _ isQuoted: Bool, _ term: FilterTerm
    ) throws(FilterProblem) {
        guard !isQuoted, value.contains(",") else { return }
        throw term.problem("has several values; only 'status' may")
    }
}
