public import StatesLanguage

/// One customer's isolated stack: what it should be, what it is, and how far the way between the two has come.
public struct Tenant: Sendable, Hashable, Identifiable {
    /// Names a tenant for ever, also after its name was given to another.
    public typealias ID = Identifier<Tenant>

    /// Names the tenant for ever.
    public let id: ID
    /// What operators call it; unique among the tenants that are not deleted.
    public let name: String
    /// Where it stands; moved only by `TenantLifecycle.move`.
    public internal(set) var status: TenantStatus
    /// Why it stands there, for a person.
    public var statusMessage: String
    /// When it came there.
    public internal(set) var statusSince: Timestamp
    /// What the operator asked for.
    public var desired: TenantConfig
    /// What was applied last; nil before the first success.
    public var observed: TenantConfig?
    /// Counts the changes of `desired`, from 1.
    public var generation: Int
    /// The generation that was applied last; 0 before the first success.
    public var observedGeneration: Int
    /// The provider's names for what it made.
    public var resourceIDs: [String: String]
    /// Where the tenant can be reached.
    public var endpoints: [Endpoint]
    /// For selecting; short keys and values.
    public var labels: [String: String]
    /// For people and tools; never read by the engine.
    public var annotations: [String: String]
    /// The run that works on the tenant, or worked on it last.
    public var run: TenantRun?
    /// Counts the operator's retries, so that each has executions of its own.
    public var attemptEpoch: Int
    /// How often the engine failed to start or see the run since the last success.
    public var retryCount: Int
    /// When the reconciler may try again; nil for at once.
    public var nextAttemptAt: Timestamp?
    /// What was being done when the tenant failed, so that a retry does the same.
    public var failedWhile: FailedPhase?
    /// What the last drift check found; nil while the live state equals the desired config.
    public var drift: String?
    /// When a comparison with the live state last found something new.
    public var driftCheckedAt: Timestamp?
    /// Counts the writes of this row; a write names the version that it read.
    public var version: Int
    /// When the tenant was first asked for.
    public let createdAt: Timestamp
    /// When the row was last written.
    public var updatedAt: Timestamp

    /// A tenant that was just asked for.
    public init(requested spec: TenantSpec, id: ID, at now: Timestamp) {
        self.init(
            id: id, name: spec.name, status: .requested, statusMessage: "", statusSince: now,
            desired: spec.config, observed: nil, generation: 1, observedGeneration: 0,
            resourceIDs: [:], endpoints: [], labels: spec.labels, annotations: spec.annotations,
            run: nil, attemptEpoch: 0, retryCount: 0, nextAttemptAt: nil, failedWhile: nil,
            drift: nil, driftCheckedAt: nil, version: 1, createdAt: now, updatedAt: now)
    }

    /// A tenant exactly as it was stored.
    public init(
        id: ID, name: String, status: TenantStatus, statusMessage: String, statusSince: Timestamp,
        desired: TenantConfig, observed: TenantConfig?, generation: Int, observedGeneration: Int,
        resourceIDs: [String: String], endpoints: [Endpoint], labels: [String: String],
        annotations: [String: String], run: TenantRun?, attemptEpoch: Int, retryCount: Int,
        nextAttemptAt: Timestamp?, failedWhile: FailedPhase?, drift: String?, driftCheckedAt: Timestamp?,
        version: Int, createdAt: Timestamp, updatedAt: Timestamp
    ) {
        self.id = id
        self.name = name
        self.status = status
        self.statusMessage = statusMessage
        self.statusSince = statusSince
        self.desired = desired
        self.observed = observed
        self.generation = generation
        self.observedGeneration = observedGeneration
        self.resourceIDs = resourceIDs
        self.endpoints = endpoints
        self.labels = labels
        self.annotations = annotations
        self.run = run
        self.attemptEpoch = attemptEpoch
        self.retryCount = retryCount
        self.nextAttemptAt = nextAttemptAt
        self.failedWhile = failedWhile
        self.drift = drift
        self.driftCheckedAt = driftCheckedAt
        self.version = version
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    /// The desired config is not the one that was applied last.
    public var hasUnappliedChange: Bool { generation != observedGeneration }
}

/// What was being done when a tenant failed: the status that a retry goes back to.
public enum FailedPhase: String, Sendable, Hashable, CaseIterable {
    /// Provisioning or updating failed; the way back leads through a new plan.
    case planning
    /// Deleting failed. It is retried as a delete, never as a provision.
    case deleting
    /// Archiving failed.
    case archiving

    /// The status that a retry moves the tenant to.
    public var status: TenantStatus {
        switch self {
        case .planning: .planning
        case .deleting: .deleting
        case .archiving: .archiving
        }
    }
}

/// The run that works on a tenant, as the tenant's row remembers it.
public struct TenantRun: Sendable, Hashable {
    /// The deterministic name of the run: starting it twice gives the same run.
    public var executionID: String
    /// What the run does.
    public var operation: ComputeOperation
    /// The generation of the config that the run was given.
    public var generation: Int
    /// The hash of the config that the run was given.
    public var configHash: String
    /// Where the run stands, in the words that every engine shares; nil until it was first seen.
    public var subState: WorkflowSubState?
    /// How often the run has retried its current step.
    public var retryCount: Int
    /// The run's latest error.
    public var errorMessage: String?

    /// Describes a run.
    public init(
        executionID: String, operation: ComputeOperation, generation: Int, configHash: String,
        subState: WorkflowSubState? = nil, retryCount: Int = 0, errorMessage: String? = nil
    ) {
        self.executionID = executionID
        self.operation = operation
        self.generation = generation
        self.configHash = configHash
        self.subState = subState
        self.retryCount = retryCount
        self.errorMessage = errorMessage
    }
}
