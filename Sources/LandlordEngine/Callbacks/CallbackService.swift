public import LandlordDomain

/// Callbacks as operators see them: lists, one callback, its attempts.
public struct CallbackService: Sendable {
    private let callbacks: any CallbackRepository

    /// Reads callbacks from where the engine keeps them.
    package init(callbacks: any CallbackRepository) {
        self.callbacks = callbacks
    }

    /// A window on the callbacks, newest first.
    public func page(_ query: CallbackQuery) async throws(RepositoryError) -> Page<Callback> {
        try await callbacks.page(query)
    }

    /// The callback with this identifier.
    public func callback(_ id: Callback.ID) async throws(RepositoryError) -> Callback? {
        try await callbacks.callback(id)
    }

    /// The attempts to deliver a callback, oldest first.
    public func attempts(of id: Callback.ID) async throws(RepositoryError) -> [CallbackAttempt] {
        try await callbacks.attempts(of: id)
    }

    /// How many callbacks stand where.
    public func counts() async throws(RepositoryError) -> [CallbackStatus: Int] {
        try await callbacks.counts()
    }
}
