import LandlordDomain
package import Logging
import ServiceLifecycle
import StatesLanguage

/// Ends what has waited too long and removes what is long over, so that the outbox neither hides a callback for ever
/// nor grows for ever.
///
/// Dead letters are never removed: what becomes of them is an operator's decision.
package struct CallbackHousekeeper: Service {
    /// The time between two rounds.
    private static let interval = Duration.seconds(60)

    private let outbox: any CallbackOutbox
    private let patience: Duration
    private let retention: Duration
    private let surroundings: Surroundings
    private let logger: Logger

    /// A housekeeper of the outbox.
    package init(
        outbox: any CallbackOutbox, patience: Duration, retention: Duration, surroundings: Surroundings,
        logger: Logger
    ) {
        self.outbox = outbox
        self.patience = patience
        self.retention = retention
        self.surroundings = surroundings
        self.logger = logger
    }

    /// Goes its rounds until the graceful shutdown begins.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await giveUp()
                    try await prune()
                } catch {
                    logger.error("Callbacks cannot be cleared up", metadata: [LogKeys.error: "\(error)"])
                }
                // Cancellation ends the loop at its head.
                try? await surroundings.clock.sleep(for: Self.interval)
            }
        }
    }

    private func giveUp() async throws {
        var dead = try await outbox.giveUp(waitingFor: patience, at: surroundings.now())
        while !dead.isEmpty {
            for callback in dead {
                logger.error(
                    "Callback is a dead letter",
                    metadata: [
                        LogKeys.callbackID: "\(callback.id)", LogKeys.attempt: "\(callback.attempts)",
                        LogKeys.error: "\(callback.lastError ?? "")",
                    ])
            }
            dead = try await outbox.giveUp(waitingFor: patience, at: surroundings.now())
        }
    }

    private func prune() async throws {
        let limit = surroundings.now().advanced(by: .zero - retention)
        var count = 0
        while case let removed = try await outbox.prune(settledBefore: limit), removed > 0 { count += removed }
        if count > 0 {
            logger.info("Old callbacks were removed", metadata: [LogKeys.count: "\(count)"])
        }
    }
}
