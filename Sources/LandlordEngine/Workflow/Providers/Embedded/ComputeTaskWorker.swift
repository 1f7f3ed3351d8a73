import LandlordDomain
package import StatesLanguage

/// Has tenants' compute provisioned, updated and deleted for runs; the answer comes as a callback with the task's
/// token.
package struct ComputeTaskWorker: TaskWorker {
    private let compute: any ComputeWorkflowClient

    /// A worker that goes through a door to compute.
    package init(compute: any ComputeWorkflowClient) {
        self.compute = compute
    }

    /// Whether the resource is an operation of compute.
    package func serves(_ resource: String) -> Bool { ComputeTask.operation(of: resource) != nil }

    /// Records the operation, of which there is one however often it is asked for.
    package func begin(_ task: ScheduledTask, of runID: String) async throws(TaskTrouble) -> TaskResult? {
        let wish = try Self.wish(task)
        do throws(ComputeError) {
            _ = try await compute.begin(wish.request, attempt: wish.attempt, runID: runID, token: wish.token)
            return nil
        } catch {
            guard error.isRetriable || error.errorClass == .manualIntervention else {
                throw .failed(WorkflowFailure(code: error.code.rawValue, message: error.message))
            }
            throw .later(error.message)
        }
    }

    /// Asks for the operation to stop.
    package func cancel(_ task: ScheduledTask, of runID: String) async throws(TaskTrouble) {
        let wish = try Self.wish(task)
        do throws(ComputeError) {
            try await compute.cancel(wish.request, attempt: wish.attempt, reason: "the run no longer waits for it")
        } catch {
            throw .later(error.message)
        }
    }

    private static func wish(_ task: ScheduledTask) throws(TaskTrouble) -> ComputeTask {
        do throws(WorkflowFailure) {
            return try ComputeTask(task)
        } catch {
            throw .failed(error)
        }
    }
}
