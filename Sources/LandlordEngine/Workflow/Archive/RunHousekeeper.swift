import LandlordDomain
import Logging
import ServiceLifecycle

/// Archives runs that have been over for as long as the configuration says; in the process that drives.
struct RunHousekeeper: Service {
    let archive: RunArchive
    /// How long runs that are over stay; zero for ever.
    let retention: Duration
    let surroundings: Surroundings
    let logger: Logger

    /// The time between two rounds.
    private static let interval = Duration.seconds(60)

    /// Goes its rounds until the graceful shutdown begins.
    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                if retention > .zero { await round() }
                // Cancellation ends the loop at its head.
                try? await surroundings.clock.sleep(for: Self.interval)
            }
        }
    }

    private func round() async {
        do throws(RepositoryError) {
            guard let count = try await archive.archive(overFor: retention), count > 0 else { return }
            logger.info("Old runs were archived", metadata: [LogKeys.count: "\(count)"])
        } catch {
            logger.error("Runs cannot be archived", metadata: [LogKeys.error: "\(error)"])
        }
    }
}
