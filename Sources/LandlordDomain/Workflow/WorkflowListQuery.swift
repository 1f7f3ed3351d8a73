/// A list whose rows have a status and belong to a workflow: runs, and what starts them.
protocol WorkflowListQuery {
    /// What the rows may be.
    associatedtype Status: RawRepresentable<String> & CaseIterable & Hashable

    var statuses: Set<Status> { get set }
    var workflowID: String? { get set }
    var words: [String] { get set }
}

extension WorkflowListQuery {
    /// The query with a filter laid over it; its place and limit stay.
    ///
    ///     term = word | string
    ///          | "status" ":" value { "," value }
    ///          | "workflow" ":" value ;
    ///
    /// The grammar itself is that of all lists: `FilterText`.
    ///
    /// - Throws: The first part that cannot be served, with its place.
    func filtered(by text: String) throws(FilterProblem) -> Self {
        var result = self
        for term in try FilterText.terms(of: text) {
            switch term.content {
            case .word(let word): result.words.append(word)
            case .condition("status", let sign, let value, _) where sign.isEquality:
                try term.refuseSecond(!result.statuses.isEmpty, "status")
                result.statuses = try term.words(of: value, what: "status")
            case .condition("workflow", let sign, let value, _) where sign.isEquality:
                try term.refuseSecond(result.workflowID.map { $0 != value } ?? false, "workflow")
                result.workflowID = value
            case .condition:
                throw term.refusal(
                    known: [("status", [.colon]), ("workflow", [.colon])], shown: "status:, workflow:")
            }
        }
        return result
    }
}

extension WorkflowRunQuery: WorkflowListQuery {}
extension ScheduleQuery: WorkflowListQuery {}
