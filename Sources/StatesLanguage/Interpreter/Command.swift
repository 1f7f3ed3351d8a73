/// What the world must do for a run, once the step that asks for it is durable.
public enum Command: Sendable, Hashable {
    /// Have a task done and report its end.
    case scheduleTask(ScheduledTask)
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

    /// A task as a run scheduled it, for whoever kept it.
    public init(
        id: Int, stateName: String, resource: String, parameters: JSONValue, token: String?, timeoutSeconds: Int?,
        heartbeatSeconds: Int?, attempt: Int
    ) {
        self.id = id
        self.stateName = stateName
        self.resource = resource
        self.parameters = parameters
        self.token = token
        self.timeoutSeconds = timeoutSeconds
        self.heartbeatSeconds = heartbeatSeconds
        self.attempt = attempt
    }
}
