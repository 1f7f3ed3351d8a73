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
        /// How many threads read at the same time; what waits for one shares its next snapshot.
        public var readerLimit = 2
        /// How many reads wait for a thread; further callers wait until there is room.
        public var readLimit = 4096
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

    /// Whether it takes writes.
    public let health = StorageHealth()

    let fence = WriteFence()
    /// Does the work of the threads, where there are none.
    let stepper: SQLiteStepper?
    private let executor = WriterExecutor()
    private let writes: RequestQueue<WriteRequest>
    private let reads: RequestQueue<ReadRequest>

    /// Opens the database at `path`, making and migrating it where it does not exist.
    ///
    /// A failure leaves no file and no directory behind that was not there before.
    public convenience init(
        path: String, options: Options = Options(), hub: ChangeHub = ChangeHub()
    ) throws(DatabaseError) {
        try self.init(path: path, options: options, hub: hub, migrations: Migration.all)
    }

    /// Opens a database with other migrations, or one that is `isStepped`: it starts no threads, and whoever has its
    /// `stepper` does what they would do.
    init(
        path: String, options: Options, hub: ChangeHub = ChangeHub(), migrations: [Migration] = Migration.all,
        isStepped: Bool = false
    ) throws(DatabaseError) {
        let file = try DatabaseFile.prepare(path)
        let pool: DatabasePool
        do throws(DatabaseError) {
            let migrator = SQLiteMigrator(path: file.path, migrations: migrations)
            pool = try SQLitePool.open(file, options, admit: migrator.check)
            try migrator.prepare(pool, options.migrations, isNew: file.isEmpty)
        } catch {
            file.discard()
            throw error
        }
        self.path = file.path
        self.hub = hub
        writes = RequestQueue(limit: options.writeLimit)
        reads = RequestQueue(limit: options.readLimit, threads: options.readerLimit)
        let writer = SQLiteWriter(pool: pool, queue: writes, hub: hub, fence: fence, health: health, executor: executor)
        let reader = SQLiteReader(pool: pool, queue: reads)
        guard !isStepped else {
            stepper = SQLiteStepper(writer: writer, reader: reader)
            return
        }
        stepper = nil
        writer.start()
        for _ in 0..<options.readerLimit { reader.start() }
    }

    deinit {
        reads.close()
        writes.close()
    }

    /// Runs `body` in a transaction of its own or of its neighbours, and returns when its result is durable.
    ///
    /// - Why the rules for bodies: see `SQLTransaction`. A body checks before it writes and may be run twice.
    @discardableResult
    public func write<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLTransaction) throws(RepositoryError) -> Value
    ) async throws(RepositoryError) -> Value {
        await writes.reserve()
        let result: Result<Value, RepositoryError> = await withCheckedContinuation { continuation in
            submit(body, continuation)
        }
        return try result.get()
    }

    /// Makes a body once there is room for it, and runs it as `write` does.
    ///
    /// Bodies are run in the order in which they are handed over, so who makes and hands over under a lock decides on
    /// top of a write that is still under way.
    ///
    /// - Parameter prepare: Called once; it hands over one body, or none where there is nothing to write.
    /// - Returns: What the body returned; nil where there was none.
    /// - Throws: What `prepare` or the body throws, or why the database could not write.
    func write<Value: Sendable>(
        preparing prepare: (
            _ handOver: (@escaping @Sendable (any SQLTransaction) throws(RepositoryError) -> Value) -> Void
        ) throws(RepositoryError) -> Void
    ) async throws(RepositoryError) -> Value? {
        await writes.reserve()
        let result: Result<Value?, RepositoryError> = await withCheckedContinuation { continuation in
            var isHandedOver = false
            let prepared = Result { () throws(RepositoryError) in
                try prepare { body in
                    precondition(!isHandedOver, "One call writes one body.")
                    isHandedOver = true
                    submit({ transaction throws(RepositoryError) in try body(transaction) }, continuation)
                }
            }
            guard !isHandedOver else { return }
            writes.giveBack()
            continuation.resume(returning: prepared.map { nil })
        }
        return try result.get()
    }

    /// Runs `body` so that it may go on on the writer's thread behind each of its writes, while nobody else writes.
    ///
    /// For short steps that follow one another, such as those of a run: what takes long holds up the next commit.
    ///
    /// - Throws: What `body` throws.
    func following<Value: Sendable, Failure: Error>(
        _ body: @Sendable () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        guard stepper == nil else { return try await body() }
        let result: Result<Value, Failure> = await withTaskExecutorPreference(executor) {
            do throws(Failure) {
                return .success(try await body())
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    private func submit<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLTransaction) throws(RepositoryError) -> Value,
        _ continuation: CheckedContinuation<Result<Value, RepositoryError>, Never>
    ) {
        let request = WriteRequest(
            perform: { transaction throws(RepositoryError) in
                let value = try body(transaction)
                return { continuation.resume(returning: .success(value)) }
            },
            refuse: { continuation.resume(returning: .failure($0)) })
        if !writes.submit(request) { request.refuse(.busy) }
    }

    /// Runs `body` on a consistent view of what was last committed, beside any write.
    public func read<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLReader) throws(RepositoryError) -> Value
    ) async throws(RepositoryError) -> Value {
        await reads.reserve()
        let result: Result<Value, RepositoryError> = await withCheckedContinuation { continuation in
            let request = ReadRequest(
                perform: { reader in
                    continuation.resume(returning: Result { () throws(RepositoryError) in try body(reader) })
                },
                refuse: { continuation.resume(returning: .failure($0)) })
            if !reads.submit(request) { request.refuse(.busy) }
        }
        return try result.get()
    }

    /// Looks for commits of other processes and announces them as `.missed`; returns at once.
    public func noticeOtherProcesses() { writes.ring() }

    /// The migrations this program knows and those the database has, oldest first.
    public func migrationStatus() async throws(RepositoryError) -> [MigrationStatus] {
        try await read { reader throws(RepositoryError) in try SQLiteMigrator.status(Migration.all, reader) }
    }

    /// Stores what waits, makes everything later answer `.busy`, and lets go of the file.
    ///
    /// Letting go of the database does the same without waiting.
    public func close() async {
        reads.close()
        await reads.waitForEnd()
        writes.close()
        await writes.waitForEnd()
    }
}
