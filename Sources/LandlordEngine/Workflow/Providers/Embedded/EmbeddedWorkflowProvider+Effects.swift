import LandlordDomain
import Logging
import StatesLanguage

// What committed steps ask of the world. All of it may be done again.

extension EmbeddedWorkflowProvider {
    /// Gives a run an input, writes what follows, and sees to it.
    ///
    /// - Returns: Whether anything followed.
    @discardableResult
    func advance(
        _ runID: String, with input: RunInput, and companion: RunCompanion? = nil
    ) async throws(RepositoryError) -> Bool {
        let advance = try await store.advance(runID) { _ in RunArrival(input, self.stamp(), with: companion) }
        guard let advance else { return false }
        if let task = input.answeredTask { work.forget(TaskReference(runID: runID, taskID: task)) }
        await follow(advance, of: runID)
        return true
    }

    /// Sees to what a committed step asks for, and to what follows from answers that are there at once.
    func follow(_ advance: RunAdvance, of runID: String) async {
        guard isDriving() else { return }
        var hasEndedForParent = advance.isChild
        var waiting = advance.commands[...]
        while let command = waiting.popFirst() {
            var next: RunAdvance?
            switch command {
            case .scheduleTask(let task): next = await dispatch(task, of: runID)
            case .readItems(let read): next = await dispatch(read.task, of: runID)
            case .startTimer(_, let fireAt): noteTimer(fireAt)
            case .cancelTask(let id): await withdraw(id, of: runID)
            case .cancelTimer, .finish: break
            }
            waiting += next?.commands ?? []
            hasEndedForParent = hasEndedForParent || next?.isChild == true
        }
        for semaphore in work.waitedSemaphores { await admit(to: semaphore) }
        if hasEndedForParent { await answerParent(of: runID) }
    }

    /// Tells a run how the call of one of its tasks has ended, where the task still waits for that.
    func tell(_ result: TaskResult, afterCallOf task: TaskReference) async throws(RepositoryError) {
        guard let stored = try await store.task(of: task.runID, id: task.taskID), stored.isToBeCalled else { return }
        try await advance(task.runID, with: result.input(afterCallOf: stored.task))
    }

    /// Asks for a stored task that nobody has answered.
    func resume(_ stored: StoredTask) async {
        guard !stored.isSubmitted else { return work.wasAsked(stored.reference) }
        guard isDriving(),
            let advance = await dispatch(stored.task, of: stored.runID, isAdmitted: stored.isAdmitted)
        else { return }
        await follow(advance, of: stored.runID)
    }

    /// Asks for what a task wants; what cannot be asked now is asked at the next scan.
    ///
    /// - Returns: What follows from an answer that was there at once.
    private func dispatch(_ task: ScheduledTask, of runID: String, isAdmitted: Bool = false) async -> RunAdvance? {
        if let semaphore = task.semaphore, !isAdmitted {
            await admit(to: semaphore)
            return nil
        }
        let reference = TaskReference(runID: runID, taskID: task.id)
        do throws(TaskTrouble) {
            let result: TaskResult?
            switch EngineTask(task.resource) {
            case .activity?: result = nil
            case .signal(let name)?:
                if let advance = try await takeSignal(name, for: task, of: runID) { return advance }
                result = nil
            case .childRun(let waits)?: result = try await startChild(task, of: runID, waits: waits)
            case nil:
                guard let worker = worker(for: task.resource) else {
                    throw .failed(
                        WorkflowFailure(code: "States.Runtime", message: "nobody serves '\(task.resource)'"))
                }
                result = try await worker.begin(task, of: runID)
            }
            guard let result else {
                work.wasAsked(reference)
                return nil
            }
            return await answer(result, afterCallOf: task, of: runID)
        } catch {
            switch error {
            case .failed(let failure): return await answer(.failed(failure), afterCallOf: task, of: runID)
            case .later(let reason):
                askForScan(because: reason, runID: runID)
                return nil
            }
        }
    }

    private func answer(
        _ result: TaskResult, afterCallOf task: ScheduledTask, of runID: String
    ) async -> RunAdvance? {
        do throws(RepositoryError) {
            return try await store.advance(runID) { _ in
                RunArrival(result.input(afterCallOf: task), self.stamp())
            }
        } catch {
            askForScan(because: error.description, runID: runID)
            return nil
        }
    }

    /// Stops an operation that its run no longer wants, and remembers that it was told.
    @inline(never)
    func withdraw(_ taskID: Int, of runID: String) async {
        do throws(RepositoryError) {
            guard let stored = try await store.task(of: runID, id: taskID), stored.status == .cancelling else { return }
            do throws(TaskTrouble) {
                switch EngineTask(stored.task.resource) {
                case .activity?, .signal?: break
                case .childRun?: try await cancelChild(stored.task, of: runID)
                case nil: try await worker(for: stored.task.resource)?.cancel(stored.task, of: runID)
                }
            } catch {
                // What never could be begun need not be stopped.
                if case .later(let reason) = error { return askForScan(because: reason, runID: runID) }
            }
            try await store.confirmCancelled(runID: runID, taskID: taskID)
            work.forget(stored.reference)
        } catch {
            askForScan(because: error.description, runID: runID)
        }
    }

    /// Has open tasks looked at again that could not be seen to now.
    func askForScan(because reason: String, runID: String) {
        logger.info(
            "A task waits for the next scan", metadata: [LogKeys.runID: "\(runID)", LogKeys.error: "\(reason)"])
        work.askForScan()
        timers.ring()
    }

