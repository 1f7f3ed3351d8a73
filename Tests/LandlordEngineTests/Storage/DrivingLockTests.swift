import LandlordDomain
import LandlordEngine
import LandlordTestSupport
import StatesLanguage
import Testing

@Suite(.timeLimit(.minutes(1)))
struct DrivingLockTests {
    private let directory: TemporaryDirectory
    private let first = DrivingLock.Holder(pid: 1, host: "here")
    private let second = DrivingLock.Holder(pid: 2, host: "here")
    private let third = DrivingLock.Holder(pid: 3, host: "here")

    init() throws {
        directory = try TemporaryDirectory()
    }

    @Test func `one process drives, and the other learns who`() async throws {
        let lock = DrivingLock(database: try open(), holder: first)
        let other = DrivingLock(database: try open(), holder: second)
        #expect(try await epoch(lock, at: 1000) == 1)
        #expect(try await driver(other, at: 1001) == "process 1 on here")
        #expect(try await other.current(at: time(1001))?.holder == "process 1 on here")
        #expect(try await epoch(lock, at: 2000) == 1)
        #expect(try await other.current(at: time(2000))?.expiresAt == time(12_000))
    }

    @Test func `releasing lets the next one drive under a higher epoch`() async throws {
        let lock = DrivingLock(database: try open(), holder: first)
        let other = DrivingLock(database: try open(), holder: second)
        _ = try await lock.acquire(at: time(1000))
        try await lock.release(at: time(1500))
        #expect(try await other.current(at: time(1500)) == nil)
        #expect(try await epoch(other, at: 1500) == 2)
    }

    @Test func `a dead process is replaced at once`() async throws {
        var lock: DrivingLock? = DrivingLock(database: try open(), holder: first)
        _ = try await lock?.acquire(at: time(1000))
        lock = nil
        let other = DrivingLock(database: try open(), holder: second)
        #expect(try await epoch(other, at: 1001) == 2)
    }

    @Test func `a stopped process is replaced when its lease ends, and its late writes are refused`() async throws {
        let (database, otherDatabase) = (try open(), try open())
        let lock = DrivingLock(database: database, holder: first, duration: .seconds(10))
        let other = DrivingLock(database: otherDatabase, holder: second)
        _ = try await lock.acquire(at: time(1000))
        #expect(try await driver(other, at: 10_999) == "process 1 on here")
        #expect(try await epoch(other, at: 11_000) == 2)
        await #expect(throws: RepositoryError.fenced) { try await write(database) }
        await #expect(throws: RepositoryError.fenced) { try await lock.acquire(at: time(12_000)) }
        // It has let go: it may write intents again, and is told who drives although nobody has the file now.
        try await write(database)
        #expect(try await driver(lock, at: 12_000) == "process 2 on here")
        #expect(try await epoch(other, at: 13_000) == 2)
    }

    @Test func `a driver that died without the file is replaced when its lease ends`() async throws {
        let lock = DrivingLock(database: try open(), holder: first)
        var other: DrivingLock? = DrivingLock(database: try open(), holder: second)
        _ = try await lock.acquire(at: time(1000))
        _ = try await other?.acquire(at: time(11_000))
        other = nil
        await #expect(throws: RepositoryError.fenced) { try await lock.acquire(at: time(11_001)) }
        let last = DrivingLock(database: try open(), holder: third)
        #expect(try await driver(last, at: 20_999) == "process 2 on here")
        #expect(try await epoch(last, at: 21_000) == 3)
    }

    private func epoch(_ lock: DrivingLock, at now: Int64) async throws -> Int? {
        guard case .acquired(let lease) = try await lock.acquire(at: time(now)) else { return nil }
        return lease.epoch
    }

    private func driver(_ lock: DrivingLock, at now: Int64) async throws -> String? {
        guard case .heldBy(let lease) = try await lock.acquire(at: time(now)) else { return nil }
        return lease?.holder
    }

    private func write(_ database: Database) async throws {
        try await database.write { transaction throws(RepositoryError) in
            try transaction.execute("DELETE FROM mock_resources")
        }
    }

    private func time(_ milliseconds: Int64) -> Timestamp { Timestamp(millisecondsSinceEpoch: milliseconds) }

    private func open() throws -> Database { try Database(path: directory.file("landlord.db")) }
}
