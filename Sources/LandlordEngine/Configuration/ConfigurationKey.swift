/// One key of the configuration: what it is called, what it may hold and what it means.
///
/// This table is the only place where a key is declared: the file, the environment, `landlord doctor` and the
/// documentation read it.
public struct ConfigurationKey: Sendable, Hashable {
    /// What a key may hold.
    public enum Kind: Sendable, Hashable {
        /// A path, or where the key says so an address.
        case path
        /// A word or a name.
        case text
        /// One of a few words.
        case choice([String])
        /// True or false.
        case flag
        /// A whole number within a range.
        case count(ClosedRange<Int>)
        /// A duration within a range.
        case duration(ClosedRange<Duration>)
        /// Words; in a variable they are separated by commas.
        case list
    }

    /// The name in the file, with dots between the levels.
    public let name: String
    /// What it may hold.
    public let kind: Kind
    /// The value where nobody says another, as a person would write it; nil where it depends on the machine.
    public let fallback: String?
    /// What it means, for documentation.
    public let summary: String

    init(_ name: String, _ kind: Kind, _ fallback: String?, _ summary: String) {
        self.name = name
        self.kind = kind
        self.fallback = fallback
        self.summary = summary
    }

    /// The variable of the environment that holds it.
    public var variable: String {
        "LANDLORD_" + name.uppercased().map { $0 == "." ? "_" : String($0) }.joined()
    }

    /// Further variables that mean the same; the main one wins.
    public var alternatives: [String] {
        name == "features.compute_workflows" ? ["ENABLE_COMPUTE_WORKFLOWS"] : []
    }

    /// Every key, in the order in which they are shown.
    public static let all: [ConfigurationKey] = storage + work + callbacks + console

    /// The key of that name.
    public static func named(_ name: String) -> ConfigurationKey? {
        all.first { $0.name == name }
    }

    private static let moment = Duration.milliseconds(1)...Duration.seconds(86_400 * 7)

    private static let storage: [ConfigurationKey] = [
        ConfigurationKey("database", .path, nil, "The SQLite database."),
        ConfigurationKey("compute.default_provider", .text, "process", "Runs tenants whose spec names no provider."),
        ConfigurationKey(
            "compute.timeout", .duration(moment), "10m", "The longest one operation at a provider may take."),
        ConfigurationKey(
            "process.directory", .path, nil,
            "Where the process provider keeps the working directories and logs of tenants."),
        ConfigurationKey(
            "process.stop_grace", .duration(moment), "10s",
            "The time between the polite and the forced end of a process."),
    ]

    private static let work: [ConfigurationKey] = [
        ConfigurationKey("workflow.default_provider", .text, "embedded", "Runs the workflows of tenants."),
        ConfigurationKey(
            "workflow.retention", .duration(Duration.zero...Duration.seconds(86_400 * 3_660)), "0s",
            "How long runs that are over stay in the database before they are archived; 0s for ever."),
        ConfigurationKey("workflow.archive", .path, nil, "The directory into which old runs are archived."),
        ConfigurationKey(
            "reconciler.resync_interval", .duration(moment), "10s",
            "How often every unfinished tenant is looked at again."),
        ConfigurationKey("reconciler.workers", .count(1...1_024), "8", "Tenants that are worked on at the same time."),
        ConfigurationKey("reconciler.max_retries", .count(0...1_000), "5", "Tries before a tenant counts as failed."),
        ConfigurationKey("reconciler.initial_delay", .duration(moment), "1s", "The wait before the first retry."),
        ConfigurationKey("reconciler.max_delay", .duration(moment), "1m", "The longest wait before a retry."),
        ConfigurationKey(
            "reconciler.drift_interval", .duration(moment), "1m",
            "The time from one round of comparisons of ready tenants with what runs to the next, at least."
        ),
        ConfigurationKey(
            "reconciler.drift_rate", .count(1...100_000), "25",
            "Ready tenants that are compared in one second, at most."),
        ConfigurationKey(
            "features.compute_workflows", .flag, "true",
            "Provision through tracked workflows; off calls the compute manager directly."),
    ]

    private static let callbacks: [ConfigurationKey] = [
        ConfigurationKey(
            "callbacks.max_retries", .count(0...1_000), "3", "Tries after the first before a callback is dead."),
        ConfigurationKey("callbacks.initial_delay", .duration(moment), "1s", "The wait before the first retry."),
        ConfigurationKey("callbacks.max_delay", .duration(moment), "1m", "The longest wait before a retry."),
        ConfigurationKey("callbacks.timeout", .duration(moment), "30s", "The longest one delivery may take."),
        ConfigurationKey(
            "callbacks.max_retry_after", .duration(moment), "15m", "The longest wait that a receiver may ask for."),
        ConfigurationKey(
            "callbacks.give_up_after", .duration(moment), "1h",
            "A callback that was not delivered in this time is dead, however often it was tried."),
        ConfigurationKey("callbacks.workers", .count(1...4_096), "256", "Deliveries to webhooks at the same time."),
        ConfigurationKey(
            "callbacks.workers_per_destination", .count(1...1_024), "16",
            "Deliveries to one webhook destination at the same time."),
        ConfigurationKey(
            "callbacks.breaker_failures", .count(1...10_000), "20",
            "Failures in a row after which a destination is left alone for a while."),
        ConfigurationKey(
            "callbacks.breaker_pause", .duration(moment), "5s",
            "How long it is left alone; doubled each time, at most a minute."),
        ConfigurationKey(
            "callbacks.retention", .duration(Duration.milliseconds(1)...Duration.seconds(86_400 * 3_660)), "720h",
            "How long delivered and discarded callbacks are kept; dead ones stay."),
        ConfigurationKey(
            "callbacks.allow_loopback_http", .flag, "false", "Permits webhooks to http://127.0.0.1 and http://[::1]."),
        ConfigurationKey(
            "callbacks.allowed_hosts", .list, "",
            "Patterns of hosts that webhooks may go to; empty for any public host."),
    ]

    private static let console: [ConfigurationKey] = [
        ConfigurationKey("theme", .text, "terminal", "The colours of the console: a name or a file."),
        ConfigurationKey(
            "log.level", .choice(["trace", "debug", "info", "notice", "warning", "error", "critical"]), "info",
            "What is written to the log, at least."),
        ConfigurationKey("log.file", .path, nil, "Where the log is written, one JSON object a line."),
    ]
}
