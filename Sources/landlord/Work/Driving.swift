import LandlordEngine
import ServiceLifecycle

extension Session {
    /// How long the engine may take to come to rest before it is cancelled.
    ///
    /// What it leaves, the next driver takes up.
    private static let drainLimit = Duration.seconds(30)

    private enum Ended<Value: Sendable>: Sendable {
        case host
        case body(Value)
    }

    /// Runs `body` while this process drives the database, or watches the process that does.
    ///
    /// Afterwards the engine drains; the value is returned when it has.
    func whileDriving<Value: Sendable>(
        _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        var configuration = ServiceGroupConfiguration(
            services: [.init(service: host, successTerminationBehavior: .gracefullyShutdownGroup)], logger: logger)
        configuration.maximumGracefulShutdownDuration = Self.drainLimit
        let services = ServiceGroup(configuration: configuration)
        return try await withThrowingTaskGroup(of: Ended<Value>.self) { group in
            group.addTask {
                try await services.run()
                return .host
            }
            group.addTask { .body(try await body()) }
            do {
                while let ended = try await group.next() {
                    guard case .body(let value) = ended else { continue }
                    await services.triggerGracefulShutdown()
                    // The value is there; whatever goes wrong while the engine drains is in the log and is taken up by
                    // the next driver.
                    while !group.isEmpty { _ = try? await group.next() }
                    return value
                }
            } catch {
                await services.triggerGracefulShutdown()
                group.cancelAll()
                throw error
            }
            throw Failure(.bug, "the engine has ended by itself")
        }
    }
}
