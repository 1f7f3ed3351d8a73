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
        let threads = try await database.following { () async throws in
            var threads: [(writer: pthread_t, after: pthread_t)] = []
            for _ in 0..<16 { threads.append((try await write(), Self.here())) }
            return threads.map { $0.writer == $0.after }
        }
        // A writer that the machine kept from running in time may have let go of the task now and then.
        #expect(threads.count { $0 } > threads.count / 2)
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
