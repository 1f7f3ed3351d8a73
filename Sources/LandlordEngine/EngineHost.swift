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
    /// The time between two tries to drive a database that does not let itself be driven.
    private static let troubleInterval = Duration.seconds(1)
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
            do {
                try await takeTurn(lock)
            } catch {
                guard Self.isPassing(error) else { throw error }
                logger.error("The database cannot be driven now", metadata: [LogKeys.error: "\(error)"])
                await pause(Self.troubleInterval)
            }
        }
    }

    private func takeTurn(_ lock: DrivingLock) async throws {
        switch try await lock.acquire(at: surroundings.now()) {
        case .acquired:
            tell(.thisProcess)
            defer { tell(.nobody) }
            logger.info("This process drives the database")
            try await drive(holding: lock)
        case .heldBy(let lease):
            tell(.other(lease?.holder ?? "another process"))
            await pause(Self.takeoverInterval)
        }
    }

    /// Whether another turn may go better: a full disk is freed, a busy database is let go, a new driver may die.
    private static func isPassing(_ error: any Error) -> Bool {
        switch error {
        case let error as RepositoryError: error.isRetriable || error == .fenced
        case let error as WorkflowError: error.isRetriable
        case let error as ComputeError: error.isRetriable || error.code == .resourceExhausted
        default: false
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
        try await withThrowingTaskGroup { group in
            group.addTask { try await runServices() }
            group.addTask { try await renew(lock) }
            // The services end with the shutdown. The lease is renewed until the last of them has ended, so that nobody
            // takes over while they finish; renewing ends alone only when somebody has.
            defer { group.cancelAll() }
            try await group.next()
        }
        do {
            try await lock.release(at: surroundings.now())
        } catch {
            // The lock on the file is gone all the same, and with it the proof that this process drives.
            logger.error("The lease cannot be released", metadata: [LogKeys.error: "\(error)"])
        }
    }

    private func runServices() async throws {
        try await assembly.prepare()
        try await withThrowingTaskGroup { group in
            for service in assembly.services { group.addTask { try await service.run() } }
            // The first service that ends, ends the turn: they all end with the shutdown, and none without cause.
            try await group.next()
            if !Task.isShuttingDownGracefully { group.cancelAll() }
            while try await group.next() != nil {}
        }
    }

    /// Renews the lease until the task is cancelled.
    ///
    /// A renewal that the database does not take is tried again; as long as nobody else can write either, the lease is
    /// safe.
    private func renew(_ lock: DrivingLock) async throws {
        while true {
            // A cancelled sleep is the end of the turn, which the next line sees.
            try? await surroundings.clock.sleep(for: Self.renewalInterval)
            if Task.isCancelled { return }
            do throws(RepositoryError) {
                _ = try await lock.acquire(at: surroundings.now())
            } catch {
                guard error.isRetriable else { throw error }
                logger.error("The lease cannot be renewed yet", metadata: [LogKeys.error: "\(error)"])
            }
        }
    }

    private func pause(_ duration: Duration) async {
        await cancelWhenGracefulShutdown {
            // A cancelled pause is the shutdown, which the caller's loop sees.
            try? await surroundings.clock.sleep(for: duration)
        }
    }
}
