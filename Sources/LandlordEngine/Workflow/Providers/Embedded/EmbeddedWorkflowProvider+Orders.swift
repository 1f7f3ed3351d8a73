public import LandlordDomain
import Logging
public import StatesLanguage

// What operators do to runs, and what they send to them.

extension EmbeddedWorkflowProvider {
    /// Does to a run what an operator wants, in one commit with who and why.
    ///
    /// Suspending and resuming reach first the runs that the run waits for, terminating then; a cancelled run's own
    /// cancelled tasks cancel theirs. What is so already is no error.
    ///
    /// - Throws: `.executionNotFound`, or `.refused` where the run is over, or is to be retried and cannot be.
    public func give(_ order: RunOrder, to runID: String) async throws(WorkflowError) {
        let run = try await run(runID)
        switch order.verb {
        case .retry:
            guard run.status.isTerminal else { return }
            guard run.status != .succeeded else { throw .refused("run '\(runID)' has succeeded") }
            if let refusal = run.refusalOfRetry { throw .refused(refusal) }
        case .suspend, .resume, .cancel, .terminate:
            guard !run.status.isTerminal else { throw .refused("run '\(runID)' is over: \(run.status.rawValue)") }
        }
        if order.verb == .suspend || order.verb == .resume { try await cascade(order, from: runID) }
        let advance = try await taking(runID) { () throws(RepositoryError) in
            try await self.store.advance(runID) { _ in RunArrival(.order(order), self.stamp()) }
        }
        if order.verb == .terminate { try await cascade(order, from: runID) }
        guard let advance else {
            guard order.verb == .retry, try await self.run(runID).status.isTerminal else { return }
            throw .refused("run '\(runID)' cannot go on: it has taken back what it did, or kept no data when it ended")
        }
        logger.info(
            "A run was ordered",
            metadata: [
                LogKeys.runID: "\(runID)", LogKeys.operation: "\(order.verb.rawValue)",
                LogKeys.reason: "\(order.reason)",
            ])
        await follow(advance, of: runID)
        // What was not to begin while it was suspended begins now.
        if order.verb == .resume { askForScan() }
    }

    /// Lets no new run of a workflow start, or lets runs start again; what is so already is no error.
    ///
    /// - Throws: `.workflowNotFound`, or `.refused` for the workflows that serve tenants.
    func admit(
        _ verb: WorkflowAdmission.Verb, to workflowID: String, by actor: String, reason: String
    ) async throws(WorkflowError) {
        if let refusal = WorkflowAdmission.refusal(toChange: workflowID) { throw .refused(refusal) }
        let admission = WorkflowAdmission(verb, by: actor, reason: reason, at: surroundings.now())
        let isNew: Bool
        do throws(RepositoryError) {
            isNew = try await store.admit(admission, to: workflowID)
        } catch .notFound {
            throw .workflowNotFound(workflowID)
        } catch {
            throw Self.translated(error, runID: "")
        }
        guard isNew else { return }
        logger.info(
            "The admission of a workflow was changed",
            metadata: [
                LogKeys.workflowID: "\(workflowID)", LogKeys.operation: "\(verb.rawValue)",
                LogKeys.reason: "\(reason)",
            ])
    }

    /// Does the same to the runs that a run waits for.
    private func cascade(_ order: RunOrder, from runID: String) async throws(WorkflowError) {
        let passed = RunOrder(
            order.verb, by: order.actor,
            reason: "with run \(runID)\(order.reason.isEmpty ? "" : ": ")\(order.reason)")
        try await eachOpenTask(of: runID) { stored throws(WorkflowError) in
            try await pass(passed, below: stored)
        }
    }

    /// Does it to the run that a task waits for, where that has started one.
    private func pass(_ order: RunOrder, below stored: StoredTask) async throws(WorkflowError) {
        guard EngineTask(stored.task.resource) == .childRun(waits: true) else { return }
        // One whose parameters are wrong was never begun.
        guard let wish = try? Self.child(stored.task, of: stored.runID), wish.isCancelledWithTask else { return }
        let child = try await storing { () throws(RepositoryError) in
            try await self.store.child(of: stored.reference)
        }
        guard let child else { return }
        do throws(WorkflowError) {
            try await give(order, to: child.id)
        } catch {
            // One that is over is beyond orders.
            if error.isRetriable { throw error }
        }
    }

    /// Does something for each task of a run that is open or being cancelled, in the order in which they were asked.
    private func eachOpenTask(
        of runID: String, _ body: (StoredTask) async throws(WorkflowError) -> Void
    ) async throws(WorkflowError) {
        var last = 0
        while true {
            let tasks = try await storing { () throws(RepositoryError) in
                try await self.store.openTasks(of: runID, after: last)
            }
            for stored in tasks { try await body(stored) }
            guard let end = tasks.last else { return }
            last = end.task.id
        }
    }

    /// Keeps a signal for a run, and lets a state take it that waits for it.
    ///
    /// - Returns: Whether it is new; one with a key that the run has got is that one.
    /// - Throws: `.executionNotFound`, `.invalidSpec`, or `.refused` where the run is over or too many signals wait.
    @discardableResult
    public func send(_ signal: RunSignal, to runID: String) async throws(WorkflowError) -> Bool {
        guard signal.violations.isEmpty else { throw .invalidSpec(signal.violations) }
        let isNew: Bool
        do throws(RepositoryError) {
            isNew = try await store.keep(signal, for: runID, at: surroundings.now())
        } catch .unusable(let reason) {
            throw .refused(reason)
        } catch {
            throw Self.translated(error, runID: runID)
        }
        if isDriving() { await deliverSignals(to: runID) }
        return isNew
    }

    /// Lets the tasks of a run take the signals that wait for them.
    private func deliverSignals(to runID: String) async {
        do throws(WorkflowError) {
            try await eachOpenTask(of: runID) { stored in
                if stored.waitsForSignal { await resume(stored) }
            }
        } catch {
            askForScan(because: error.description, runID: runID)
        }
    }

    func taking<Value>(
        _ runID: String, _ body: () async throws(RepositoryError) -> Value
    ) async throws(WorkflowError) -> Value {
        do throws(RepositoryError) {
            return try await body()
        } catch {
            throw Self.translated(error, runID: runID)
        }
    }
}

extension StoredTask {
    /// Whether a signal answers it.
    var waitsForSignal: Bool {
        if case .signal? = EngineTask(task.resource) { isToBeCalled } else { false }
    }
}

extension RunSignal {
    /// Every rule that the signal breaks.
    var violations: [Violation] {
        var found: [Violation] = []
        if !EngineTask.isLegalName(name) {
            found.append(Violation("name", "must be 1 to 80 letters, digits, hyphens or underscores"))
        }
        for (field, text) in [("correlation", correlation ?? "-"), ("key", key)]
        where !(1...Self.textLimit).contains(text.unicodeScalars.count) {
            found.append(Violation(field, "must be 1 to \(Self.textLimit) characters"))
        }
        if payload.serializedBytes().count > WorkflowSpec.documentByteLimit {
            found.append(Violation("data", "must be at most \(WorkflowSpec.documentByteLimit) bytes"))
        }
        return found
    }
}
