import CFaultyDisk
import Foundation
import GRDB
import LandlordTestSupport
import Testing

@testable import LandlordEngine

/// The database on a disk that loses its power, cannot sync, or is full.
///
/// `LANDLORD_CUTS=10000` cuts the power that often, `LANDLORD_SEED=n` repeats one run.
@Suite(.serialized, .timeLimit(.minutes(20)))
struct FaultyDiskTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let cutCount = environment["LANDLORD_CUTS"].flatMap(Int.init) ?? 150
    private static let seed = environment["LANDLORD_SEED"].flatMap(UInt64.init) ?? 7

    private let directory: TemporaryDirectory
    private var path: String { directory.file("landlord.db") }

    init() throws {
        directory = try TemporaryDirectory()
        try #require(fd_install() == 0)
        fd_watch(directory.path)
    }

    /// What the cuts of one run have found.
    private struct Findings {
        var lost = 0
        var damaged = 0
    }

    @Test func `no acknowledged write is lost, whenever the power fails`() async throws {
        defer { fd_release() }
        try await work()
        let findings = try await cut(DiskImage(), count: Self.cutCount)
        #expect(findings.lost == 0, "seed \(Self.seed)")
        #expect(findings.damaged == 0, "seed \(Self.seed)")
    }

    @Test func `the same cuts on a disk that does not sync lose writes, so the test can see it`() async throws {
        defer { fd_release() }
        try await work()
        let findings = try await cut(DiskImage(isLying: true), count: 6)
        #expect(findings.lost + findings.damaged > 0)
    }

    @Test func `after a failed sync nothing more is written, and what was acknowledged is there`() async throws {
        defer { fd_release() }
        let database = try await table()
        try await insert(1...20, into: database)
        fd_fail(FD_FAIL_SYNC, 0)
        let first = await #expect(throws: RepositoryError.self) { try await insert(21...21, into: database) }
        guard case .unusable? = first else { throw first ?? RepositoryError.notFound }
        #expect(database.health.trouble == first)
        fd_heal()
        // The pages may now be called clean although they were not stored: only a new process knows what is there.
        await #expect(throws: RepositoryError.self) { try await insert(22...22, into: database) }
        #expect(try await numbers(in: database).isSuperset(of: 1...20), "reading goes on")
        await database.close()
        let again = try LandlordEngine.Database(path: path)
        let kept = try await numbers(in: again)
        #expect(kept.isSuperset(of: 1...20))
        #expect(!kept.contains(22))
        try await insert(23...23, into: again)
    }

    @Test func `a full disk refuses writes, keeps what is there, and room makes it work again`() async throws {
        defer { fd_release() }
        let database = try await table()
        try await insert(1...20, into: database)
        let news = database.hub.subscribe()
        fd_fail(FD_FAIL_FULL, 0)
        for _ in 1...2 {
            await #expect(throws: RepositoryError.full) { try await insert(21...21, into: database) }
        }
        #expect(database.health.trouble == .full)
        #expect(news.drain() == [.storage], "told once")
        #expect(try await numbers(in: database) == Set(1...20))
        fd_heal()
        try await insert(22...22, into: database)
        #expect(database.health.trouble == nil)
        #expect(news.drain() == [.storage])
        #expect(try await numbers(in: database) == Set(1...20).union([22]))
    }

    @Test func `a commit of another process tells that there is room again`() async throws {
        defer { fd_release() }
        let database = try await table()
        try await insert(1...1, into: database)
        let other = try LandlordEngine.Database(path: path)
        fd_fail(FD_FAIL_FULL, 0)
        await #expect(throws: RepositoryError.full) { try await insert(2...2, into: database) }
        fd_heal()
        try await insert(3...3, into: other)
        let news = database.hub.subscribe()
        database.noticeOtherProcesses()
        var batches = news.makeAsyncIterator()
        #expect(await batches.next() == [.missed], "load again whatever is shown")
        #expect(database.health.trouble == nil)
    }

    // MARK: The work

    private func table() async throws -> LandlordEngine.Database {
        let database = try LandlordEngine.Database(path: path)
        try await database.write { transaction throws(RepositoryError) in
            try transaction.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT")
            // Checkpoints belong to what is tested: each moves pages from the log into the file.
            _ = try transaction.query("PRAGMA wal_autocheckpoint = 40")
        }
        return database
    }

    /// Writes from several tasks; each marks in the disk's log what it was told to be durable.
    private func work() async throws {
        let database = try await table()
        try await withThrowingTaskGroup { group in
            for task in 0..<6 {
                group.addTask { try await insert(stride(from: task + 1, through: 480, by: 6), into: database) }
            }
            try await group.waitForAll()
        }
        await database.close()
    }

    private func insert(_ numbers: some Sequence<Int>, into database: LandlordEngine.Database) async throws {
        for number in numbers {
            try await database.write { transaction throws(RepositoryError) in
                try transaction.execute(
                    "INSERT INTO notes (id, text) VALUES (?, ?)",
                    [.integer(number), .text(String(repeating: "\(number) ", count: 60))])
            }
            fd_mark(Int64(number))
        }
    }

    private func numbers(in database: LandlordEngine.Database) async throws(RepositoryError) -> Set<Int> {
        try await database.read { reader throws(RepositoryError) in
            var numbers: Set<Int> = []
            for row in try reader.query("SELECT id FROM notes") { numbers.insert(try row.count("id")) }
            return numbers
        }
    }

    // MARK: The cuts

    private func cut(_ image: DiskImage, count: Int) async throws -> Findings {
        var image = image
        let chance = SeededChance(seed: Self.seed)
        var findings = Findings()
        var acknowledged: Set<Int> = []
        let eventCount = fd_event_count()
        let cuts = (0..<count).map { _ in 1 + Int(chance.next() % UInt64(eventCount)) }.sorted()
        var next = 0
        for cut in cuts {
            while next < cut {
                let event = fd_event_at(next)
                if fd_kind(UInt32(event.kind)) == FD_MARK {
                    acknowledged.insert(Int(event.offset))
                } else {
                    image.take(event)
                }
                next += 1
            }
            let place = try TemporaryDirectory()
            try image.cut(into: place.path, by: chance)
            guard let kept = kept(at: place.file("landlord.db")) else {
                findings.damaged += 1
                continue
            }
            if !kept.isSuperset(of: acknowledged) { findings.lost += 1 }
        }
        return findings
    }

    /// The rows that a new process finds; nil where the file is damaged.
    private func kept(at path: String) -> Set<Int>? {
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        // A file that cannot be opened or read is what we look for.
        return try? DatabaseQueue(path: path).read { database -> Set<Int>? in
            guard try String.fetchOne(database, sql: "PRAGMA integrity_check") == "ok" else { return nil }
            guard try database.tableExists("notes") else { return [] }
            return Set(try Int.fetchAll(database, sql: "SELECT id FROM notes"))
        }
    }
}
