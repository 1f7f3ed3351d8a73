import LandlordDomain
public import StatesLanguage

// Workers outside of the engine: they take tasks of activities, and answer what waits with a token.

/// A task as a worker gets it.
public struct ActivityTask: Sendable, Hashable {
    /// What the worker answers with; it counts until somebody else has the task.
    public let token: String
    /// The run that asked.
    public let runID: String
    /// What is to be done.
    public let input: JSONValue
    /// Until when nobody else gets the task.
    public let leaseUntil: Timestamp
}

/// Why an answer does not count, under the names that Step Functions has for it.
public enum TaskTokenError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The text is no token.
    case invalidToken
    /// The result is no JSON, or larger than 256 KiB.
    case invalidOutput(String)
    /// The task was answered, was given up, or has gone to another worker.
    case taskTimedOut
    /// The same call may work later.
    case unavailable(String)

    /// The name and what it means.
    public var description: String {
        switch self {
        case .invalidToken: "InvalidToken: this is no task's token"
        case .invalidOutput(let reason): "InvalidOutput: \(reason)"
        case .taskTimedOut: "TaskTimedOut: the task was answered, was given up, or has gone to another worker"
        case .unavailable(let reason): reason
        }
    }
}

extension EmbeddedWorkflowProvider {
    /// How long a worker has a task that says nothing of heartbeats.
    public static let standardLeaseSeconds = 300
    /// How long a lease may be.
    public static let leaseRange = 1...86_400

    /// Whether an activity may have the name, as in `landlord:activity:NAME`.
    public static func isActivityName(_ name: String) -> Bool { EngineTask.isLegalName(name) }

    /// Hands out a task of an activity (`GetActivityTask`); nil where none waits.
    ///
    /// The lease is as long as the state's heartbeat at least, where it has one.
    public func activityTask(
        of activity: String, for worker: String, leaseSeconds: Int = standardLeaseSeconds
    ) async throws(WorkflowError) -> ActivityTask? {
        let now = surroundings.now()
        let leased = try await storing { () throws(RepositoryError) in
            try await self.store.leaseTask(of: activity, for: worker, seconds: leaseSeconds, at: now)
        }
        guard let leased, let token = leased.task.task.token else { return nil }
        _ = try await storing { () throws(RepositoryError) in
            try await self.advance(leased.task.runID, with: .taskStarted(task: leased.task.task.id, worker: worker))
        }
        return ActivityTask(
            token: "\(token).\(leased.lease)", runID: leased.task.runID, input: leased.task.task.parameters,
            leaseUntil: leased.until)
    }

    /// Answers a task with its result (`SendTaskSuccess`).
    public func succeed(token: String, output: JSONValue) async throws(TaskTokenError) {
        guard output.serializedBytes().count <= WorkflowSpec.documentByteLimit else {
            throw .invalidOutput("a result has at most \(WorkflowSpec.documentByteLimit) bytes")
        }
        try await answer(token, with: .succeeded(output))
    }

    /// Answers a task with an error (`SendTaskFailure`), which Retry and Catch of the state may take up.
    public func fail(token: String, error: String, cause: String) async throws(TaskTokenError) {
        try await answer(token, with: .failed(WorkflowFailure(code: error, message: cause)))
    }

    /// Says that a worker is alive (`SendTaskHeartbeat`): its lease and the state's heartbeat begin anew.
    public func heartbeat(token: String) async throws(TaskTokenError) {
        let task = try await task(with: token)
        do throws(RepositoryError) {
            if let number = task.lease {
                try await store.renewLease(of: task.stored.reference, number: number, at: surroundings.now())
            }
            try await advance(task.stored.runID, with: .heartbeat(task: task.stored.task.id), and: task.companion)
        } catch {
            throw Self.tokenError(error)
        }
    }

    /// The token of a task with `.waitForTaskToken`.
    ///
    /// - Throws: `.executionNotFound`, or `.refused` where the run waits for no token under this number.
    func token(of task: TaskReference) async throws(WorkflowError) -> String {
        _ = try await run(task.runID)
        let stored = try await storing { () throws(RepositoryError) in
            try await self.store.task(of: task.runID, id: task.taskID)
        }
        guard let stored, stored.status == .open, stored.task.waitsBeyondCall, let token = stored.task.token else {
            throw .refused("run '\(task.runID)' has no task \(task.taskID) that waits for a token")
        }
        return token
    }

    private func answer(_ token: String, with result: TaskResult) async throws(TaskTokenError) {
        let task = try await task(with: token)
        do throws(RepositoryError) {
            let companion = task.isCalledStill ? .unfinishedCall(task: task.stored.task.id) : task.companion
            let hasCounted = try await advance(task.stored.runID, with: task.input(result), and: companion)
            if !hasCounted { throw RepositoryError.notFound }
            if task.isCalledStill, isDriving() { await giveUpCall(of: task.stored) }
        } catch {
            throw Self.tokenError(error)
        }
    }

    /// Stops a call whose task was answered without it; until then it kept its place in a named limit.
    private func giveUpCall(of stored: StoredTask) async {
        await withdraw(stored.task.id, of: stored.runID)
        if let semaphore = stored.task.semaphore { await admit(to: semaphore) }
    }

    private struct TokenTask {
        let stored: StoredTask
        let lease: Int?

        var companion: RunCompanion? { lease.map { .lease(task: stored.task.id, number: $0) } }

        /// Whether a worker of this engine may be at its call, as with approvals and requests.
        var isCalledStill: Bool { lease == nil && stored.isToBeCalled && EngineTask(stored.task.resource) == nil }

        /// What an answer means: that of a worker ends the call, which may not be all that the task waits for.
        func input(_ result: TaskResult) -> RunInput {
            lease == nil ? result.input(for: stored.task.id) : result.input(afterCallOf: stored.task)
        }
    }

    /// The open task behind a token: that of a lease has its number behind a full stop.
    private func task(with token: String) async throws(TaskTokenError) -> TokenTask {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let minted = parts.first, minted.utf8.count == 64,
            minted.utf8.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit })
        else { throw .invalidToken }
        let lease = parts.count == 2 ? Int(parts[1]) : nil
        guard parts.count == 1 || lease != nil else { throw .invalidToken }
        let found: StoredTask?
        do throws(RepositoryError) {
            found = try await store.externalTask(token: String(minted))
        } catch {
            throw Self.tokenError(error)
        }
        guard let stored = found, lease == nil || (lease == stored.lease && stored.isToBeCalled) else {
            throw .taskTimedOut
        }
        // Only who has taken the task of an activity may answer it, unless it waits for its token.
        guard lease != nil || stored.task.waitsBeyondCall || EngineTask.activity(of: stored.task.resource) == nil
        else { throw .invalidToken }
        return TokenTask(stored: stored, lease: lease)
    }

    private static func tokenError(_ error: RepositoryError) -> TaskTokenError {
        switch error {
        case .notFound: .taskTimedOut
        case .stale, .busy, .full, .fenced, .conflict, .unusable: .unavailable(error.description)
        }
    }
}
