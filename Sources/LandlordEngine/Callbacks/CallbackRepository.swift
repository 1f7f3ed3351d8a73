public import LandlordDomain
public import StatesLanguage

/// Where callbacks and the attempts to deliver them are kept.
///
/// Their birth is the execution repository's.
public protocol CallbackRepository: Sendable {
    /// Pending callbacks that are due, longest due first.
    func due(at now: Timestamp, limit: Int) async throws(RepositoryError) -> [Callback]

    /// When the next pending callback is due after `now`; nil where none waits.
    func nextDue(after now: Timestamp) async throws(RepositoryError) -> Timestamp?

    /// Writes a callback, and the attempt that was just made, if its stored status is still `status`.
    ///
    /// - Throws: `.stale` where somebody else moved it.
    func save(
        _ callback: Callback, from status: CallbackStatus, attempt: CallbackAttempt?
    ) async throws(RepositoryError)

    /// Makes pending again what was being delivered when a process died. The receiver drops the duplicate.
    func recoverInterrupted(at now: Timestamp) async throws(RepositoryError) -> Int

    /// The callback with this identifier.
    func callback(_ id: Callback.ID) async throws(RepositoryError) -> Callback?

    /// A window on the callbacks, newest first.
    func page(_ query: CallbackQuery) async throws(RepositoryError) -> Page<Callback>

    /// How many callbacks stand where.
    func counts() async throws(RepositoryError) -> [CallbackStatus: Int]

    /// The attempts to deliver a callback, oldest first, at most `PageLimit.largest`.
    func attempts(of id: Callback.ID) async throws(RepositoryError) -> [CallbackAttempt]
}
