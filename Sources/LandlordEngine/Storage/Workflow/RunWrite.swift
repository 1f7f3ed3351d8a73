import LandlordDomain
import StatesLanguage

/// What one input makes of a run, decided and put into words, ready for the writer.
struct RunWrite: Sendable {
    let runID: String
    /// What the world must do once this is durable.
    let commands: [Command]
    /// The task that the input answers.
    let answeredTask: Int?
    /// Whether the run has ended with this.
    let isLast: Bool
    /// The task of another run that waits for this one's end.
    let parent: RunKey?

    private let run: Int64
    private let tenantID: String?
    private let inputCount: Int
    private let update: String
    private let companion: RunCompanion?
    private let rowValues: [SQLValue]
    private let linkValues: [SQLValue]
    private let pieces: RunPieces
    private let waits: RunWaits

    /// Takes a run one input further in memory; nil where nothing follows.
    ///
    /// The state is moved out of `moving` while it is stepped, so that it is changed where it is and not copied.
    ///
    /// - Throws: `.stale` where an earlier step never came to its end.
    init?(_ moving: inout MovingRun?, _ choose: (RunState) -> RunArrival?) throws(RepositoryError) {
        guard var run = moving.take(), let state = run.state else { throw .stale }
        guard let arrival = choose(state) else {
            moving = run
            return nil
        }
        let wasRunning = state.isRunning
        run.state = nil
        let transition = run.step(state, arrival)
        run.state = transition.state
        guard !transition.isEmpty else {
            moving = run
            return nil
        }
        let step = RunStep(input: arrival.input, stamp: arrival.stamp, transition: transition)
        let link = try RunLog.Link(step, behind: run.head)
        let head = link.head(behind: run.head, of: run.id)
        (runID, self.run, tenantID) = (run.id, run.number, run.tenantID)
        commands = transition.commands
        answeredTask = arrival.input.answeredTask
        isLast = !transition.state.isRunning
        inputCount = head.inputCount
        parent = isLast ? run.parent : nil
        companion = arrival.companion
        let changes = transition.changes
        let values = RunRow.changingValues(transition.state, changes, at: arrival.stamp.now, head)
        let place: [SQLValue] = [.integer(run.number), .blob(run.head.hash)]
        if wasRunning && !isLast {
            (update, rowValues) = (RunRow.updateWithinStatus, values.dropFirst() + place)
        } else if isLast, case .move = arrival.input {
            (update, rowValues) = (RunRow.updateWhenOver, RunRow.valuesWhenOver(values) + place)
        } else {
            (update, rowValues) = (RunRow.update, values + place)
        }
        linkValues = [.integer(try RunKey(run: run.number, part: head.inputCount).value)] + link.values(head.hash)
        pieces = RunPieces(changes)
        waits = RunWaits(step, with: companion)
        run.head = head
        moving = run
    }

    /// Writes it.
    ///
    /// - Throws: Having written nothing, `.stale` where the run is not where the decision was made, `.notFound` where
    ///   the lease under which somebody answers is lost.
    func perform(_ transaction: any SQLTransaction) throws(RepositoryError) {
        try companion?.check(run: run, transaction)
        guard try transaction.execute(update, rowValues) == 1 else { throw .stale }
        try companion?.write(run: run, at: linkValues[1], transaction)
        try transaction.execute(RunLog.insert, linkValues)
        try pieces.write(run: run, transaction)
        try waits.write(run: run, transaction)
        transaction.publish(.run(id: runID, tenantID: tenantID, input: inputCount))
    }
}

extension MovingRun {
    /// Takes a state one input further on the run's definition, or over to another.
    ///
    /// A move that was planned from another version than the run is on by now is a step that changes nothing.
    fileprivate mutating func step(_ state: consuming RunState, _ arrival: RunArrival) -> Transition {
        guard case .move(let move) = arrival.input, case .version(let goal)? = arrival.companion,
            (move.from, move.to) == (machine.version, goal.version)
        else {
            return Interpreter.step(
                machine: machine.machine, state: state, input: arrival.input, stamp: arrival.stamp)
        }
        let transition = Interpreter.move(
            state, move, from: machine.machine, to: goal.machine, stamp: arrival.stamp)
        if !transition.isEmpty { machine = goal }
        return transition
    }
}
