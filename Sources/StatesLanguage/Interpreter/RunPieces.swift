// The stored form of a run, cut so that a step writes about as much as it has changed.
//
// A run of one line is its head alone. Once it has branches, its lines and what its branches have given are pieces
// beside the head, each with a number as its key: a place in the table of lines and an index there. Index 0 is the
// line itself, or the mark of a place that is free; 1 is what is counted of its branches; from 2 on stand the
// branches, each with its item until it has begun and with its result once it has ended. A running branch is a line,
// and has a place of its own.

/// One part of the stored form of a run that has branches.
public struct RunPiece: Sendable, Hashable {
    /// What the piece is kept under, beside the run.
    public let key: Int
    /// What is kept.
    public let value: JSONValue

    /// Takes a piece as it was stored.
    public init(key: Int, value: JSONValue) {
        self.key = key
        self.value = value
    }
}

/// What a step has changed in the stored form of its run.
///
/// Whoever stores runs replaces the head, removes what lies in ``removed``, and then sets ``pieces``, in one commit. A
/// step that ``Transition/isEmpty`` need not be stored.
public struct RunChanges: Sendable, Hashable {
    /// What is small and changes with each step; of a run without branches it is all but the start.
    public let head: JSONValue
    /// The keys whose pieces are no more.
    public let removed: [Range<Int>]
    /// The pieces that are new or have changed, by growing keys.
    public let pieces: [RunPiece]
}

extension Transition {
    /// What the step has changed in the stored form of the run.
    public var changes: RunChanges { state.changes }
}

extension RunState {
    /// The stored form apart from the start and the pieces.
    public var head: JSONValue {
        var head: JSONObject = [
            "startedAt": startedAt.storedForm, "eventCount": .integer(eventCount), "nextID": .integer(nextID),
        ]
        if frames.serial > 1 { head["serial"] = .integer(frames.serial) }
        if let free = frames.free.last { head["free"] = .integer(free) }
        if let limitTimer { head["limitTimer"] = .integer(limitTimer) }
        if let outcome { head["outcome"] = outcome.json }
        if let suspension { head["suspension"] = suspension.json }
        if !completed.isEmpty { head["completed"] = .array(completed.map(\.json)) }
        if let rollback { head["rollback"] = rollback.json }
        if keepsData { head["keepsData"] = true }
        if retryCount > 0 { head["retryCount"] = .integer(retryCount) }
        if frames.isSimple, let main = frames.main { head["line"] = main.json }
        return .object(head)
    }

    /// All pieces of the stored form; none for a run without branches.
    public var pieces: [RunPiece] {
        guard !frames.isSimple else { return [] }
        var pieces: [RunPiece] = []
        for (place, frame) in frames.places.enumerated() {
            pieces.append(framePiece(place))
            guard let fork = frame.fork else { continue }
            pieces.append(RunPiece(key: PieceKey(place: place, part: .fork).number, value: fork.json))
            for branch in 0..<fork.total {
                if let piece = branchPiece(branch, of: fork, place) { pieces.append(piece) }
            }
        }
        return pieces
    }

    /// Reads a stored run.
    ///
    /// - Parameters:
    ///   - start: What the run was started with, which never changes.
    ///   - head: The head as the latest step wrote it.
    ///   - pieces: The pieces that there are, in any order.
    /// - Throws: `StoredFormError` when they do not make a state.
    public init(start: RunStart, head: JSONValue, pieces: [RunPiece] = []) throws(StoredFormError) {
        let stored = try StoredObject(head, kind: "a run's state")
        self.init(start: start, startedAt: try stored.timestamp("startedAt"))
        eventCount = try stored.integer("eventCount")
        nextID = try stored.integer("nextID")
        limitTimer = try stored.optionalInteger("limitTimer")
        if let value = stored["outcome"] { outcome = try RunOutcome(json: value) }
        if let value = stored["suspension"] { suspension = try RunSuspension(json: value) }
        if stored["completed"] != nil {
            for state in try stored.array("completed") { completed.append(try CompletedState(json: state)) }
        }
        if let value = stored["rollback"] { rollback = try Rollback(json: value) }
        keepsData = stored["keepsData"] != nil
        retryCount = try stored.optionalInteger("retryCount") ?? 0
        var places: [Frame] = []
        if let line = stored["line"] { places.append(try Frame(json: line)) }
        let reader = PieceReader(pieces)
        if places.isEmpty { places = try reader.places() }
        let serial = try stored.optionalInteger("serial") ?? min(places.count, 1)
        let free = try PieceReader.free(in: places, from: try stored.optionalInteger("free"))
        frames = FrameTable(places: places, free: free, serial: serial)
    }

    /// What is not as it was stored before the step.
    fileprivate var changes: RunChanges {
        let marks = frames.marks
        let everything = 0..<Int.max
        guard !frames.isSimple else {
            return RunChanges(head: head, removed: marks.wasSimple ? [] : [everything], pieces: [])
        }
        guard !marks.hasRestarted else { return RunChanges(head: head, removed: [everything], pieces: pieces) }
        let places = frames.places.indices
        var removed: [Range<Int>] = []
        if marks.hasShrunk { removed.append(PieceKey(place: places.count, part: .frame).number..<Int.max) }
        for place in Set(marks.droppedForks).sorted() where places.contains(place) {
            removed.append(PieceKey.branches(of: place))
        }
        var pieces: [RunPiece] = []
        for place in Set(marks.frames) where places.contains(place) { pieces.append(framePiece(place)) }
        let made = Set(marks.madeForks)
        for place in Set(marks.forks) where places.contains(place) {
            guard let fork = frames.places[place].fork else { continue }
            pieces.append(RunPiece(key: PieceKey(place: place, part: .fork).number, value: fork.json))
            for branch in made.contains(place) ? 0..<fork.total : 0..<0 {
                if let piece = branchPiece(branch, of: fork, place) { pieces.append(piece) }
            }
        }
        for (place, branch) in marks.branches where places.contains(place) && !made.contains(place) {
            guard let fork = frames.places[place].fork, branch < fork.total else { continue }
            if let piece = branchPiece(branch, of: fork, place) { pieces.append(piece) }
        }
        pieces.sort { $0.key < $1.key }
        return RunChanges(head: head, removed: removed, pieces: pieces)
    }

