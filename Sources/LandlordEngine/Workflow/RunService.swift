public import LandlordDomain
public import StatesLanguage

/// Runs of the embedded engine as operators see them: lists, one run, its history, cancel.
public struct RunService: Sendable {
    private let store: any RunStore
    private let workflows: WorkflowManager

    /// Reads runs from their store; stops them through the manager, which knows each run's provider.
    package init(store: any RunStore, workflows: WorkflowManager) {
        self.store = store
        self.workflows = workflows
    }

    /// A window on the runs, newest first.
    public func page(_ query: WorkflowRunQuery) async throws(RepositoryError) -> Page<WorkflowRun> {
        try await store.page(query)
    }

    /// The run with this name.
    public func run(_ id: String) async throws(RepositoryError) -> WorkflowRun? {
        try await store.run(id)
    }

    /// A window on a run's history, oldest first, behind the event with this number.
    public func history(
        of id: String, after event: Int = 0, limit: Int = PageLimit.largest
    ) async throws(RepositoryError) -> [HistoryEvent] {
        try await store.history(of: id, after: event, limit: limit)
    }

    /// Stops a run, which ends `cancelled`; what is over stays as it is.
    public func cancel(_ id: String, reason: String) async throws(WorkflowError) {
        try await workflows.stop(id, reason: reason)
    }
}
