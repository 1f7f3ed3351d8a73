public import LandlordDomain
public import Logging
public import StatesLanguage
import Synchronization

/// Runs definitions of the Amazon States Language as event-sourced runs on the engine's own database.
///
/// An input, what follows from it, the run's row and its history are one commit; effects (asking for compute, stopping
/// it) come after the commit and may be repeated. A process that dies between the two leaves an open task, which the
/// next process finds and asks for again under the same identifier.
public final class EmbeddedWorkflowProvider: WorkflowProvider {
    /// The provider's name.
    public let name: String = "embedded"

    let store: any RunStore
    let surroundings: Surroundings
    let logger: Logger
    /// Rings when a timer is set that is due before the others.
    let timers = Alarm()
    /// Rings when all open tasks are to be looked at.
    let scans = Alarm()
    let work = WorkInHand()
    /// Whether this process sees to effects; in others a committed step is all, and the driver finds what it asks for.
    let isDriving: @Sendable () -> Bool
    private let workers: [any TaskWorker]
    private let nextFire = Mutex<Timestamp?>(nil)
    /// Where those wait who want to begin a run while many are being begun.
    ///
    /// More at once are no faster, and a run that is being begun and led through its first tasks needs ten kilobytes
    /// where a call that waits needs a few hundred bytes.
    private let beginnings = Gate(width: 128)

    /// A provider over a store, with those who see to the tasks of runs; the first that serves a resource has it.
    public init(
        store: any RunStore, workers: [any TaskWorker], isDriving: @escaping @Sendable () -> Bool = { true },
        surroundings: Surroundings, logger: Logger
    ) {
        self.store = store
        self.workers = workers
        self.isDriving = isDriving
        self.surroundings = surroundings
        self.logger = logger
    }

    /// Keeps the definition: under the version that has the same document, or under a new one.
    public func createWorkflow(_ spec: WorkflowSpec) async throws(WorkflowError) -> WorkflowCreation {
        let found = violations(of: spec)
        guard found.isEmpty else { throw .invalidSpec(found) }
        let stored = try await storing { () throws(RepositoryError) in
            try await self.store.keep(spec, at: self.surroundings.now())
        }
        return WorkflowCreation(workflowID: stored.workflowID, version: stored.version)
    }

    /// Forgets a workflow, so that no further run starts; runs under way finish on their version.
    public func deleteWorkflow(_ workflowID: String) async throws(WorkflowError) {
        _ = try await storing { () throws(RepositoryError) in try await self.store.forget(workflowID) }
    }

    /// Compiles the definition and reports what is wrong in it, and the resources that nobody here serves.
    public func violations(of spec: WorkflowSpec) -> [Violation] {
        do throws(DefinitionError) {
            let machine = try StateMachine(definition: spec.definition)
            let unknown = machine.states.compactMap(\.resource).filter {
                EngineTask($0) == nil && worker(for: $0) == nil
            }
            return unknown.map { Violation("definition", "has the unknown resource '\($0)'") }
        } catch {
            return error.problems.map { Violation("definition\($0.pointer)", $0.message) }
        }
    }

    /// Begins a run in one commit and does its first effects after it; the same name again is the same run.
    public func startExecution(
        of workflowID: String, _ input: ExecutionInput
    ) async throws(WorkflowError) -> WorkflowStatus {
        try await beginnings.through { () throws(WorkflowError) in
            try await start(workflowID, input, for: nil).workflowStatus
        }
    }

    /// The task of another run that starts a run.
    struct Asker {
        let task: TaskReference
        /// Whether the task waits for the run's end.
        let waits: Bool
        /// How many runs have started each other on the way to it, none of which has waited for anything.
        let nesting: Int

        /// How many have on the way to the run; those that wait for each other have a limit of their own.
        var nestingOfRun: Int { waits ? nesting : nesting + 1 }

        /// How many are followed at once; those beyond are left to the look at all open tasks, so that a workflow
        /// that starts itself keeps nobody who waits for the first of them.
        static let nestingLimit = 32
    }

    /// Begins a run, for a task of another run or for somebody else.
    func start(
        _ workflowID: String, _ input: ExecutionInput, for asker: Asker?
    ) async throws(WorkflowError) -> WorkflowRun {
        guard input.violations.isEmpty else { throw .invalidSpec(input.violations) }
        let start = RunStart(
            input: input.input, runID: input.executionName, runName: input.executionName, machineID: workflowID,
            machineName: workflowID)
        return try await store.following { () throws(WorkflowError) in
            try await self.begin(workflowID, start, input, asker)
        }
    }