    private func framePiece(_ place: Int) -> RunPiece {
        let frame = frames.places[place]
        let value = frame.hasEnded ? JSONValue.integer(frame.branch) : frame.json
        return RunPiece(key: PieceKey(place: place, part: .frame).number, value: value)
    }

    /// What a fork itself knows of a branch: its item until it begins, and its result when it has ended.
    private func branchPiece(_ branch: Int, of fork: Fork, _ place: Int) -> RunPiece? {
        let key = PieceKey(place: place, part: .branch(branch)).number
        // A result may be anything, so it is in an array of its own.
        if let result = fork.results[branch] { return RunPiece(key: key, value: [result]) }
        guard fork.items.indices.contains(branch), let item = fork.items[branch] else { return nil }
        return RunPiece(key: key, value: item.json)
    }
}

/// The key of a piece, made of the place of a line and the part of it that is kept.
private struct PieceKey {
    enum Part {
        case frame
        case fork
        case branch(Int)
    }

    /// How many parts a place may have.
    private static let width = 1 << 32

    let place: Int
    let part: Part

    init(place: Int, part: Part) {
        self.place = place
        self.part = part
    }

    init?(number: Int) {
        guard number >= 0 else { return nil }
        place = number / Self.width
        switch number % Self.width {
        case 0: part = .frame
        case 1: part = .fork
        case let other: part = .branch(other - 2)
        }
    }

    var number: Int {
        switch part {
        case .frame: place * Self.width
        case .fork: place * Self.width + 1
        case .branch(let branch): place * Self.width + 2 + branch
        }
    }

    /// The keys of all that is kept of the branches of a line.
    static func branches(of place: Int) -> Range<Int> { (place * width + 1)..<((place + 1) * width) }
}

/// Puts lines together from their pieces.
private struct PieceReader {
    private var frames: [Int: JSONValue] = [:]
    private var forks: [Int: JSONValue] = [:]
    private var branches: [Int: [(branch: Int, value: JSONValue)]] = [:]
    private var strays = 0

    init(_ pieces: [RunPiece]) {
        for piece in pieces {
            guard let key = PieceKey(number: piece.key) else {
                strays += 1
                continue
            }
            switch key.part {
            case .frame: frames[key.place] = piece.value
            case .fork: forks[key.place] = piece.value
            case .branch(let branch): branches[key.place, default: []].append((branch, piece.value))
            }
        }
    }

    func places() throws(StoredFormError) -> [RunState.Frame] {
        guard strays == 0 else { throw StoredFormError("a piece of a run's state has a key below 0") }
        var places: [RunState.Frame] = []
        places.reserveCapacity(frames.count)
        for place in 0..<frames.count {
            guard let value = frames[place] else { throw StoredFormError("a run's state has no line \(place)") }
            if let below = value.intValue {
                places.append(.ended)
                places[place].branch = below
            } else {
                places.append(try RunState.Frame(json: value))
            }
        }
        for (place, value) in forks {
            guard places.indices.contains(place) else {
                throw StoredFormError("a run's state has branches of a line \(place) that it has not")
            }
            places[place].fork = try fork(value, branches[place] ?? [])
        }
        // A running branch is known by its line.
        for (place, frame) in places.enumerated() {
            guard let parent = frame.parent else { continue }
            guard places.indices.contains(parent), places[parent].fork != nil else {
                throw StoredFormError("a run's state has a branch of a line \(parent) that it has not")
            }
            places[parent].fork?.running[frame.branch] = place
        }
        return places
    }

    private func fork(
        _ value: JSONValue, _ branches: [(branch: Int, value: JSONValue)]
    ) throws(StoredFormError) -> RunState.Fork {
        var fork = try RunState.Fork(json: value)
        for (branch, value) in branches {
            guard fork.results.indices.contains(branch) else {
                throw StoredFormError("a run's state has a branch \(branch) of \(fork.total)")
            }
            if case .array(let result) = value {
                guard let output = result.first else { throw StoredFormError("a result of a run's branch is missing") }
                fork.results[branch] = output
            } else if branch >= fork.begun {
                fork.items[branch] = try MapItem(json: value)
            }
        }
        guard fork.items.isEmpty || fork.items[fork.begun...].allSatisfy({ $0 != nil }) else {
            throw StoredFormError("an item of a run's Map is missing")
        }
        return fork
    }

    /// The free places, the one that is taken next last; each names the one below it.
    static func free(in places: [RunState.Frame], from top: Int?) throws(StoredFormError) -> [Int] {
        var free: [Int] = []
        var next = top ?? -1
        while next >= 0 {
            guard places.indices.contains(next), places[next].hasEnded, free.count < places.count else {
                throw StoredFormError("the free places of a run's state are not free")
            }
            free.append(next)
            next = places[next].branch
        }
        guard free.count == places.count(where: \.hasEnded), places.first?.hasEnded != true else {
            throw StoredFormError("a run's state has lines that have ended")
        }
        return free.reversed()
    }
}
