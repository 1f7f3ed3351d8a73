/// Reads the filter that a person types over the list of runs.
///
///     term = word | string
///          | "status" ":" value { "," value }
///          | "workflow" ":" value ;
///
/// A bare word is looked for in identifier, workflow, state, error and who started the run. The grammar itself is that
/// of all lists: `FilterText`.
public enum RunFilter {
    /// Reads a filter and lays it over a query, whose place and limit stay.
    ///
    /// - Throws: The first part that cannot be served, with its place.
    public static func parse(
        _ text: String, into query: WorkflowRunQuery = WorkflowRunQuery()
    ) throws(FilterProblem) -> WorkflowRunQuery {
        var result = query
        for term in try FilterText.terms(of: text) {
            switch term.content {
            case .word(let word): result.words.append(word)
            case .condition("status", let sign, let value, _) where sign.isEquality:
                try term.refuseSecond(!result.statuses.isEmpty, "status")
                result.statuses = try term.words(of: value, what: "status")
            case .condition("workflow", let sign, let value, _) where sign.isEquality:
                try term.refuseSecond(result.workflowID.map { $0 != value } ?? false, "workflow")
                result.workflowID = value
            case .condition: throw term.refusal(known: known, shown: "status:, workflow:")
            }
        }
        return result
    }

    private static let known: [(field: String, signs: [FilterTerm.Sign])] = [
        ("status", [.colon]), ("workflow", [.colon]),
    ]
}
