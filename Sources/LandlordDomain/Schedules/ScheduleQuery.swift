/// Which schedules a list shows, newest first, and which window of it.
public struct ScheduleQuery: Sendable, Hashable {
    /// Only these statuses; empty for every one.
    public var statuses: Set<Schedule.Status>
    /// Only those that start runs of this workflow.
    public var workflowID: String?
    /// Each must be found in the name, the workflow, or the name of the run that was started last.
    public var words: [String]
    /// Behind which item the window begins; nil for the beginning.
    public var after: PageCursor?
    /// How many items the window holds.
    public var limit: Int

    /// Describes a list.
    public init(
        statuses: Set<Schedule.Status> = [], workflowID: String? = nil, words: [String] = [],
        after: PageCursor? = nil, limit: Int = PageLimit.standard
    ) {
        self.statuses = statuses
        self.workflowID = workflowID
        self.words = words
        self.after = after
        self.limit = PageLimit.clamped(limit)
    }
}

/// Reads the filter that a person types over the list of schedules: words, `status:` and `workflow:`.
///
/// A bare word is looked for in name, workflow and the last run.
public enum ScheduleFilter {
    /// Reads a filter and lays it over a query, whose place and limit stay.
    ///
    /// - Throws: The first part that cannot be served, with its place.
    public static func parse(
        _ text: String, into query: ScheduleQuery = ScheduleQuery()
    ) throws(FilterProblem) -> ScheduleQuery {
        try query.filtered(by: text)
    }
}
