public import LandlordDomain
import StatesLanguage

/// Why an operator's wish about callbacks was not fulfilled; nothing was changed.
public enum CallbackServiceError: Error, Sendable, Hashable, CustomStringConvertible {
    /// There is no such callback.
    case unknown(Callback.ID)
    /// There is no such bulk operation.
    case unknownOperation(CallbackOperation.ID)
    /// The verb does not apply to a callback.
    case refused(CallbackVerb, Callback.ID, CallbackRefusal)
    /// The bulk operation cannot go there.
    case illegalStep(CallbackOperation.ID, from: CallbackOperationStatus, to: CallbackOperationStatus)
    /// The database refused.
    case storage(RepositoryError)

    /// A sentence that a person can act on.
    public var description: String {
        switch self {
        case .unknown(let id): "there is no callback '\(id)'"
        case .unknownOperation(let id): "there is no bulk operation '\(id)'"
        case .refused(let verb, let id, let refusal): "callback \(id) \(refusal.words(for: verb))"
        case .illegalStep(let id, let from, let to):
            "bulk operation \(id) is \(from.rawValue) and cannot become \(to.rawValue)"
        case .storage(let error): error.description
        }
    }
}

/// What a verb did to one callback.
public struct CallbackVerbResult: Sendable, Hashable {
    /// The callback as it is now.
    public let callback: Callback
    /// Why nothing had to be done, as the rest of a sentence that begins with the callback; nil where something was.
    public let note: String?
}

/// What a bulk operation would do, before it is begun.
public struct CallbackPreview: Sendable, Hashable {
    /// How many dead letters the filter finds.
    public let count: Int
    /// How many of them nobody waits for any more; a redrive skips those.
    public let ended: Int
    /// Why they are dead, the most frequent cause first.
    public let causes: [CallbackCause]
}

/// Callbacks as operators see them, and everything that they do to dead letters.
///
/// Every verb is one durable write; what follows from it is done by the process that drives the database. Changes are
/// announced as `Change.callback`, bulk operations under their own identifiers.
public struct CallbackService: Sendable {
    private let callbacks: any CallbackRepository
    private let operations: any CallbackOperationRepository
    private let retryLimit: Int
    private let surroundings: Surroundings

    /// Works on callbacks where the engine keeps them.
    package init(
        callbacks: any CallbackRepository, operations: any CallbackOperationRepository, retryLimit: Int,
        surroundings: Surroundings
    ) {
        self.callbacks = callbacks
        self.operations = operations
        self.retryLimit = retryLimit
        self.surroundings = surroundings
    }

    // MARK: Looking

    /// A window on the callbacks.
    public func page(_ query: CallbackQuery) async throws(RepositoryError) -> Page<Callback> {
        try await callbacks.page(query, at: surroundings.now())
    }

    /// The callback with this identifier, with where the run stands that waits for it.
    public func callback(_ id: Callback.ID) async throws(RepositoryError) -> Callback? {
        try await callbacks.callback(id)
    }

    /// The attempts to deliver a callback, oldest first.
    public func attempts(of id: Callback.ID) async throws(RepositoryError) -> [CallbackAttempt] {
        try await callbacks.attempts(of: id)
    }

    /// Who did what to a callback, oldest first.
    public func audit(of id: Callback.ID) async throws(RepositoryError) -> [CallbackAuditEntry] {
        try await callbacks.audit(of: id)
    }

    /// How many callbacks stand where.
    public func counts() async throws(RepositoryError) -> [CallbackStatus: Int] {
        try await callbacks.counts()
    }

    /// How many callbacks are dead: the badge of every screen, cheap however many others there are.
    public func deadLetterCount() async throws(RepositoryError) -> Int {
        try await callbacks.deadLetterCount()
    }

    /// Why the dead letters that a query finds are dead, the most frequent cause first.
    public func causes(_ query: CallbackQuery = CallbackQuery()) async throws(RepositoryError) -> [CallbackCause] {
        try await callbacks.causes(query, at: surroundings.now())
    }

    /// What a bulk operation over the dead letters of a query would do.
    public func preview(_ query: CallbackQuery) async throws(RepositoryError) -> CallbackPreview {
        let now = surroundings.now()
        let (count, ended) = try await callbacks.deadLetters(query, at: now)
        return CallbackPreview(count: count, ended: ended, causes: try await callbacks.causes(query, at: now))
    }

    // MARK: One or a few

