import LandlordDomain
import StatesLanguage

/// A run that is about to be written: everything that can be made before the transaction, not on the writer's thread.
///
/// It is an object because a call that waits for its commit keeps all that it holds, and many wait.
final class RunBirth: Sendable {
    private let beginning: RunBeginning
    private let machine: StoredMachine
    private let head: RunLog.Head
    private let changing: [SQLValue]
    private let link: [SQLValue]
    private let pieces: RunPieces
    private let waits: RunWaits

    /// Makes the run's first step on a machine.
    ///
    /// - Throws: `.unusable` where the run's first events do not begin at the beginning.
    init(_ machine: StoredMachine, _ make: (StoredMachine) -> RunBeginning) throws(RepositoryError) {
        let beginning = make(machine)
        self.beginning = beginning
        self.machine = machine
        let step = beginning.step
        let link = try RunLog.Link(step, behind: RunLog.Head())
        head = link.head(behind: RunLog.Head(), of: beginning.id)
        let changes = step.transition.changes
        changing = RunRow.changingValues(step.transition.state, changes, at: step.stamp.now, head)
        self.link = link.values(head.hash)
        pieces = RunPieces(changes)
        waits = RunWaits(step)
    }

    /// The run's name.
    var id: String { beginning.id }

    /// What it runs.
    var workflowID: String { beginning.workflowID }

    /// What the transaction of a beginning has found or written.
    enum Outcome {
        /// The run has this number, and was started by the task of this key.
        case new(number: Int64, parent: RunKey?)
        /// There is a run of the name.
        case known
        /// The workflow takes no new runs.
        case drained
        /// The task that asked for it is over.
        case unwanted
    }

    /// Writes the run.
    ///
    /// - Returns: What became of it.
    /// - Throws: `.stale` where there is a newer version of the workflow.
    func perform(_ transaction: any SQLTransaction) throws(RepositoryError) -> Outcome {
        guard let newest = try StoredDefinitions(reader: transaction).standing(of: beginning.workflowID),
            newest.version == machine.version
        else { throw .stale }
        // A task may be given up between the moment in which it is asked for and this one.
        if let asker = beginning.asker, try !DatabaseRunStore.isOpen(asker, transaction) { return .unwanted }
        if newest.isDrained {
            // Whoever asks for a run that there is gets it, as always.
            return try DatabaseRunStore.number(of: beginning.id, transaction) == nil ? .drained : .known
        }
        let parent = try beginning.asker.flatMap { asker throws(RepositoryError) -> RunKey? in
            beginning.isAwaited ? try DatabaseRunStore.key(of: asker, transaction) : nil
        }
        let row = RunRow.fixedValues(beginning, parent: parent?.value) + changing
        guard let number = try transaction.insert(RunRow.insert, row) else { return .known }
        let key = SQLValue.integer(try RunKey(run: number, part: head.inputCount).value)
        try transaction.execute(RunLog.insert, [key] + link)
        try pieces.write(run: number, transaction)
        try waits.write(run: number, transaction)
        transaction.publish(.run(id: beginning.id, tenantID: beginning.tenantID?.rawValue, input: 1))
        return .new(number: number, parent: parent)
    }

    /// The run as memory keeps it; nil where it ended with its beginning.
    func moving(number: Int64, parent: RunKey?) -> MovingRun? {
        guard beginning.step.transition.state.isRunning else { return nil }
        return MovingRun(
            number: number, id: beginning.id, tenantID: beginning.tenantID?.rawValue, parent: parent,
            machine: machine, state: beginning.step.transition.state, head: head)
    }

    /// What the caller is told.
    var begun: BegunRun {
        BegunRun(
            run: RunRow.run(beginning, eventCount: head.eventCount), commands: beginning.step.transition.commands)
    }
}
