public import LandlordDomain
public import StatesLanguage

/// The outbox as the deliverer needs it: what is due, whose turn it is taken, what came of it.
///
/// A callback's birth is the execution repository's.
public protocol CallbackOutbox: Sendable {
    /// The destinations that have something waiting, in the order of their names, behind the given one.
    func demands(after lane: String?, limit: Int) async throws(RepositoryError) -> [LaneDemand]

    /// Takes what is due from the outbox: each callback is written as being delivered, its attempt counted.
    func claim(_ wishes: [LaneWish], at now: Timestamp) async throws(RepositoryError) -> [Callback]

    /// Writes what came of an attempt.
    ///
    /// - Throws: `.stale` where the callback is not being delivered any more.
    func record(_ callback: Callback, _ attempt: CallbackAttempt) async throws(RepositoryError)

    /// Makes pending again what was being delivered when a process died. The receiver drops the duplicate.
    ///
    /// - Returns: How many there were.
    func recoverInterrupted(at now: Timestamp) async throws(RepositoryError) -> Int

    /// Makes dead what has waited for longer than `limit`.
    ///
    /// - Returns: Which they are, at most a few hundred at once.
    func giveUp(waitingFor limit: Duration, at now: Timestamp) async throws(RepositoryError) -> [Callback]

    /// Removes what was delivered or discarded before then, with its attempts, some hundreds at once.
    ///
    /// - Returns: How many; dead letters are never among them.
    func prune(settledBefore limit: Timestamp) async throws(RepositoryError) -> Int
}

/// Callbacks as operators see them, and what they do to them.
public protocol CallbackRepository: Sendable {
    /// The callback with this identifier.
    func callback(_ id: Callback.ID) async throws(RepositoryError) -> Callback?

    /// A window on the callbacks.
    func page(_ query: CallbackQuery, at now: Timestamp) async throws(RepositoryError) -> Page<Callback>

    /// How many callbacks stand where.
    func counts() async throws(RepositoryError) -> [CallbackStatus: Int]

    /// How many callbacks are dead: the number that stands on every screen.
    func deadLetterCount() async throws(RepositoryError) -> Int

    /// How many dead letters a query finds, and how many of them nobody waits for any more.
    func deadLetters(
        _ query: CallbackQuery, at now: Timestamp
    ) async throws(RepositoryError) -> (count: Int, ended: Int)

    /// The causes of the dead letters that a query finds, the most frequent first.
    func causes(_ query: CallbackQuery, at now: Timestamp) async throws(RepositoryError) -> [CallbackCause]

    /// The attempts to deliver a callback, oldest first, at most `PageLimit.largest`.
    func attempts(of id: Callback.ID) async throws(RepositoryError) -> [CallbackAttempt]

    /// Who did what to a callback, oldest first, at most `PageLimit.largest`.
    func audit(of id: Callback.ID) async throws(RepositoryError) -> [CallbackAuditEntry]

    /// Applies a verb to callbacks and writes who did it: to all of them, or where one refuses to none.
    func apply(_ order: CallbackOrder, to ids: [Callback.ID]) async throws(RepositoryError) -> [CallbackVerdict]
}

/// Bulk operations and their items.
public protocol CallbackOperationRepository: Sendable {
    /// Writes an operation with the set of dead letters that a query finds now, the oldest first.
    func begin(
        _ request: CallbackOperation.Request, _ query: CallbackQuery, id: CallbackOperation.ID, at now: Timestamp
    ) async throws(RepositoryError) -> CallbackOperation

    /// The operation with this identifier.
    func operation(_ id: CallbackOperation.ID) async throws(RepositoryError) -> CallbackOperation?

    /// The newest operations, the newest first; on wish only those that are not over.
    func operations(isOpen: Bool, limit: Int) async throws(RepositoryError) -> [CallbackOperation]

    /// A window on an operation's items, behind the item with this number.
    func items(
        of id: CallbackOperation.ID, after number: Int, limit: Int
    ) async throws(RepositoryError) -> [CallbackOperationItem]

    /// What came of the last callbacks that an operation has redriven.
    func outcomes(of id: CallbackOperation.ID, sample: Int) async throws(RepositoryError) -> RedriveOutcomes

    /// Applies an operation's verb to its next items.
    ///
    /// - Parameters:
    ///   - id: An operation.
    ///   - count: How many items, at most.
    ///   - retryLimit: Tries after the first where the operation names none.
    ///   - now: What time it is.
    /// - Returns: The operation as it is then.
    /// - Throws: `.stale` where the operation does not run any more.
    func advance(
        _ id: CallbackOperation.ID, by count: Int, retryLimit: Int, at now: Timestamp
    ) async throws(RepositoryError) -> CallbackOperation

    /// Moves an operation from where it stands.
    ///
    /// - Throws: `.stale` where it does not stand there.
    func save(
        _ operation: CallbackOperation, from status: CallbackOperationStatus
    ) async throws(RepositoryError)
}

/// What an operator orders to be done to callbacks.
public struct CallbackOrder: Sendable, Hashable {
    /// What is done.
    public let verb: CallbackVerb
    /// Tries after the first that a redriven callback gets.
    public let retryLimit: Int
    /// Who orders it.
    public let actor: String
    /// Why.
    public let reason: String
    /// When.
    public let at: Timestamp

    /// Describes an order.
    public init(_ verb: CallbackVerb, retryLimit: Int, by actor: String, reason: String, at now: Timestamp) {
        self.verb = verb
        self.retryLimit = retryLimit
        self.actor = actor
        self.reason = reason
        at = now
    }
}

/// What became of one callback that a verb was meant for.
public enum CallbackVerdict: Sendable, Hashable {
    /// The verb was applied; where another one refused, nothing was.
    case applied(Callback)
    /// The verb does not apply.
    case refused(Callback, CallbackRefusal)
    /// There is no such callback.
    case missing(Callback.ID)
}
