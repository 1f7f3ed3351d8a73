/// Everything that can be set, with who set it.
///
/// An option of the command line wins over the environment, the environment over the file, the file over the default.
/// The value is made by ``resolve(flags:environment:file:)`` from values alone, so that a test needs no files; see
/// ``load(flags:environment:)`` for the reading.
public struct Configuration: Sendable, Hashable {
    /// How tenants are run.
    public struct Compute: Sendable, Hashable {
        /// Runs tenants whose spec names no provider.
        public let defaultProvider: String
        /// The longest one operation at a provider may take.
        public let timeout: Duration
    }

    /// How the process provider works.
    public struct Process: Sendable, Hashable {
        /// Where it keeps the working directories and logs of tenants.
        public let directory: String
        /// The time between the polite and the forced end of a process.
        public let stopGrace: Duration
    }

    /// How long runs that are over stay in the database; zero for ever.
    public let runRetention: Duration
    /// The directory into which old runs are archived.
    public let archiveDirectory: String
    /// How tenants are brought to what they should be.
    public struct Reconciler: Sendable, Hashable {
        /// How often every unfinished tenant is looked at again.
        public let resyncInterval: Duration
        /// Tenants that are worked on at the same time.
        public let workerCount: Int
        /// Tries before a tenant counts as failed.
        public let retryLimit: Int
        /// The wait before the first retry.
        public let delayBase: Duration
        /// The longest wait before a retry.
        public let delayLimit: Duration
        /// The time from one round of comparisons of ready tenants with what runs to the next, at least.
        public let driftInterval: Duration
        /// Ready tenants that are compared in one second, at most.
        public let driftRate: Int
    }

    /// How callbacks are delivered.
    public struct Callbacks: Sendable, Hashable {
        /// Tries after the first before a callback is dead.
        public let retryLimit: Int
        /// The wait before the first retry.
        public let delayBase: Duration
        /// The longest wait before a retry.
        public let delayLimit: Duration
        /// The longest one delivery may take.
        public let timeout: Duration
        /// The longest wait that a receiver may ask for.
        public let retryAfterLimit: Duration
        /// A callback that was not delivered in this time is dead.
        public let patience: Duration
        /// Deliveries to webhooks at the same time.
        public let workerCount: Int
        /// Deliveries to one webhook destination at the same time.
        public let laneWorkerCount: Int
        /// Failures in a row after which a destination is left alone.
        public let breakerFailureLimit: Int
        /// How long it is left alone at first.
        public let breakerPause: Duration
        /// How long delivered and discarded callbacks are kept.
        public let retention: Duration
        /// Permits webhooks to loopback addresses without encryption.
        public let allowsLoopbackHTTP: Bool
        /// Patterns of hosts that webhooks may go to; empty for any public host.
        public let allowedHosts: [String]
    }

    /// What is written to the log.
    public struct Log: Sendable, Hashable {
        /// The least level, as the logging library spells it.
        public let level: String
        /// The file.
        public let file: String
    }

    /// The SQLite database.
    public let database: String
    /// How tenants are run.
    public let compute: Compute
    /// How the process provider works.
    public let process: Process
    /// Runs the workflows of tenants.
    public let workflowProvider: String
    /// How tenants are brought to what they should be.
    public let reconciler: Reconciler
    /// How callbacks are delivered.
    public let callbacks: Callbacks
    /// Provision through tracked workflows; off calls the compute manager directly.
    public let usesComputeWorkflows: Bool
    /// The colours of the console: a name or a file.
    public let theme: String
    /// What is written to the log.
    public let log: Log
    /// Every value with who set it, in the order of the keys, for `landlord doctor`.
    public let settings: [Setting]
    /// Variables of the environment that begin as ours do and mean nothing here.
    public let unusedVariables: [String]

    /// Puts settings into their fields; every key is there, because the resolver refuses to end otherwise.
    init(settings: [Setting], unusedVariables: [String]) {
        let values = Dictionary(settings.map { ($0.key.name, $0.value) }, uniquingKeysWith: { first, _ in first })
        func text(_ name: String) -> String { if case .text(let text)? = values[name] { text } else { "" } }
        func flag(_ name: String) -> Bool { if case .flag(let flag)? = values[name] { flag } else { false } }
        func count(_ name: String) -> Int { if case .count(let count)? = values[name] { count } else { 0 } }
        func list(_ name: String) -> [String] { if case .list(let words)? = values[name] { words } else { [] } }
        func duration(_ name: String) -> Duration {
            if case .duration(let duration)? = values[name] { duration } else { .zero }
        }
        database = text("database")
        compute = Compute(defaultProvider: text("compute.default_provider"), timeout: duration("compute.timeout"))
        process = Process(directory: text("process.directory"), stopGrace: duration("process.stop_grace"))
        workflowProvider = text("workflow.default_provider")
        runRetention = duration("workflow.retention")
        archiveDirectory = text("workflow.archive")
        reconciler = Reconciler(
            resyncInterval: duration("reconciler.resync_interval"), workerCount: count("reconciler.workers"),
            retryLimit: count("reconciler.max_retries"), delayBase: duration("reconciler.initial_delay"),
            delayLimit: duration("reconciler.max_delay"), driftInterval: duration("reconciler.drift_interval"),
            driftRate: count("reconciler.drift_rate"))
        callbacks = Callbacks(
            retryLimit: count("callbacks.max_retries"), delayBase: duration("callbacks.initial_delay"),
            delayLimit: duration("callbacks.max_delay"), timeout: duration("callbacks.timeout"),
            retryAfterLimit: duration("callbacks.max_retry_after"), patience: duration("callbacks.give_up_after"),
            workerCount: count("callbacks.workers"), laneWorkerCount: count("callbacks.workers_per_destination"),
            breakerFailureLimit: count("callbacks.breaker_failures"),
            breakerPause: duration("callbacks.breaker_pause"), retention: duration("callbacks.retention"),
            allowsLoopbackHTTP: flag("callbacks.allow_loopback_http"), allowedHosts: list("callbacks.allowed_hosts"))
        usesComputeWorkflows = flag("features.compute_workflows")
        theme = text("theme")
        log = Log(level: text("log.level"), file: text("log.file"))
        self.settings = settings
        self.unusedVariables = unusedVariables
    }
}
