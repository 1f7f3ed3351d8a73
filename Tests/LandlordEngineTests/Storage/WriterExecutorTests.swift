import Glibc
import LandlordTestSupport
import Testing

@testable import LandlordEngine

@Suite(.timeLimit(.minutes(1)))
struct WriterExecutorTests {
    private let storage: TemporaryDatabase
    private var database: LandlordEngine.Database { storage.database }

    init() throws {
        storage = try TemporaryDatabase()
    }

    /// The thread on which a write was made.
    private func write() async throws -> pthread_t {
        try await database.write { transaction throws(RepositoryError) in
            try transaction.execute("UPDATE leases SET holder = holder")
            return pthread_self()
        }
    }

    @Test func `steps that nobody stands beside go on where they were written`() async throws {
        // A machine that keeps threads from running in time lets go of the task now and then; the pool's threads are
        // never the writer's, so that one step proves it.
        let isKept = try await database.following { () async throws in
            for _ in 0..<1_000 where try await write() == Self.here() { return true }
            return false
        }
        #expect(isKept)
    }

    @Test func `what stands beside others comes to its end as well`() async throws {
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<64 {
                group.addTask {
                    try await database.following { () async throws in
                        var count = 0
                        for _ in 0..<20 {
                            _ = try await write()
                            count += 1
                        }
                        return count
                    }
                }
            }
            let count = try await group.reduce(0, +)
            #expect(count == 64 * 20)
        }
    }

    @Test func `an error comes out, and the task is back where it was`() async throws {
        await #expect(throws: RepositoryError.notFound) {
            try await database.following { () async throws(RepositoryError) in
                try await database.write { _ throws(RepositoryError) in throw .notFound }
            }
        }
        let writer = try await write()
        await Task.yield()
        #expect(Self.here() != writer)
    }

    private static func here() -> pthread_t { pthread_self() }
}
