import Foundation
import GRDB
import Glibc
import LandlordTestSupport
import Testing

@testable import LandlordEngine

@Suite(.timeLimit(.minutes(1)))
struct DatabaseOpeningTests {
    private let directory: TemporaryDirectory
    private var path: String { directory.file("landlord.db") }

    init() throws {
        directory = try TemporaryDirectory()
    }

    @Test func `a new database is durable, checked and ours`() async throws {
        let database = try LandlordEngine.Database(path: path)
        let settings = try await database.write { transaction throws(RepositoryError) in
            [
                try transaction.count("PRAGMA synchronous"), try transaction.count("PRAGMA foreign_keys"),
                try transaction.count("PRAGMA busy_timeout"), try transaction.count("PRAGMA temp_store"),
                try transaction.count("PRAGMA application_id"),
            ]
        }
        #expect(settings == [2, 1, 5000, 2, 0x4C4C_5244])
        let mode = try await database.read { reader throws(RepositoryError) in
            try reader.first("PRAGMA journal_mode")?.text("journal_mode")
        }
        #expect(mode == "wal")
    }

    @Test func `files and directories are the owner's alone`() async throws {
        let deep = directory.file("a/b/landlord.db")
        let database = try LandlordEngine.Database(path: deep)
        for suffix in ["", "-wal", "-shm"] { #expect(try mode(deep + suffix) == 0o600) }
        #expect(try mode(directory.file("a/b")) == 0o700)
        #expect(try mode(directory.file("a")) == 0o700)
        await database.close()
    }

    @Test func `an existing database loses modes that let others read it`() async throws {
        await (try LandlordEngine.Database(path: path)).close()
        chmod(path, 0o644)
        let database = try LandlordEngine.Database(path: path)
        #expect(try mode(path) == 0o600)
        await database.close()
    }

    @Test(arguments: ["hello, this is a text file that is long enough", "x"])
    func `a file that is no database is refused and left alone`(content: String) throws {
        try Data(content.utf8).write(to: URL(filePath: path))
        #expect(throws: LandlordEngine.DatabaseError.notADatabase(path: path)) {
            try LandlordEngine.Database(path: path)
        }
        #expect(try Data(contentsOf: URL(filePath: path)) == Data(content.utf8))
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["landlord.db"])
    }

    @Test func `another program's database is refused and not migrated`() async throws {
        let other = try DatabaseQueue(path: path)
        try await other.write { try $0.execute(sql: "CREATE TABLE songs (title TEXT)") }
        #expect(throws: LandlordEngine.DatabaseError.foreignDatabase(path: path)) {
            try LandlordEngine.Database(path: path)
        }
        let tables = try await other.read { try String.fetchAll($0, sql: "SELECT name FROM sqlite_schema") }
        #expect(tables == ["songs"])
        #expect(try await other.read { try String.fetchOne($0, sql: "PRAGMA journal_mode") } == "delete")
    }

    @Test func `a directory is no database`() async throws {
        #expect(throws: LandlordEngine.DatabaseError.cannotCreate(path: directory.path, reason: "it is a directory")) {
            try LandlordEngine.Database(path: directory.path)
        }
    }

    @Test func `a path through a file cannot be created and leaves nothing`() async throws {
        try Data("x".utf8).write(to: URL(filePath: directory.file("plain")))
        #expect(throws: LandlordEngine.DatabaseError.self) {
            try LandlordEngine.Database(path: directory.file("plain/landlord.db"))
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["plain"])
    }

    @Test func `a read-only file system is refused with its reason`() async throws {
        #expect(throws: LandlordEngine.DatabaseError.self) {
            try LandlordEngine.Database(path: "/proc/landlord.db")
        }
    }

    @Test(.enabled(if: geteuid() != 0, "root may write everywhere"))
    func `a directory without write permission is refused`() async throws {
        chmod(directory.path, 0o500)
        defer { chmod(directory.path, 0o700) }
        #expect(throws: LandlordEngine.DatabaseError.permissionDenied(path: path, reason: "permission denied")) {
            try LandlordEngine.Database(path: path)
        }
    }

    @Test func `a database damaged in its first page is refused`() async throws {
        await (try LandlordEngine.Database(path: path)).close()
        var bytes = [UInt8](repeating: 0xFF, count: 4096)
        bytes.replaceSubrange(0..<16, with: Array("SQLite format 3\0".utf8))
        for suffix in ["-wal", "-shm"] { unlink(path + suffix) }
        try Data(bytes).write(to: URL(filePath: path))
        #expect(throws: LandlordEngine.DatabaseError.self) { try LandlordEngine.Database(path: path) }
    }

    @Test func `once damage was met, nothing more is written`() async throws {
        var database = try LandlordEngine.Database(path: path)
        let page = try await database.read { reader throws(RepositoryError) in
            try reader.count("SELECT rootpage FROM sqlite_schema WHERE name = 'mock_resources'")
        }
        await database.close()
        // A writing connection that closes last moves the log into the file.
        try DatabaseQueue(path: path).close()
        let file = try FileHandle(forUpdating: URL(filePath: path))
        try file.seek(toOffset: UInt64(page - 1) * 4096)
        try file.write(contentsOf: Data(repeating: 0xFF, count: 4096))
        try file.close()
        database = try LandlordEngine.Database(path: path)
        for table in ["mock_resources", "process_records"] {
            let error = await #expect(throws: RepositoryError.self) {
                try await database.write { transaction throws(RepositoryError) in
                    try transaction.execute("INSERT INTO \(table) (tenant_id, record) VALUES ('t', '{}')")
                }
            }
            #expect(error?.code == "DATABASE_UNUSABLE")
        }
        #expect(try await DatabaseVerifier(database).verify().findings.first?.kind == .integrity)
    }

    @Test func `opening twice at once migrates once`() async throws {
        let path = path
        try await withThrowingTaskGroup { group in
            for _ in 1...4 { group.addTask { _ = try LandlordEngine.Database(path: path) } }
            try await group.waitForAll()
        }
        let status = try await LandlordEngine.Database(path: path).migrationStatus()
        #expect(status.allSatisfy { $0.isApplied })
    }

    @Test func `a full disk refuses the write, and space makes it work again`() async throws {
        let database = try LandlordEngine.Database(path: path)
        try await database.write { transaction throws(RepositoryError) in
            try transaction.execute("CREATE TABLE blobs (bytes BLOB NOT NULL) STRICT")
            let pages = try transaction.count("PRAGMA page_count")
            _ = try transaction.query("PRAGMA max_page_count = \(pages + 4)")
        }
        await #expect(throws: RepositoryError.full) { try await fill(database) }
        #expect(try await rowCount(database) == 0)
        try await database.write { transaction throws(RepositoryError) in
            _ = try transaction.query("PRAGMA max_page_count = 100000")
        }
        try await fill(database)
        #expect(try await rowCount(database) == 1)
    }

    @Test(.enabled(if: geteuid() == 0, "needs root to mount a file system of one megabyte"))
    func `a file system that fills up refuses the write, and space makes it work again`() async throws {
        let mountPoint = directory.file("small")
        mkdir(mountPoint, 0o700)
        try #require(mount("tmpfs", mountPoint, "tmpfs", 0, "size=2m") == 0)
        defer { umount2(mountPoint, Int32(MNT_DETACH)) }
        let database = try LandlordEngine.Database(path: mountPoint + "/landlord.db")
        try await database.write { transaction throws(RepositoryError) in
            try transaction.execute("CREATE TABLE blobs (bytes BLOB NOT NULL) STRICT")
        }
        let ballast = mountPoint + "/ballast"
        // What does not fit is not needed: the ballast only has to take most of the space.
        try? Data(repeating: 1, count: 1 << 20).write(to: URL(filePath: ballast))
        var stored = 0
        let refusal = await #expect(throws: RepositoryError.self) {
            for _ in 1...100 {
                try await fill(database)
                stored += 1
            }
        }
        #expect(refusal == .full)
        #expect(try await rowCount(database) == stored)
        unlink(ballast)
        try await fill(database)
        #expect(try await rowCount(database) == stored + 1)
    }

    @Test(.enabled(if: geteuid() == 0, "needs root to mount a file system of one page"))
    func `a new database on a full disk says so and leaves nothing`() async throws {
        let mountPoint = directory.file("tiny")
        mkdir(mountPoint, 0o700)
        try #require(mount("tmpfs", mountPoint, "tmpfs", 0, "size=8k") == 0)
        defer { umount2(mountPoint, Int32(MNT_DETACH)) }
        let path = mountPoint + "/landlord.db"
        #expect(throws: LandlordEngine.DatabaseError.diskFull(path: path)) { try LandlordEngine.Database(path: path) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: mountPoint).isEmpty)
    }

    private func fill(_ database: LandlordEngine.Database) async throws(RepositoryError) {
        try await database.write { transaction throws(RepositoryError) in
            try transaction.execute(
                "INSERT INTO blobs (bytes) VALUES (?)", [.blob([UInt8](repeating: 7, count: 200_000))])
        }
    }

    private func rowCount(_ database: LandlordEngine.Database) async throws(RepositoryError) -> Int {
        try await database.read { reader throws(RepositoryError) in try reader.count("SELECT count(*) FROM blobs") }
    }

    private func mode(_ path: String) throws -> UInt32 {
        var status = stat()
        try #require(stat(path, &status) == 0)
        return status.st_mode & 0o777
    }
}