    /// Gives dead letters a new budget of attempts, due at once: all of them, or where one refuses none.
    ///
    /// - Parameters:
    ///   - ids: The dead letters. One that is on its way already is left alone and returned as it is.
    ///   - retryLimit: Tries after the first; nil for those of the configuration.
    ///   - actor: Who wants it.
    ///   - reason: Why.
    /// - Returns: The callbacks in the same order.
    /// - Throws: What keeps the first of them from it; nothing was changed.
    public func redrive(
        _ ids: [Callback.ID], retryLimit: Int? = nil, by actor: String, reason: String = ""
    ) async throws(CallbackServiceError) -> [CallbackVerbResult] {
        try await apply(.redrive, to: ids, retryLimit: retryLimit, by: actor, reason: reason)
    }

    /// Gives dead letters up: all of them, or where one refuses none.
    ///
    /// - Returns: The callbacks in the same order; one that is discarded already is as it was.
    /// - Throws: What keeps the first of them from it; nothing was changed.
    public func discard(
        _ ids: [Callback.ID], by actor: String, reason: String = ""
    ) async throws(CallbackServiceError) -> [CallbackVerbResult] {
        try await apply(.discard, to: ids, retryLimit: nil, by: actor, reason: reason)
    }

    private func apply(
        _ verb: CallbackVerb, to ids: [Callback.ID], retryLimit: Int?, by actor: String, reason: String
    ) async throws(CallbackServiceError) -> [CallbackVerbResult] {
        let order = CallbackOrder(
            verb, retryLimit: retryLimit ?? self.retryLimit, by: actor, reason: reason, at: surroundings.now())
        var seen: Set<Callback.ID> = []
        let verdicts = try await storing { () throws(RepositoryError) in
            try await callbacks.apply(order, to: ids.filter { seen.insert($0).inserted })
        }
        var results: [CallbackVerbResult] = []
        for verdict in verdicts {
            switch verdict {
            case .applied(let callback): results.append(CallbackVerbResult(callback: callback, note: nil))
            case .refused(let callback, .alreadyDone(let status)):
                let note = CallbackRefusal.alreadyDone(status).words(for: verb)
                results.append(CallbackVerbResult(callback: callback, note: note))
            case .refused(let callback, let refusal): throw .refused(verb, callback.id, refusal)
            case .missing(let id): throw .unknown(id)
            }
        }
        return results
    }

    // MARK: Many

    /// Begins a bulk operation over the dead letters that a query finds now; the set is frozen with this write.
    public func begin(
        _ request: CallbackOperation.Request, _ query: CallbackQuery
    ) async throws(RepositoryError) -> CallbackOperation {
        let number = String(surroundings.random(), radix: 16)
        let padding = String(repeating: "0", count: 16 - number.count)
        let id = CallbackOperation.ID(CallbackOperation.idPrefix + padding + number)
        return try await operations.begin(request, query, id: id, at: surroundings.now())
    }

    /// The bulk operation with this identifier.
    public func operation(_ id: CallbackOperation.ID) async throws(RepositoryError) -> CallbackOperation? {
        try await operations.operation(id)
    }

    /// The newest bulk operations, newest first; on wish only those that are not over.
    public func operations(
        isOpen: Bool = false, limit: Int = PageLimit.standard
    ) async throws(RepositoryError) -> [CallbackOperation] {
        try await operations.operations(isOpen: isOpen, limit: limit)
    }

    /// A window on a bulk operation's items, behind the item with this number: its receipt.
    public func items(
        of id: CallbackOperation.ID, after number: Int = 0, limit: Int = PageLimit.standard
    ) async throws(RepositoryError) -> [CallbackOperationItem] {
        try await operations.items(of: id, after: number, limit: limit)
    }

    /// What came of the last callbacks that a bulk operation has redriven.
    public func outcomes(of id: CallbackOperation.ID) async throws(RepositoryError) -> RedriveOutcomes {
        try await operations.outcomes(of: id, sample: CallbackOperationPace.sampleSize)
    }

    /// Stops a bulk operation for now, takes it up again, or ends it for good.
    ///
    /// One that was halted goes on without its canary: its operator has decided. Where it stands there already, nothing
    /// changes.
    public func move(
        _ id: CallbackOperation.ID, to status: CallbackOperationStatus, note: String = ""
    ) async throws(CallbackServiceError) -> CallbackOperation {
        while true {
            let known = try await storing { () throws(RepositoryError) in try await operations.operation(id) }
            guard let known else { throw .unknownOperation(id) }
            if known.status == status { return known }
            guard var moved = known.moved(to: status, note: note, at: surroundings.now()) else {
                throw .illegalStep(id, from: known.status, to: status)
            }
            if known.status == .halted { moved.request.isCanary = false }
            do throws(RepositoryError) {
                try await operations.save(moved, from: known.status)
                return moved
            } catch .stale {
                continue
            } catch {
                throw .storage(error)
            }
        }
    }

    private func storing<Value>(
        _ body: () async throws(RepositoryError) -> Value
    ) async throws(CallbackServiceError) -> Value {
        do throws(RepositoryError) { return try await body() } catch { throw .storage(error) }
    }
}
