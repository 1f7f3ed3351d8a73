import LandlordDomain
public import Logging
public import ServiceLifecycle

/// An engine on a database, and the work of driving it whenever no other process does.
///
/// A front end that only reads or writes wishes holds the host and never runs it.
public struct EngineHost: Service {
    /// What a front end holds.
    public let engine: Engine
    /// The database that everything is in.
    public let database: Database

    private let assembly: EngineAssembly
    private let surroundings: Surroundings
    private let logger: Logger

    /// The time between two tries to take a database over that another process drives: a takeover takes less than a
    /// second.
    private static let takeoverInterval = Duration.milliseconds(200)
    /// The time between two renewals of the lease, well within its life.
    private static let renewalInterval = Duration.seconds(3)

    /// Opens and migrates the database and puts the engine together; starts nothing.
    ///
    /// - Throws: `DatabaseError` where the database cannot be used, `RegistryError` where the configuration names a
    ///   provider that there is not.
    public static func open(
        _ configuration: Configuration, variable: @escaping @Sendable (String) -> String?,
        surroundings: Surroundings, logger: Logger
    ) throws -> EngineHost {
        let database = try Database(path: configuration.database)
        return try EngineHost(
            configuration, database: database, variable: variable, surroundings: surroundings, logger: logger)
    }

    /// Puts the engine together on a database that is open.
    public init(
        _ configuration: Configuration, database: Database, variable: @escaping @Sendable (String) -> String?,
        surroundings: Surroundings, logger: Logger
    ) throws {
        assembly = try EngineAssembly(
            configuration, database: database, variable: variable, surroundings: surroundings, logger: logger)
        engine = assembly.engine
        self.database = database
        self.surroundings = surroundings
        self.logger = logger
    }

    /// Drives the database whenever no other process does, and watches it otherwise, until the task is cancelled or a
    /// graceful shutdown begins.
    public func run() async throws {
        try await withThrowingDiscardingTaskGroup { group in
            group.addTask { try await DatabaseWatcher(database: database, clock: ContinuousClock()).run() }
            group.addTask { try await takeTurns() }
        }
    }

    private func takeTurns() async throws {
        let lock = DrivingLock(database: database)
        while !Task.isCancelled, !Task.isShuttingDownGracefully {
            switch try await lock.acquire(at: surroundings.now()) {
            case .acquired:
                tell(.thisProcess)
                logger.info("This process drives the database")
                try await drive(holding: lock)
                tell(.nobody)
            case .heldBy(let lease):
                tell(.other(lease?.holder ?? "another process"))
                await pause(Self.takeoverInterval)
            }
        }
    }

    /// Says who drives, after it is so: the lease's own commit is announced before this process knows that it won.
    private func tell(_ driver: DrivingStatus.Driver) {
        guard engine.driving.driver != driver else { return }
        engine.driving.set(driver)
        engine.changes.publish([.lease])
    }

    /// Runs the services until the shutdown, or until another process has taken over.
    private func drive(holding lock: DrivingLock) async throws {
        do {
            try await assembly.prepare()
            try await withThrowingTaskGroup { group in
                for service in assembly.services { group.addTask { try await service.run() } }
                group.addTask { try await renew(lock) }
                // The first service that ends, ends the turn: they all end with the shutdown, and none without cause.
                try await group.next()
                if !Task.isShuttingDownGracefully { group.cancelAll() }
                while try await group.next() != nil {}
            }
        } catch RepositoryError.fenced {
            logger.error("Another process has taken the database over")
            return
        }
        try await lock.release(at: surroundings.now())
    }

    private func renew(_ lock: DrivingLock) async throws {
        while !Task.isCancelled, !Task.isShuttingDownGracefully {
            await pause(Self.renewalInterval)
            _ = try await lock.acquire(at: surroundings.now())
        }
    }

    private func pause(_ duration: Duration) async {
        await cancelWhenGracefulShutdown {
            // A cancelled pause is the shutdown, which the caller's loop sees.
            try? await surroundings.clock.sleep(for: duration)
        }
    }
}
