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
        /// Tells the lines that use a place one after another apart.
        var serial: Int = 0

        var retryCount: Int { retryCounts.reduce(0, +) }
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
        /// What iterations are made of; empty for a Parallel, and once all have begun.
        var items: [MapItem] = []
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

/// The lines of execution of a run: the main line is the first, those of branches come and go behind it.
///
/// Who waits for a task or a timer is found by its id, so that an input costs the same however many lines there are.
struct FrameTable: Sendable, Hashable {
    /// The lines; the places of those that have ended are taken again by others.
    private(set) var places: [RunState.Frame]
    private(set) var free: [Int]
    private(set) var serial: Int
    private var waiting: [Int: Int] = [:]
    private var tokens: [String: Int] = [:]

    init() {
        places = []
        free = []
        serial = 0
    }

    /// Takes what was stored.
    init(places: [RunState.Frame], free: [Int], serial: Int) {
        self.places = places
        self.free = free
        self.serial = serial
        for place in places.indices { note(place) }
    }

    var isEmpty: Bool { places.isEmpty }

    /// The main line.
    var main: RunState.Frame? { places.first }

    /// The lines that exist, with their places.
    var all: [(place: Int, frame: RunState.Frame)] {
        places.enumerated().filter { !$0.element.hasEnded }.map { (place: $0.offset, frame: $0.element) }
    }

    /// The line at a place, read and changed where it stands.
    subscript(place: Int) -> RunState.Frame {
        _read { yield places[place] }
        _modify { yield &places[place] }
    }

    /// Whether a place is still taken by the line that it was given to.
    func has(_ place: Int, serial: Int) -> Bool {
        places.indices.contains(place) && places[place].serial == serial
    }

    /// The line that waits for a task or a timer.
    func place(waitingFor id: Int) -> Int? { waiting[id] }

    /// The line that waits for the answer with a token.
    func place(waitingWith token: String) -> Int? { tokens[token] }

    mutating func add(_ frame: RunState.Frame) -> Int {
        var frame = frame
        frame.serial = serial
        serial += 1
        guard let place = free.popLast() else {
            places.append(frame)
            return places.count - 1
        }
        places[place] = frame
        return place
    }

    /// Ends a line; what it waits for must have been forgotten before.
    mutating func remove(_ place: Int) {
        places[place] = .ended
        free.append(place)
    }

    /// Changes what a line waits for.
    mutating func setActivity(_ activity: RunState.Activity, of place: Int) {
        for id in places[place].activity.ids { waiting[id] = nil }
        if let token = places[place].activity.token { tokens[token] = nil }
        places[place].activity = activity
        note(place)
    }

    private mutating func note(_ place: Int) {
        let activity = places[place].activity
        for id in activity.ids { waiting[id] = place }
        if let token = activity.token { tokens[token] = place }
    }

    /// Keeps the main line alone.
    mutating func keepMain() {
        places = Array(places.prefix(1))
        free = []
        waiting = [:]
        tokens = [:]
        places[0].activity = .none
        places[0].fork = nil
        // Nothing reads this any more, and the stored state of an ended run should be small.
        places[0].input = .null
        places[0].variables = [:]
    }
}

extension RunState.Frame {
    /// What stands at a place that no line has.
    static let ended: RunState.Frame = {
        var frame = RunState.Frame(
            input: .null, enteredAt: Timestamp(millisecondsSinceEpoch: 0), previousEventID: 0, lastEventID: 0)
        frame.serial = -1
        return frame
    }()

    var hasEnded: Bool { serial < 0 }
}
