/// Which parts of a run have changed since its step began, so that a store writes those alone.
///
/// Marks say nothing of what the run is: two states are equal whatever has been marked in them.
struct StepMarks: Sendable {
    /// Whether there was the main line alone when the step began.
    let wasSimple: Bool
    /// The lines that have come, changed or gone; here and below a place may stand more than once, and what was made
    /// and dropped again in one step is told by what the state is in the end.
    private(set) var frames: [Int] = []
    /// The lines whose branches are counted otherwise now.
    private(set) var forks: [Int] = []
    /// The lines that have got branches, so that all of these are new.
    private(set) var madeForks: [Int] = []
    /// The lines whose former branches are no more.
    private(set) var droppedForks: [Int] = []
    /// The branches that have ended well.
    private(set) var branches: [(place: Int, branch: Int)] = []
    /// Whether places at the end of the table are no more.
    private(set) var hasShrunk = false
    /// Whether nothing is left of the lines from before the step.
    private(set) var hasRestarted = false

    init(wasSimple: Bool = true) { self.wasSimple = wasSimple }

    // Most changes of a thing come in rows, of which one mark is enough.

    mutating func frameChanged(_ place: Int) { if frames.last != place { frames.append(place) } }

    mutating func forkChanged(_ place: Int) { if forks.last != place { forks.append(place) } }

    mutating func forkMade(_ place: Int) {
        forkChanged(place)
        madeForks.append(place)
    }

    mutating func forkDropped(_ place: Int) { droppedForks.append(place) }

    mutating func tableShrank() { hasShrunk = true }

    mutating func restarted() { hasRestarted = true }

    mutating func branchEnded(_ branch: Int, of place: Int) { branches.append((place, branch)) }
}

extension StepMarks: Hashable {
    static func == (left: StepMarks, right: StepMarks) -> Bool { true }

    func hash(into hasher: inout Hasher) {}
}