    private func begin(
        _ workflowID: String, _ start: RunStart, _ input: ExecutionInput, _ asker: Asker?
    ) async throws(WorkflowError) -> WorkflowRun {
        let stamp = stamp()
        let admission = try await storing { () throws(RepositoryError) in
            try await self.store.begin(workflowID) { machine in
                let transition = Interpreter.begin(machine: machine.machine, start: start, stamp: stamp)
                return RunBeginning(
                    id: input.executionName, workflowID: workflowID, definitionVersion: machine.version,
                    tenantID: input.tenantID, trigger: input.triggerSource, asker: asker?.task,
                    isAwaited: asker?.waits == true, input: input.input,
                    step: RunStep(input: .start(start), stamp: stamp, transition: transition))
            }
        }
        let begun: BegunRun
        switch admission {
        case .begun(let run): begun = run
        case .drained(let drain): throw .refused(drain.refusal(of: workflowID))
        case .unknownWorkflow: throw .workflowNotFound(workflowID)
        case .unwanted: throw .refused("the task that asked for run '\(input.executionName)' is over")
        }
        surroundings.reached(.begun)
        // Whoever asked for a run that ends with its beginning sees that at once.
        guard let commands = begun.commands else { return begun.run }
        let nesting = asker?.nestingOfRun ?? 0
        if nesting < Asker.nestingLimit {
            await follow(RunAdvance(commands: commands), of: begun.run.id, nesting: nesting)
        } else {
            askForScan()
        }
        return begun.run
    }

    /// A run with its input and the first page of its history.
    public func executionStatus(_ executionID: String) async throws(WorkflowError) -> ExecutionStatus {
        let run = try await run(executionID)
        let history = try await storing { () throws(RepositoryError) in
            try await self.store.history(of: executionID, after: 0, limit: PageLimit.largest)
        }
        return ExecutionStatus(
            status: run.workflowStatus, workflowID: run.workflowID, input: run.input, startedAt: run.createdAt,
            endedAt: run.endedAt, history: history)
    }

    /// Where a run stands, from its row alone.
    public func workflowStatus(_ executionID: String) async throws(WorkflowError) -> WorkflowStatus {
        try await run(executionID).workflowStatus
    }

    /// Ends a run `cancelled`, with a commit of its own; a run that is over stays as it is.
    public func stopExecution(_ executionID: String, reason: String) async throws(WorkflowError) {
        do throws(RepositoryError) {
            try await advance(executionID, with: .stop(error: ComputeError.Code.cancelled.rawValue, cause: reason))
        } catch {
            throw Self.translated(error, runID: executionID)
        }
    }

    /// Gives the answer to the task that waits with this token; an answer that was given before is a duplicate.
    ///
    /// A task that was answered, or that its run gave up, is waited for by nobody: a late answer is accepted, for
    /// nobody is left to be told.
    public func postComputeCallback(
        to executionID: String, token: String, payload: JSONValue
    ) async -> DeliveryOutcome {
        do throws(RepositoryError) {
            let advance = try await store.advance(executionID) { state in
                state.openTask(token: token).map { task in
                    RunArrival(TaskAnswer(payload, to: task).input, self.stamp())
                }
            }
            if let advance {
                await follow(advance, of: executionID)
                surroundings.reached(.answered)
                return .accepted
            }
            if try await store.hasAsked(executionID, token: token) { return .accepted }
            return .failed(DeliveryFailure(.unknownTask, "no task of run '\(executionID)' has this token"))
        } catch .notFound {
            return .failed(DeliveryFailure(.unknownTask, "there is no run '\(executionID)'"))
        } catch {
            return .failed(DeliveryFailure(.workflowUnavailable, error.description))
        }
    }

    /// Begins to see to effects, as the only process that does.
    func beginDriving() {
        timers.open()
        scans.open()
        work.forgetAll()
    }

    /// Ends every wait of whoever sees to effects.
    func endDriving() {
        timers.close()
        scans.close()
    }

    /// Remembers what the timer service sleeps for; nil while it is awake.
    func sleeping(until time: Timestamp?) { nextFire.withLock { $0 = time } }

    func noteTimer(_ fireAt: Timestamp) {
        let isEarlier = nextFire.withLock { next in
            guard let current = next, current <= fireAt else { return true }
            return false
        }
        if isEarlier { timers.ring() }
    }

    func run(_ id: String) async throws(WorkflowError) -> WorkflowRun {
        let run = try await storing { () throws(RepositoryError) in try await self.store.run(id) }
        guard let run else { throw .executionNotFound(id) }
        return run
    }

    /// Who sees to tasks of a resource.
    func worker(for resource: String) -> (any TaskWorker)? { workers.first { $0.serves(resource) } }

    func stamp() -> Stamp { Stamp(now: surroundings.now(), seed: surroundings.random()) }

    func storing<Value>(
        _ body: () async throws(RepositoryError) -> Value
    ) async throws(WorkflowError) -> Value {
        do throws(RepositoryError) {
            return try await body()
        } catch {
            throw Self.translated(error, runID: "")
        }
    }

    static func translated(_ error: RepositoryError, runID: String) -> WorkflowError {
        switch error {
        case .notFound: .executionNotFound(runID)
        case .busy, .full, .stale, .fenced: .unavailable(error.description)
        case .conflict, .unusable: .refused(error.description)
        }
    }
}
