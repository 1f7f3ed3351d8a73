/// Which requests for approval a list shows, newest first, and which window of it.
public struct ApprovalQuery: Sendable, Hashable {
    /// Only these statuses; empty for every one.
    public var statuses: Set<ApprovalStatus>
    /// Each must be found in the identifier, the run's name, or what is asked.
    public var words: [String]
    /// Behind which item the window begins; nil for the beginning.
    public var after: PageCursor?
    /// How many items the window holds.
    public var limit: Int

    /// Describes a list.
    public init(
        statuses: Set<ApprovalStatus> = [], words: [String] = [], after: PageCursor? = nil,
        limit: Int = PageLimit.standard
    ) {
        self.statuses = statuses
        self.words = words
        self.after = after
        self.limit = PageLimit.clamped(limit)
    }
}

/// Reads the filter that a person types over the list of requests for approval.
///
///     term = word | string
///          | "status" ":" value { "," value } ;
///
/// A bare word is looked for in identifier, run, title and description. Without a status those are shown that wait for
/// somebody. The grammar itself is that of all lists: `FilterText`.
public enum ApprovalFilter {
    /// Reads a filter.
    ///
    /// - Throws: The first part that cannot be served, with its place.
    public static func parse(_ text: String) throws(FilterProblem) -> ApprovalQuery {
        var query = ApprovalQuery()
        for term in try FilterText.terms(of: text) {
            switch term.content {
            case .word(let word): query.words.append(word)
            case .condition("status", let sign, let value, _) where sign.isEquality:
                try term.refuseSecond(!query.statuses.isEmpty, "status")
                query.statuses = try term.words(of: value, what: "status")
            case .condition: throw term.refusal(known: [("status", [.colon])], shown: "status:")
            }
        }
        if query.statuses.isEmpty { query.statuses = [.pending] }
        return query
    }
}
