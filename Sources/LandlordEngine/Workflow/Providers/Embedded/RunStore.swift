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

    /// Says what becomes of new runs of a workflow, for every process from this commit on.
    ///
    /// - Returns: Whether that is new; what was said last already is not said again.
    /// - Throws: `.notFound` where there is no such workflow.
    func admit(_ admission: WorkflowAdmission, to workflowID: String) async throws(RepositoryError) -> Bool

    /// What was said of a workflow's new runs, oldest first; the latest `PageLimit.standard` lines are kept.
    func admissions(of workflowID: String) async throws(RepositoryError) -> [WorkflowAdmission]

    /// A workflow as a list shows it; nil where there is none.
    func workflow(_ workflowID: String) async throws(RepositoryError) -> WorkflowSummary?

    /// A window on the workflows that were not forgotten, by their names.
    func workflows(after cursor: PageCursor?, limit: Int) async throws(RepositoryError) -> Page<WorkflowSummary>

    /// Begins a run of a workflow's newest version in one transaction; where the run's name is known, changes nothing.
    ///
    /// - Parameters:
    ///   - workflowID: The workflow.
    ///   - make: The run's first step; it may be asked many times.
    /// - Returns: What has become of it; a name that is known is answered with its run, also while the workflow is
    ///   drained.
    /// - Throws: `.stale` where the workflow was changed too often meanwhile.
    func begin(
        _ workflowID: String, _ make: @Sendable (StoredMachine) -> RunBeginning
    ) async throws(RepositoryError) -> RunAdmission

    /// Moves a run by an input and writes what follows in one transaction, behind every input that came before.
    ///
    /// - Parameters:
    ///   - runID: The run's name.
    ///   - choose: Says what comes in, from where the run stands; it may be asked many times. Nil means nothing.
    /// - Returns: What the world must do now that the step is durable; nil where nothing followed.
    /// - Throws: `.notFound` where there is no such run, `.stale` where others were faster too often.
    func advance(
        _ runID: String, _ choose: @escaping @Sendable (RunState) -> RunArrival?
    ) async throws(RepositoryError) -> RunAdvance?

    /// Where a run stands in the database, with the definition that it is on.
    ///
    /// - Throws: `.notFound` where there is no such run, `.unusable` where its definition cannot be read any more.
    func standing(of runID: String) async throws(RepositoryError) -> RunStanding

    /// A version of a definition, or its newest, compiled; nil where there is none.
    ///
    /// - Throws: `.unusable` where the document is no definition any more.
    func machine(of workflowID: String, version: Int?) async throws(RepositoryError) -> StoredMachine?

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

    /// A run with what it runs and the variables of its main line; nil where there is no such run.
    func detail(of id: String) async throws(RepositoryError) -> RunStoreDetail?

    /// A window on the runs, newest first.
    func page(_ query: WorkflowRunQuery) async throws(RepositoryError) -> Page<WorkflowRun>

    /// A window on a run's history, oldest first.
    func history(
        of runID: String, after event: Int, limit: Int
    ) async throws(RepositoryError) -> [HistoryEvent]

    /// The task with this number in its run; nil once it was answered, or given up and told so.
    func task(of runID: String, id: Int) async throws(RepositoryError) -> StoredTask?

    /// The tasks of a run that are open or being cancelled, in the order in which they were asked, behind the one with
    /// this number; at most `PageLimit.largest`.
    func openTasks(of runID: String, after task: Int) async throws(RepositoryError) -> [StoredTask]

    /// What each of some runs waits for, in short; at most `PageLimit.largest` runs are looked at.
    func openTasks(ofEach runIDs: [String]) async throws(RepositoryError) -> [String: OpenTasks]

    /// With what the tasks of a run are answered that are open or being cancelled, however many they are.
    func openTokens(of runID: String) async throws(RepositoryError) -> Set<String>

    /// Remembers that the operation behind a task was told to stop.
    func confirmCancelled(runID: String, taskID: Int) async throws(RepositoryError)

    /// Tasks that are open or being cancelled, oldest run first, for the scan at start.
    func openTasks(
        after cursor: PageCursor?, limit: Int
    ) async throws(RepositoryError) -> Page<StoredTask>

    /// Hands out a task of an activity: of those with the highest priority the one that has waited longest.
    ///
    /// - Returns: Nil where nothing waits.
    func leaseTask(
        of activity: String, for worker: String, seconds: Int, at now: Timestamp
    ) async throws(RepositoryError) -> LeasedTask?

    /// Makes a lease last as long again from now on.
    ///
    /// - Throws: `.notFound` where the lease is lost.
    func renewLease(of task: TaskReference, number: Int, at now: Timestamp) async throws(RepositoryError)

    /// The open task that somebody outside answers with this token; nil where none waits for it any more.
    func externalTask(token: String) async throws(RepositoryError) -> StoredTask?

    /// The activities that have tasks, by name.
    func activities(at now: Timestamp) async throws(RepositoryError) -> [ActivitySummary]

    /// Keeps a signal for a run that is not over.
    ///
    /// - Returns: Whether it is new; one with a key that the run has got is that one.
    /// - Throws: `.notFound` where there is no such run, `.unusable` where it is over or too many wait.
    func keep(_ signal: RunSignal, for runID: String, at now: Timestamp) async throws(RepositoryError) -> Bool

    /// The oldest signal that a task may take: of the name, and with the correlation where the task asks for one.
    func nextSignal(
        for runID: String, name: String, correlation: String?
    ) async throws(RepositoryError) -> StoredSignal?

    /// The signals that a run has got, oldest first.
    func signals(of runID: String) async throws(RepositoryError) -> [StoredSignal]

    /// A window on the open tasks for which signals of their name wait, oldest run first.
    func tasksWithSignals(after cursor: PageCursor?, limit: Int) async throws(RepositoryError) -> Page<StoredTask>

    /// A window on the open tasks that wait for the end of a run that has come, oldest run first.
    func tasksWithEndedChildren(
        after cursor: PageCursor?, limit: Int
    ) async throws(RepositoryError) -> Page<StoredTask>

    /// The run that a task has started and waits for; nil where it has started none.
    func child(of task: TaskReference) async throws(RepositoryError) -> WorkflowRun?

    /// Gives the free places of a semaphore to the tasks that wait for one.
    ///
    /// - Returns: The tasks that have got a place, and whether others still wait.
    func admit(to semaphore: String) async throws(RepositoryError) -> (admitted: [StoredTask], isWaiting: Bool)

    /// Sets how many tasks may have a place in a semaphore at once.
    func setCapacity(
        _ capacity: Int, of semaphore: String, by actor: String, at now: Timestamp
    ) async throws(RepositoryError)

    /// The semaphores that were set or that tasks ask for, by name.
    func semaphores() async throws(RepositoryError) -> [SemaphoreSummary]

    /// The open task of another run that started this one; nil where none waits.
    func waitingParent(of runID: String) async throws(RepositoryError) -> StoredTask?

    /// The runs that a run has started and that are not over.
    func openChildren(of runID: String) async throws(RepositoryError) -> [WorkflowRun]

    /// How many runs stand above this one, each started by the one above it; at most `limit` are counted.
    func depth(of runID: String, limit: Int) async throws(RepositoryError) -> Int

    /// Timers that are due, earliest first.
    func dueTimers(at now: Timestamp, limit: Int) async throws(RepositoryError) -> [StoredTimer]

    /// When the next timer fires; nil where none is set.
    func nextTimer() async throws(RepositoryError) -> Timestamp?
}

