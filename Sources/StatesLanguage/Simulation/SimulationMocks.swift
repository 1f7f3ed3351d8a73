/// Why a simulation cannot be run, as a sentence for whoever wrote its files.
public struct SimulationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong.
    public let description: String

    init(_ description: String) { self.description = description }
}

/// What the tasks of a simulated run answer, and what its context object says.
///
/// Outcomes are used in order, and the last one repeats. They are found by the state's name with the number of the
/// Map iteration (`State#3`; nested iterations are written `State#1.3`), by the state's name, or by the resource.
public struct SimulationMocks: Sendable, Hashable {
    /// How one attempt of a task ends.
    public enum Outcome: Sendable, Hashable {
        /// With a result; `submitted` is what the call that began a job answered, where that is not the result itself.
        case result(JSONValue, submitted: JSONValue?)
        /// With an error.
        case failure(error: String, cause: String)
        /// When its time has run out.
        case timeout
        /// When its worker has been silent for too long.
        case heartbeatTimeout
    }

    /// One outcome, and the seconds that it takes.
    struct Step: Sendable, Hashable {
        let outcome: Outcome
        let delaySeconds: Int
    }

    let tasks: [String: [Step]]
    /// Members of the context object that are not what they would be.
    let context: JSONObject

    /// Mocks for machines without tasks.
    public init() {
        tasks = [:]
        context = [:]
    }

    /// Reads mocks: `{"tasks": {"<state or resource>": [{"return": ...}, ...]}, "context": {...}}`.
    public init(json: JSONValue) throws(SimulationError) {
        guard case .object(let object) = json else { throw SimulationError("mocks are an object") }
        for key in object.keys where key != "tasks" && key != "context" {
            throw SimulationError("mocks have no member '\(key)', only 'tasks' and 'context'")
        }
        context = object["context"]?.objectValue ?? [:]
        var tasks: [String: [Step]] = [:]
        for (name, value) in object["tasks"]?.objectValue ?? [:] {
            let elements = value.arrayValue ?? [value]
            guard !elements.isEmpty else { throw SimulationError("the mocks of '\(name)' are empty") }
            var steps: [Step] = []
            for element in elements { steps.append(try Self.step(element, of: name)) }
            tasks[name] = steps
        }
        self.tasks = tasks
    }

    private static func step(_ value: JSONValue, of name: String) throws(SimulationError) -> Step {
        guard case .object(let object) = value else {
            throw SimulationError("an outcome of '\(name)' is not an object")
        }
        let kinds = ["return", "throw", "timeout", "heartbeat_timeout"].filter { object[$0] != nil }
        guard kinds.count == 1 else {
            throw SimulationError(
                "an outcome of '\(name)' has one of 'return', 'throw', 'timeout' and 'heartbeat_timeout'")
        }
        for key in object.keys where key != kinds[0] && key != "submitted" && key != "delay_seconds" {
            throw SimulationError("an outcome of '\(name)' has no member '\(key)'")
        }
        let outcome: Outcome
        switch kinds[0] {
        case "return": outcome = .result(object["return"] ?? .null, submitted: object["submitted"])
        case "throw":
            let thrown = object["throw"]
            outcome = .failure(
                error: (thrown?["error"] ?? thrown?["Error"])?.stringValue ?? "",
                cause: (thrown?["cause"] ?? thrown?["Cause"])?.stringValue ?? "")
        case "timeout": outcome = .timeout
        default: outcome = .heartbeatTimeout
        }
        return Step(outcome: outcome, delaySeconds: max(0, object["delay_seconds"]?.intValue ?? 0))
    }

    /// The names under which outcomes for a task may be found, the most special first.
    static func names(of task: ScheduledTask) -> [String] {
        var names: [String] = []
        if let last = task.iterations.last {
            if task.iterations.count > 1 {
                names.append("\(task.stateName)#\(task.iterations.map(String.init).joined(separator: "."))")
            }
            names.append("\(task.stateName)#\(last)")
        }
        return names + [task.stateName, task.resource]
    }
}
