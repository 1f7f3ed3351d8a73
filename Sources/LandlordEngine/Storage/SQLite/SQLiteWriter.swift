import Foundation
import GRDB
import Synchronization

/// A write that waits for its turn: what to do inside the transaction, and how its caller learns the outcome.
struct WriteRequest: Sendable {
    /// Tells the caller that its value is durable.
    typealias Success = @Sendable () -> Void

    /// Runs the body; what it returns is called after the commit.
    let perform: @Sendable (any SQLTransaction) throws(RepositoryError) -> Success
    /// Tells the caller that nothing was written.
    let refuse: @Sendable (RepositoryError) -> Void
}

/// Group commit: one thread that owns the only writing connection.
///
/// It takes everything that is queued, up to a limit, runs it in one transaction, commits once, publishes what
/// changed and then answers the callers. While one fsync runs the next batch gathers, so the batch grows with the
/// load and no delay is ever added. There are no savepoints, which would cost a third: a body that throws before it
/// has changed a row is simply refused, and one that throws after it makes the batch be rolled back and each body
/// be run in a transaction of its own.
struct SQLiteWriter {
    /// How many bodies share one commit, so that the last caller of a batch does not wait for ever.
    static let batchLimit = 256

    let pool: DatabasePool
    let queue: RequestQueue<WriteRequest>
    let hub: ChangeHub
    let fence: WriteFence
    let health: StorageHealth
    let executor: WriterExecutor

    /// How one transaction ended.
    private enum Outcome {
        case committed([WriteRequest.Success], refused: [(WriteRequest, RepositoryError)], changes: [Change])
        /// A body threw after it had written: undone, try each alone.
        case undone
        case failed(Storing.Failure)
    }

    /// What the writer knows from one batch to the next.
    struct Progress {
        /// Set once, by an error after which nothing this process believes about the file is certain.
        fileprivate var broken: RepositoryError?
        fileprivate var dataVersion: Int64?
    }

    /// What the writer knows before its first batch.
    func begin() -> Progress {
        Progress(dataVersion: pool.writeWithoutTransaction { readDataVersion($0) })
    }

    /// Does one batch; an empty one is a ring: another process may have committed.
    func serve(_ requests: [WriteRequest], _ progress: inout Progress) {
        if requests.isEmpty {
            let found = pool.writeWithoutTransaction { readDataVersion($0) }
            if found != progress.dataVersion {
                // Where another process has committed there is room again; a process that only looks writes nothing
                // by itself from which it would learn that.
                if progress.broken == nil { _ = health.note(nil) }
                hub.publish([.missed])
            }
            progress.dataVersion = found
        } else if let broken = progress.broken {
            for request in requests { request.refuse(broken) }
        } else {
            progress.broken = write(requests)
        }
    }

    /// The loop of the writer thread, until the queue is closed and empty.
    func run() {
        executor.adopt()
        var progress = begin()
        while let requests = queue.next(limit: Self.batchLimit) { serve(requests, &progress) }
        // Losing the error is right: everything that was promised is in the log, and the next opening finds it there.
        try? pool.close()
        queue.end()
    }

    /// Starts the thread, which ends when the queue is closed.
    func start() {
        let thread = Thread { self.run() }
        thread.name = "landlord-writer"
        thread.stackSize = 4 << 20
        thread.start()
    }

    /// Stores a batch and answers its callers; what it returns refuses every later write.
    private func write(_ requests: [WriteRequest]) -> RepositoryError? {
        switch transact(requests) {
        case .committed(let successes, let refused, let changes):
            hub.publish(health.note(nil) ? changes + [.storage] : changes)
            if successes.count == 1, queue.isEmpty {
                executor.runAfter(successes[0])
            } else {
                for success in successes { success() }
            }
            for (request, error) in refused { request.refuse(error) }
            return nil
        case .undone:
            return writeAlone(requests)
        case .failed(let failure):
            if let trouble = failure.trouble, health.note(trouble) { hub.publish([.storage]) }
            for request in requests { request.refuse(failure.error) }
            guard case .connection(let error) = failure else { return nil }
            return error
        }
    }

