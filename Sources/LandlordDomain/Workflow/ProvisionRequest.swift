public import StatesLanguage

/// Everything that a run needs to know of a tenant, so that no worker reads the database (seed 002, 1.3 and 6).
public struct ProvisionRequest: Sendable, Hashable {
    /// Whose compute.
    public let tenantID: Tenant.ID
    /// What the tenant is called.
    public let tenantName: String
    /// What to do.
    public let operation: ComputeOperation
    /// The generation of the config.
    public let generation: Int
    /// Which of the operator's retries this is.
    public let attemptEpoch: Int
    /// The config to apply.
    public let desired: TenantConfig
    /// Who runs the compute.
    public let computeProvider: String
    /// How long one compute operation may take.
    public let timeout: Duration

    /// Describes what a run should do.
    public init(
        tenantID: Tenant.ID, tenantName: String, operation: ComputeOperation, generation: Int, attemptEpoch: Int,
        desired: TenantConfig, computeProvider: String, timeout: Duration
    ) {
        self.tenantID = tenantID
        self.tenantName = tenantName
        self.operation = operation
        self.generation = generation
        self.attemptEpoch = attemptEpoch
        self.desired = desired
        self.computeProvider = computeProvider
        self.timeout = timeout
    }

    /// The deterministic name of the run: the same work is started once, however often it is asked for.
    public var executionName: String {
        Self.executionName(
            tenantID: tenantID, operation: operation, generation: generation, attemptEpoch: attemptEpoch)
    }

    /// The name of the run for this work.
    public static func executionName(
        tenantID: Tenant.ID, operation: ComputeOperation, generation: Int, attemptEpoch: Int
    ) -> String {
        "\(tenantID)-\(operation.rawValue)-g\(generation)-e\(attemptEpoch)"
    }

    /// The workflow that does this operation.
    public static func workflowID(for operation: ComputeOperation) -> String { "tenant-\(operation.rawValue)" }

    /// Whether a workflow is one of those that serve tenants.
    public static func isWorkflow(_ workflowID: String) -> Bool {
        ComputeOperation.allCases.contains { self.workflowID(for: $0) == workflowID }
    }

    /// The run's input.
    public var json: JSONValue {
        [
            "tenant_id": .string(tenantID.rawValue),
            "tenant": .string(tenantName),
            "operation": .string(operation.rawValue),
            "generation": .number(JSONNumber(generation)),
            "attempt_epoch": .number(JSONNumber(attemptEpoch)),
            "compute_provider": .string(computeProvider),
            "timeout_seconds": .number(JSONNumber(max(1, Int(timeout.components.seconds)))),
            "task_timeout_seconds": .number(JSONNumber(taskTimeoutSeconds)),
            "config_hash": .string(desired.hash),
            "desired_config": desired.document,
        ]
    }

    /// How long a run waits for one try: the operation's own limit twice, because a try may have to wait for another.
    private var taskTimeoutSeconds: Int { 2 * max(1, Int(timeout.components.seconds)) + 60 }

    /// Reads a run's input; nil for anything else.
    public init?(json: JSONValue) {
        guard let tenantID = json["tenant_id"]?.stringValue, let tenantName = json["tenant"]?.stringValue,
            let operation = json["operation"]?.stringValue.flatMap(ComputeOperation.init),
            let generation = json["generation"]?.intValue, let epoch = json["attempt_epoch"]?.intValue,
            let provider = json["compute_provider"]?.stringValue, let document = json["desired_config"],
            let hash = json["config_hash"]?.stringValue, let timeout = json["timeout_seconds"]?.intValue
        else { return nil }
        self.init(
            tenantID: Tenant.ID(tenantID), tenantName: tenantName, operation: operation, generation: generation,
            attemptEpoch: epoch, desired: TenantConfig(document: document, hash: hash), computeProvider: provider,
            timeout: .seconds(timeout))
    }
}
