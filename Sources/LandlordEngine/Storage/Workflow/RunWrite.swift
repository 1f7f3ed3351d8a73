import LandlordDomain
import StatesLanguage

/// What one input makes of a run, decided and put into words, ready for the writer.
struct RunWrite: Sendable {
    let runID: String
    /// What the world must do once this is durable.
    let commands: [Command]
    /// Whether the run has ended with this.
    let isLast: Bool
    /// The task of another run that waits for this one's end.
    let parent: RunKey?

    private let run: Int64
    private let tenantID: String?
    private let inputCount: Int
    private let keepsStatus: Bool
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
        let transition = Interpreter.step(
            machine: run.machine, state: state, input: arrival.input, stamp: arrival.stamp)
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
        isLast = !transition.state.isRunning
        inputCount = head.inputCount
        parent = isLast ? run.parent : nil
        companion = arrival.companion
        keepsStatus = wasRunning && !isLast
        let values = RunRow.changingValues(transition.state, at: arrival.stamp.now, head)
        rowValues =
            values.dropFirst(keepsStatus ? 1 : 0) + [.integer(run.number), .blob(run.head.hash)]
        linkValues = [.integer(try RunKey(run: run.number, part: head.inputCount).value)] + link.values(head.hash)
        pieces = RunPieces(transition.changes)
        waits = RunWaits(step)
        run.head = head
        moving = run
    }

    /// Writes it.
    ///
    /// - Throws: Having written nothing, `.stale` where the run is not where the decision was made, `.notFound` where
    ///   the lease under which somebody answers is lost.
    func perform(_ transaction: any SQLTransaction) throws(RepositoryError) {
        try companion?.check(run: run, transaction)
        let update = keepsStatus ? RunRow.updateWithinStatus : RunRow.update
        guard try transaction.execute(update, rowValues) == 1 else { throw .stale }
        try companion?.write(run: run, at: linkValues[1], transaction)
        try transaction.execute(RunLog.insert, linkValues)
        try pieces.write(run: run, transaction)
        try waits.write(run: run, transaction)
        transaction.publish(.run(id: runID, tenantID: tenantID, input: inputCount))
    }
}
