extension RunState {
    /// One line of execution: the state it is in and what that waits for.
    struct Frame: Sendable, Hashable {
        /// The place of the current state in the machine; nil before the first.
        var position: Int?
        var stateName: String = ""
        var input: JSONValue
        var enteredAt: Timestamp
        /// The event with which the current state was entered.
        var enteredEventID: Int = 0
        /// The event that the next one of this line follows.
        var previousEventID: Int
        /// The last event of the line, which is another where an event is passed by.
        var lastEventID: Int
        /// How often each rule of `Retry` has been used since the state was entered.
        var retryCounts: [Int] = []
        var activity: Activity = .none
        /// The variables assigned on this line.
        var variables: JSONObject = [:]
        /// The branches or iterations of the current state.
        var fork: Fork?
        /// The frame of the Parallel or Map state that this line belongs to, and the number of the branch in it.
        var parent: Int?
        var branch: Int = 0
        /// The item of an iteration.
        var item: MapItem?
        /// What a child execution of a distributed Map was started with; its events are not the run's.
        var childInput: JSONValue?
        /// Whether the line is, or is inside of, a child execution.
        var isSilent = false
        /// Where the main line last caught an error, until a state does its work again.
        var caught: Caught?
        /// Tells the lines that use a place one after another apart.
        var serial: Int = 0

        var retryCount: Int { retryCounts.reduce(0, +) }
    }

    /// A state whose error was caught, and what it had been given.
    struct Caught: Sendable, Hashable {
        let position: Int
        let input: JSONValue
    }

    /// What a line of execution waits for.
    enum Activity: Sendable, Hashable {
        case none
        case task(TaskWait)
        case timer(id: Int, fireAt: Timestamp)
        case backoff(timer: Int, until: Timestamp, error: String)
        /// The items of a distributed Map.
        case reading(id: Int)
        /// The place where a distributed Map puts its results.
        case writing(id: Int)
        /// The end of all branches.
        case forked
    }

    /// A task that a line of execution waits for.
    struct TaskWait: Sendable, Hashable {
        let id: Int
        let token: String?
        var timeoutTimer: Int?
        var heartbeatTimer: Int?
        var heartbeatSeconds: Int?
        /// Whether the history says that a worker has it; activities start later than they are scheduled.
        var isStarted: Bool
        /// Whether the call was made, so that only the answer is waited for.
        var isSubmitted = false
    }

    /// The numbers in the fields of a Map state.
    struct MapLimits: Sendable, Hashable {
        /// How many iterations may run at once; 0 for as many as there may.
        var concurrency = 0
        var toleratedCount: Int?
        var toleratedPercentage: Double?
        /// How many items a reader may give; nil for as many as there are.
        var itemCount: Int?

        /// How many of so many iterations may fail, where both numbers hold; nil when nothing was said of failures.
        func toleratedCount(of total: Int) -> Int? {
            let share = toleratedPercentage.map { Int((Double(total) * $0 / 100).rounded(.down)) }
            return [toleratedCount, share].compactMap(\.self).min()
        }
    }

    /// The branches of a Parallel state or the iterations of a Map state.
    struct Fork: Sendable, Hashable {
        /// What iterations are made of, as long as they have not begun; empty for a Parallel, and once all have begun.
        var items: [MapItem?] = []
        /// The number of branches, begun or not.
        let total: Int
        /// The number of branches that have begun.
        var begun = 0
        /// The frames of the branches that are running, by their number.
        var running: [Int: Int] = [:]
        /// The outputs of the branches that have ended well, each in its place.
        var results: [JSONValue?]
        var failedCount = 0
        /// What was asked of a Map state when it began, before its items were known.
        var limits = MapLimits()
        /// How many iterations may fail; nil when none may.
        var toleratedCount: Int?
        /// The last event of a branch, which the state goes on from.
        var lastEventID = 0
        var mapRunARN: String?
        /// Whether the items are batches, which the selector has seen already.
        var isBatched = false
    }
}

extension RunState.Fork {
    /// A Map whose items are not known yet.
    init(limits: RunState.MapLimits) {
        self.init(total: 0, results: [])
        self.limits = limits
    }
}

extension RunState.Activity {
    /// The ids under which an input may name the activity.
    var ids: [Int] {
        switch self {
        case .none, .forked: []
        case .task(let task): [task.id, task.timeoutTimer, task.heartbeatTimer].compactMap(\.self)
        case .timer(let id, _), .reading(let id), .writing(let id): [id]
        case .backoff(let timer, _, _): [timer]
        }
    }

    /// The task that may be answered.
    var task: Int? {
        switch self {
        case .task(let task): task.id
        case .reading(let id), .writing(let id): id
        case .none, .forked, .timer, .backoff: nil
        }
    }

    /// The token with which the task is answered.
    var token: String? {
        if case .task(let task) = self { task.token } else { nil }
    }

    /// The timers that may fire.
    var timers: [Int] {
        switch self {
        case .task(let task): [task.timeoutTimer, task.heartbeatTimer].compactMap(\.self)
        case .timer(let id, _): [id]
        case .backoff(let timer, _, _): [timer]
        case .none, .forked, .reading, .writing: []
        }
    }
}
