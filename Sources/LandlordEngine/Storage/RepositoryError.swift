/// What a repository can answer instead of a value; each case says what to do next.
///
/// - Why: the rest of the engine must never see the database library's errors. It sees these and can switch over all of
///   them. `Storing.swift` is the only place where foreign errors become these.
public enum RepositoryError: Error, Sendable, Hashable {
    /// Another writer moved first: read again and decide again.
    case stale
    /// The same call may succeed later: another process holds the database, or this one is closing it.
    case busy
    /// The thing does not exist.
    case notFound
    /// A unique constraint refused the write; the payload names the columns, as in `tenants.name`.
    case conflict(String)
    /// The disk is full: nothing was written, reads still work, and writes work again when there is space.
    case full
    /// Another process took the driver's lease while this one stood still: stop driving.
    case fenced
    /// Stop and tell the operator; the sentence says what is wrong.
    case unusable(String)

    /// The stable machine code of this error.
    public var code: String {
        switch self {
        case .stale: "STALE"
        case .busy: "DATABASE_BUSY"
        case .notFound: "NOT_FOUND"
        case .conflict: "CONFLICT"
        case .full: "DISK_FULL"
        case .fenced: "FENCED"
        case .unusable: "DATABASE_UNUSABLE"
        }
    }

    /// Whether the same call may succeed later without anything else being done.
    public var isRetriable: Bool {
        switch self {
        case .busy, .full: true
        case .stale, .notFound, .conflict, .fenced, .unusable: false
        }
    }
}

extension RepositoryError: CustomStringConvertible {
    /// A sentence that a person can act on.
    public var description: String {
        switch self {
        case .stale: "Someone else changed this first; look at it again and repeat the command."
        case .busy: "The database is in use by another process; try again."
        case .notFound: "There is no such record."
        case .conflict(let columns): "There is already a record with the same \(columns)."
        case .full: "The disk that holds the database is full; free some space and try again."
        case .fenced: "Another process took over driving this database; this one has stopped writing."
        case .unusable(let reason): "The database cannot be used: \(reason)"
        }
    }
}
