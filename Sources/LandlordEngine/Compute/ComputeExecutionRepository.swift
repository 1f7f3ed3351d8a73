public import LandlordDomain
public import StatesLanguage

/// Where compute executions, their history and the callbacks that they give birth to are kept.
public protocol ComputeExecutionRepository: Sendable {
    /// Writes a new execution and the first line of its history; where its identifier is known, changes nothing.
    ///
    /// - Returns: The stored execution, which may be older than the one that was handed in.
    func create(
        _ execution: ComputeExecution, _ entry: ComputeExecutionEntry
    ) async throws(RepositoryError) -> ComputeExecution

    /// Writes an execution, a line of its history and its callbacks in one transaction.
    ///
    /// The cancel request is not written: it belongs to whoever asks for it, at any time.
    ///
    /// - Throws: `.stale` where the stored status is not `status` any more.
    func save(
        _ execution: ComputeExecution, from status: ComputeExecutionStatus, _ entry: ComputeExecutionEntry,
        callbacks: [Callback]
    ) async throws(RepositoryError)

    /// Writes the wish to stop an execution, unless it is over or the wish is already written.
    ///
    /// - Returns: The execution as it is stored now; nil where there is none.
    func requestCancellation(
        of id: ComputeExecution.ID, reason: String, at now: Timestamp
    ) async throws(RepositoryError) -> ComputeExecution?

    /// The execution with this identifier.
    func execution(_ id: ComputeExecution.ID) async throws(RepositoryError) -> ComputeExecution?

    /// A window on the executions, newest first.
    func page(_ query: ComputeExecutionQuery) async throws(RepositoryError) -> Page<ComputeExecution>

    /// How many executions stand where.
    func counts() async throws(RepositoryError) -> [ComputeExecutionStatus: Int]

    /// An execution's history, oldest first, at most `PageLimit.largest` lines.
    func history(of id: ComputeExecution.ID) async throws(RepositoryError) -> [ComputeExecutionEntry]

    /// Executions that are not over, oldest first, behind the given one.
    func unfinished(
        after cursor: PageCursor?, limit: Int
    ) async throws(RepositoryError) -> Page<ComputeExecution>

    /// What the executions of a tenant mark their work with: the tenant's labels as they are now.
    func labels(of tenantID: Tenant.ID) async throws(RepositoryError) -> [String: String]

    /// The execution before this one that was for the same operation on the same generation; nil for a first try.
    func predecessor(of subject: ComputeExecution.Subject) async throws(RepositoryError) -> ComputeExecution.ID?

    /// Executions that are not over and should stop.
    func cancellationsRequested(limit: Int) async throws(RepositoryError) -> [ComputeExecution]
}
