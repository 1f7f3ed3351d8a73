import LandlordTestSupport
import Testing

@testable import LandlordEngine

@Suite(.timeLimit(.minutes(1)))
struct MigrationTests {
    private let directory: TemporaryDirectory
    private var path: String { directory.file("landlord.db") }
    private let one = Migration(number: 1, name: "one", sql: "CREATE TABLE one (id INTEGER PRIMARY KEY) STRICT;")
    private let two = Migration(number: 2, name: "two", sql: "CREATE TABLE two (id INTEGER PRIMARY KEY) STRICT;")

    init() throws {
        directory = try TemporaryDirectory()
    }

    @Test func `every migration applies to an empty database and is recorded`() async throws {
        let status = try await Database(path: path).migrationStatus()
        #expect(status.map(\.number) == Array(1...Migration.all.count))
        #expect(status.allSatisfy { $0.isApplied })
        #expect(status.allSatisfy { $0.checksum.utf8.count == 64 })
    }

    @Test func `later migrations are added to what is there, once`() async throws {
        await (try open([one])).close()
        await (try open([one, two])).close()
        let database = try open([one, two])
        let count = try await database.read { reader throws(RepositoryError) in
            try reader.count("SELECT count(*) FROM schema_migrations")
        }
        #expect(count == 2)
    }

    @Test func `a database of a newer version is refused`() async throws {
        await (try open([one, two])).close()
        #expect(throws: DatabaseError.newerVersion(path: path, found: 2, supported: 1)) { try open([one]) }
    }

    @Test func `a changed migration is refused`() async throws {
        await (try open([one])).close()
        let edited = Migration(number: 1, name: "one", sql: one.sql + " ")
        #expect(throws: DatabaseError.changedMigration(number: 1, name: "one")) { try open([edited]) }
    }

    @Test func `an older database is refused where only a new one may be migrated`() async throws {
        await (try open([one])).close()
        #expect(throws: DatabaseError.olderVersion(path: path, found: 1, supported: 2)) {
            try open([one, two], .applyWhenNew)
        }
    }

    @Test func `inspecting changes nothing`() async throws {
        await (try open([one])).close()
        let database = try open([one, two], .inspect)
        let count = try await database.read { reader throws(RepositoryError) in
            try reader.count("SELECT count(*) FROM sqlite_schema WHERE name = 'two'")
        }
        #expect(count == 0)
    }

    @Test func `a migration that fails halfway leaves nothing of itself`() async throws {
        await (try open([one])).close()
        let broken = Migration(number: 2, name: "two", sql: two.sql + "CREATE TABLE one (id INTEGER) STRICT;")
        #expect(throws: DatabaseError.self) { try open([one, broken]) }
        let database = try open([one])
        let count = try await database.read { reader throws(RepositoryError) in
            try reader.count("SELECT count(*) FROM sqlite_schema WHERE name = 'two'")
        }
        #expect(count == 0)
    }

    @Test(arguments: [
        ("a TEXT CHECK (a IN ('x', 'y', 'z-z'))", "a TEXT CHECK (a = 'x' OR a = 'y' OR a = 'z-z')"),
        ("a TEXT CHECK (a IN ('x',\n        'y', 'z')), b", "a TEXT CHECK (a = 'x' OR a = 'y' OR a = 'z'), b"),
        ("a TEXT CHECK (a IN ('x', 'y'))", "a TEXT CHECK (a IN ('x', 'y'))"),
        ("a INTEGER CHECK (a IN (0, 1, 2))", "a INTEGER CHECK (a IN (0, 1, 2))"),
        ("CHECK ((b IS NULL) = (a IN ('x', 'y', 'z')))", "CHECK ((b IS NULL) = (a IN ('x', 'y', 'z')))"),
    ])
    func `checks are reworded so that they need no list`(before: String, after: String) {
        #expect(CheckWording.withoutLists(before) == after)
    }

    @Test func `reworded checks hold for what is there and for what comes`() async throws {
        let old = try open(Array(Migration.all.prefix(7)))
        try await insertSchedule(kind: "created", line: 1, into: old)
        await old.close()
        let database = try open(Migration.all)
        try await insertSchedule(kind: "started", line: 2, into: database)
        let refusal = await #expect(throws: RepositoryError.self) {
            try await insertSchedule(kind: "forgotten", line: 3, into: database)
        }
        #expect(refusal?.description.contains("CHECK") == true)
        try await database.read { reader throws(RepositoryError) in
            #expect(try reader.first("PRAGMA integrity_check")?.text("integrity_check") == "ok")
            #expect(try reader.count("SELECT count(*) FROM schedule_history") == 2)
            let runs = try reader.first("SELECT sql FROM sqlite_schema WHERE name = 'workflow_runs'")?.text("sql")
            #expect(runs?.contains("CHECK (sub_state = 'running' OR sub_state = 'waiting' OR") == true)
            #expect(runs?.contains("status IN") == false)
        }
    }

    private func insertSchedule(kind: String, line: Int, into database: Database) async throws(RepositoryError) {
        try await database.write { transaction throws(RepositoryError) in
            try transaction.execute(
                "INSERT INTO schedule_history (schedule, line, kind, reason, at) VALUES ('nightly', ?, ?, '', 1)",
                [.integer(line), .text(kind)])
        }
    }

    private func open(
        _ migrations: [Migration], _ policy: Database.Options.MigrationPolicy = .apply
    ) throws(DatabaseError) -> Database {
        var options = Database.Options()
        options.migrations = policy
        return try Database(path: path, options: options, hub: ChangeHub(), migrations: migrations)
    }
}
