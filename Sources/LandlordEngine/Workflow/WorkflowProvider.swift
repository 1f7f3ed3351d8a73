public import LandlordDomain
public import StatesLanguage

/// What orchestrates a tenant's operations.
///
/// `docs/workflow-providers.md` says how to write one.
public protocol WorkflowProvider: Sendable {
    /// Unique, lowercase letters, digits and hyphens.
    var name: String { get }

    /// Makes a workflow known; it does not start. The same identifier and definition twice is one workflow.
    func createWorkflow(_ spec: WorkflowSpec) async throws(WorkflowError) -> WorkflowCreation

    /// Starts a run and returns at once. A name that is known returns the run that has it, and starts nothing.
    func startExecution(
        of workflowID: String, _ input: ExecutionInput
    ) async throws(WorkflowError) -> WorkflowStatus

    /// Where a run stands, with its history. What is over never changes.
    func executionStatus(_ executionID: String) async throws(WorkflowError) -> ExecutionStatus

    /// Stops a run, which ends `cancelled`. Stopping what is over changes nothing and is no error.
    func stopExecution(_ executionID: String, reason: String) async throws(WorkflowError)

    /// Forgets a workflow. One that is not known is no error.
    func deleteWorkflow(_ workflowID: String) async throws(WorkflowError)

    /// What is wrong with a definition. No side effects.
    func violations(of spec: WorkflowSpec) -> [Violation]

    /// Starts the workflow of an operation for a tenant; its name follows from the request, so repeating it is safe.
    func invoke(_ workflowID: String, _ request: ProvisionRequest) async throws(WorkflowError) -> WorkflowStatus

    /// Where a run stands, in the few words that the reconciler needs.
    func workflowStatus(_ executionID: String) async throws(WorkflowError) -> WorkflowStatus

    /// Hands the result of a compute execution to the task that waits for it. The same result twice is one result.
    func postComputeCallback(
        to executionID: String, token: String, payload: JSONValue
    ) async -> DeliveryOutcome
}

extension WorkflowProvider {
    /// Starts the workflow of an operation under the name that follows from the request.
    public func invoke(
        _ workflowID: String, _ request: ProvisionRequest
    ) async throws(WorkflowError) -> WorkflowStatus {
        try await startExecution(
            of: workflowID,
            ExecutionInput(
                executionName: request.executionName, input: request.json,
                tags: ["tenant": request.tenantName, "config_hash": request.desired.hash],
                triggerSource: TenantLifecycle.reconcilerActor, tenantID: request.tenantID))
    }
}

/// What became of making a workflow known.
public struct WorkflowCreation: Sendable, Hashable {
    /// The workflow.
    public let workflowID: String
    /// The version of its definition, where the provider counts versions.
    public let version: Int?
    /// The provider's names for it.
    public let resourceIDs: [String: String]

    /// Describes a workflow that is known.
    public init(workflowID: String, version: Int? = nil, resourceIDs: [String: String] = [:]) {
        self.workflowID = workflowID
        self.version = version
        self.resourceIDs = resourceIDs
    }
}

/// A run with its history.
public struct ExecutionStatus: Sendable, Hashable {
    /// Where it stands.
    public let status: WorkflowStatus
    /// What it runs.
    public let workflowID: String
    /// What it was started with.
    public let input: JSONValue
    /// When it was started.
    public let startedAt: Timestamp
    /// When it ended.
    public let endedAt: Timestamp?
    /// What happened, oldest first, at most `PageLimit.largest` events.
    public let history: [HistoryEvent]

    /// Describes a run.
    public init(
        status: WorkflowStatus, workflowID: String, input: JSONValue, startedAt: Timestamp, endedAt: Timestamp?,
        history: [HistoryEvent]
    ) {
        self.status = status
        self.workflowID = workflowID
        self.input = input
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.history = history
    }
}

/// Why a workflow provider did not do what it was asked.
public enum WorkflowError: Error, Sendable, Hashable, CustomStringConvertible {
    /// No workflow has this identifier.
    case workflowNotFound(String)
    /// No run has this name.
    case executionNotFound(String)
    /// The spec or the input breaks rules.
    case invalidSpec([Violation])
    /// The provider cannot be reached or is overloaded; the same call may work later.
    case unavailable(String)
    /// The provider will not do it.
    case refused(String)

    /// The refusal as a sentence.
    public var description: String {
        switch self {
        case .workflowNotFound(let id): "there is no workflow '\(id)'"
        case .executionNotFound(let id): "there is no run '\(id)'"
        case .invalidSpec(let violations): violations.map(\.description).joined(separator: "; ")
        case .unavailable(let reason): "the workflow provider is not available: \(reason)"
        case .refused(let reason): reason
        }
    }

    /// The same call may work later.
    public var isRetriable: Bool {
        switch self {
        case .unavailable: true
        case .workflowNotFound, .executionNotFound, .invalidSpec, .refused: false
        }
    }
}

/// The registry of workflow providers.
public typealias WorkflowRegistry = Registry<any WorkflowProvider>
