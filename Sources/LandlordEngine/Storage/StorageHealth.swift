import Synchronization

/// Whether the database takes writes at the moment, for whoever shows it.
///
/// Reads go on beside a full disk, so without this a screen would look well on which nothing moves any more.
public final class StorageHealth: Sendable {
    private let state = Mutex(RepositoryError?.none)

    /// Nothing has gone wrong yet.
    package init() {}

    /// Why nothing is written; nil while writes are taken, as far as the last one knows.
    public var trouble: RepositoryError? { state.withLock { $0 } }

    /// Remembers how the last batch ended.
    ///
    /// - Returns: Whether that is news.
    func note(_ trouble: RepositoryError?) -> Bool {
        state.withLock { known in
            defer { known = trouble }
            return known != trouble
        }
    }
}

extension Storing.Failure {
    /// What keeps the database from taking writes; nil for what concerns one statement, or passes by itself.
    var trouble: RepositoryError? {
        switch self {
        case .statement, .transaction(.busy), .transaction(.fenced): nil
        case .transaction(let error), .connection(let error): error
        }
    }
}
