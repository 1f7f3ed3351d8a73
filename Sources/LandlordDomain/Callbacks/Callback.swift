public import StatesLanguage

/// Where a callback stands.
///
/// The raw value is what the database and every listing show.
public enum CallbackStatus: String, Sendable, Hashable, CaseIterable {
    /// Waits for its next attempt.
    case pending
    /// An attempt is under way.
    case delivering
    /// The receiver has it.
    case delivered
    /// Its retries are used up, or the receiver will never take it; an operator decides.
    case dead
    /// An operator gave it up.
    case discarded

    /// Every legal step.
    ///
    /// `docs/state-machines.md` is checked against this table.
    public static let legal: [CallbackStatus: Set<CallbackStatus>] = [
        .pending: [.delivering, .dead],
        .delivering: [.delivered, .pending, .dead],
        .delivered: [],
        .dead: [.pending, .discarded],
        .discarded: [],
    ]
}

/// The result of a compute execution, and how its delivery goes.
///
/// Its identifier is the receiver's idempotency key.
public struct Callback: Sendable, Hashable, Identifiable {
    /// Names a callback; the same over all attempts and redrives.
    public typealias ID = Identifier<Callback>

    /// Who should receive it.
    public enum Destination: Sendable, Hashable {
        /// The task of a run that waits with this token.
        case workflow(provider: String, executionID: String, token: String)
        /// A webhook.
        case webhook(url: String, secret: String?)

        /// The word for lists: never the token, never the secret's place.
        public var title: String {
            switch self {
            case .workflow(let provider, let executionID, _): "\(provider):\(executionID)"
            case .webhook(let url, _): url
            }
        }
    }

    /// The receiver's idempotency key.
    public let id: ID
    /// Whose result.
    public let executionID: ComputeExecution.ID
    /// Whose compute.
    public let tenantID: Tenant.ID
    /// What the tenant is called.
    public let tenantName: String
    /// Who should receive it.
    public let destination: Destination
    /// What is sent.
    public let payload: JSONValue
    /// Where it stands.
    public var status: CallbackStatus
    /// How many attempts were made.
    public var attempts: Int
    /// How many may be made before it is dead.
    public var attemptLimit: Int
    /// When the next attempt is due.
    public var nextAttemptAt: Timestamp
    /// Why the last attempt failed.
    public var lastError: String?
    /// When it was born.
    public let createdAt: Timestamp
    /// When it was last tried.
    public var lastAttemptAt: Timestamp?

    /// A callback exactly as it was stored.
    public init(
        id: ID, executionID: ComputeExecution.ID, tenantID: Tenant.ID, tenantName: String, destination: Destination,
        payload: JSONValue, status: CallbackStatus, attempts: Int, attemptLimit: Int, nextAttemptAt: Timestamp,
        lastError: String?, createdAt: Timestamp, lastAttemptAt: Timestamp?
    ) {
        self.id = id
        self.executionID = executionID
        self.tenantID = tenantID
        self.tenantName = tenantName
        self.destination = destination
        self.payload = payload
        self.status = status
        self.attempts = attempts
        self.attemptLimit = attemptLimit
        self.nextAttemptAt = nextAttemptAt
        self.lastError = lastError
        self.createdAt = createdAt
        self.lastAttemptAt = lastAttemptAt
    }

    /// The callback of an execution that has just ended, due at once.
    ///
    /// The identifier follows from the execution and the destination, so that a repeated commit writes one callback.
    public init(
        of execution: ComputeExecution, to destination: Destination, attemptLimit: Int, at now: Timestamp
    ) {
        let words = "\(execution.id)\n\(destination.title)"
        self.init(
            id: ID("cb-" + SHA256Digest.hex(of: words).prefix(16)), executionID: execution.id,
            tenantID: execution.tenantID, tenantName: execution.tenantName, destination: destination,
            payload: CallbackPayload(execution).json, status: .pending, attempts: 0, attemptLimit: attemptLimit,
            nextAttemptAt: now, lastError: nil, createdAt: now, lastAttemptAt: nil)
    }
}
