package import LandlordDomain
package import Logging
import ServiceLifecycle
import StatesLanguage
import Synchronization

/// Where a callback is delivered to.
package protocol CallbackReceiver: Sendable {
    /// Makes one attempt.
    func deliver(_ callback: Callback) async -> DeliveryOutcome
}

/// Carries every callback from the outbox to whoever waits for it, at least once, or to the dead letters.
///
/// It never blocks an execution: the outbox row was born with the execution's end, and this service reads it
/// afterwards.
package struct CallbackDeliverer: Service {
    /// How the deliverer works.
    package struct Options: Sendable, Hashable {
        /// How many attempts are under way at once.
        package var workers: Int
        /// The waits between the attempts for one callback.
        package var backoff: Backoff
        /// The time between two looks at the outbox when nothing wakes it.
        package var sweepInterval: Duration

        /// The limits of the configuration.
        package init(
            workers: Int = 64, backoff: Backoff = Backoff(delayBase: .seconds(1), delayLimit: .seconds(60)),
            sweepInterval: Duration = .seconds(10)
        ) {
            self.workers = workers
            self.backoff = backoff
            self.sweepInterval = sweepInterval
        }
    }

    private let callbacks: any CallbackRepository
    private let receiver: any CallbackReceiver
    private let changes: ChangeHub
    private let options: Options
    private let surroundings: Surroundings
    private let logger: Logger
    private let queue = WorkQueue<Callback.ID>()
    private let alarm = Alarm()

    /// A deliverer over the outbox.
    package init(
        callbacks: any CallbackRepository, receiver: any CallbackReceiver, changes: ChangeHub, options: Options,
        surroundings: Surroundings, logger: Logger
    ) {
        self.callbacks = callbacks
        self.receiver = receiver
        self.changes = changes
        self.options = options
        self.surroundings = surroundings
        self.logger = logger
    }

    /// Delivers until the graceful shutdown begins; attempts that are under way are finished.
    package func run() async throws {
        let subscription = changes.subscribe(limit: 16_384)
        queue.open()
        alarm.open()
        let interrupted = try await callbacks.recoverInterrupted(at: surroundings.now())
        if interrupted > 0 {
            logger.info("Interrupted deliveries are tried again", metadata: [LogKeys.count: "\(interrupted)"])
        }
        await withDiscardingTaskGroup { group in
            group.addTask { await drain(queue, workers: options.workers) { await attempt($0) } }
            group.addTask {
                await withDiscardingTaskGroup { wakers in
                    wakers.addTask { await sweep() }
                    wakers.addTask {
                        for await batch in subscription { notice(batch) }
                    }
                    // Ends with the shutdown only; a cancelled wait is that shutdown.
                    try? await gracefulShutdown()
                    queue.close()
                    alarm.close()
                    wakers.cancelAll()
                }
            }
        }
    }

    private func notice(_ batch: [Change]) {
        for change in batch {
            switch change {
            case .callback(let id): queue.add(Callback.ID(id))
            case .missed: alarm.ring()
            case .tenant, .run, .execution, .lease, .workflowTask, .workflowTimer: break
            }
        }
    }

    private func sweep() async {
        while !alarm.isClosed {
            var pause = options.sweepInterval
            do {
                let now = surroundings.now()
                let due = try await callbacks.due(at: now, limit: PageLimit.largest)
                for callback in due { queue.add(callback.id) }
                if due.count == PageLimit.largest {
                    pause = .milliseconds(100)
                } else if let next = try await callbacks.nextDue(after: now) {
                    pause = min(pause, max(.milliseconds(1), next.duration(since: now)))
                }
            } catch {
                logger.error("Callbacks cannot be read", metadata: [LogKeys.error: "\(error)"])
            }
            await alarm.wait(atMost: queue.takeOverflow() ? .milliseconds(100) : pause, on: surroundings.clock)
        }
    }

    /// Makes one attempt for a callback that is due, and writes what came of it.
    package func attempt(_ id: Callback.ID) async {
        do {
            guard let callback = try await callbacks.callback(id), callback.status == .pending,
                callback.nextAttemptAt <= surroundings.now()
            else { return }
            let startedAt = surroundings.now()
            let begun = CallbackDelivery.beginning(callback, at: startedAt)
            try await callbacks.save(begun, from: .pending, attempt: nil)
            surroundings.reached(.delivering)
            let outcome = await receiver.deliver(begun)
            let endedAt = surroundings.now()
            let next = CallbackDelivery.after(
                begun, outcome, backoff: options.backoff, jitter: surroundings.jitter, at: endedAt)
            let attempt = CallbackAttempt(
                callbackID: id, number: begun.attempts, startedAt: startedAt, endedAt: endedAt,
                outcome: outcome.attemptOutcome, error: next.lastError)
            try await record(next, attempt)
            surroundings.reached(.delivered)
            report(next)
        } catch RepositoryError.stale {
            // Another worker or an operator moved it; what is stored is right.
            return
        } catch {
            logger.error(
                "A delivery cannot be recorded", metadata: [LogKeys.callbackID: "\(id)", LogKeys.error: "\(error)"])
        }
    }

    /// Writes what came of an attempt, again and again while the database does not take it.
    ///
    /// A callback that stayed `delivering` would be looked at by the next process only, and its run would wait for
    /// ever.
    private func record(_ callback: Callback, _ attempt: CallbackAttempt) async throws(RepositoryError) {
        while true {
            do throws(RepositoryError) {
                return try await callbacks.save(callback, from: .delivering, attempt: attempt)
            } catch {
                guard error.isRetriable, !alarm.isClosed, !Task.isCancelled else { throw error }
                logger.error(
                    "A delivery cannot be recorded yet",
                    metadata: [LogKeys.callbackID: "\(callback.id)", LogKeys.error: "\(error)"])
            }
            await cancelWhenGracefulShutdown {
                // A cancelled pause is the shutdown, which the next round sees.
                try? await surroundings.clock.sleep(for: .seconds(1))
            }
        }
    }

    private func report(_ callback: Callback) {
        let metadata: Logger.Metadata = [
            LogKeys.callbackID: "\(callback.id)", LogKeys.attempt: "\(callback.attempts)",
            LogKeys.error: "\(callback.lastError ?? "")",
        ]
        switch callback.status {
        case .pending:
            logger.info("Delivery failed; it is tried again", metadata: metadata)
            alarm.ring()
        case .dead: logger.error("Callback is a dead letter", metadata: metadata)
        case .delivering, .delivered, .discarded: break
        }
    }
}

extension DeliveryOutcome {
    var attemptOutcome: CallbackAttempt.Outcome {
        switch self {
        case .accepted: .accepted
        case .failed: .failed
        case .refused: .refused
        }
    }
}

/// Delivers callbacks to the runs that wait for them.
package struct WorkflowCallbackReceiver: CallbackReceiver {
    private let workflows: WorkflowManager

    /// A receiver in front of a manager.
    package init(workflows: WorkflowManager) {
        self.workflows = workflows
    }

    /// Hands the payload to the waiting task.
    package func deliver(_ callback: Callback) async -> DeliveryOutcome {
        switch callback.destination {
        case .workflow(let provider, let executionID, let token):
            await workflows.postComputeCallback(
                at: provider, to: executionID, token: token, payload: callback.payload)
        case .webhook:
            .refused(reason: "webhooks are not delivered by this version")
        }
    }
}
