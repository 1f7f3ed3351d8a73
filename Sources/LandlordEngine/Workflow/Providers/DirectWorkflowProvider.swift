package import LandlordDomain
package import StatesLanguage

/// No orchestration at all: a run is the compute execution itself.
///
/// What stands in for an engine when `features.compute_workflows` is off. An operation that fails is not tried again.
package struct DirectWorkflowProvider: WorkflowProvider {
    /// The name under which `features.compute_workflows: false` chooses it.
    package var name: String { "direct" }

    private let service: ComputeExecutionService
    private let surroundings: Surroundings

    /// Runs operations through a service, with the clock that it was given.
    package init(service: ComputeExecutionService, surroundings: Surroundings) {
        self.service = service
        self.surroundings = surroundings
    }

    /// Keeps nothing, because every run is the same single operation.
    package func createWorkflow(_ spec: WorkflowSpec) async throws(WorkflowError) -> WorkflowCreation {
        WorkflowCreation(workflowID: spec.workflowID)
    }

    /// Does nothing, because nothing was kept.
    package func deleteWorkflow(_ workflowID: String) async throws(WorkflowError) {}

    /// Accepts every definition, because none is read.
    package func violations(of spec: WorkflowSpec) -> [Violation] { [] }

    /// Records the compute execution that the run's input asks for; the same name again is the same execution.
    package func startExecution(
        of workflowID: String, _ input: ExecutionInput
    ) async throws(WorkflowError) -> WorkflowStatus {
        guard let request = ProvisionRequest(json: input.input) else {
            throw .invalidSpec([Violation("input", "is not a request for a tenant's compute")])
        }
        do throws(RepositoryError) {
            let execution = try await service.begin(
                ComputeExecutionService.Request(
                    subject: request.subject(attempt: 1), tenantName: request.tenantName,
                    provider: request.computeProvider, config: request.desired,
                    workflowExecutionID: input.executionName, taskToken: nil))
            return status(of: execution, as: input.executionName, request: request)
        } catch {
            throw .unavailable(error.description)
        }
    }

    /// The compute execution in the words of a run, without a history of its own.
    package func executionStatus(_ executionID: String) async throws(WorkflowError) -> ExecutionStatus {
        let (execution, request) = try await find(executionID)
        return ExecutionStatus(
            status: status(of: execution, as: executionID, request: request),
            workflowID: ProvisionRequest.workflowID(for: execution.operation), input: request.json,
            startedAt: execution.createdAt, endedAt: execution.endedAt, history: [])
    }

    /// Where the compute execution stands, in the words of a run.
    package func workflowStatus(_ executionID: String) async throws(WorkflowError) -> WorkflowStatus {
        let (execution, request) = try await find(executionID)
        return status(of: execution, as: executionID, request: request)
    }

    /// Asks for the compute execution to be cancelled; one that is over stays as it is.
    package func stopExecution(_ executionID: String, reason: String) async throws(WorkflowError) {
        let (execution, _) = try await find(executionID)
        do throws(RepositoryError) {
            _ = try await service.cancel(execution.id, reason: reason)
        } catch {
            throw .unavailable(error.description)
        }
    }

    /// Accepts and forgets: no run waits for the answer, because the run is the execution.
    package func postComputeCallback(
        to executionID: String, token: String, payload: JSONValue
    ) async -> DeliveryOutcome { .accepted }

    /// Finds the execution that a run's name stands for: the name carries what the execution's identifier is made of.
    private func find(_ name: String) async throws(WorkflowError) -> (ComputeExecution, ProvisionRequest) {
        guard let subject = Self.subject(ofRun: name) else { throw .executionNotFound(name) }
        let execution: ComputeExecution?
        do throws(RepositoryError) {
            execution = try await service.execution(subject.executionID)
        } catch {
            throw .unavailable(error.description)
        }
        guard let execution else { throw .executionNotFound(name) }
        let request = ProvisionRequest(
            tenantID: execution.tenantID, tenantName: execution.tenantName, operation: execution.operation,
            generation: subject.generation, attemptEpoch: subject.attemptEpoch, desired: execution.config,
            computeProvider: execution.provider, timeout: .seconds(1))
        return (execution, request)
    }

    static func subject(ofRun name: String) -> ComputeExecution.Subject? {
        let words = name.split(separator: "-")
        guard words.count > 3, let operation = ComputeOperation(rawValue: String(words[words.count - 3])),
            let generation = Int(words[words.count - 2].dropFirst()),
            let epoch = Int(words[words.count - 1].dropFirst())
        else { return nil }
        return ComputeExecution.Subject(
            tenantID: Tenant.ID(words.dropLast(3).joined(separator: "-")), operation: operation,
            generation: generation, attemptEpoch: epoch, attempt: 1)
    }

    private func status(
        of execution: ComputeExecution, as name: String, request: ProvisionRequest
    ) -> WorkflowStatus {
        var output = request.json.objectValue ?? [:]
        output["result"] = CallbackPayload(execution).json
        return WorkflowStatus(
            executionID: name, state: Self.state(of: execution.status),
            output: execution.status == .succeeded ? .object(output) : nil,
            error: execution.error.map { WorkflowFailure(code: $0.code.rawValue, message: $0.message) })
    }

    private static func state(of status: ComputeExecutionStatus) -> WorkflowExecutionStatus {
        switch status {
        case .pending: .pending
        case .running: .running
        case .succeeded: .succeeded
        case .failed: .failed
        case .cancelled: .cancelled
        case .timedOut: .timedOut
        }
    }
}
