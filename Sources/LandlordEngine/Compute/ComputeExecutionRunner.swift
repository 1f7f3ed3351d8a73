package import LandlordDomain
package import Logging
import ServiceLifecycle
import StatesLanguage

/// Takes every stored execution from `pending` to its end, one at a time for each tenant, many tenants at once.
///
/// It works from what is stored: at start it looks at everything that is not over, so an operation that a dead process
/// had begun is asked for again, under the same identifier. A graceful shutdown stops operations without ending them;
/// the next process goes on.
package struct ComputeExecutionRunner: Service {
    /// How the runner works.
    package struct Options: Sendable, Hashable {
        /// How many tenants are worked on at once.
        package var workers: Int
        /// How long one operation may take.
        package var timeout: Duration
        /// How many tries a callback has before it is a dead letter.
        package var callbackAttemptLimit: Int
        /// The time between two looks for wishes that other processes wrote.
        package var sweepInterval: Duration

        /// The limits of the configuration.
        package init(
            workers: Int = 64, timeout: Duration = .seconds(600), callbackAttemptLimit: Int = 4,
            sweepInterval: Duration = .seconds(10)
        ) {
            self.workers = workers
            self.timeout = timeout
            self.callbackAttemptLimit = callbackAttemptLimit
            self.sweepInterval = sweepInterval
        }
    }

    private let manager: ComputeManager
    private let executions: any ComputeExecutionRepository
    private let queue: WorkQueue<Tenant.ID>
    private let changes: ChangeHub
    private let workflowProvider: String
    private let options: Options
    private let surroundings: Surroundings
    private let logger: Logger
    private let board = CancellationBoard()

    /// A runner over stored executions; `workflowProvider` is whom the callbacks are for.
    package init(
        manager: ComputeManager, executions: any ComputeExecutionRepository, queue: WorkQueue<Tenant.ID>,
        changes: ChangeHub, workflowProvider: String, options: Options, surroundings: Surroundings, logger: Logger
    ) {
        self.manager = manager
        self.executions = executions
        self.queue = queue
        self.changes = changes
        self.workflowProvider = workflowProvider
        self.options = options
        self.surroundings = surroundings
        self.logger = logger
    }

    /// Works until the graceful shutdown begins.
    package func run() async throws {
        let subscription = changes.subscribe()
        queue.open()
        await withDiscardingTaskGroup { group in
            group.addTask { await drain(queue, workers: options.workers) { await look(at: $0) } }
            group.addTask { await sweep() }
            group.addTask {
                for await batch in subscription { await notice(batch) }
            }
            // Ends with the shutdown only; a cancelled wait is that shutdown.
            try? await gracefulShutdown()
            queue.close()
            group.cancelAll()
        }
    }

    /// Finds what is not over, at start and then now and again: a lost wake-up costs an interval, never a tenant.
    private func sweep() async {
        while !Task.isCancelled {
            do {
                var cursor: PageCursor?
                repeat {
                    let page = try await executions.unfinished(after: cursor, limit: PageLimit.largest)
                    for execution in page.items { queue.add(execution.tenantID) }
                    cursor = page.next
                } while cursor != nil
                try await ringForWishes()
            } catch {
                logger.error("Executions cannot be read", metadata: [LogKeys.error: "\(error)"])
            }
            // Cancellation ends the loop at its head.
            try? await surroundings.clock.sleep(for: options.sweepInterval)
        }
    }

    /// Wishes to cancel come from this process and from others; both are read from the database.
    private func notice(_ batch: [Change]) async {
        let mayHoldWishes = batch.contains { change in
            switch change {
            case .execution, .missed: true
            case .tenant, .run, .callback, .approval, .schedule, .lease, .storage, .workflowTask, .workflowTimer: false
            }
        }
        guard mayHoldWishes else { return }
        do {
            try await ringForWishes()
        } catch {
            logger.error("Cancellations cannot be read", metadata: [LogKeys.error: "\(error)"])
        }
    }

    private func ringForWishes() async throws(RepositoryError) {
        for execution in try await executions.cancellationsRequested(limit: PageLimit.largest) {
            board.ring(execution.id, reason: execution.cancelReason ?? "cancelled")
            queue.add(execution.tenantID)
        }
    }

    private func look(at tenantID: Tenant.ID) async {
        do {
            let query = ComputeExecutionQuery(
                tenantID: tenantID, statuses: [.pending, .running], limit: PageLimit.largest)
            // The counters say what is older, and not the clock, which may stand still or go back.
            let waiting = try await executions.page(query).items.sorted { Self.precedes($0.subject, $1.subject) }
            for execution in waiting {
                guard !Task.isCancelled else { return }
                try await carry(execution.id)
            }
        } catch RepositoryError.stale {
            queue.add(tenantID)
        } catch {
            logger.error(
                "An execution cannot be written",
                metadata: [LogKeys.tenantID: "\(tenantID)", LogKeys.error: "\(error)"])
            // The sweep comes back to it; a cancelled sleep is the shutdown.
            try? await surroundings.clock.sleep(for: .seconds(1))
        }
    }

    private static func precedes(_ left: ComputeExecution.Subject, _ right: ComputeExecution.Subject) -> Bool {
        (left.attemptEpoch, left.generation, left.attempt) < (right.attemptEpoch, right.generation, right.attempt)
    }

    /// Carries one execution from where it stands to its end.
    private func carry(_ id: ComputeExecution.ID) async throws {
        // The bell hangs before the execution is read: a wish that was written before is read, a later one rings.
        let bell = board.hang(for: id)
        defer { board.takeDown(id) }
        guard var execution = try await executions.execution(id), !execution.status.isTerminal else { return }
        if execution.status == .pending {
            if execution.cancelRequestedAt != nil {
                return try await end(execution, .cancelled(reason: execution.cancelReason ?? "cancelled"))
            }
            let (started, entry) = try execution.started(at: surroundings.now())
            try await executions.save(started, from: .pending, entry, callbacks: [])
            surroundings.reached(.started)
            execution = started
        }
        let recorder = ExecutionRecorder(execution, executions: executions, surroundings: surroundings, logger: logger)
        if execution.cancelRequestedAt != nil { board.ring(id, reason: execution.cancelReason ?? "cancelled") }
        guard let outcome = await outcome(of: execution, recorder: recorder, bell: bell) else { return }
        surroundings.reached(.performed)
        try await end(await recorder.current, outcome)
    }

    private enum Verdict: Sendable {
        case ended(Result<ComputeResult, ComputeFailure>)
        case outOfTime
        case unwanted(String)
        case interrupted
    }

    /// Asks the provider and waits for whichever comes first: the end, the time limit or a wish to stop.
    ///
    /// - Returns: Nil where this process is shutting down; the next one goes on.
    private func outcome(
        of execution: ComputeExecution, recorder: ExecutionRecorder, bell: AsyncStream<String>
    ) async -> ComputeOutcome? {
        await withTaskGroup(of: Verdict.self) { group in
            group.addTask { await work(on: execution, recorder: recorder) }
            group.addTask {
                do {
                    try await surroundings.clock.sleep(for: options.timeout)
                    return .outOfTime
                } catch {
                    return .interrupted
                }
            }
            group.addTask {
                for await reason in bell { return .unwanted(reason) }
                return .interrupted
            }
            let first = await group.next() ?? .interrupted
            let isShutdown = Task.isCancelled
            group.cancelAll()
            var verdicts = [first]
            for await verdict in group { verdicts.append(verdict) }
            return judge(verdicts, isShutdown: isShutdown)
        }
    }

    private func work(on execution: ComputeExecution, recorder: ExecutionRecorder) async -> Verdict {
        let labels: [String: String]
        do throws(RepositoryError) {
            labels = try await executions.labels(of: execution.tenantID)
        } catch {
            return .ended(.failure(ComputeFailure(error: ComputeError(translating: error))))
        }
        do throws(ComputeFailure) {
            let result = try await manager.perform(execution, labels: labels) { await recorder.progress($0) }
            return .ended(.success(result))
        } catch {
            return .ended(.failure(error))
        }
    }

    /// The provider's own end counts where there is one: what it finished is finished, whoever wanted it to stop.
    private func judge(_ verdicts: [Verdict], isShutdown: Bool) -> ComputeOutcome? {
        var wish: String?
        var isOutOfTime = false
        var end: Result<ComputeResult, ComputeFailure>?
        for verdict in verdicts {
            switch verdict {
            case .ended(let result): end = result
            case .outOfTime: isOutOfTime = true
            case .unwanted(let reason): wish = reason
            case .interrupted: break
            }
        }
        switch end {
        case .success(let result)?: return .succeeded(result)
        case .failure(let failure)?:
            let isCancelled = failure.error.code == .cancelled
            if let wish, isCancelled { return .cancelled(reason: wish) }
            if isOutOfTime, isCancelled {
                return .timedOut(ComputeError(.providerTimeout, "not done within \(options.timeout.inWords)"))
            }
            if isShutdown, isCancelled { return nil }
            return .failed(failure.error, failure.leftovers)
        case nil: return nil
        }
    }

    private func end(_ execution: ComputeExecution, _ outcome: ComputeOutcome) async throws {
        let (ended, entry) = try execution.ended(outcome, at: surroundings.now())
        let callbacks = Callback.births(
            of: ended, workflowProvider: workflowProvider, attemptLimit: options.callbackAttemptLimit,
            at: surroundings.now())
        try await executions.save(ended, from: execution.status, entry, callbacks: callbacks)
        surroundings.reached(.ended)
    }
}