    // MARK: Semaphores

    /// Gives the free places of a semaphore away, and asks for the tasks that have got one.
    @inline(never)
    func admit(to semaphore: String) async {
        guard work.beginAdmitting(semaphore) else { return }
        var isWaited = true
        repeat {
            var hasAdmitted = true
            while hasAdmitted {
                do throws(RepositoryError) {
                    let turn = try await store.admit(to: semaphore)
                    hasAdmitted = !turn.admitted.isEmpty
                    isWaited = turn.isWaiting
                    for task in turn.admitted {
                        if let advance = await dispatch(task.task, of: task.runID, isAdmitted: true) {
                            await follow(advance, of: task.runID)
                        }
                    }
                } catch {
                    askForScan(because: error.description, runID: "")
                    hasAdmitted = false
                }
            }
        } while !work.endAdmitting(semaphore, isWaited: isWaited)
    }

    // MARK: Signals

    /// Answers a task with the oldest signal that it may take; nil where none waits.
    @inline(never)
    func takeSignal(
        _ name: String, for task: ScheduledTask, of runID: String
    ) async throws(TaskTrouble) -> RunAdvance? {
        let correlation = task.parameters["Correlation"]
        guard correlation == nil || correlation?.stringValue != nil else {
            throw .failed(
                WorkflowFailure(code: "States.Runtime", message: "\(task.resource): 'Correlation' must be a text"))
        }
        do throws(RepositoryError) {
            while let signal = try await store.nextSignal(
                for: runID, name: name, correlation: correlation?.stringValue)
            {
                do throws(RepositoryError) {
                    return try await store.advance(runID) { _ in
                        RunArrival(
                            TaskResult.succeeded(signal.signal.payload).input(afterCallOf: task), self.stamp(),
                            with: .signal(id: signal.id, task: task.id))
                    }
                } catch .stale {
                    // Another task took it.
                    continue
                }
            }
            return nil
        } catch {
            throw .later(error.description)
        }
    }

    // MARK: Child runs

    /// Starts the run that a task asks for, or finds it.
    ///
    /// - Returns: The answer; nil while the task waits for the run's end.
    @inline(never)
    private func startChild(
        _ task: ScheduledTask, of runID: String, waits: Bool
    ) async throws(TaskTrouble) -> TaskResult? {
        let child = try Self.child(task, of: runID)
        do throws(WorkflowError) {
            let depth = try await storing { () throws(RepositoryError) in
                try await self.store.depth(of: runID, limit: ChildRunTask.depthLimit)
            }
            guard depth < ChildRunTask.depthLimit else {
                throw .refused("runs start runs more than \(ChildRunTask.depthLimit) deep")
            }
            let input = ExecutionInput(
                executionName: child.name, input: child.input, triggerSource: "run \(runID)",
                tenantID: try await run(runID).tenantID)
            let parent = waits ? TaskReference(runID: runID, taskID: task.id) : nil
            let run = try await start(child.workflowID, input, parent: parent)
            return waits ? Self.result(of: run) : .succeeded(["RunId": .string(run.id)])
        } catch {
            if error.isRetriable { throw .later(error.description) }
            throw .failed(WorkflowFailure(code: "States.TaskFailed", message: error.description))
        }
    }

    @inline(never)
    private func cancelChild(_ task: ScheduledTask, of runID: String) async throws(TaskTrouble) {
        let child = try Self.child(task, of: runID)
        guard child.isCancelledWithTask, EngineTask(task.resource) == .childRun(waits: true) else { return }
        do throws(WorkflowError) {
            try await give(
                RunOrder(.cancel, by: "run \(runID)", reason: "nobody waits for it any more"), to: child.name)
        } catch {
            // One that is over, or never began, need not be stopped.
            if error.isRetriable { throw .later(error.description) }
        }
    }

    @inline(never)
    private func answerParent(of runID: String) async {
        do throws(RepositoryError) {
            if let task = try await store.waitingParent(of: runID) { await resume(task) }
        } catch {
            askForScan(because: error.description, runID: runID)
        }
    }

    static func child(_ task: ScheduledTask, of runID: String) throws(TaskTrouble) -> ChildRunTask {
        do throws(WorkflowFailure) {
            return try ChildRunTask(task, of: runID)
        } catch {
            throw .failed(error)
        }
    }

    /// What the end of a run means to the task that waits for it; nil while it has not ended.
    private static func result(of run: WorkflowRun) -> TaskResult? {
        guard run.status.isTerminal else { return nil }
        if run.status == .succeeded {
            return .succeeded(["RunId": .string(run.id), "Output": run.output ?? .null])
        }
        let error = run.error ?? WorkflowFailure(code: "", message: "it is \(run.status.rawValue)")
        // What nothing may catch in the child may be caught here.
        let code = error.code.isEmpty || error.code == "States.Runtime" ? "States.TaskFailed" : error.code
        return .failed(WorkflowFailure(code: code, message: "run \(run.id): \(error.message)"))
    }
}

extension RunInput {
    /// The task that an input answers.
    fileprivate var answeredTask: Int? {
        switch self {
        case .taskSucceeded(let task, _), .taskFailed(let task, _, _), .taskRefused(let task, _, _, _),
            .itemsRead(let task, _):
            task
        case .start, .order, .move, .stop, .timerFired, .taskStarted, .taskSubmitted, .heartbeat: nil
        }
    }
}
