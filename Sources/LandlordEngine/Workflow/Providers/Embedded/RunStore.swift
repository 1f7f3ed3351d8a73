package import LandlordDomain
package import StatesLanguage

/// Where the embedded engine keeps definitions, runs, their logs, and what they wait for.
///
/// The run row is the snapshot that recovery reads; the logs are beside it, in the same commit.
package protocol RunStore: Sendable {
    /// Keeps a definition: the version that has it already, or a new one.
    func keep(_ spec: WorkflowSpec, at now: Timestamp) async throws(RepositoryError) -> StoredDefinition

    /// A version of a definition, or its newest; nil where there is none.
    func definition(of workflowID: String, version: Int?) async throws(RepositoryError) -> StoredDefinition?

    /// Forgets a workflow, so that no further run starts. Runs under way finish on their version.
    ///
    /// - Returns: Whether there was one.
    func forget(_ workflowID: String) async throws(RepositoryError) -> Bool

    /// Writes the beginning of a run in one transaction; where the run's name is known, changes nothing.
    ///
    /// - Returns: The stored run, and whether it was begun by this call.
    func begin(_ beginning: RunBeginning) async throws(RepositoryError) -> (run: WorkflowRun, isNew: Bool)

    /// Reads a run, decides, and writes what was decided in one transaction, if no other input was faster; otherwise
    /// reads and decides again.
    ///
    /// - Parameters:
    ///   - runID: The run's name.
    ///   - decide: Pure; it may be run many times. Nil means that there is nothing to write.
    /// - Returns: What was decided; nil for nothing.
    /// - Throws: `.notFound` where there is no such run, `.stale` where others were faster too often.
    func advance(
        _ runID: String, _ decide: @escaping @Sendable (StoredRun, any DefinitionSource) throws -> RunStep?
    ) async throws(RepositoryError) -> RunStep?

    /// The run with this name.
    func run(_ id: String) async throws(RepositoryError) -> WorkflowRun?

    /// A window on the runs, newest first.
    func page(_ query: WorkflowRunQuery) async throws(RepositoryError) -> Page<WorkflowRun>

    /// A window on a run's history, oldest first.
    func history(
        of runID: String, after event: Int, limit: Int
    ) async throws(RepositoryError) -> [HistoryEvent]

    /// The task that waits, or waited, with this token.
    func task(of runID: String, tokenHash: String) async throws(RepositoryError) -> StoredTask?

    /// The task with this number in its run.
    func task(of runID: String, id: Int) async throws(RepositoryError) -> StoredTask?

    /// Remembers that the operation behind a task was told to stop.
    func confirmCancelled(runID: String, taskID: Int) async throws(RepositoryError)

    /// Tasks that are open or being cancelled, in the order of their runs, for the scan at start.
    func openTasks(
        after cursor: PageCursor?, limit: Int
    ) async throws(RepositoryError) -> Page<StoredTask>

    /// Timers that are due, earliest first.
    func dueTimers(at now: Timestamp, limit: Int) async throws(RepositoryError) -> [StoredTimer]

    /// When the next timer fires; nil where none is set.
    func nextTimer() async throws(RepositoryError) -> Timestamp?
}

/// Reads a definition within the transaction that needs it.
package protocol DefinitionSource {
    /// The definition's document.
    func document(of workflowID: String, version: Int) throws(RepositoryError) -> JSONValue
}

/// A version of a workflow's definition.
package struct StoredDefinition: Sendable, Hashable {
    /// The workflow's name.
    package let workflowID: String
    /// Counts up from 1; a run stays on the version that it began with.
    package let version: Int
    /// The definition in the Amazon States Language.
    package let document: JSONValue

    /// Gathers what a row says.
    package init(workflowID: String, version: Int, document: JSONValue) {
        self.workflowID = workflowID
        self.version = version
        self.document = document
    }
}

/// A run as the engine needs it to move it.
package struct StoredRun: Sendable, Hashable {
    /// The run's name.
    package let id: String
    /// The workflow that it runs.
    package let workflowID: String
    /// The version that it began with and stays on.
    package let definitionVersion: Int
    /// The snapshot: `RunState.json`.
    package let state: JSONValue
    /// How many inputs its log has; the next one gets this number.
    package let inputCount: Int
    /// The tenant that it works for; nil where it works for none.
    package let tenantID: Tenant.ID?

    /// Gathers what a row says.
    package init(
        id: String, workflowID: String, definitionVersion: Int, state: JSONValue, inputCount: Int,
        tenantID: Tenant.ID?
    ) {
        self.id = id
        self.workflowID = workflowID
        self.definitionVersion = definitionVersion
        self.state = state
        self.inputCount = inputCount
        self.tenantID = tenantID
    }
}

/// One input of a run and everything that follows from it, to be written in one commit.
package struct RunStep: Sendable {
    /// What came in.
    package let input: RunInput
    /// When, and with which chance: stored, so that a fold agrees.
    package let stamp: Stamp
    /// What follows.
    package let transition: Transition

    /// Gathers what one commit writes.
    package init(input: RunInput, stamp: Stamp, transition: Transition) {
        self.input = input
        self.stamp = stamp
        self.transition = transition
    }
}

/// A run that is to be begun.
package struct RunBeginning: Sendable {
    /// The run's name, made from what the run is for, so that a second beginning finds the first.
    package let id: String
    /// The workflow that it runs.
    package let workflowID: String
    /// The version that it stays on.
    package let definitionVersion: Int
    /// The tenant that it works for; nil where it works for none.
    package let tenantID: Tenant.ID?
    /// Who or what started it, for people to read.
    package let trigger: String
    /// What the first state gets.
    package let input: JSONValue
    /// The first input and what follows from it.
    package let step: RunStep

    /// Gathers what the first commit of a run writes.
    package init(
        id: String, workflowID: String, definitionVersion: Int, tenantID: Tenant.ID?, trigger: String,
        input: JSONValue, step: RunStep
    ) {
        self.id = id
        self.workflowID = workflowID
        self.definitionVersion = definitionVersion
        self.tenantID = tenantID
        self.trigger = trigger
        self.input = input
        self.step = step
    }
}

/// Something that a run asked for, and whether it was answered.
package struct StoredTask: Sendable, Hashable {
    /// Where a task stands.
    ///
    /// The raw value is what the database holds.
    package enum Status: String, Sendable, Hashable, CaseIterable {
        /// Nobody has answered yet.
        case open
        /// Answered; the same answer again is a duplicate.
        case answered
        /// The run no longer wants an answer; the operation behind it was not told yet.
        case cancelling
        /// The run no longer wants an answer, and the operation behind it was told.
        case cancelled
    }

    /// The run that asked.
    package let runID: String
    /// The tenant that the run works for; nil where it works for none.
    package let tenantID: Tenant.ID?
    /// What was asked, as the interpreter said it.
    package let task: ScheduledTask
    /// Whether it was answered.
    package let status: Status

    /// Gathers what a row says.
    package init(runID: String, tenantID: Tenant.ID?, task: ScheduledTask, status: Status) {
        self.runID = runID
        self.tenantID = tenantID
        self.task = task
        self.status = status
    }
}

/// A time that a run waits for.
package struct StoredTimer: Sendable, Hashable {
    /// The run that waits.
    package let runID: String
    /// The timer's number in its run, so that a late timer of an earlier wait is told apart.
    package let timerID: Int
    /// When the run wants to go on.
    package let fireAt: Timestamp

    /// Gathers what a row says.
    package init(runID: String, timerID: Int, fireAt: Timestamp) {
        self.runID = runID
        self.timerID = timerID
        self.fireAt = fireAt
    }
}
