/// The time and the chance that one step of a run may use.
public struct Stamp: Sendable, Hashable {
    /// The moment of the step.
    public let now: Timestamp
    /// The seed of everything random in the step.
    public let seed: UInt64

    /// Makes a stamp.
    public init(now: Timestamp, seed: UInt64) {
        self.now = now
        self.seed = seed
    }
}

/// What a run is started with.
public struct RunStart: Sendable, Hashable {
    /// The data of the first state.
    public let input: JSONValue
    /// The identifier of the run, `$$.Execution.Id`.
    public let runID: String
    /// The name of the run, `$$.Execution.Name`.
    public let runName: String
    /// The identifier of the machine, `$$.StateMachine.Id`.
    public let machineID: String
    /// The name of the machine, `$$.StateMachine.Name`.
    public let machineName: String

    /// Makes a start.
    public init(input: JSONValue, runID: String, runName: String, machineID: String, machineName: String) {
        self.input = input
        self.runID = runID
        self.runName = runName
        self.machineID = machineID
        self.machineName = machineName
    }

    var json: JSONValue {
        [
            "input": input, "runID": .string(runID), "runName": .string(runName), "machineID": .string(machineID),
            "machineName": .string(machineName),
        ]
    }

    init(json: JSONValue) throws(StoredFormError) {
        let stored = try StoredObject(json, kind: "a run's start")
        input = try stored.value("input")
        runID = try stored.string("runID")
        runName = try stored.string("runName")
        machineID = try stored.string("machineID")
        machineName = try stored.string("machineName")
    }
}

/// Something that moves a run; the inputs of a run with their stamps determine everything about it.
public enum RunInput: Sendable, Hashable {
    /// The run begins.
    case start(RunStart)
    /// A scheduled task has a result.
    case taskSucceeded(task: Int, output: JSONValue)
    /// A scheduled task has failed, or timed out for want of a heartbeat (`States.HeartbeatTimeout`).
    case taskFailed(task: Int, error: String, cause: String)
    /// A timer is due.
    case timerFired(timer: Int)
    /// An operator ends the run.
    case stop(error: String, cause: String)

    /// The form that is stored; reading it back gives an equal input.
    public var json: JSONValue {
        switch self {
        case .start(let start):
            ["type": "start", "start": start.json]
        case .taskSucceeded(let task, let output):
            ["type": "taskSucceeded", "task": .number(JSONNumber(task)), "output": output]
        case .taskFailed(let task, let error, let cause):
            [
                "type": "taskFailed", "task": .number(JSONNumber(task)), "error": .string(error),
                "cause": .string(cause),
            ]
        case .timerFired(let timer):
            ["type": "timerFired", "timer": .number(JSONNumber(timer))]
        case .stop(let error, let cause):
            ["type": "stop", "error": .string(error), "cause": .string(cause)]
        }
    }

    /// Reads a stored input.
    public init(json: JSONValue) throws(StoredFormError) {
        let stored = try StoredObject(json, kind: "a run's input")
        switch try stored.string("type") {
        case "start":
            self = .start(try RunStart(json: try stored.value("start")))
        case "taskSucceeded":
            self = .taskSucceeded(task: try stored.integer("task"), output: try stored.value("output"))
        case "taskFailed":
            self = .taskFailed(
                task: try stored.integer("task"), error: try stored.string("error"), cause: try stored.string("cause"))
        case "timerFired":
            self = .timerFired(timer: try stored.integer("timer"))
        case "stop":
            self = .stop(error: try stored.string("error"), cause: try stored.string("cause"))
        case let other:
            throw StoredFormError("there is no input of type '\(other)'")
        }
    }
}
