/// Everything about a run that its next step depends on.
///
/// It is written beside the inputs in one commit; folding the inputs from the start gives an equal state.
public struct RunState: Sendable, Hashable {
    /// How the run has ended; nil while it is running.
    public internal(set) var outcome: RunOutcome?
    /// What the run was started with.
    public let start: RunStart
    /// When the run was started.
    public let startedAt: Timestamp
    /// The number of history events so far, which is also the id of the last one.
    public internal(set) var eventCount: Int

    /// That the run is suspended; nil while it goes on.
    public internal(set) var suspension: RunSuspension?
    /// How often an operator has let the run go on after it had ended.
    public internal(set) var retryCount = 0

    /// What can be taken back, in the order in which it was done.
    var completed: [CompletedState] = []
    /// That the run takes back what it has done.
    var rollback: Rollback?
    /// Whether a run that has ended still has the data to go on with; those that ended long ago have not.
    var keepsData = false
    /// The id that the next task or timer gets; both are counted together, so that an id names one thing.
    var nextID: Int
    /// The timer of the machine's own time limit.
    var limitTimer: Int?
    /// The lines of execution.
    var frames: FrameTable

    init(start: RunStart, startedAt: Timestamp) {
        outcome = nil
        self.start = start
        self.startedAt = startedAt
        eventCount = 0
        nextID = 1
        limitTimer = nil
        frames = FrameTable()
    }
}

/// What a run waits for, as a screen shows it.
public enum Waiting: Sendable, Hashable {
    /// Nothing: the run has ended.
    case none
    /// The answer of a task; attempts are counted from 1.
    case task(id: Int, stateName: String, attempt: Int)
    /// The moment at which a Wait state goes on.
    case timer(fireAt: Timestamp)
    /// The moment at which a failed task is tried again, for the attempt of that number.
    case backoff(until: Timestamp, attempt: Int, error: String)
    /// The end of branches, of which so many are running.
    case branches(Int)
}

/// How far the branches of a Parallel or the items of a Map are.
public struct BranchProgress: Sendable, Hashable {
    /// How many have ended well.
    public let doneCount: Int
    /// How many have failed, where some may.
    public let failedCount: Int
    /// How many are under way.
    public let runningCount: Int
    /// How many there are, begun or not.
    public let total: Int

    /// Gathers the numbers.
    public init(doneCount: Int, failedCount: Int, runningCount: Int, total: Int) {
        self.doneCount = doneCount
        self.failedCount = failedCount
        self.runningCount = runningCount
        self.total = total
    }
}

extension RunState {
    /// Whether the run has not ended.
    public var isRunning: Bool { outcome == nil }

    /// Whether the run takes back what it has done.
    public var isCompensating: Bool { isRunning && rollback != nil }

    /// Whether an operator may let the run go on with the state that failed.
    public var canBeRetried: Bool {
        switch outcome {
        case .failed, .timedOut, .aborted: rollback == nil && keepsData
        case .succeeded, nil: false
        }
    }

    /// The run as it was stored before runs could be retried: one that has ended kept nothing to go on with.
    ///
    /// A fold of an old log gives the state of today; whoever compares it with an old row compares this too.
    public var withoutRetryData: RunState {
        guard outcome != nil, keepsData else { return self }
        var state = self
        state.keepsData = false
        state.completed = []
        if !state.frames.isEmpty { state.frames.keepMain(isRetriable: false) }
        return state
    }

    /// The run as it was stored before it was remembered in which state it began to take back what it had done.
    public var withoutRollbackOrigin: RunState {
        guard rollback?.origin != nil else { return self }
        var state = self
        state.rollback?.origin = nil
        return state
    }

    /// The name of the state the run is in, or ended in; nil when it ended before any.
    ///
    /// A run that has taken back what it had done has ended in the state in which that began.
    public var currentState: String? {
        if !isRunning, let origin = rollback?.origin { return origin }
        return frames.main.flatMap { $0.position == nil ? nil : $0.stateName }
    }

    /// The variables of the main line.
    public var variables: JSONObject { frames.main?.variables ?? [:] }

    /// When the current state was entered.
    public var currentStateEnteredAt: Timestamp? { frames.main?.enteredAt }

    /// What the run waits for.
    public var waiting: Waiting {
        guard let frame = frames.main else { return .none }
        switch frame.activity {
        case .none: return .none
        case .task(let task): return .task(id: task.id, stateName: frame.stateName, attempt: frame.retryCount + 1)
        case .reading(let id), .writing(let id):
            return .task(id: id, stateName: frame.stateName, attempt: frame.retryCount + 1)
        case .timer(_, let fireAt): return .timer(fireAt: fireAt)
        case .backoff(_, let until, let error):
            return .backoff(until: until, attempt: frame.retryCount + 1, error: error)
        case .forked: return .branches(frame.fork?.running.count ?? 0)
        }
    }

    /// How far the branches of the current state are; nil where it has none, or a Map does not know its items yet.
    public var branchProgress: BranchProgress? {
        guard let fork = frames.main?.fork else { return nil }
        return BranchProgress(
            doneCount: fork.results.count { $0 != nil }, failedCount: fork.failedCount,
            runningCount: fork.running.count, total: fork.total)
    }

    /// The ids of the tasks that may still be answered.
    public var openTasks: [Int] { frames.all.compactMap(\.frame.activity.task).sorted() }

    /// Whether a task or timer of this number was ever asked for.
    public func hasIssued(_ id: Int) -> Bool { id > 0 && id < nextID }

    /// The task that waits for an answer under this token; nil where none does any more, or none ever did.
    public func openTask(token: String) -> Int? {
        guard let place = frames.place(waitingWith: token) else { return nil }
        return frames[place].activity.task
    }

    /// The ids of the timers that may still fire.
    public var openTimers: [Int] {
        let limit = limitTimer.map { [$0] } ?? []
        return (limit + frames.all.flatMap(\.frame.activity.timers)).sorted()
    }
}
