public import StatesLanguage

/// A task of a run, by name.
public struct TaskReference: Sendable, Hashable {
    /// The run that asked.
    public let runID: String
    /// The number of the task within its run.
    public let taskID: Int

    /// Names a task.
    public init(runID: String, taskID: Int) {
        self.runID = runID
        self.taskID = taskID
    }

    /// The name of the run that the task starts where it gives none: the same each time that it is asked for.
    public var childRunID: String {
        let name = "\(runID)-\(taskID)"
        guard name.utf8.count > 128 else { return name }
        return "\(runID.prefix(80))-\(SHA256Digest.hex(of: name).prefix(32))"
    }
}

/// Something that a run asked for and that is not done.
public struct StoredTask: Sendable, Hashable {
    /// Where a task stands that nobody is finished with.
    ///
    /// The raw value is what the database holds.
    public enum Status: String, Sendable, Hashable, CaseIterable {
        /// Nobody has answered yet.
        case open
        /// The run no longer wants an answer; the operation behind it was not told yet.
        case cancelling
    }

    /// The run that asked.
    public let runID: String
    /// The tenant that the run works for; nil where it works for none.
    public let tenantID: Tenant.ID?
    /// What was asked, as the interpreter said it.
    public let task: ScheduledTask
    /// Whether it is still wanted.
    public let status: Status
    /// When it was asked.
    public let askedAt: Timestamp
    /// Whether it has a place in the semaphore that it needs.
    public let isAdmitted: Bool
    /// Whether its call was made, so that only its token answers it.
    public let isSubmitted: Bool
    /// Whether the run is suspended, so that nothing new begins.
    public let isSuspended: Bool
    /// How often it was handed out to workers.
    public let lease: Int
    /// Until when the worker has it who took it last.
    public let leaseUntil: Timestamp?
    /// Who took it last.
    public let worker: String?

    /// Gathers what a row says.
    public init(
        runID: String, tenantID: Tenant.ID?, task: ScheduledTask, status: Status, askedAt: Timestamp,
        isAdmitted: Bool = false, isSubmitted: Bool = false, isSuspended: Bool = false, lease: Int = 0,
        leaseUntil: Timestamp? = nil, worker: String? = nil
    ) {
        self.runID = runID
        self.tenantID = tenantID
        self.task = task
        self.status = status
        self.askedAt = askedAt
        self.isAdmitted = isAdmitted
        self.isSubmitted = isSubmitted
        self.isSuspended = isSuspended
        self.lease = lease
        self.leaseUntil = leaseUntil
        self.worker = worker
    }

    /// The task's name.
    public var reference: TaskReference { TaskReference(runID: runID, taskID: task.id) }

    /// Whether what it asks for is still to be done.
    public var isToBeCalled: Bool { status == .open && !isSubmitted }
}

/// What a run waits for, in short.
public struct OpenTasks: Sendable, Hashable {
    /// The task that it asked for first of those that nobody has answered.
    public let first: StoredTask
    /// How many there are; at most `limit` are counted.
    public let count: Int

    /// How many tasks of a run are counted.
    public static let limit = 10_000

    /// Gathers what is known.
    public init(first: StoredTask, count: Int) {
        self.first = first
        self.count = count
    }
}

/// A message to a run, under a name for which one of its states waits or will wait.
public struct RunSignal: Sendable, Hashable {
    /// How many signals may wait for a run; one more is refused.
    public static let waitingLimit = 1_000
    /// The most characters a name, a correlation or a key may have.
    public static let textLimit = 256

    /// What a state waits for.
    public let name: String
    /// What tells it apart from others of the name; a state may ask for one alone.
    public let correlation: String?
    /// Sending twice under one key is one signal.
    public let key: String
    /// The result of the task that takes it.
    public let payload: JSONValue
    /// Who sent it.
    public let sender: String

    /// Makes a signal.
    public init(name: String, correlation: String? = nil, key: String, payload: JSONValue, sender: String) {
        self.name = name
        self.correlation = correlation
        self.key = key
        self.payload = payload
        self.sender = sender
    }
}

/// A signal that a run has got.
public struct StoredSignal: Sendable, Hashable {
    /// Counts up over all runs.
    public let id: Int64
    /// What was sent.
    public let signal: RunSignal
    /// When it was sent.
    public let sentAt: Timestamp
    /// The task that took it; nil while it waits.
    public let task: Int?

    /// Gathers what a row says.
    public init(id: Int64, signal: RunSignal, sentAt: Timestamp, task: Int?) {
        self.id = id
        self.signal = signal
        self.sentAt = sentAt
        self.task = task
    }
}
