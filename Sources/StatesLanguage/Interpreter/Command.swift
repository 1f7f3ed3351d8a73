/// What the world must do for a run, once the step that asks for it is durable.
public enum Command: Sendable, Hashable {
    /// Have a task done and report its end.
    case scheduleTask(ScheduledTask)
    /// Read the items of a distributed Map and report them.
    case readItems(ItemRead)
    /// Report when the moment has come; a moment in the past is due at once.
    case startTimer(id: Int, fireAt: Timestamp)
    /// Nobody waits for the task any more.
    case cancelTask(id: Int)
    /// Nobody waits for the timer any more.
    case cancelTimer(id: Int)
    /// The run has ended.
    case finish(RunOutcome)
}

/// A task that a run asks for.
public struct ScheduledTask: Sendable, Hashable {
    /// The number of the task within its run; every attempt has its own.
    public let id: Int
    /// The state that asks.
    public let stateName: String
    /// The resource as the definition names it.
    public let resource: String
    /// The data for the task.
    public let parameters: JSONValue
    /// The token with which the task is answered, if the resource waits for one.
    public let token: String?
    /// The seconds after which the run gives the task up; its timer is the run's own.
    public let timeoutSeconds: Int?
    /// The seconds within which a heartbeat must come; whoever runs the task watches this.
    public let heartbeatSeconds: Int?
    /// Which attempt this is, counted from 1.
    public let attempt: Int
    /// The numbers of the Map iterations around the state, the outermost first.
    public let iterations: [Int]
    /// `Credentials` of the state, computed.
    public let credentials: JSONValue?
    /// Tasks of a higher priority are handed out first.
    public let priority: Int
    /// The named limit that the task must have a place in while it is worked on.
    public let semaphore: String?

    /// A task as a run scheduled it, for whoever kept it.
    public init(
        id: Int, stateName: String, resource: String, parameters: JSONValue, token: String?, timeoutSeconds: Int?,
        heartbeatSeconds: Int?, attempt: Int, iterations: [Int] = [], credentials: JSONValue? = nil,
        priority: Int = 0, semaphore: String? = nil
    ) {
        self.id = id
        self.stateName = stateName
        self.resource = resource
        self.parameters = parameters
        self.token = token
        self.timeoutSeconds = timeoutSeconds
        self.heartbeatSeconds = heartbeatSeconds
        self.attempt = attempt
        self.iterations = iterations
        self.credentials = credentials
        self.priority = priority
        self.semaphore = semaphore
    }
}

/// Items that a distributed Map asks for: `ItemReader`.
public struct ItemRead: Sendable, Hashable {
    /// The number of the request within its run; it is answered as a task is.
    public let id: Int
    /// The Map state that asks.
    public let stateName: String
    /// Where the items are, such as `arn:aws:states:::s3:getObject`.
    public let resource: String
    /// `Parameters` or `Arguments`, computed.
    public let parameters: JSONValue
    /// `ReaderConfig` as it is written.
    public let configuration: JSONValue
    /// The most items that are wanted.
    public let itemLimit: Int?

    /// The request as a task, for whoever treats both alike.
    public var task: ScheduledTask {
        ScheduledTask(
            id: id, stateName: stateName, resource: resource, parameters: parameters, token: nil, timeoutSeconds: nil,
            heartbeatSeconds: nil, attempt: 1)
    }
}
