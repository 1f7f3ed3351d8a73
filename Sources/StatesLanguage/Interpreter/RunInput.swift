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
    /// The role under which the run acts, `$$.Execution.RoleArn`.
    public let roleARN: String?
    /// The most events the history may have, as on AWS for standard executions; nil for as many as there are.
    public let historyLimit: Int?
    /// The seconds after which the run is ended whatever its machine says, as on AWS for express executions.
    public let secondsLimit: Int?

    /// Makes a start.
    public init(
        input: JSONValue, runID: String, runName: String, machineID: String, machineName: String,
        roleARN: String? = nil, historyLimit: Int? = nil, secondsLimit: Int? = nil
    ) {
        self.input = input
        self.runID = runID
        self.runName = runName
        self.machineID = machineID
        self.machineName = machineName
        self.roleARN = roleARN
        self.historyLimit = historyLimit
        self.secondsLimit = secondsLimit
    }

    /// The form that is stored; reading it back gives an equal start.
    public var json: JSONValue {
        var json: JSONObject = [
            "input": input, "runID": .string(runID), "runName": .string(runName), "machineID": .string(machineID),
            "machineName": .string(machineName),
        ]
        if let roleARN { json["roleARN"] = .string(roleARN) }
        if let historyLimit { json["historyLimit"] = .integer(historyLimit) }
        if let secondsLimit { json["secondsLimit"] = .integer(secondsLimit) }
        return .object(json)
    }

    /// Reads a stored start.
    public init(json: JSONValue) throws(StoredFormError) {
        let stored = try StoredObject(json, kind: "a run's start")
        input = try stored.value("input")
        runID = try stored.string("runID")
        runName = try stored.string("runName")
        machineID = try stored.string("machineID")
        machineName = try stored.string("machineName")
        roleARN = try stored.optionalString("roleARN")
        historyLimit = try stored.optionalInteger("historyLimit")
        secondsLimit = try stored.optionalInteger("secondsLimit")
    }
}

/// How far a task had come when it failed without having run.
public enum TaskPhase: String, Sendable, Hashable, CaseIterable {
    /// It could not be put in line.
    case schedule
    /// It could not be started.
    case start
    /// Its job could not be submitted.
    case submit
}

/// Something that moves a run; the inputs of a run with their stamps determine everything about it.
public enum RunInput: Sendable, Hashable {
    /// The run begins.
    case start(RunStart)
    /// A scheduled task has a result.
    case taskSucceeded(task: Int, output: JSONValue)
    /// A scheduled task has failed, or timed out for want of a heartbeat (`States.HeartbeatTimeout`).
    case taskFailed(task: Int, error: String, cause: String)
    /// A worker has taken up an activity.
    case taskStarted(task: Int, worker: String?)
    /// The job behind a task is on its way: the answer of the call that began it.
    case taskSubmitted(task: Int, output: JSONValue)
    /// A task has not even come to run.
    case taskRefused(task: Int, phase: TaskPhase, error: String, cause: String)
    /// Whoever works on a task is alive.
    case heartbeat(task: Int)
    /// The items of a distributed Map are here.
    case itemsRead(read: Int, items: [JSONValue])
    /// A timer is due.
    case timerFired(timer: Int)
    /// The run is ended by whoever started it.
    case stop(error: String, cause: String)
    /// An operator does something to the run.
    case order(RunOrder)
    /// An operator lets the run go on with another version of its definition.
    case move(RunMove)

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
        case .taskStarted(let task, let worker):
            [
                "type": "taskStarted", "task": .integer(task), "worker": worker.map(JSONValue.string) ?? .null,
            ]
        case .taskSubmitted(let task, let output):
            ["type": "taskSubmitted", "task": .integer(task), "output": output]
        case .taskRefused(let task, let phase, let error, let cause):
            [
                "type": "taskRefused", "task": .integer(task), "phase": .string(phase.rawValue),
                "error": .string(error), "cause": .string(cause),
            ]
        case .heartbeat(let task):
            ["type": "heartbeat", "task": .integer(task)]
        case .itemsRead(let read, let items):
            ["type": "itemsRead", "task": .integer(read), "items": .array(items)]
        case .timerFired(let timer):
            ["type": "timerFired", "timer": .number(JSONNumber(timer))]
        case .stop(let error, let cause):
            ["type": "stop", "error": .string(error), "cause": .string(cause)]
        case .order(let order):
            order.json
        case .move(let move):
            move.json
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
        case "taskStarted":
            self = .taskStarted(task: try stored.integer("task"), worker: try stored.value("worker").stringValue)
        case "taskSubmitted":
            self = .taskSubmitted(task: try stored.integer("task"), output: try stored.value("output"))
        case "taskRefused":
            guard let phase = TaskPhase(rawValue: try stored.string("phase")) else {
                throw StoredFormError("'phase' of a run's input is unknown")
            }
            self = .taskRefused(
                task: try stored.integer("task"), phase: phase, error: try stored.string("error"),
                cause: try stored.string("cause"))
        case "heartbeat":
            self = .heartbeat(task: try stored.integer("task"))
        case "itemsRead":
            self = .itemsRead(read: try stored.integer("task"), items: try stored.array("items"))
        case "timerFired":
            self = .timerFired(timer: try stored.integer("timer"))
        case "stop":
            self = .stop(error: try stored.string("error"), cause: try stored.string("cause"))
        case "order":
            self = .order(try RunOrder(stored))
        case "move":
            self = .move(try RunMove(stored))
        case let other:
            throw StoredFormError("there is no input of type '\(other)'")
        }
    }
}
