public import LandlordDomain
public import StatesLanguage

/// Runs of the embedded engine as operators see them: lists, one run, its history, and everything done to one.
public struct RunService: Sendable {
    private let store: any RunStore
    private let provider: EmbeddedWorkflowProvider

    /// Reads runs from their store; what is done to one goes through the provider.
    package init(store: any RunStore, provider: EmbeddedWorkflowProvider) {
        self.store = store
        self.provider = provider
    }

    // MARK: Reading

    /// A window on the runs, newest first.
    public func page(_ query: WorkflowRunQuery) async throws(RepositoryError) -> Page<WorkflowRun> {
        try await store.page(query)
    }

    /// The run with this name.
    public func run(_ id: String) async throws(RepositoryError) -> WorkflowRun? {
        try await store.run(id)
    }

    /// A run with its definition and the variables of its main line; nil where there is no such run.
    public func detail(of id: String) async throws(RepositoryError) -> RunStoreDetail? {
        try await store.detail(of: id)
    }

    /// A window on a run's history, oldest first, behind the event with this number; the tokens of its open tasks are
    /// hidden wherever the definition has put them.
    public func history(
        of id: String, after event: Int = 0, limit: Int = PageLimit.largest
    ) async throws(RepositoryError) -> [HistoryEvent] {
        let events = try await store.history(of: id, after: event, limit: limit)
        // Read behind the events: the token of a task that was answered meanwhile opens nothing any more.
        let tokens = try await store.openTokens(of: id)
        guard !tokens.isEmpty else { return events }
        return events.map { TokenRedaction.without($0, tokens: tokens) }
    }

    /// The tasks that a run waits for, in the order in which they were asked.
    public func openTasks(of id: String) async throws(RepositoryError) -> [StoredTask] {
        try await store.openTasks(of: id)
    }

    /// What each of some runs waits for, in short; those that are over wait for nothing.
    public func openTasks(ofEach runs: [WorkflowRun]) async throws(RepositoryError) -> [String: OpenTasks] {
        try await store.openTasks(ofEach: runs.filter { !$0.status.isTerminal }.map(\.id))
    }

    /// The signals that a run has got, oldest first.
    public func signals(of id: String) async throws(RepositoryError) -> [StoredSignal] {
        try await store.signals(of: id)
    }

    // MARK: Doing

    /// Makes a workflow known under its name, with the version that it gets.
    public func create(_ spec: WorkflowSpec) async throws(WorkflowError) -> WorkflowCreation {
        let violations = spec.violations
        guard violations.isEmpty else { throw .invalidSpec(violations) }
        return try await provider.createWorkflow(spec)
    }

    /// The workflows that runs may be started of, by their names.
    public func workflows(
        after cursor: PageCursor?, limit: Int
    ) async throws(RepositoryError) -> Page<WorkflowSummary> {
        try await store.workflows(after: cursor, limit: limit)
    }

    /// A workflow with its runs in flight and what keeps new ones out; nil where there is none.
    public func workflow(_ workflowID: String) async throws(RepositoryError) -> WorkflowSummary? {
        try await store.workflow(workflowID)
    }

    /// Who has drained and opened a workflow and why, oldest first.
    public func admissions(of workflowID: String) async throws(RepositoryError) -> [WorkflowAdmission] {
        try await store.admissions(of: workflowID)
    }

    /// Lets no new run of a workflow start, or lets runs start again; what is so already is no error.
    ///
    /// Runs in flight go on, and a run that has the name that is asked for is still the answer.
    ///
    /// - Throws: `.workflowNotFound`, or `.refused` for the workflows that serve tenants.
    public func admit(
        _ verb: WorkflowAdmission.Verb, to workflowID: String, by actor: String, reason: String
    ) async throws(WorkflowError) {
        try await provider.admit(verb, to: workflowID, by: actor, reason: reason)
    }

    /// A name that nothing has: for a run that was not given one, or as the key of a signal.
    public func freshName() -> String { provider.surroundings.uuid().lowercased() }

