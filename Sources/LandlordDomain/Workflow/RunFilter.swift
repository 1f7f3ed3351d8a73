/// Reads the filter that a person types over the list of runs: words, `status:` and `workflow:`.
///
/// A bare word is looked for in identifier, workflow, state, error and who started the run.
public enum RunFilter {
    /// Reads a filter and lays it over a query, whose place and limit stay.
    ///
    /// - Throws: The first part that cannot be served, with its place.
    public static func parse(
        _ text: String, into query: WorkflowRunQuery = WorkflowRunQuery()
    ) throws(FilterProblem) -> WorkflowRunQuery {
        try query.filtered(by: text)
    }
}
