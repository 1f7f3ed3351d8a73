public import LandlordDomain
public import StatesLanguage

/// Where the embedded engine keeps definitions, runs, their logs, and what they wait for.
///
/// The run row is the snapshot that recovery reads; the logs are beside it, in the same commit.
public protocol RunStore: Sendable {
    /// Keeps a definition: the version that has it already, or a new one.
    func keep(_ spec: WorkflowSpec, at now: Timestamp) async throws(RepositoryError) -> StoredDefinition

    /// A version of a definition, or its newest; nil where there is none.
    func definition(of workflowID: String, version: Int?) async throws(RepositoryError) -> StoredDefinition?

    /// Forgets a workflow, so that no further run starts. Runs under way finish on their version.
    ///
    /// - Returns: Whether there was one.
    func forget(_ workflowID: String) async throws(RepositoryError) -> Bool

    /// Begins a run of a workflow's newest version in one transaction; where the run's name is known, changes nothing.
    ///
    /// - Parameters:
    ///   - workflowID: The workflow.
    ///   - make: The run's first step; it may be asked many times.
    /// - Returns: Nil where there is no such workflow.
    /// - Throws: `.stale` where the workflow was changed too often meanwhile.
    func begin(
        _ workflowID: String, _ make: @Sendable (StoredMachine) -> RunBeginning
    ) async throws(RepositoryError) -> BegunRun?

    /// Moves a run by an input and writes what follows in one transaction, behind every input that came before.
    ///
    /// - Parameters:
    ///   - runID: The run's name.
    ///   - choose: Says what comes in, from where the run stands; it may be asked many times. Nil means nothing.
    /// - Returns: What the world must do now that the step is durable; nil where nothing followed.
    /// - Throws: `.notFound` where there is no such run, `.stale` where others were faster too often.
    func advance(
        _ runID: String, _ choose: @escaping @Sendable (RunState) -> RunArrival?
    ) async throws(RepositoryError) -> [Command]?

    /// Runs `body`, which takes a run through short steps that follow one another, as near to the writer as may be.
    ///
    /// - Throws: What `body` throws.
    func following<Value: Sendable, Failure: Error>(
        _ body: @Sendable () async throws(Failure) -> Value
    ) async throws(Failure) -> Value

    /// Whether a run has ever asked for a task under this token, from its log; slow, for answers that nobody waits for.
    func hasAsked(_ runID: String, token: String) async throws(RepositoryError) -> Bool

    /// The run with this name.
    func run(_ id: String) async throws(RepositoryError) -> WorkflowRun?

    /// A window on the runs, newest first.
    func page(_ query: WorkflowRunQuery) async throws(RepositoryError) -> Page<WorkflowRun>

    /// A window on a run's history, oldest first.
    func history(
        of runID: String, after event: Int, limit: Int
    ) async throws(RepositoryError) -> [HistoryEvent]

    /// The task with this number in its run; nil once it was answered, or given up and told so.
    func task(of runID: String, id: Int) async throws(RepositoryError) -> StoredTask?

    /// Remembers that the operation behind a task was told to stop.
    func confirmCancelled(runID: String, taskID: Int) async throws(RepositoryError)

    /// Tasks that are open or being cancelled, oldest run first, for the scan at start.
    func openTasks(
        after cursor: PageCursor?, limit: Int
    ) async throws(RepositoryError) -> Page<StoredTask>

    /// Timers that are due, earliest first.
    func dueTimers(at now: Timestamp, limit: Int) async throws(RepositoryError) -> [StoredTimer]

    /// When the next timer fires; nil where none is set.
    func nextTimer() async throws(RepositoryError) -> Timestamp?
}

/// A version of a workflow's definition.
public struct StoredDefinition: Sendable, Hashable {
    /// The workflow's name.
    public let workflowID: String
    /// Counts up from 1; a run stays on the version that it began with.
    public let version: Int
    /// The definition in the Amazon States Language.
    public let document: JSONValue

    /// Gathers what a row says.
    public init(workflowID: String, version: Int, document: JSONValue) {
        self.workflowID = workflowID
        self.version = version
        self.document = document
    }
}

/// A version of a workflow's definition, compiled.
public struct StoredMachine: Sendable {
    /// The workflow's name.
    public let workflowID: String
    /// Which version.
    public let version: Int
    /// What it compiles to.
    public let machine: StateMachine
}

/// A run that was asked to begin.
public struct BegunRun: Sendable {
    /// The stored run: the new one, or the one that has had the name.
    public let run: WorkflowRun
    /// What the world must do for a new run; nil where the name was known.
    public let commands: [Command]?

    /// Whether it was begun by this call.
    public var isNew: Bool { commands != nil }
}

/// Something that comes in for a run, with the time and the chance of its step.
public struct RunArrival: Sendable {
    /// What comes in.
    public let input: RunInput
    /// When, and with which chance: stored, so that a fold agrees.
    public let stamp: Stamp

    /// Gathers what moves a run.
    public init(_ input: RunInput, _ stamp: Stamp) {
        self.input = input
        self.stamp = stamp
    }
}

/// One input of a run and everything that follows from it, to be written in one commit.
public struct RunStep: Sendable {
    /// What came in.
    public let input: RunInput
    /// When, and with which chance: stored, so that a fold agrees.
    public let stamp: Stamp
    /// What follows.
    public let transition: Transition

    /// Gathers what one commit writes.
    public init(input: RunInput, stamp: Stamp, transition: Transition) {
        self.input = input
        self.stamp = stamp
        self.transition = transition
    }
}

/// A run that is to be begun.
public struct RunBeginning: Sendable {
    /// The run's name, made from what the run is for, so that a second beginning finds the first.
    public let id: String
    /// The workflow that it runs.
    public let workflowID: String
    /// The version that it stays on.
    public let definitionVersion: Int
    /// The tenant that it works for; nil where it works for none.
    public let tenantID: Tenant.ID?
    /// Who or what started it, for people to read.
    public let trigger: String
    /// What the first state gets.
    public let input: JSONValue
    /// The first input and what follows from it.
    public let step: RunStep

    /// Gathers what the first commit of a run writes.
    public init(
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

/// Something that a run asked for and that is not done.
public struct StoredTask: Sendable, Hashable {
    /// Where a task stands that nobody is finished with.
    ///
    /// The raw value is what the database holds.
    public enum Status: String, Sendable, Hashable, CaseIterable {
        /// Nobody has answered yet.
        case open
        /// The run no longer wants an answer; the operation behind it was not told yet.
        case cancelling
    }

    /// The run that asked.
    public let runID: String
    /// The tenant that the run works for; nil where it works for none.
    public let tenantID: Tenant.ID?
    /// What was asked, as the interpreter said it.
    public let task: ScheduledTask
    /// Whether it is still wanted.
    public let status: Status

    /// Gathers what a row says.
    public init(runID: String, tenantID: Tenant.ID?, task: ScheduledTask, status: Status) {
        self.runID = runID
        self.tenantID = tenantID
        self.task = task
        self.status = status
    }
}

/// A time that a run waits for.
public struct StoredTimer: Sendable, Hashable {
    /// The run that waits.
    public let runID: String
    /// The timer's number in its run, so that a late timer of an earlier wait is told apart.
    public let timerID: Int
    /// When the run wants to go on.
    public let fireAt: Timestamp

    /// Gathers what a row says.
    public init(runID: String, timerID: Int, fireAt: Timestamp) {
        self.runID = runID
        self.timerID = timerID
        self.fireAt = fireAt
    }
}
