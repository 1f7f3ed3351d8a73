public import StatesLanguage

/// What moving a run to another version of its definition would be.
public struct RunMovePlan: Sendable, Hashable {
    /// The run.
    public let runID: String
    /// The workflow that it runs.
    public let workflowID: String
    /// The version that it is on.
    public let from: Int
    /// The version that it would go on with; the same where there is nothing to do.
    public let to: Int
    /// Everything that is in the way, at once; empty where the run can be moved.
    public let problems: [MoveProblem]
}
