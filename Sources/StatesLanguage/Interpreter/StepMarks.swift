/// Which parts of a run have changed since its step began, so that a store writes those alone.
///
/// Marks say nothing of what the run is: two states are equal whatever has been marked in them.
struct StepMarks: Sendable {
    /// Whether there was the main line alone when the step began.
    let wasSimple: Bool
    /// The lines that have come, changed or gone.
    private(set) var frames: Set<Int> = []
    /// The lines whose branches are counted otherwise now.
    private(set) var forks: Set<Int> = []
    /// The lines that have got branches, so that all of these are new.
    private(set) var madeForks: Set<Int> = []
    /// The lines whose former branches are no more.
    private(set) var droppedForks: Set<Int> = []
    /// The branches that have ended well, by their lines.
    private(set) var branches: [Int: [Int]] = [:]
    /// Whether places at the end of the table are no more.
    private(set) var hasShrunk = false
    /// The line that was marked last; most changes come in rows.
    private var latest = -1

    init(wasSimple: Bool = true) { self.wasSimple = wasSimple }

    mutating func frameChanged(_ place: Int) {
        guard place != latest else { return }
        latest = place
        frames.insert(place)
    }

    mutating func forkChanged(_ place: Int) { forks.insert(place) }

    mutating func forkMade(_ place: Int) {
        forks.insert(place)
        madeForks.insert(place)
    }

    mutating func forkDropped(_ place: Int) {
        droppedForks.insert(place)
        forks.remove(place)
        madeForks.remove(place)
        branches[place] = nil
    }

    mutating func tableShrank() { hasShrunk = true }

    mutating func branchEnded(_ branch: Int, of place: Int) { branches[place, default: []].append(branch) }
}

extension StepMarks: Hashable {
    static func == (left: StepMarks, right: StepMarks) -> Bool { true }

    func hash(into hasher: inout Hasher) {}
}
