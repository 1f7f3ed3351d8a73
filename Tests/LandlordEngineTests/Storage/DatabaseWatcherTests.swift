import LandlordEngine
import LandlordTestSupport
import Testing

@Suite(.timeLimit(.minutes(1)))
struct DatabaseWatcherTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    @Test func `another process's commit is announced`() async throws {
        let (ours, theirs) = (try open(), try open())
        let subscription = ours.hub.subscribe()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await DatabaseWatcher(database: ours, clock: ContinuousClock()).run() }
            try await write(theirs)
            var batches = subscription.makeAsyncIterator()
            #expect(await batches.next() == [.missed])
            group.cancelAll()
            while await group.nextResult() != nil {}
        }
    }

    @Test func `a commit is announced soon, also long after an earlier one`() async throws {
        let (ours, theirs) = (try open(), try open())
        let clock = ManualClock()
        var options = DatabaseWatcher<ManualClock>.Options()
        options.laterWaits = [.seconds(1), .seconds(3_600)]
        let watcher = DatabaseWatcher(database: ours, clock: clock, options: options)
        let subscription = ours.hub.subscribe()
        var batches = subscription.makeAsyncIterator()
        try await write(theirs)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await watcher.run() }
            // From here on the watch has begun.
            #expect(await batches.next() == [.missed])
            try await write(ours)
            // The looks that follow, up to the hour's wait.
            for wait in [options.firstWait, .seconds(1)] {
                await clock.waitForSleepers()
                clock.advance(by: wait)
            }
            await clock.waitForSleepers()
            try await write(theirs)
            var seconds = 0
            while subscription.drain().isEmpty, seconds < 1_800 {
                clock.advance(by: .seconds(1))
                seconds += 1
                try await look(theirs)
            }
            #expect(seconds < 1_800)
            group.cancelAll()
            while await group.nextResult() != nil {}
        }
    }

    @Test func `our own commits are not announced as missed`() async throws {
        let (ours, theirs) = (try open(), try open())
        let subscription = ours.hub.subscribe()
        try await write(ours)
        ours.noticeOtherProcesses()
        // The writer looks after it has written, so this write comes back when the look is over.
        try await write(ours)
        #expect(subscription.drain().isEmpty)
        try await write(theirs)
        ours.noticeOtherProcesses()
        var batches = subscription.makeAsyncIterator()
        #expect(await batches.next() == [.missed])
    }

    private func write(_ database: Database) async throws {
        try await database.write { transaction throws(RepositoryError) in
            try transaction.execute(
                """
                INSERT INTO mock_resources (tenant_id, record)
                SELECT count(*), '{}' FROM mock_resources
                """)
        }
    }

    private func look(_ database: Database) async throws {
        try await database.read { reader throws(RepositoryError) in
            _ = try reader.query("SELECT count(*) FROM mock_resources")
        }
    }

    private func open() throws -> Database { try Database(path: directory.file("landlord.db")) }
}
