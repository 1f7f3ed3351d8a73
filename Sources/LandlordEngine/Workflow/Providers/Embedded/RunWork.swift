public import LandlordDomain
public import StatesLanguage

/// What a step that is durable now asks of the world.
public struct RunAdvance: Sendable {
    /// What is to be done, in this order.
    public let commands: [Command]
    /// The task that was answered.
    public let answeredTask: Int?
    /// Whether the run has ended and a task of another run may wait for that.
    public let isChild: Bool
    /// Whether the run has ended.
    public let hasEnded: Bool

    /// Gathers what follows a step.
    public init(
        commands: [Command], answeredTask: Int? = nil, isChild: Bool = false, hasEnded: Bool = false
    ) {
        self.commands = commands
        self.answeredTask = answeredTask
        self.isChild = isChild
        self.hasEnded = hasEnded
    }
}

extension RunInput {
    /// The task that an input answers.
    var answeredTask: Int? {
        switch self {
        case .taskSucceeded(let task, _), .taskFailed(let task, _, _), .taskRefused(let task, _, _, _),
            .itemsRead(let task, _):
            task
        case .start, .order, .move, .stop, .timerFired, .taskStarted, .taskSubmitted, .heartbeat: nil
        }
    }
}

/// What is written in the same transaction as a step of a run, or keeps it from being written.
public enum RunCompanion: Sendable, Hashable {
    /// The answer is given under a lease; it counts only while the task has not gone to somebody else.
    case lease(task: Int, number: Int)
    /// The token has answered a task before its call has ended, which is no longer wanted.
    case unfinishedCall(task: Int)
    /// A task takes a signal, which no other task may have.
    case signal(id: Int64, task: Int)
    /// The run goes on with this version; it belongs to a `RunInput.move` and to no other input.
    case version(StoredMachine)
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
