import LandlordEngine
import LandlordTestSupport
import Testing

@Suite(.timeLimit(.minutes(1)))
struct DrivingLockTests {
    private let directory: TemporaryDirectory
    private let first: DrivingLock.Holder
    private let second: DrivingLock.Holder

    init() throws {
        directory = try TemporaryDirectory()
        first = DrivingLock.Holder(name: "one", pid: 1, host: "here")
        second = DrivingLock.Holder(name: "two", pid: 2, host: "here")
    }

    @Test func `one process drives, and the other learns who`() async throws {
        let lock = DrivingLock(database: try open(), holder: first)
        let other = DrivingLock(database: try open(), holder: second)
        #expect(try await lock.acquire(now: 1000) == .acquired(epoch: 1))
        #expect(try await other.acquire(now: 1001) == .heldBy(first))
        #expect(try await other.currentHolder(now: 1001) == first)
        #expect(try await lock.acquire(now: 2000) == .acquired(epoch: 1))
    }

    @Test func `releasing lets the next one drive under a higher epoch`() async throws {
        let lock = DrivingLock(database: try open(), holder: first)
        let other = DrivingLock(database: try open(), holder: second)
        _ = try await lock.acquire(now: 1000)
        try await lock.release(now: 1500)
        #expect(try await other.currentHolder(now: 1500) == nil)
        #expect(try await other.acquire(now: 1500) == .acquired(epoch: 2))
    }

    @Test func `a dead process is replaced at once`() async throws {
        var lock: DrivingLock? = DrivingLock(database: try open(), holder: first)
        _ = try await lock?.acquire(now: 1000)
        lock = nil
        let other = DrivingLock(database: try open(), holder: second)
        #expect(try await other.acquire(now: 1001) == .acquired(epoch: 2))
    }

    @Test func `a stopped process is replaced when its lease ends, and its late writes are refused`() async throws {
        let (database, otherDatabase) = (try open(), try open())
        let lock = DrivingLock(database: database, holder: first, duration: .seconds(10))
        let other = DrivingLock(database: otherDatabase, holder: second)
        _ = try await lock.acquire(now: 1000)
        #expect(try await other.acquire(now: 10_999) == .heldBy(first))
        #expect(try await other.acquire(now: 11_000) == .acquired(epoch: 2))
        await #expect(throws: RepositoryError.fenced) {
            try await database.write { transaction throws(RepositoryError) in
                try transaction.execute("DELETE FROM mock_resources")
            }
        }
        await #expect(throws: RepositoryError.fenced) { try await lock.acquire(now: 12_000) }
        // It has let go: it may write intents again, and asks who drives.
        try await database.write { transaction throws(RepositoryError) in
            try transaction.execute("DELETE FROM mock_resources")
        }
        #expect(try await lock.acquire(now: 12_000) == .heldBy(second))
    }

    private func open() throws -> Database { try Database(path: directory.file("landlord.db")) }
}
