import LandlordDomain
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
}

/// What a step that is durable now asks of the world.
public struct RunAdvance: Sendable {
    /// What is to be done, in this order.
    public let commands: [Command]
    /// Whether the run has ended and a task of another run may wait for that.
    public let isChild: Bool
}

/// What is written in the same transaction as a step of a run, or keeps it from being written.
public enum RunCompanion: Sendable, Hashable {
    /// The answer is given under a lease; it counts only while the task has not gone to somebody else.
    case lease(task: Int, number: Int)
    /// A task takes a signal, which no other task may have.
    case signal(id: Int64, task: Int)
}

/// A task that a worker has taken.
public struct LeasedTask: Sendable, Hashable {
    /// The task.
    public let task: StoredTask
    /// Counts how often the task was handed out; an answer under an earlier number is refused.
    public let lease: Int
    /// Until when nobody else gets it.
    public let until: Timestamp
}

/// The tasks of one activity, counted.
public struct ActivitySummary: Sendable, Hashable {
    /// The activity's name.
    public let name: String
    /// Tasks that nobody has taken.
    public let waitingCount: Int
    /// Tasks that workers have.
    public let takenCount: Int
    /// When the oldest of those was asked for that nobody has taken.
    public let oldestWaitingSince: Timestamp?
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
}

/// A named limit, and how much of it is in use.
public struct SemaphoreSummary: Sendable, Hashable {
    /// What a name allows that nobody has set: one at a time.
    public static let defaultCapacity = 1

    /// The name that states require.
    public let name: String
    /// How many tasks may be worked on at once; 0 stops all.
    public let capacity: Int
    /// How many have a place.
    public let heldCount: Int
    /// How many wait for one.
    public let waitingCount: Int
}
