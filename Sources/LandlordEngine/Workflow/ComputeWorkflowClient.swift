package import LandlordDomain
import StatesLanguage

/// What a run may ask of compute: the only door from workflows to containers (seed 000, part 5).
package protocol ComputeWorkflowClient: Sendable {
    /// Asks for an operation; the answer comes as a callback with the token. The same request twice is one execution.
    func begin(
        _ request: ProvisionRequest, attempt: Int, runID: String, token: String
    ) async throws(ComputeError) -> ComputeExecution.ID

    /// Asks to stop an operation that a run no longer wants.
    func cancel(_ request: ProvisionRequest, attempt: Int, reason: String) async throws(ComputeError)

    /// Where an execution stands; nil where there is none.
    func status(of id: ComputeExecution.ID) async throws(ComputeError) -> ComputeExecution?
}

/// The door to the compute executions of the same engine.
package struct LocalComputeWorkflowClient: ComputeWorkflowClient {
    private let service: ComputeExecutionService

    /// A door to a service.
    package init(service: ComputeExecutionService) {
        self.service = service
    }

    /// Records the operation in this engine's own database, where the runner finds it.
    package func begin(
        _ request: ProvisionRequest, attempt: Int, runID: String, token: String
    ) async throws(ComputeError) -> ComputeExecution.ID {
        do throws(RepositoryError) {
            return try await service.begin(
                ComputeExecutionService.Request(
                    subject: request.subject(attempt: attempt), tenantName: request.tenantName,
                    provider: request.computeProvider, config: request.desired, workflowExecutionID: runID,
                    taskToken: token)
            ).id
        } catch {
            throw ComputeError(translating: error)
        }
    }

    /// Writes the wish to stop; an operation that was never recorded counts as stopped.
    package func cancel(_ request: ProvisionRequest, attempt: Int, reason: String) async throws(ComputeError) {
        do throws(RepositoryError) {
            _ = try await service.cancel(request.subject(attempt: attempt).executionID, reason: reason)
        } catch .notFound {
            // The run ended before the operation was recorded: there is nothing to stop.
            return
        } catch {
            throw ComputeError(translating: error)
        }
    }

    /// Reads where the execution stands from this engine's own database.
    package func status(of id: ComputeExecution.ID) async throws(ComputeError) -> ComputeExecution? {
        do throws(RepositoryError) {
            return try await service.execution(id)
        } catch {
            throw ComputeError(translating: error)
        }
    }
}

extension ProvisionRequest {
    /// What a try of this request is for, which makes its execution's identifier.
    package func subject(attempt: Int) -> ComputeExecution.Subject {
        ComputeExecution.Subject(
            tenantID: tenantID, operation: operation, generation: generation, attemptEpoch: attemptEpoch,
            attempt: attempt)
    }
}
