public import StatesLanguage

/// What a compute execution does.
public enum ComputeOperation: String, Sendable, Hashable, CaseIterable {
    /// Makes a tenant's compute.
    case provision
    /// Changes it.
    case update
    /// Removes it.
    case delete
}

/// Where a compute execution stands.
///
/// The raw value is what the database and every listing show.
public enum ComputeExecutionStatus: String, Sendable, Hashable, CaseIterable {
    /// Recorded; the provider was not asked yet.
    case pending
    /// The provider was asked.
    case running
    /// Done.
    case succeeded
    /// Ended with an error.
    case failed
    /// Stopped by an operator or by a newer operation.
    case cancelled
    /// Not done in the time it had.
    case timedOut = "timed_out"

    /// Every legal step.
    ///
    /// `docs/state-machines.md` is checked against this table.
    public static let legal: [ComputeExecutionStatus: Set<ComputeExecutionStatus>] = [
        .pending: [.running, .cancelled, .failed, .timedOut],
        .running: [.succeeded, .failed, .cancelled, .timedOut],
        .succeeded: [], .failed: [], .cancelled: [], .timedOut: [],
    ]

    /// The execution is over, and its status will never change.
    public var isTerminal: Bool {
        switch self {
        case .pending, .running: false
        case .succeeded, .failed, .cancelled, .timedOut: true
        }
    }
}

/// One provision, update or delete of one tenant at one provider, tracked from `pending` to its end (seed 000, 2.1).
public struct ComputeExecution: Sendable, Hashable, Identifiable {
    /// Names an execution; made by `makeID`, so that asking twice for the same work gives the same execution.
    public typealias ID = Identifier<ComputeExecution>

    /// What the execution is for, which is what makes its identifier.
    public struct Subject: Sendable, Hashable {
        /// Whose compute.
        public let tenantID: Tenant.ID
        /// What is done to it.
        public let operation: ComputeOperation
        /// For which generation of the config.
        public let generation: Int
        /// For which of the operator's retries.
        public let attemptEpoch: Int
        /// For which try within the run.
        public let attempt: Int

        /// Names the work.
        public init(
            tenantID: Tenant.ID, operation: ComputeOperation, generation: Int, attemptEpoch: Int, attempt: Int
        ) {
            self.tenantID = tenantID
            self.operation = operation
            self.generation = generation
            self.attemptEpoch = attemptEpoch
            self.attempt = attempt
        }

        /// The execution's identifier: the same for the same work, for ever, on any machine.
        public var executionID: ID {
            let words = "\(tenantID)\n\(operation.rawValue)\n\(generation)\n\(attemptEpoch)\n\(attempt)"
            return ID("x-" + SHA256Digest.hex(of: words).prefix(16))
        }
    }

    /// Names the execution.
    public let id: ID
    /// What it is for.
    public let subject: Subject
    /// The tenant's name when the execution was made, for lists.
    public let tenantName: String
    /// The run that asked for it; nil where tracked workflows are switched off.
    public let workflowExecutionID: String?
    /// Names the waiting task to the run; never shown.
    public let taskToken: String?
    /// Who runs it.
    public let provider: String
    /// The config it applies.
    public let config: TenantConfig
    /// Where it stands; moved only by `move`.
    public internal(set) var status: ComputeExecutionStatus
    /// What it is doing now, for a person: `step 3/5`.
    public var progress: String?
    /// The provider's names for what it made.
    public var resourceIDs: [String: String]
    /// Where the tenant can be reached now.
    public var endpoints: [Endpoint]
    /// What an update changed.
    public var changes: [String]
    /// Why it failed.
    public internal(set) var error: ComputeError?
    /// When an operator, or a newer operation, asked to stop it.
    public var cancelRequestedAt: Timestamp?
    /// Why it should stop.
    public var cancelReason: String?
    /// When it was recorded.
    public let createdAt: Timestamp
    /// When the provider was asked.
    public internal(set) var startedAt: Timestamp?
    /// When it ended.
    public internal(set) var endedAt: Timestamp?
    /// When the row was last written.
    public var updatedAt: Timestamp

    /// An execution that was just recorded.
    public init(
        subject: Subject, tenantName: String, workflowExecutionID: String?, taskToken: String?, provider: String,
        config: TenantConfig, at now: Timestamp
    ) {
        self.init(
            subject: subject, tenantName: tenantName, workflowExecutionID: workflowExecutionID,
            taskToken: taskToken, provider: provider, config: config, status: .pending, progress: nil,
            resourceIDs: [:], endpoints: [], changes: [], error: nil, cancelRequestedAt: nil, cancelReason: nil,
            createdAt: now, startedAt: nil, endedAt: nil, updatedAt: now)
    }

    /// An execution exactly as it was stored.
    public init(
        subject: Subject, tenantName: String, workflowExecutionID: String?, taskToken: String?, provider: String,
        config: TenantConfig, status: ComputeExecutionStatus, progress: String?, resourceIDs: [String: String],
        endpoints: [Endpoint], changes: [String], error: ComputeError?, cancelRequestedAt: Timestamp?,
        cancelReason: String?, createdAt: Timestamp, startedAt: Timestamp?, endedAt: Timestamp?,
        updatedAt: Timestamp
    ) {
        self.id = subject.executionID
        self.subject = subject
        self.tenantName = tenantName
        self.workflowExecutionID = workflowExecutionID
        self.taskToken = taskToken
        self.provider = provider
        self.config = config
        self.status = status
        self.progress = progress
        self.resourceIDs = resourceIDs
        self.endpoints = endpoints
        self.changes = changes
        self.error = error
        self.cancelRequestedAt = cancelRequestedAt
        self.cancelReason = cancelReason
        self.createdAt = createdAt
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.updatedAt = updatedAt
    }

    /// The tenant whose compute it is.
    public var tenantID: Tenant.ID { subject.tenantID }
    /// What it does.
    public var operation: ComputeOperation { subject.operation }
}
