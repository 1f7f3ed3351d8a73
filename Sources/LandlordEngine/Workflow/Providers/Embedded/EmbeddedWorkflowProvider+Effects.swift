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
        await follow(advance, of: runID)
        return true
    }

    /// Sees to what a committed step asks for, and to what follows from answers that are there at once.
    func follow(_ advance: RunAdvance, of runID: String, nesting: Int = 0) async {
        guard isDriving() else { return }
        forgetAnswered(advance, of: runID)
        var hasEndedForParent = advance.isChild
        var waiting = advance.commands[...]
        while let command = waiting.popFirst() {
            var next: RunAdvance?
            switch command {
            case .scheduleTask(let task): next = await dispatch(task, of: runID, nesting: nesting)
            case .readItems(let read): next = await dispatch(read.task, of: runID)
            case .startTimer(_, let fireAt): noteTimer(fireAt)
            case .cancelTask(let id): await withdraw(id, of: runID)
            case .cancelTimer, .finish: break
            }
            if let next { forgetAnswered(next, of: runID) }
            waiting += next?.commands ?? []
            hasEndedForParent = hasEndedForParent || next?.isChild == true
        }
        for semaphore in work.waitedSemaphores { await admit(to: semaphore) }
        if hasEndedForParent { await answerParent(of: runID) }
    }

    /// Forgets that a task was asked for, which has its answer now.
    private func forgetAnswered(_ advance: RunAdvance, of runID: String) {
        if let task = advance.answeredTask { work.forget(TaskReference(runID: runID, taskID: task)) }
    }

    /// Tells a run how the call of one of its tasks has ended, where the task still waits for that.
    func tell(_ result: TaskResult, afterCallOf task: TaskReference) async throws(RepositoryError) {
        guard let stored = try await store.task(of: task.runID, id: task.taskID), stored.isToBeCalled else { return }
        try await advance(task.runID, with: result.input(afterCallOf: stored.task))
    }

    /// Asks for a stored task that nobody has answered.
    func resume(_ stored: StoredTask) async {
        guard !stored.isSubmitted else { return work.wasAsked(stored.reference, at: surroundings.now()) }
        guard isDriving(),
            let advance = await dispatch(stored.task, of: stored.runID, isAdmitted: stored.isAdmitted)
        else { return }
        await follow(advance, of: stored.runID)
    }

    /// Asks for what a task wants; what cannot be asked now is asked at the next scan.
    ///
    /// - Returns: What follows from an answer that was there at once.
    private func dispatch(
        _ task: ScheduledTask, of runID: String, isAdmitted: Bool = false, nesting: Int = 0
    ) async -> RunAdvance? {
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
            case .childRun(let waits)?:
                result = try await startChild(
                    task, for: Asker(task: reference, waits: waits, nesting: nesting))
            case nil:
                guard let worker = worker(for: task.resource) else {
                    throw .failed(
                        WorkflowFailure(code: "States.Runtime", message: "nobody serves '\(task.resource)'"))
                }
                result = try await worker.begin(task, of: runID)
            }
            guard let result else {
                work.wasAsked(reference, at: surroundings.now())
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
            "A task waits for the next look at all of them",
            metadata: [LogKeys.runID: "\(runID)", LogKeys.error: "\(reason)"])
        askForScan()
    }

    /// Has all open tasks looked at.
    func askForScan() {
        work.askForScan()
        scans.ring()
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
    private func startChild(_ task: ScheduledTask, for asker: Asker) async throws(TaskTrouble) -> TaskResult? {
        let child = try Self.child(task, of: asker.task.runID)
        do throws(WorkflowError) {
            let depth = try await storing { () throws(RepositoryError) in
                try await self.store.depth(of: asker.task.runID, limit: ChildRunTask.depthLimit)
            }
            guard depth < ChildRunTask.depthLimit else {
                throw .refused("runs wait for runs more than \(ChildRunTask.depthLimit) deep")
            }
            let input = ExecutionInput(
                executionName: child.name, input: child.input, triggerSource: "run \(asker.task.runID)",
                tenantID: try await run(asker.task.runID).tenantID)
            let run = try await start(child.workflowID, input, for: asker)
            guard run.workflowID == child.workflowID else {
                throw .refused("run '\(run.id)' is there already, of workflow '\(run.workflowID)'")
            }
            guard asker.waits else { return .succeeded(["RunId": .string(run.id)]) }
            // Only one task hears of a run's end: the one that has started it.
            let own = try await storing { () throws(RepositoryError) in try await self.store.child(of: asker.task) }
            guard let own, own.id == run.id else {
                throw .refused("run '\(run.id)' is there already, and another task or person has started it")
            }
            // It may have come to its end while it was followed, and then nothing is waited for.
            return Self.result(of: own)
        } catch {
            if error.isRetriable { throw .later(error.description) }
            throw .failed(WorkflowFailure(code: "States.TaskFailed", message: error.description))
        }
    }

    @inline(never)
    private func cancelChild(_ task: ScheduledTask, of runID: String) async throws(TaskTrouble) {
        guard try Self.child(task, of: runID).isCancelledWithTask else { return }
        do throws(WorkflowError) {
            let child = try await storing { () throws(RepositoryError) in
                try await self.store.child(of: TaskReference(runID: runID, taskID: task.id))
            }
            guard let child else { return }
            try await give(
                RunOrder(.cancel, by: "run \(runID)", reason: "nobody waits for it any more"), to: child.id)
        } catch {
            // One that is over need not be stopped.
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
