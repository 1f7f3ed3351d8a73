public import LandlordDomain

/// Records compute executions and the wish to cancel them.
///
/// Each verb is one durable write; `ComputeExecutionRunner` does the work from what is stored.
public struct ComputeExecutionService: Sendable {
    private let executions: any ComputeExecutionRepository
    private let queue: WorkQueue<Tenant.ID>
    private let surroundings: Surroundings

    /// A service over a repository; what it records is announced in `queue`.
    package init(
        executions: any ComputeExecutionRepository, queue: WorkQueue<Tenant.ID>, surroundings: Surroundings
    ) {
        self.executions = executions
        self.queue = queue
        self.surroundings = surroundings
    }

    /// What an execution is made from.
    public struct Request: Sendable, Hashable {
        /// What it is for; the same subject is the same execution.
        public var subject: ComputeExecution.Subject
        /// What the tenant is called.
        public var tenantName: String
        /// Who runs it.
        public var provider: String
        /// The config to apply.
        public var config: TenantConfig
        /// The run that asks; nil without tracked workflows.
        public var workflowExecutionID: String?
        /// Names the waiting task to the run.
        public var taskToken: String?

        /// Describes an execution.
        public init(
            subject: ComputeExecution.Subject, tenantName: String, provider: String, config: TenantConfig,
            workflowExecutionID: String?, taskToken: String?
        ) {
            self.subject = subject
            self.tenantName = tenantName
            self.provider = provider
            self.config = config
            self.workflowExecutionID = workflowExecutionID
            self.taskToken = taskToken
        }
    }

    /// Records an execution, once for each subject, and returns at once.
    public func begin(_ request: Request) async throws(RepositoryError) -> ComputeExecution {
        let execution = ComputeExecution(
            subject: request.subject, tenantName: request.tenantName,
            workflowExecutionID: request.workflowExecutionID, taskToken: request.taskToken,
            provider: request.provider, config: request.config, at: surroundings.now())
        let stored = try await executions.create(execution, execution.birth())
        surroundings.reached(.recorded)
        if !stored.status.isTerminal { queue.add(stored.tenantID) }
        return stored
    }

    /// Writes the wish to stop an execution.
    ///
    /// Where it is over, nothing changes and its end is returned.
    ///
    /// - Throws: `.notFound` where there is no such execution.
    public func cancel(_ id: ComputeExecution.ID, reason: String) async throws(RepositoryError) -> ComputeExecution {
        let now = surroundings.now()
        guard let execution = try await executions.requestCancellation(of: id, reason: reason, at: now) else {
            throw .notFound
        }
        if !execution.status.isTerminal { queue.add(execution.tenantID) }
        return execution
    }

    /// The execution with this identifier.
    public func execution(_ id: ComputeExecution.ID) async throws(RepositoryError) -> ComputeExecution? {
        try await executions.execution(id)
    }

    /// The execution that this one is another try of; nil for a first try.
    public func predecessor(of execution: ComputeExecution) async throws(RepositoryError) -> ComputeExecution.ID? {
        try await executions.predecessor(of: execution.subject)
    }

    /// A window on the executions, newest first.
    public func page(_ query: ComputeExecutionQuery) async throws(RepositoryError) -> Page<ComputeExecution> {
        try await executions.page(query)
    }

    /// An execution's history, oldest first.
    public func history(of id: ComputeExecution.ID) async throws(RepositoryError) -> [ComputeExecutionEntry] {
        try await executions.history(of: id)
    }

    /// How many executions stand where.
    public func counts() async throws(RepositoryError) -> [ComputeExecutionStatus: Int] {
        try await executions.counts()
    }
}
