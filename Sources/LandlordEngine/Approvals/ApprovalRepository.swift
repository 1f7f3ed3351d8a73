public import LandlordDomain
public import StatesLanguage

/// Where requests for approval are kept; a change and its line of history are one transaction.
public protocol ApprovalRepository: Sendable {
    /// Keeps a request that is new; one that is known is answered as it stands.
    ///
    /// - Throws: `.notFound` where the task that asks is over.
    func request(_ approval: Approval) async throws(RepositoryError) -> Approval

    /// The request with this name.
    func approval(_ id: String) async throws(RepositoryError) -> Approval?

    /// Writes a step.
    ///
    /// - Throws: `.stale` where somebody was faster.
    func save(_ step: ApprovalStep) async throws(RepositoryError)

    /// A window on the requests, newest first.
    func page(_ query: ApprovalQuery) async throws(RepositoryError) -> Page<Approval>

    /// What was done with a request, oldest first.
    func history(of id: String) async throws(RepositoryError) -> [ApprovalEvent]

    /// Requests whose time is over, earliest first.
    func due(at now: Timestamp, limit: Int) async throws(RepositoryError) -> [Approval]

    /// When the next time is over; nil for never.
    func nextExpiry() async throws(RepositoryError) -> Timestamp?

    /// A window on the requests that are over and whose runs were not told, oldest first.
    func unanswered(after cursor: PageCursor?, limit: Int) async throws(RepositoryError) -> [Approval]

    /// Remembers that a run was told.
    func markAnswered(_ id: String) async throws(RepositoryError)
}