    private func writeAlone(_ requests: [WriteRequest]) -> RepositoryError? {
        for (index, request) in requests.enumerated() {
            guard let broken = write([request]) else { continue }
            for rest in requests[(index + 1)...] { rest.refuse(broken) }
            return broken
        }
        return nil
    }

    private func transact(_ requests: [WriteRequest]) -> Outcome {
        pool.writeWithoutTransaction { database in
            let connection = SQLiteConnection(database)
            do {
                try database.cachedStatement(sql: "BEGIN IMMEDIATE TRANSACTION").execute()
            } catch {
                return .failed(Storing.failure(error))
            }
            let outcome = perform(requests, connection)
            guard case .committed = outcome else {
                return rollBack(database) ?? outcome
            }
            do {
                try database.cachedStatement(sql: "COMMIT TRANSACTION").execute()
                return outcome
            } catch {
                return rollBack(database) ?? .failed(Storing.failure(error))
            }
        }
    }

    private func perform(_ requests: [WriteRequest], _ connection: SQLiteConnection) -> Outcome {
        var successes: [WriteRequest.Success] = []
        var refused: [(WriteRequest, RepositoryError)] = []
        successes.reserveCapacity(requests.count)
        do throws(RepositoryError) {
            try fence.check(connection)
        } catch {
            return .failed(connection.failure ?? .transaction(error))
        }
        for request in requests {
            let rowsBefore = connection.database.totalChangesCount
            let changesBefore = connection.changes.count
            do throws(RepositoryError) {
                successes.append(try request.perform(connection))
                // A body may have swallowed an error that cost us the transaction.
                if let failure = connection.failure { return .failed(failure) }
            } catch {
                if let failure = connection.failure { return .failed(failure) }
                connection.keepChanges(changesBefore)
                let hasWritten = connection.database.totalChangesCount != rowsBefore
                if hasWritten && requests.count > 1 { return .undone }
                // What the body itself has thrown says nothing of the database.
                if hasWritten { return .failed(.statement(error)) }
                refused.append((request, error))
            }
        }
        return .committed(successes, refused: refused, changes: connection.changes)
    }

    /// Undoes the transaction if SQLite has not done so by itself, as it does after a full disk or a failed fsync.
    private func rollBack(_ database: GRDB.Database) -> Outcome? {
        do {
            try database.rollback()
            return nil
        } catch {
            // Inside a transaction that can be neither stored nor undone, nothing more may be written.
            return .failed(.connection(.unusable("a transaction could not be rolled back (\(error))")))
        }
    }

    /// Changes when another connection has committed, and only then: our own commits do not move it on this
    /// connection.
    private func readDataVersion(_ database: GRDB.Database) -> Int64? {
        // Losing the error is right: the next write meets it again and can answer a caller with it.
        try? Int64.fetchOne(database.cachedStatement(sql: "PRAGMA data_version"))
    }
}

/// The epoch under which this process writes, compared with the database in every transaction.
///
/// - Why: a process that was stopped (SIGSTOP, a suspended laptop) past its lease may wake up and go on. Its lock file
///   may even still be locked. Whoever took over has raised the epoch, and the late writes must be refused.
final class WriteFence: Sendable {
    private let epoch = Mutex<Int?>(nil)

    func set(_ epoch: Int?) { self.epoch.withLock { $0 = epoch } }

    func check(_ reader: any SQLReader) throws(RepositoryError) {
        guard let epoch = epoch.withLock({ $0 }) else { return }
        let found = try reader.first("SELECT epoch FROM leases WHERE name = 'driver'")
        guard try found?.count("epoch") == epoch else { throw .fenced }
    }
}
