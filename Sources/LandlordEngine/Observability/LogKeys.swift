/// The names under which log lines carry their data, so that one search finds a tenant in every room.
public enum LogKeys {
    /// A tenant's identifier.
    public static let tenantID = "tenant_id"
    /// A tenant's name.
    public static let tenant = "tenant"
    /// A compute execution's identifier.
    public static let executionID = "execution_id"
    /// A run's name.
    public static let runID = "run_id"
    /// A callback's identifier.
    public static let callbackID = "callback_id"
    /// A provider's name.
    public static let provider = "provider"
    /// What sort of thing the line is about.
    public static let kind = "kind"
    /// What is done to a tenant.
    public static let operation = "operation"
    /// Where something stands.
    public static let status = "status"
    /// What went wrong.
    public static let error = "error"
    /// How many of something.
    public static let count = "count"
    /// Which try.
    public static let attempt = "attempt"
    /// How long something took or will take.
    public static let duration = "duration"
}
