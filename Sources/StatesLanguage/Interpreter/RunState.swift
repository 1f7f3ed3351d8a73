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

    /// The id that the next task or timer gets; both are counted together, so that an id names one thing.
    var nextID: Int
    /// The timer of the machine's own time limit.
    var limitTimer: Int?
    /// The lines of execution: as yet only the main line; branches will stand behind it.
    var frames: [Frame]

    /// One line of execution: the state it is in and what that waits for.
    struct Frame: Sendable, Hashable {
        var stateName: String
        var input: JSONValue
        var enteredAt: Timestamp
        /// The event with which the current state was entered.
        var enteredEventID: Int
        /// The event that the next one of this line follows.
        var previousEventID: Int
        /// How often each rule of `Retry` has been used since the state was entered.
        var retryCounts: [Int]
        var activity: Activity

        var retryCount: Int { retryCounts.reduce(0, +) }
    }

    /// What a line of execution waits for.
    enum Activity: Sendable, Hashable {
        case none
        case task(id: Int, token: String?, timeoutTimer: Int?)
        case timer(id: Int, fireAt: Timestamp)
        case backoff(timer: Int, until: Timestamp, error: String)
    }

    init(start: RunStart, startedAt: Timestamp) {
        outcome = nil
        self.start = start
        self.startedAt = startedAt
        eventCount = 0
        nextID = 1
        limitTimer = nil
        frames = []
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
}

extension RunState {
    /// Whether the run has not ended.
    public var isRunning: Bool { outcome == nil }

    /// The name of the state the run is in, or ended in; nil when it ended before any.
    public var currentState: String? { frames.first?.stateName }

    /// When the current state was entered.
    public var currentStateEnteredAt: Timestamp? { frames.first?.enteredAt }

    /// What the run waits for.
    public var waiting: Waiting {
        guard let frame = frames.first else { return .none }
        switch frame.activity {
        case .none: return .none
        case .task(let id, _, _): return .task(id: id, stateName: frame.stateName, attempt: frame.retryCount + 1)
        case .timer(_, let fireAt): return .timer(fireAt: fireAt)
        case .backoff(_, let until, let error):
            return .backoff(until: until, attempt: frame.retryCount + 1, error: error)
        }
    }

    /// The ids of the tasks that may still be answered.
    public var openTasks: [Int] {
        frames.compactMap { if case .task(let id, _, _) = $0.activity { id } else { nil } }
    }

    /// The ids of the timers that may still fire.
    public var openTimers: [Int] {
        let limit = limitTimer.map { [$0] } ?? []
        return limit + frames.compactMap(\.activity.timer)
    }
}

extension RunState.Activity {
    /// The timer that belongs to the activity.
    var timer: Int? {
        switch self {
        case .none: nil
        case .task(_, _, let timer): timer
        case .timer(let id, _): id
        case .backoff(let timer, _, _): timer
        }
    }
}
