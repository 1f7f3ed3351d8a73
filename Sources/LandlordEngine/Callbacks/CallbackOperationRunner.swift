import LandlordDomain
package import Logging
import ServiceLifecycle
import StatesLanguage

/// Works off bulk operations: redrives and discards of many dead letters, one batch after the other.
///
/// What is to be done is written in the database, so an operation goes on in whichever process drives next; how it goes
/// on is `CallbackOperationPace`'s to decide.
package struct CallbackOperationRunner: Service {
    /// The time between two looks when nothing wakes it.
    private static let sweepInterval = Duration.seconds(10)
    /// The time between two looks at what came of redriven callbacks.
    private static let watchInterval = Duration.milliseconds(250)
    /// The time in which a rate is portioned.
    private static let portionInterval = Duration.milliseconds(100)
    /// How many operations go on at once; further ones wait for their turn.
    private static let openLimit = 100

    private let operations: any CallbackOperationRepository
    private let retryLimit: Int
    private let changes: ChangeHub
    private let surroundings: Surroundings
    private let logger: Logger
    private let alarm = Alarm()

    /// A runner that gives `retryLimit` tries after the first where an operation names none.
    package init(
        operations: any CallbackOperationRepository, retryLimit: Int, changes: ChangeHub, surroundings: Surroundings,
        logger: Logger
    ) {
        self.operations = operations
        self.retryLimit = retryLimit
        self.changes = changes
        self.surroundings = surroundings
        self.logger = logger
    }

    /// Works until the graceful shutdown begins.
    package func run() async throws {
        let subscription = changes.subscribe()
        alarm.open()
        await withDiscardingTaskGroup { group in
            group.addTask { await work() }
            group.addTask {
                for await batch in subscription where batch.contains(where: Self.mayBeOperation) { alarm.ring() }
            }
            // Ends with the shutdown only; a cancelled wait is that shutdown.
            try? await gracefulShutdown()
            alarm.close()
            group.cancelAll()
        }
    }

    /// Operations are announced as callbacks are, under their own identifiers.
    private static func mayBeOperation(_ change: Change) -> Bool {
        switch change {
        case .callback(let id): id.hasPrefix(CallbackOperation.idPrefix)
        case .missed: true
        case .tenant, .run, .execution, .approval, .schedule, .lease, .storage, .workflowTask, .workflowTimer: false
        }
    }

    private func work() async {
        var due: [CallbackOperation.ID: Timestamp] = [:]
        while !alarm.isClosed, !Task.isCancelled {
            var pause = Self.sweepInterval
            do {
                let running = try await operations.operations(isOpen: true, limit: Self.openLimit)
                    .filter { $0.status == .running }.sorted { $0.createdAt < $1.createdAt }
                due = due.filter { entry in running.contains { $0.id == entry.key } }
                for operation in running {
                    let now = surroundings.now()
                    if let next = due[operation.id], next > now {
                        pause = min(pause, next.duration(since: now))
                        continue
                    }
                    let wait = try await step(operation)
                    due[operation.id] = surroundings.now().advanced(by: wait)
                    pause = min(pause, wait)
                }
            } catch {
                logger.error("Bulk operations cannot go on", metadata: [LogKeys.error: "\(error)"])
                pause = .seconds(1)
            }
            if pause > .zero { await alarm.wait(atMost: pause, on: surroundings.clock) }
        }
    }

    /// Takes one step of an operation.
    ///
    /// - Returns: How long to wait before its next one.
    private func step(_ operation: CallbackOperation) async throws(RepositoryError) -> Duration {
        var outcomes = RedriveOutcomes()
        if operation.request.isCanary, operation.processed > 0 {
            outcomes = try await operations.outcomes(of: operation.id, sample: CallbackOperationPace.sampleSize)
        }
        let now = surroundings.now()
        do throws(RepositoryError) {
            switch CallbackOperationPace.step(operation, outcomes) {
            case .wait: return Self.watchInterval
            case .apply(let count):
                let rate = operation.request.rate
                let portion = rate.map { min(count, max(1, $0 / 10)) } ?? count
                _ = try await operations.advance(operation.id, by: portion, retryLimit: retryLimit, at: now)
                // A rate below ten a second is one at a time, so much further apart.
                return rate.map { max(Self.portionInterval, .seconds(1) / $0) } ?? .zero
            case .halt(let reason): try await end(operation, as: .halted, note: reason, at: now)
            case .finish: try await end(operation, as: .done, note: "", at: now)
            }
        } catch .stale {
            // Its operator was faster; the next look sees what is wanted now.
        }
        return Self.watchInterval
    }

    private func end(
        _ operation: CallbackOperation, as status: CallbackOperationStatus, note: String, at now: Timestamp
    ) async throws(RepositoryError) {
        guard let ended = operation.moved(to: status, note: note, at: now) else { return }
        try await operations.save(ended, from: operation.status)
        logger.info(
            "Bulk operation stands still",
            metadata: [
                LogKeys.status: "\(status.rawValue)", LogKeys.count: "\(operation.applied)", LogKeys.reason: "\(note)",
            ])
    }
}