/// A version of a workflow's definition.
public struct StoredDefinition: Sendable, Hashable {
    /// The workflow's name.
    public let workflowID: String
    /// Counts up from 1; a run stays on the version that it began with until it is moved.
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

/// A run as its screen shows it.
public struct RunStoreDetail: Sendable {
    /// The run's row.
    public let run: WorkflowRun
    /// What it runs; nil where the definition cannot be read any more.
    public let machine: StateMachine?
    /// The variables of its main line.
    public let variables: JSONObject
    /// How far the branches of its state are; nil where it has none.
    public let branches: BranchProgress?
    /// Who has suspended it, since when and why; nil while it goes on.
    public let suspension: RunSuspension?
}

/// A version of a workflow's definition, compiled.
public struct StoredMachine: Sendable, Hashable {
    /// The workflow's name.
    public let workflowID: String
    /// Which version.
    public let version: Int
    /// What it compiles to.
    public let machine: StateMachine
}

/// What has become of a run that was asked to begin.
public enum RunAdmission: Sendable {
    /// It has begun, or had begun before.
    case begun(BegunRun)
    /// The workflow takes no new runs.
    case drained(WorkflowAdmission)
    /// There is no such workflow.
    case unknownWorkflow
    /// The task that asked for it is over.
    case unwanted
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
    /// What is written with it, or keeps it from being written.
    public let companion: RunCompanion?

    /// Gathers what moves a run.
    public init(_ input: RunInput, _ stamp: Stamp, with companion: RunCompanion? = nil) {
        self.input = input
        self.stamp = stamp
        self.companion = companion
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

/// Where a run stands, with the definition that it is on.
public struct RunStanding: Sendable {
    /// The version, compiled.
    public let machine: StoredMachine
    /// What its next step depends on.
    public let state: RunState
}

/// A run that is to be begun.
public struct RunBeginning: Sendable {
    /// The run's name, made from what the run is for, so that a second beginning finds the first.
    public let id: String
    /// The workflow that it runs.
    public let workflowID: String
    /// The version that it begins on.
    public let definitionVersion: Int
    /// The tenant that it works for; nil where it works for none.
    public let tenantID: Tenant.ID?
    /// Who or what started it, for people to read.
    public let trigger: String
    /// The task of another run that asked for it, and without which it is not begun.
    public let asker: TaskReference?
    /// Whether that task waits for its end.
    public let isAwaited: Bool
    /// What the first state gets.
    public let input: JSONValue
    /// The first input and what follows from it.
    public let step: RunStep

    /// Gathers what the first commit of a run writes.
    public init(
        id: String, workflowID: String, definitionVersion: Int, tenantID: Tenant.ID?, trigger: String,
        asker: TaskReference? = nil, isAwaited: Bool = false, input: JSONValue, step: RunStep
    ) {
        self.id = id
        self.workflowID = workflowID
        self.definitionVersion = definitionVersion
        self.tenantID = tenantID
        self.trigger = trigger
        self.asker = asker
        self.isAwaited = isAwaited
        self.input = input
        self.step = step
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

extension RunStore {
    /// The first tasks of a run that are open or being cancelled.
    func openTasks(of runID: String) async throws(RepositoryError) -> [StoredTask] {
        try await openTasks(of: runID, after: 0)
    }
}
