/// The names of what a log line tells besides its message.
///
/// A message is constant and its data stands under these names, so that a log can be searched by machine.
public enum LogKeys {
    /// A tenant's name.
    public static let tenant = "tenant"
    /// A tenant's identifier.
    public static let tenantID = "tenant_id"
    /// A compute execution.
    public static let executionID = "execution_id"
    /// A workflow execution.
    public static let runID = "run_id"
    /// A workflow.
    public static let workflowID = "workflow_id"
    /// A schedule.
    public static let schedule = "schedule"
    /// A callback.
    public static let callbackID = "callback_id"
    /// A compute or workflow provider.
    public static let provider = "provider"
    /// `provision`, `update` or `delete`.
    public static let operation = "operation"
    /// A status of anything.
    public static let status = "status"
    /// Where a tenant came from.
    public static let fromStatus = "from_status"
    /// The generation of the desired config.
    public static let generation = "generation"
    /// Which try it was.
    public static let attempt = "attempt"
    /// The stable code of an error.
    public static let errorCode = "error_code"
    /// The class of an error.
    public static let errorClass = "error_class"
    /// What an error says.
    public static let error = "error"
    /// How long something took.
    public static let duration = "duration_ms"
    /// When something is tried again.
    public static let nextAttemptAt = "next_attempt_at"
    /// How many there were.
    public static let count = "count"
    /// A file.
    public static let path = "path"
    /// A process of the operating system.
    public static let pid = "pid"
    /// A container of a tenant.
    public static let container = "container"
    /// A network port.
    public static let port = "port"
    /// Where a callback goes, without secrets.
    public static let destination = "destination"
    /// Why something was done.
    public static let reason = "reason"
}