    /// Starts a run; the same name again, with the same workflow and input, is the same run.
    ///
    /// - Throws: `.workflowNotFound`, `.invalidSpec`, or `.refused` where the workflow is drained, or another run has
    ///   the name.
    public func start(
        _ workflowID: String, _ input: ExecutionInput
    ) async throws(WorkflowError) -> WorkflowStatus {
        let status = try await provider.startExecution(of: workflowID, input)
        let run = try await provider.run(status.executionID)
        guard run.workflowID == workflowID else {
            throw .refused("run '\(run.id)' is there already, of workflow '\(run.workflowID)'")
        }
        guard run.input == input.input else {
            throw .refused("run '\(run.id)' is there already, with another input")
        }
        return status
    }

    /// Suspends, resumes, cancels, terminates or retries a run.
    ///
    /// - Throws: `.executionNotFound`, or `.refused` where the run is not where that can be done.
    public func give(_ order: RunOrder, to id: String) async throws(WorkflowError) {
        try await provider.give(order, to: id)
    }

    /// What a run would be moved from and to, and everything that is in the way; changes nothing.
    ///
    /// - Throws: `.executionNotFound`, or `.refused` where the run is over for good or there is no such version.
    public func movePlan(of id: String, to version: Int?) async throws(WorkflowError) -> RunMovePlan {
        try await provider.movePlan(of: id, to: version)
    }

    /// Lets a run go on with another version of its definition, the newest where none is named.
    ///
    /// - Throws: `.executionNotFound`, or `.refused` where it cannot be moved.
    @discardableResult
    public func move(
        _ id: String, to version: Int?, by actor: String, reason: String
    ) async throws(WorkflowError) -> RunMovePlan {
        try await provider.move(id, to: version, by: actor, reason: reason)
    }

    /// Sends a signal to a run.
    ///
    /// - Returns: Whether it is new; one with a key that the run has got is that one.
    /// - Throws: `.executionNotFound`, `.invalidSpec`, or `.refused` where the run is over or too many signals wait.
    @discardableResult
    public func send(_ signal: RunSignal, to id: String) async throws(WorkflowError) -> Bool {
        try await provider.send(signal, to: id)
    }

    // MARK: Workers

    /// The activities that have tasks.
    public func activities() async throws(RepositoryError) -> [ActivitySummary] {
        try await store.activities(at: provider.surroundings.now())
    }

    /// Hands out a task of an activity; nil where none waits.
    public func activityTask(
        of activity: String, for worker: String, leaseSeconds: Int = EmbeddedWorkflowProvider.standardLeaseSeconds
    ) async throws(WorkflowError) -> ActivityTask? {
        try await provider.activityTask(of: activity, for: worker, leaseSeconds: leaseSeconds)
    }

    /// Answers a task with its result.
    public func succeed(token: String, output: JSONValue) async throws(TaskTokenError) {
        try await provider.succeed(token: token, output: output)
    }

    /// Answers a task with an error.
    public func fail(token: String, error: String, cause: String) async throws(TaskTokenError) {
        try await provider.fail(token: token, error: error, cause: cause)
    }

    /// The token of a task that waits for one, for whom its definition cannot pass it to.
    ///
    /// - Throws: `.executionNotFound`, or `.refused` where the run waits for no token under this number.
    public func token(of task: TaskReference) async throws(WorkflowError) -> String {
        try await provider.token(of: task)
    }

    /// Says that whoever works on a task is alive.
    public func heartbeat(token: String) async throws(TaskTokenError) {
        try await provider.heartbeat(token: token)
    }

    // MARK: Semaphores

    /// The named limits that were set or that tasks ask for.
    public func semaphores() async throws(RepositoryError) -> [SemaphoreSummary] {
        try await store.semaphores()
    }

    /// Sets how many tasks may have a place in a named limit at once.
    public func setCapacity(
        _ capacity: Int, of semaphore: String, by actor: String
    ) async throws(RepositoryError) {
        try await store.setCapacity(capacity, of: semaphore, by: actor, at: provider.surroundings.now())
        await provider.admit(to: semaphore)
    }
}
