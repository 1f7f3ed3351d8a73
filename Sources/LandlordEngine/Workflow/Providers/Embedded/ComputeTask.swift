import LandlordDomain
import StatesLanguage

/// A task that asks for a tenant's compute: `landlord:compute:provision.waitForTaskToken`, `...:update`, `...:delete`.
struct ComputeTask: Sendable, Hashable {
    /// What every resource of compute begins with.
    static let resourcePrefix = "landlord:compute:"

    let request: ProvisionRequest
    let attempt: Int
    let token: String

    /// Reads a task.
    ///
    /// - Throws: A sentence for the run's history where it cannot be done.
    init(_ task: ScheduledTask) throws(WorkflowFailure) {
        guard let operation = Self.operation(of: task.resource) else {
            throw WorkflowFailure(code: "States.Runtime", message: "\(task.resource) is no operation of compute")
        }
        guard let token = task.token else {
            throw WorkflowFailure(code: "States.Runtime", message: "\(task.resource) needs .waitForTaskToken")
        }
        guard let request = ProvisionRequest(json: task.parameters["request"] ?? task.parameters) else {
            throw WorkflowFailure(
                code: "States.Runtime", message: "\(task.resource) needs the run's input as its 'request' parameter")
        }
        guard request.operation == operation else {
            throw WorkflowFailure(
                code: "States.Runtime",
                message: "\(task.resource) was given a request to \(request.operation.rawValue)")
        }
        self.request = request
        self.token = token
        attempt = task.attempt
    }

    /// The operation that a resource names; nil for a resource of another kind.
    static func operation(of resource: String) -> ComputeOperation? {
        guard resource.hasPrefix(resourcePrefix) else { return nil }
        return ComputeOperation(
            rawValue: String(TaskResource.withoutTokenPattern(resource).dropFirst(resourcePrefix.count)))
    }
}
