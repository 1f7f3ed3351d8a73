import Glibc
import Synchronization

/// Decides which one process drives the database: reconciles, runs and delivers. All others watch and write intents.
///
/// Two things together: a lock on a file beside the database, which the kernel frees the moment its holder dies, so that a
/// takeover after `kill -9` needs no waiting; and a lease row that shows who drives, expires for a holder that was stopped
/// but not killed, and carries an epoch. Each takeover raises the epoch; the database refuses (`.fenced`) every write of a
/// process that believes in an older one.
public final class DrivingLock: Sendable {
    /// Who drives.
    public struct Holder: Sendable, Hashable, CustomStringConvertible {
        /// A name that no other process has.
        public let name: String
        /// The process.
        public let pid: Int
        /// The machine it runs on.
        public let host: String

        /// A holder of the lease.
        public init(name: String, pid: Int, host: String) {
            self.name = name
            self.pid = pid
            self.host = host
        }

        /// As a person reads it.
        public var description: String { "process \(pid) on \(host)" }
    }

    /// The answer to an attempt to drive.
    public enum Outcome: Sendable, Hashable {
        /// We drive, and our writes are fenced by this epoch.
        case acquired(epoch: Int64)
        /// Someone else does; nil when it has not written its lease yet.
        case heldBy(Holder?)
    }

    private let database: Database
    private let holder: Holder
    private let duration: Duration
    private let lock = Mutex<OpenFileLock?>(nil)
    private let epoch = Mutex<Int64?>(nil)

    /// A lock on `database` for `holder`, whose lease lasts `duration` unless it is renewed.
    public init(database: Database, holder: Holder, duration: Duration = .seconds(10)) {
        self.database = database
        self.holder = holder
        self.duration = duration
    }

    /// Tries to become the driver; returns at once. Calling it as the driver renews the lease.
    ///
    /// - Parameter now: milliseconds since the epoch.
    public func acquire(now: Int64) async throws(RepositoryError) -> Outcome {
        if let epoch = epoch.withLock({ $0 }) {
            try await renew(epoch, now: now)
            return .acquired(epoch: epoch)
        }
        let file = try OpenFileLock.acquire(path: database.path + ".lock")
        let (lease, isFree) = (lease(now: now), file != nil)
        let outcome = try await database.write { transaction throws(RepositoryError) in
            try lease.take(isFree: isFree, transaction)
        }
        guard case .acquired(let epoch) = outcome else { return outcome }
        lock.withLock { $0 = file }
        self.epoch.withLock { $0 = epoch }
        database.fence.set(epoch)
        return outcome
    }

    /// Extends the lease; throws `.fenced` when another process has taken it, and then stops driving.
    private func renew(_ epoch: Int64, now: Int64) async throws(RepositoryError) {
        if lock.withLock({ $0 == nil }) {
            // We took over from a stopped process, which still had the file locked; it may have died since.
            let file = try OpenFileLock.acquire(path: database.path + ".lock")
            lock.withLock { $0 = file }
        }
        let lease = lease(now: now)
        do throws(RepositoryError) {
            try await database.write { transaction throws(RepositoryError) in try lease.renew(epoch, transaction) }
        } catch {
            if error == .fenced { letGo() }
            throw error
        }
    }

    /// Stops driving, so that another process may start at once.
    public func release(now: Int64) async throws(RepositoryError) {
        guard let epoch = epoch.withLock({ $0 }) else { return }
        defer { letGo() }
        try await database.write { transaction throws(RepositoryError) in
            try transaction.execute(
                "UPDATE leases SET expires_at = ? WHERE name = 'driver' AND epoch = ?",
                [.integer(now), .integer(epoch)])
            transaction.publish(.lease)
        }
    }

    /// Who drives now, according to the lease; nil when nobody does.
    public func currentHolder(now: Int64) async throws(RepositoryError) -> Holder? {
        try await database.read { reader throws(RepositoryError) in
            guard let row = try Lease.row(reader), try row.integer("expires_at") > now else { return nil }
            return try Lease.holder(row)
        }
    }

    private func letGo() {
        database.fence.set(nil)
        epoch.withLock { $0 = nil }
        lock.withLock { $0 = nil }
    }

    private func lease(now: Int64) -> Lease {
        let milliseconds = duration.components.seconds * 1000 + duration.components.attoseconds / 1_000_000_000_000_000
        return Lease(holder: holder, now: now, expiresAt: now + milliseconds)
    }
}

/// The row that shows who drives.
private struct Lease: Sendable {
    let holder: DrivingLock.Holder
    let now: Int64
    let expiresAt: Int64

    /// Takes the lease if the file lock is ours, or if its holder has not renewed it in time.
    func take(isFree: Bool, _ transaction: any SQLTransaction) throws(RepositoryError) -> DrivingLock.Outcome {
        let row = try Self.row(transaction)
        let hasExpired = try row.map { row throws(RepositoryError) in try row.integer("expires_at") <= now } ?? false
        guard isFree || hasExpired else {
            return .heldBy(try row.map { row throws(RepositoryError) in try Self.holder(row) })
        }
        let epoch = (try row?.integer("epoch") ?? 0) + 1
        try transaction.execute(
            """
            INSERT INTO leases (name, holder, epoch, acquired_at, expires_at, pid, host)
            VALUES ('driver', ?, ?, ?, ?, ?, ?)
            ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, epoch = excluded.epoch,
                acquired_at = excluded.acquired_at, expires_at = excluded.expires_at,
                pid = excluded.pid, host = excluded.host
            """,
            [
                .text(holder.name), .integer(epoch), .integer(now), .integer(expiresAt), .integer(holder.pid),
                .text(holder.host),
            ])
        transaction.publish(.lease)
        return .acquired(epoch: epoch)
    }

    func renew(_ epoch: Int64, _ transaction: any SQLTransaction) throws(RepositoryError) {
        let count = try transaction.execute(
            "UPDATE leases SET expires_at = ? WHERE name = 'driver' AND epoch = ?",
            [.integer(expiresAt), .integer(epoch)])
        guard count == 1 else { throw .fenced }
    }

    static func row(_ reader: any SQLReader) throws(RepositoryError) -> SQLRow? {
        try reader.first("SELECT holder, epoch, expires_at, pid, host FROM leases WHERE name = 'driver'")
    }

    static func holder(_ row: SQLRow) throws(RepositoryError) -> DrivingLock.Holder {
        DrivingLock.Holder(name: try row.text("holder"), pid: try row.count("pid"), host: try row.text("host"))
    }
}
