import Dispatch
import GRDB
import Glibc

/// The database: durable group-committed writes and concurrent reads.
///
/// Writes go through one thread that puts everything that waits into one transaction; a write that has returned
/// survives a power cut. Reads run beside it, each on a consistent view. Both are short: a read that stays open
/// keeps the write-ahead log from being reused. Neither is cut short by cancelling the task, so a shutdown never
/// leaves a half-known outcome.
public final class Database: Sendable {
    /// How a database is opened.
    public struct Options: Sendable, Hashable {
        /// What happens to migrations that are not applied yet.
        public enum MigrationPolicy: Sendable, Hashable {
            /// Apply them.
            case apply
            /// Apply them to a new database only; an older one is refused with `.olderVersion`.
            case applyWhenNew
            /// Leave everything as it is, to look at it.
            case inspect
        }

        /// What happens to migrations that are not applied yet.
        public var migrations = MigrationPolicy.apply
        /// How long a connection waits for another process.
        public var busyTimeout = Duration.seconds(5)
        /// How many reads run at the same time; more wait.
        public var readerLimit = 4
        /// How many writes wait for the writer; further callers wait until there is room.
        public var writeLimit = 4096
        /// Whether every page that is read is checked for overlapping cells.
        public var checksCells = false

        /// The defaults.
        public init() {}
    }

    /// Where the file is.
    public let path: String
    /// Where committed changes are announced.
    public let hub: ChangeHub

    let fence = WriteFence()
    private let pool: DatabasePool
    private let queue: WriteQueue

    /// Opens the database at `path`, making and migrating it where it does not exist.
    ///
    /// A failure leaves no file and no directory behind that was not there before.
    public convenience init(
        path: String, options: Options = Options(), hub: ChangeHub = ChangeHub()
    ) throws(DatabaseError) {
        try self.init(path: path, options: options, hub: hub, migrations: Migration.all)
    }

    init(
        path: String, options: Options, hub: ChangeHub, migrations: [Migration]
    ) throws(DatabaseError) {
        let file = try DatabaseFile.prepare(path)
        do throws(DatabaseError) {
            pool = try SQLitePool.open(file, options)
            try SQLiteMigrator(pool: pool, path: file.path, migrations: migrations)
                .prepare(options.migrations, isNew: file.isEmpty)
        } catch {
            file.discard()
            throw error
        }
        self.path = file.path
        self.hub = hub
        queue = WriteQueue(limit: options.writeLimit)
        SQLiteWriter(pool: pool, queue: queue, hub: hub, fence: fence).start()
    }

    deinit { queue.close() }

    /// Runs `body` in a transaction of its own or of its neighbours, and returns when its result is durable.
    ///
    /// - Why the rules for bodies: see `SQLTransaction`. A body checks before it writes and may be run twice.
    @discardableResult
    public func write<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLTransaction) throws(RepositoryError) -> Value
    ) async throws(RepositoryError) -> Value {
        await queue.reserve()
        let result: Result<Value, RepositoryError> = await withCheckedContinuation { continuation in
            let request = WriteRequest(
                perform: { transaction throws(RepositoryError) in
                    let value = try body(transaction)
                    return { continuation.resume(returning: .success(value)) }
                },
                refuse: { continuation.resume(returning: .failure($0)) })
            queue.submit(request)
        }
        return try result.get()
    }

    /// Runs `body` on a consistent view of what was last committed, beside any write.
    public func read<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLReader) throws(RepositoryError) -> Value
    ) async throws(RepositoryError) -> Value {
        let result: Result<Value, RepositoryError> = await withCheckedContinuation { continuation in
            pool.asyncRead { [queue] access in
                do {
                    let connection = SQLiteConnection(try access.get())
                    continuation.resume(returning: .success(try body(connection)))
                } catch {
                    let isClosed = queue.isClosed
                    continuation.resume(returning: .failure(isClosed ? .busy : Storing.failure(error).error))
                }
            }
        }
        return try result.get()
    }

    /// Looks for commits of other processes and announces them as `.missed`; returns at once.
    public func noticeOtherProcesses() { queue.requestProbe() }

    /// The migrations this program knows and those the database has, oldest first.
    public func migrationStatus() async throws(RepositoryError) -> [MigrationStatus] {
        try await read { reader throws(RepositoryError) in try SQLiteMigrator.status(Migration.all, reader) }
    }

    /// Stores what waits, makes everything later answer `.busy`, and lets go of the file.
    ///
    /// Letting go of the database does the same without waiting.
    public func close() async {
        queue.close()
        await queue.waitForEnd()
    }
}
