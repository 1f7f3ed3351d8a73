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
        /// A webhook, and where the secrets are found that sign for it, the newest first.
        case webhook(url: String, secrets: [String])
    }

    /// The receiver's idempotency key.
    public let id: ID
    /// Whose result.
    public let executionID: ComputeExecution.ID
    /// Whose compute.
    public let tenantID: Tenant.ID
    /// What the tenant is called.
    public let tenantName: String
    /// What was done.
    public let operation: ComputeOperation
    /// Who should receive it.
    public let destination: Destination
    /// What is sent.
    public let payload: JSONValue
    /// Where it stands.
    public var status: CallbackStatus
    /// How many attempts were made, over all redrives.
    public var attempts: Int
    /// How many of them were made before the last redrive.
    public var attemptBase: Int
    /// How many may be made, over all redrives, before it is dead.
    public var attemptLimit: Int
    /// When the next attempt is due.
    public var nextAttemptAt: Timestamp
    /// Why the last attempt failed.
    public var failure: DeliveryFailure?
    /// When it was born.
    public let createdAt: Timestamp
    /// Since when it wants to be delivered: its birth or its last redrive.
    public var waitingSince: Timestamp
    /// When it was first tried.
    public var firstAttemptAt: Timestamp?
    /// When it was last tried.
    public var lastAttemptAt: Timestamp?
    /// When it was delivered, died or was discarded; nil while it is on its way.
    public var settledAt: Timestamp?
    /// Where the run stands that waits for it, as far as this database knows; read, never written.
    public var workflowStatus: WorkflowExecutionStatus?

    /// A callback exactly as it was stored.
    public init(
        id: ID, executionID: ComputeExecution.ID, tenantID: Tenant.ID, tenantName: String,
        operation: ComputeOperation, destination: Destination, payload: JSONValue, status: CallbackStatus,
        attempts: Int, attemptBase: Int = 0, attemptLimit: Int, nextAttemptAt: Timestamp, failure: DeliveryFailure?,
        createdAt: Timestamp, waitingSince: Timestamp, firstAttemptAt: Timestamp?, lastAttemptAt: Timestamp?,
        settledAt: Timestamp?, workflowStatus: WorkflowExecutionStatus? = nil
    ) {
        self.id = id
        self.executionID = executionID
        self.tenantID = tenantID
        self.tenantName = tenantName
        self.operation = operation
        self.destination = destination
        self.payload = payload
        self.status = status
        self.attempts = attempts
        self.attemptBase = attemptBase
        self.attemptLimit = attemptLimit
        self.nextAttemptAt = nextAttemptAt
        self.failure = failure
        self.createdAt = createdAt
        self.waitingSince = waitingSince
        self.firstAttemptAt = firstAttemptAt
        self.lastAttemptAt = lastAttemptAt
        self.settledAt = settledAt
        self.workflowStatus = workflowStatus
    }

    /// Why the last attempt failed, for a person.
    public var lastError: String? { failure?.message }

    /// How many attempts were made since its birth or its last redrive.
    public var attemptsOfCycle: Int { attempts - attemptBase }

    /// The run that waits for it is over, so that nobody can be told any more.
    public var hasWorkflowEnded: Bool { workflowStatus.map(\.isTerminal) ?? false }
}

extension Callback {
    /// The callback of an execution that has just ended, due at once.
    ///
    /// The identifier follows from the execution and the destination, so that a repeated commit writes one callback.
    public init(
        of execution: ComputeExecution, to destination: Destination, attemptLimit: Int, at now: Timestamp
    ) {
        let words = "\(execution.id)\n\(destination.identity)"
        self.init(
            id: ID("cb-" + SHA256Digest.hex(of: words).prefix(16)), executionID: execution.id,
            tenantID: execution.tenantID, tenantName: execution.tenantName, operation: execution.operation,
            destination: destination, payload: CallbackPayload(execution).json, status: .pending, attempts: 0,
            attemptLimit: attemptLimit, nextAttemptAt: now, failure: nil, createdAt: now, waitingSince: now,
            firstAttemptAt: nil, lastAttemptAt: nil, settledAt: nil)
    }

    /// Everyone who wants to hear of an execution that has just ended: the run that waits for it, and the webhooks that
    /// the tenant's spec names.
    ///
    /// - Parameters:
    ///   - execution: An execution that has ended.
    ///   - workflowProvider: Who runs the workflow that asked for it.
    ///   - attemptLimit: How many tries each has before it is dead.
    ///   - now: When it ended.
    /// - Returns: One callback for each of them.
    public static func births(
        of execution: ComputeExecution, workflowProvider: String, attemptLimit: Int, at now: Timestamp
    ) -> [Callback] {
        var destinations: [Destination] = []
        if let token = execution.taskToken, let runID = execution.workflowExecutionID {
            destinations.append(.workflow(provider: workflowProvider, executionID: runID, token: token))
        }
        destinations += execution.config.webhooks
        return destinations.map { Callback(of: execution, to: $0, attemptLimit: attemptLimit, at: now) }
    }
}

extension Callback.Destination {
    /// The word for lists: never the token, never the secret's place, never what an address carries behind its path.
    public var title: String {
        switch self {
        case .workflow(let provider, let executionID, _): "\(provider):\(executionID)"
        case .webhook(let url, _):
            url.firstIndex(where: { $0 == "?" || $0 == "#" }).map { "\(url[..<$0])?..." } ?? url
        }
    }

    /// The host of a webhook, the provider of a workflow: what filters and causes are asked by.
    public var host: String {
        switch self {
        case .workflow(let provider, _, _): provider
        case .webhook(let url, _): (try? WebhookAddress(url))?.host ?? url  // What cannot be read is its own name.
        }
    }

    /// What shares connections, limits and a circuit breaker: the provider of a workflow, or scheme, host and port.
    public var lane: String {
        switch self {
        case .workflow(let provider, _, _): "\(DeliveryLane.workflowPrefix)\(provider)"
        case .webhook(let url, _): (try? WebhookAddress(url))?.origin ?? url  // As above.
        }
    }

    /// What makes two destinations of one execution different.
    fileprivate var identity: String {
        switch self {
        case .workflow: title
        case .webhook(let url, _): url
        }
    }
}
