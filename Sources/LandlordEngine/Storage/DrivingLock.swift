import Glibc
public import LandlordDomain
public import StatesLanguage
import Synchronization

/// Decides which one process drives the database: reconciles, runs and delivers.
///
/// All others watch and write intents.
///
/// Two things together: a lock on a file beside the database, which the kernel frees the moment its holder dies, so
/// that a takeover after `kill -9` needs no waiting; and a lease row that shows who drives, expires for a holder
/// that was stopped but not killed, and carries an epoch. Each takeover raises the epoch; the database refuses
/// (`.fenced`) every write of a process that believes in an older one.
public final class DrivingLock: Sendable {
    /// A process that may drive.
    public struct Holder: Sendable, Hashable, CustomStringConvertible {
        /// The process.
        public let pid: Int
        /// The machine it runs on.
        public let host: String

        /// Names a process.
        public init(pid: Int, host: String) {
            self.pid = pid
            self.host = host
        }

        /// This process.
        public static var current: Holder {
            var name = [CChar](repeating: 0, count: 256)
            guard gethostname(&name, name.count - 1) == 0 else { return Holder(pid: Int(getpid()), host: "localhost") }
            let bytes = name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            return Holder(pid: Int(getpid()), host: String(decoding: bytes, as: UTF8.self))
        }

        /// The process as a person reads it, and as the lease names it.
        public var description: String { "process \(pid) on \(host)" }
    }

    /// The answer to an attempt to drive.
    public enum Outcome: Sendable, Hashable {
        /// We drive, and our writes are fenced by this lease's epoch.
        case acquired(Lease)
        /// Someone else does; nil when it has not written its lease yet.
        case heldBy(Lease?)
    }

    private struct State {
        var file: OpenFileLock?
        var lease: Lease?
    }

    private let database: Database
    private let holder: Holder
    private let duration: Duration
    private let state = Mutex(State())

    /// A lock on `database` for `holder`, whose lease lasts `duration` unless it is renewed.
    public init(database: Database, holder: Holder = .current, duration: Duration = .seconds(10)) {
        self.database = database
        self.holder = holder
        self.duration = duration
    }

    /// Tries to become the driver, and returns at once.
    ///
    /// Calling it as the driver renews the lease.
    ///
    /// - Throws: `.fenced` when we drove and another process has taken over; this one has then stopped driving.
    public func acquire(at now: Timestamp) async throws(RepositoryError) -> Outcome {
        if let lease = state.withLock({ $0.lease }) { return .acquired(try await renew(lease, at: now)) }
        let file = try OpenFileLock.acquire(path: database.path + ".lock")
        // Whoever waits for a turn asks again and again, and must not take the database's write lock each time.
        if file == nil, let lease = try await current(at: now) { return .heldBy(lease) }
        let attempt = LeaseAttempt(holder: holder, hasFile: file != nil, now: now, duration: duration)
        let outcome = try await database.write { transaction throws(RepositoryError) in try attempt.take(transaction) }
        guard case .acquired(let lease) = outcome else { return outcome }
        state.withLock { $0 = State(file: file, lease: lease) }
        database.fence.set(lease.epoch)
        return outcome
    }

    /// Stops driving, so that another process may start at once.
    public func release(at now: Timestamp) async throws(RepositoryError) {
        guard let lease = state.withLock({ $0.lease }) else { return }
        defer { letGo() }
        try await database.write { transaction throws(RepositoryError) in
            try transaction.execute(
                "UPDATE leases SET expires_at = ? WHERE name = 'driver' AND epoch = ?",
                [.timestamp(now), .integer(lease.epoch)])
            transaction.publish(.lease)
        }
    }

    /// Who drives now, as the lease says; nil when nobody does.
    public func current(at now: Timestamp) async throws(RepositoryError) -> Lease? {
        try await database.read { reader throws(RepositoryError) in
            guard let lease = try LeaseAttempt.stored(reader)?.lease, lease.expiresAt > now else { return nil }
            return lease
        }
    }

    private func renew(_ lease: Lease, at now: Timestamp) async throws(RepositoryError) -> Lease {
        if state.withLock({ $0.file == nil }) {
            // We took over from a stopped process, which still had the file locked; it may have died since.
            let file = try OpenFileLock.acquire(path: database.path + ".lock")
            state.withLock { $0.file = file }
        }
        let hasFile = state.withLock { $0.file != nil }
        let attempt = LeaseAttempt(holder: holder, hasFile: hasFile, now: now, duration: duration)
        do throws(RepositoryError) {
            let renewed = try await database.write { transaction throws(RepositoryError) in
                try attempt.renew(lease, transaction)
            }
            state.withLock { $0.lease = renewed }
            return renewed
        } catch {
            if error == .fenced { letGo() }
            throw error
        }
    }

    private func letGo() {
        database.fence.set(nil)
        state.withLock { $0 = State() }
    }
}

/// One try to write the row that shows who drives.
struct LeaseAttempt: Sendable {
    let holder: DrivingLock.Holder
    let hasFile: Bool
    let now: Timestamp
    let duration: Duration

    /// Takes the lease if its holder is dead or has not renewed it in time.
    ///
    /// Having the file lock proves the holder's death only where the holder had it: one that took over from a stopped
    /// process may still be without.
    func take(_ transaction: any SQLTransaction) throws(RepositoryError) -> DrivingLock.Outcome {
        let stored = try Self.stored(transaction)
        if let stored {
            let isDead = hasFile && stored.hasFile
            guard isDead || stored.lease.expiresAt <= now else { return .heldBy(stored.lease) }
        } else if !hasFile {
            return .heldBy(nil)
        }
        let expiresAt = now.advanced(by: duration)
        let lease = Lease(
            holder: holder.description, epoch: (stored?.lease.epoch ?? 0) + 1, acquiredAt: now, expiresAt: expiresAt)
        try transaction.execute(
            """
            INSERT INTO leases (name, holder, epoch, acquired_at, expires_at, pid, host, has_file)
            VALUES ('driver', ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, epoch = excluded.epoch,
                acquired_at = excluded.acquired_at, expires_at = excluded.expires_at,
                pid = excluded.pid, host = excluded.host, has_file = excluded.has_file
            """,
            [
                .text(lease.holder), .integer(lease.epoch), .timestamp(now), .timestamp(expiresAt),
                .integer(holder.pid), .text(holder.host), .flag(hasFile),
            ])
        transaction.publish(.lease)
        return .acquired(lease)
    }

    func renew(_ lease: Lease, _ transaction: any SQLTransaction) throws(RepositoryError) -> Lease {
        let expiresAt = now.advanced(by: duration)
        let count = try transaction.execute(
            "UPDATE leases SET expires_at = ?, has_file = ? WHERE name = 'driver' AND epoch = ?",
            [.timestamp(expiresAt), .flag(hasFile), .integer(lease.epoch)])
        guard count == 1 else { throw .fenced }
        return Lease(
            holder: lease.holder, epoch: lease.epoch, acquiredAt: lease.acquiredAt, expiresAt: expiresAt)
    }

    static func stored(_ reader: any SQLReader) throws(RepositoryError) -> (lease: Lease, hasFile: Bool)? {
        let row = try reader.first(
            "SELECT holder, epoch, acquired_at, expires_at, has_file FROM leases WHERE name = 'driver'")
        guard let row else { return nil }
        let lease = Lease(
            holder: try row.text("holder"), epoch: try row.count("epoch"),
            acquiredAt: try row.timestamp("acquired_at"), expiresAt: try row.timestamp("expires_at"))
        return (lease, try row.flag("has_file"))
    }
}
