package import LandlordDomain
package import Logging
package import StatesLanguage
import Synchronization

/// Runs definitions of the Amazon States Language as event-sourced runs on the engine's own database.
///
/// An input, what follows from it, the run's row and its history are one commit; effects (asking for compute, stopping
/// it) come after the commit and may be repeated. A process that dies between the two leaves an open task, which the
/// next process finds and asks for again under the same identifier.
package final class EmbeddedWorkflowProvider: WorkflowProvider {
    /// The provider's name.
    package let name: String = "embedded"

    let store: any RunStore
    let surroundings: Surroundings
    let logger: Logger
    let timers = Alarm()
    private let compute: any ComputeWorkflowClient
    private let machines = Mutex<[MachineKey: StateMachine]>([:])
    private let nextFire = Mutex<Timestamp?>(nil)
    private let needsRescan = Mutex(false)

    private struct MachineKey: Hashable {
        let workflowID: String
        let version: Int
    }

    /// Compiled definitions that are kept; at the limit all are forgotten and compiled again when they are needed.
    private static let machineLimit = 256

    /// A provider over a store, with a door to compute.
    package init(
        store: any RunStore, compute: any ComputeWorkflowClient, surroundings: Surroundings, logger: Logger
    ) {
        self.store = store
        self.compute = compute
        self.surroundings = surroundings
        self.logger = logger
    }

    /// Keeps the definition: under the version that has the same document, or under a new one.
    package func createWorkflow(_ spec: WorkflowSpec) async throws(WorkflowError) -> WorkflowCreation {
        let found = violations(of: spec)
        guard found.isEmpty else { throw .invalidSpec(found) }
        let stored = try await storing { () throws(RepositoryError) in
            try await self.store.keep(spec, at: self.surroundings.now())
        }
        return WorkflowCreation(workflowID: stored.workflowID, version: stored.version)
    }

    /// Forgets a workflow, so that no further run starts; runs under way finish on their version.
    package func deleteWorkflow(_ workflowID: String) async throws(WorkflowError) {
        _ = try await storing { () throws(RepositoryError) in try await self.store.forget(workflowID) }
    }

    /// Compiles the definition and reports what is wrong in it, and the resources that nobody here serves.
    package func violations(of spec: WorkflowSpec) -> [Violation] {
        do throws(DefinitionError) {
            let machine = try StateMachine(definition: spec.definition)
            return machine.unknownResources.map { Violation("definition", "has the unknown resource '\($0)'") }
        } catch {
            return error.problems.map { Violation("definition\($0.pointer)", $0.message) }
        }
    }

    /// Begins a run in one commit and does its first effects after it; the same name again is the same run.
    package func startExecution(
        of workflowID: String, _ input: ExecutionInput
    ) async throws(WorkflowError) -> WorkflowStatus {
        guard input.violations.isEmpty else { throw .invalidSpec(input.violations) }
        let definition = try await storing { () throws(RepositoryError) in
            try await self.store.definition(of: workflowID, version: nil)
        }
        guard let definition else { throw .workflowNotFound(workflowID) }
        let start = RunStart(
            input: input.input, runID: input.executionName, runName: input.executionName, machineID: workflowID,
            machineName: workflowID)
        let stamp = stamp()
        let transition = Interpreter.begin(machine: try machine(of: definition), start: start, stamp: stamp)
        let beginning = RunBeginning(
            id: input.executionName, workflowID: workflowID, definitionVersion: definition.version,
            tenantID: input.tenantID, trigger: input.triggerSource, input: input.input,
            step: RunStep(input: .start(start), stamp: stamp, transition: transition))
        let begun = try await storing { () throws(RepositoryError) in try await self.store.begin(beginning) }
        surroundings.reached(.begun)
        if begun.isNew { await follow(transition, of: begun.run.id) }
        return begun.run.workflowStatus
    }

    /// A run with its input and the first page of its history.
    package func executionStatus(_ executionID: String) async throws(WorkflowError) -> ExecutionStatus {
        let run = try await run(executionID)
        let history = try await storing { () throws(RepositoryError) in
            try await self.store.history(of: executionID, after: 0, limit: PageLimit.largest)
        }
        return ExecutionStatus(
            status: run.workflowStatus, workflowID: run.workflowID, input: run.input, startedAt: run.createdAt,
            endedAt: run.endedAt, history: history)
    }

    /// Where a run stands, from its row alone.
    package func workflowStatus(_ executionID: String) async throws(WorkflowError) -> WorkflowStatus {
        try await run(executionID).workflowStatus
    }

    /// Ends a run `cancelled`, with a commit of its own; a run that is over stays as it is.
    package func stopExecution(_ executionID: String, reason: String) async throws(WorkflowError) {
        do throws(RepositoryError) {
            try await advance(executionID, with: .stop(error: ComputeError.Code.cancelled.rawValue, cause: reason))
        } catch {
            throw Self.translated(error, runID: executionID)
        }
    }

    /// Gives the answer to the task that waits with this token; an answer that was given before is a duplicate.
    package func postComputeCallback(
        to executionID: String, token: String, payload: JSONValue
    ) async -> DeliveryOutcome {
        do throws(RepositoryError) {
            let task = try await store.task(of: executionID, tokenHash: TaskToken.hash(token))
            guard let task else { return .refused(reason: "no task of run '\(executionID)' has this token") }
            switch task.status {
            case .answered:
                return .accepted
            case .cancelling, .cancelled:
                // The run itself gave the task up, and asked for the operation to stop: nobody is left to be told.
                return .accepted
            case .open:
                try await advance(executionID, with: TaskAnswer(payload, to: task.task.id).input)
                surroundings.reached(.answered)
                return .accepted
            }
        } catch {
            return .failed(reason: error.description, retryAfter: nil)
        }
    }

    /// Gives a run an input, writes what follows, and sees to it.
    ///
    /// - Returns: Whether anything followed.
    @discardableResult
    func advance(_ runID: String, with input: RunInput) async throws(RepositoryError) -> Bool {
        let stamp = stamp()
        let step = try await store.advance(runID) { run, definitions in
            let machine = try self.machine(of: run, from: definitions)
            let state = try RunState(json: run.state)
            let transition = Interpreter.step(machine: machine, state: state, input: input, stamp: stamp)
            return transition.isEmpty ? nil : RunStep(input: input, stamp: stamp, transition: transition)
        }
        if let step { await follow(step.transition, of: runID) }
        return step != nil
    }

    /// Sees to what a committed transition asks for.
    private func follow(_ transition: Transition, of runID: String) async {
        for command in transition.commands {
            switch command {
            case .scheduleTask(let task): await dispatch(task, of: runID)
            case .readItems(let read): await dispatch(read.task, of: runID)
            case .startTimer(_, let fireAt): noteTimer(fireAt)
            case .cancelTask(let id): await withdraw(id, of: runID)
            case .cancelTimer, .finish: break
            }
        }
    }

    /// Asks for what a task wants.
    ///
    /// What cannot be asked now is asked at the next scan.
    func dispatch(_ task: ScheduledTask, of runID: String) async {
        do throws(WorkflowFailure) {
            guard let wish = try ComputeTask(task) else {
                throw WorkflowFailure(code: "States.Runtime", message: "nobody serves '\(task.resource)'")
            }
            try await begin(wish, of: runID)
        } catch {
            await answer(task, of: runID, with: error)
        }
    }

    private func begin(_ wish: ComputeTask, of runID: String) async throws(WorkflowFailure) {
        do throws(ComputeError) {
            _ = try await compute.begin(wish.request, attempt: wish.attempt, runID: runID, token: wish.token)
        } catch {
            guard error.isRetriable || error.errorClass == .manualIntervention else {
                throw WorkflowFailure(code: error.code.rawValue, message: error.message)
            }
            askForRescan(because: error.message, runID: runID)
        }
    }

    private func answer(_ task: ScheduledTask, of runID: String, with failure: WorkflowFailure) async {
        do throws(RepositoryError) {
            try await advance(
                runID, with: .taskFailed(task: task.id, error: failure.code, cause: failure.message))
        } catch {
            askForRescan(because: error.description, runID: runID)
        }
    }

    /// Stops an operation that its run no longer wants, and remembers that it was told.
    func withdraw(_ taskID: Int, of runID: String) async {
        do {
            guard let task = try await store.task(of: runID, id: taskID), task.status == .cancelling else { return }
            if let wish = try ComputeTask(task.task) {
                try await compute.cancel(wish.request, attempt: wish.attempt, reason: "the run no longer waits for it")
            }
            try await store.confirmCancelled(runID: runID, taskID: taskID)
        } catch {
            askForRescan(because: "\(error)", runID: runID)
        }
    }

    private func askForRescan(because reason: String, runID: String) {
        logger.info(
            "A task waits for the next scan", metadata: [LogKeys.runID: "\(runID)", LogKeys.error: "\(reason)"])
        needsRescan.withLock { $0 = true }
        timers.ring()
    }

    /// Whether a task could not be seen to since the last call.
    func takeRescan() -> Bool {
        needsRescan.withLock { needsRescan in
            defer { needsRescan = false }
            return needsRescan
        }
    }

    /// Remembers what the timer service sleeps for; nil while it is awake.
    func sleeping(until time: Timestamp?) { nextFire.withLock { $0 = time } }

    private func noteTimer(_ fireAt: Timestamp) {
        let isEarlier = nextFire.withLock { next in
            guard let current = next, current <= fireAt else { return true }
            return false
        }
        if isEarlier { timers.ring() }
    }

    private func run(_ id: String) async throws(WorkflowError) -> WorkflowRun {
        let run = try await storing { () throws(RepositoryError) in try await self.store.run(id) }
        guard let run else { throw .executionNotFound(id) }
        return run
    }

    private func stamp() -> Stamp { Stamp(now: surroundings.now(), seed: surroundings.random()) }

    private func machine(of run: StoredRun, from definitions: any DefinitionSource) throws -> StateMachine {
        let key = MachineKey(workflowID: run.workflowID, version: run.definitionVersion)
        if let machine = machines.withLock({ $0[key] }) { return machine }
        let document = try definitions.document(of: run.workflowID, version: run.definitionVersion)
        let machine = try StateMachine(definition: document)
        keep(machine, as: key)
        return machine
    }

    private func machine(of definition: StoredDefinition) throws(WorkflowError) -> StateMachine {
        let key = MachineKey(workflowID: definition.workflowID, version: definition.version)
        if let machine = machines.withLock({ $0[key] }) { return machine }
        do throws(DefinitionError) {
            let machine = try StateMachine(definition: definition.document)
            keep(machine, as: key)
            return machine
        } catch {
            throw .invalidSpec(error.problems.map { Violation("definition\($0.pointer)", $0.message) })
        }
    }

    private func keep(_ machine: StateMachine, as key: MachineKey) {
        machines.withLock { machines in
            if machines.count >= Self.machineLimit { machines.removeAll() }
            machines[key] = machine
        }
    }

    private func storing<Value>(
        _ body: () async throws(RepositoryError) -> Value
    ) async throws(WorkflowError) -> Value {
        do throws(RepositoryError) {
            return try await body()
        } catch {
            throw Self.translated(error, runID: "")
        }
    }

    private static func translated(_ error: RepositoryError, runID: String) -> WorkflowError {
        switch error {
        case .notFound: .executionNotFound(runID)
        case .busy, .full, .stale, .fenced: .unavailable(error.description)
        case .conflict, .unusable: .refused(error.description)
        }
    }
}

extension StateMachine {
    /// Resources that nobody here serves.
    var unknownResources: [String] {
        states.compactMap(\.resource).filter { ComputeTask.operation(of: $0) == nil }
    }
}
