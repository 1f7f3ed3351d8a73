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
    /// What has changed since the step began.
    private(set) var marks = StepMarks()

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

    /// Whether there is the main line alone, which waits for no branch.
    var isSimple: Bool { places.count <= 1 && places.first?.fork == nil }

    /// Forgets what has changed, because a step begins.
    mutating func beginStep() { marks = StepMarks(wasSimple: isSimple) }

    /// The line at a place, read and changed where it stands; its branches are changed by ``subscript(forkOf:)``.
    subscript(place: Int) -> RunState.Frame {
        get { places[place] }
        _modify {
            marks.frameChanged(place)
            yield &places[place]
        }
    }

    /// The branches of the state that a line is in, without their items and results.
    subscript(forkOf place: Int) -> RunState.Fork? {
        get { places[place].fork }
        _modify {
            marks.forkChanged(place)
            yield &places[place].fork
        }
    }

    /// Gives a line branches, or takes them from it.
    mutating func setFork(_ fork: RunState.Fork?, of place: Int) {
        if places[place].fork != nil { marks.forkDropped(place) }
        if fork != nil { marks.forkMade(place) }
        marks.frameChanged(place)
        places[place].fork = fork
    }

    /// Keeps what a branch of a line has given.
    mutating func setResult(_ result: JSONValue, of branch: Int, at place: Int) {
        marks.branchEnded(branch, of: place)
        places[place].fork?.results[branch] = result
    }

    /// Takes the next item of a Map; nil when all have begun.
    mutating func takeItem(at place: Int) -> MapItem? {
        // The fork is looked at piece by piece: holding it would copy it when it changes.
        let total = places[place].fork?.total ?? 0
        guard let index = places[place].fork?.begun, index < total, let item = places[place].fork?.items[index]
        else { return nil }
        marks.forkChanged(place)
        places[place].fork?.begun = index + 1
        if index + 1 == total {
            places[place].fork?.items = []
        } else {
            places[place].fork?.items[index] = nil
        }
        return item
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
            marks.frameChanged(places.count - 1)
            return places.count - 1
        }
        places[place] = frame
        marks.frameChanged(place)
        return place
    }

    /// Ends a line; what it waits for must have been forgotten before.
    mutating func remove(_ place: Int) {
        if places[place].fork != nil { marks.forkDropped(place) }
        marks.frameChanged(place)
        places[place] = .ended
        places[place].branch = free.last ?? -1
        free.append(place)
        // With the last branch all places but the main line's are free, and need not be remembered.
        guard free.count == places.count - 1 else { return }
        places.removeSubrange(1...)
        free = []
        marks.tableShrank()
    }

    /// Changes what a line waits for.
    mutating func setActivity(_ activity: RunState.Activity, of place: Int) {
        marks.frameChanged(place)
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

    /// Begins anew with one line, whatever there was.
    ///
    /// - Returns: Its place.
    mutating func restart(with frame: RunState.Frame) -> Int {
        places = []
        free = []
        waiting = [:]
        tokens = [:]
        marks.restarted()
        var frame = frame
        frame.activity = .none
        frame.fork = nil
        return add(frame)
    }

    /// Keeps the main line alone, with its data where it may still go on.
    mutating func keepMain(isRetriable: Bool) {
        places = Array(places.prefix(1))
        free = []
        waiting = [:]
        tokens = [:]
        places[0].activity = .none
        places[0].fork = nil
        guard !isRetriable else { return }
        // Nothing reads this any more, and the stored state of an ended run should be small.
        places[0].input = .null
        places[0].variables = [:]
        places[0].caught = nil
    }
}

extension RunState.Frame {
    /// What stands at a place that no line has; its `branch` is the place that was free before, or -1.
    static let ended: RunState.Frame = {
        var frame = RunState.Frame(
            input: .null, enteredAt: Timestamp(millisecondsSinceEpoch: 0), previousEventID: 0, lastEventID: 0)
        frame.serial = -1
        return frame
    }()

    var hasEnded: Bool { serial < 0 }
}
