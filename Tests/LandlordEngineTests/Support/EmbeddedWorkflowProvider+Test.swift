import LandlordDomain
import StatesLanguage

@testable import LandlordEngine

extension EmbeddedWorkflowProvider {
    /// Makes a workflow known.
    func create(_ id: String, _ states: JSONObject, startAt: String = "A") async throws {
        let definition: JSONValue = ["StartAt": .string(startAt), "States": .object(states)]
        _ = try await createWorkflow(
            WorkflowSpec(workflowID: id, provider: "embedded", name: id, definition: definition))
    }

    /// Starts a run under a name.
    func start(_ workflow: String, _ name: String, input: JSONValue = [:]) async throws {
        _ = try await startExecution(
            of: workflow, ExecutionInput(executionName: name, input: input, triggerSource: "test"))
    }
}

extension JSONValue {
    /// A state that asks workers and is the last.
    static func activity(_ name: String, extensions: JSONObject = [:], heartbeat: Int? = nil) -> JSONValue {
        var state: JSONObject = ["Type": "Task", "Resource": .string("landlord:activity:\(name)"), "End": true]
        if !extensions.isEmpty { state["Extensions"] = .object(extensions) }
        if let heartbeat { state["HeartbeatSeconds"] = .number(JSONNumber(heartbeat)) }
        return .object(state)
    }

    /// A state that starts another run and is the last.
    static func child(_ workflow: String, name: String? = nil, waits: Bool = true) -> JSONValue {
        var parameters: JSONObject = ["Workflow": .string(workflow)]
        if let name { parameters["Name"] = .string(name) }
        return [
            "Type": "Task", "Resource": .string(waits ? "landlord:workflow.sync" : "landlord:workflow"), "End": true,
            "Parameters": .object(parameters),
        ]
    }
}

extension RunOrder {
    /// An order of a test.
    static func drill(_ verb: Verb) -> RunOrder { RunOrder(verb, by: "ana", reason: "drill") }
}
