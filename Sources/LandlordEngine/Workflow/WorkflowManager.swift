public import LandlordDomain
public import Logging
public import StatesLanguage

/// Validates, finds the provider and asks it; every orchestration passes through here.
public struct WorkflowManager: Sendable {
    private let registry: WorkflowRegistry
    private let defaultProvider: String
    private let logger: Logger

    /// A manager over the providers of a registry, one of which is used where nobody names one.
    public init(registry: WorkflowRegistry, defaultProvider: String, logger: Logger) {
        self.registry = registry
        self.defaultProvider = defaultProvider
        self.logger = logger
    }

    /// The names of the providers.
    public var providerNames: [String] { registry.names }
    /// Who orchestrates where nobody names a provider.
    public var defaultProviderName: String { defaultProvider }

    /// Makes a workflow known to its provider.
    public func createWorkflow(_ spec: WorkflowSpec) async throws(WorkflowError) -> WorkflowCreation {
        let provider = try provider(named: spec.provider)
        let violations = spec.violations + provider.violations(of: spec)
        guard violations.isEmpty else { throw .invalidSpec(violations) }
        let creation = try await provider.createWorkflow(spec)
        logger.debug("Workflow is known", metadata: [LogKeys.workflowID: "\(spec.workflowID)"])
        return creation
    }

    /// Starts a run of a workflow.
    public func startExecution(
        of workflowID: String, _ input: ExecutionInput, at provider: String? = nil
    ) async throws(WorkflowError) -> WorkflowStatus {
        guard input.violations.isEmpty else { throw .invalidSpec(input.violations) }
        return try await self.provider(named: provider ?? defaultProvider).startExecution(of: workflowID, input)
    }

    /// Starts the workflow of an operation for a tenant, once for each request.
    public func invoke(_ request: ProvisionRequest) async throws(WorkflowError) -> WorkflowStatus {
        let status = try await provider(named: defaultProvider).invoke(
            ProvisionRequest.workflowID(for: request.operation), request)
        logger.debug(
            "Run invoked",
            metadata: [LogKeys.runID: "\(status.executionID)", LogKeys.tenantID: "\(request.tenantID)"])
        return status
    }

    /// Where a run stands; nil where its provider does not know it.
    public func status(of executionID: String) async throws(WorkflowError) -> WorkflowStatus? {
        do throws(WorkflowError) {
            return try await provider(named: defaultProvider).workflowStatus(executionID)
        } catch .executionNotFound {
            return nil
        }
    }

    /// Stops a run.
    public func stop(_ executionID: String, reason: String) async throws(WorkflowError) {
        logger.info("Run stopped", metadata: [LogKeys.runID: "\(executionID)", LogKeys.reason: "\(reason)"])
        try await provider(named: defaultProvider).stopExecution(executionID, reason: reason)
    }

    /// A run with its history.
    public func executionStatus(_ executionID: String) async throws(WorkflowError) -> ExecutionStatus {
        try await provider(named: defaultProvider).executionStatus(executionID)
    }

    /// Hands the result of a compute execution to the run that waits for it.
    public func postComputeCallback(
        at name: String, to executionID: String, token: String, payload: JSONValue
    ) async -> DeliveryOutcome {
        do throws(WorkflowError) {
            return try await provider(named: name).postComputeCallback(
                to: executionID, token: token, payload: payload)
        } catch {
            return .failed(
                DeliveryFailure(error.isRetriable ? .workflowUnavailable : .workflowRefused, error.description))
        }
    }

    private func provider(named name: String) throws(WorkflowError) -> any WorkflowProvider {
        do throws(RegistryError) {
            return try registry.provider(named: name)
        } catch {
            throw .refused(error.description)
        }
    }
}
