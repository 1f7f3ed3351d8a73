import Foundation
import Glibc
import LandlordEngine
import StatesLanguage
import Testing

/// The program on disks and files that do not let it work.
@Suite(.timeLimit(.minutes(5)))
struct HostileStorageTests {
    private let home: Home

    init() throws {
        home = try Home()
    }

    @Test func `a database of a newer version is refused and stays as it is`() async throws {
        #expect(try await home.run(["tenant", "list"]).code == 0)
        let path = home.database
        let database = try Database(path: path)
        try await database.write { transaction throws(RepositoryError) in
            try transaction.execute(
                "INSERT INTO schema_migrations (number, name, checksum, applied_at) VALUES (900, 'later', 'x', 0)")
        }
        await database.close()
        // Whoever looks last moves what is left in the log into the file; what counts is that nothing else happens.
        #expect(try await home.run(["tenant", "list"]).code == 65)
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        for command in [["tenant", "list"], ["migrate", "up"], ["verify"], ["serve"]] {
            let end = try await home.run(command)
            #expect(end.code == 65, "\(command): \(end.problems)")
            #expect(end.problemLines.count == 1)
            #expect(end.problems.contains("newer"))
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    }

    @Test(.enabled(if: geteuid() == 0, "needs root to mount a file system that cannot be written"))
    func `a directory that cannot be written is told, and nothing is left in it`() async throws {
        let mountPoint = home.file("still")
        mkdir(mountPoint, 0o700)
        try #require(mount("tmpfs", mountPoint, "tmpfs", UInt(MS_RDONLY), "size=1m") == 0)
        defer { umount2(mountPoint, Int32(MNT_DETACH)) }
        let end = try await home.run(["tenant", "list", "--database", mountPoint + "/landlord.db"])
        #expect([73, 77].contains(end.code), "\(end.code)")
        #expect(end.problemLines.count == 1)
        #expect(end.problems.contains("landlord.db"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: mountPoint) == [])
    }

    @Test(.enabled(if: geteuid() == 0, "needs root to mount a file system of one megabyte"))
    func `a full disk refuses the verb in one line, keeps what is there, and works again with room`() async throws {
        let mountPoint = home.file("small")
        mkdir(mountPoint, 0o700)
        try #require(mount("tmpfs", mountPoint, "tmpfs", 0, "size=4m") == 0)
        defer { umount2(mountPoint, Int32(MNT_DETACH)) }
        let database = ["--database", mountPoint + "/landlord.db"]
        let apply = ["tenant", "apply", "-f", try home.spec("acme")] + database
        #expect(try await home.run(["tenant", "apply", "-f", try home.spec("early")] + database).code == 0)
        let ballast = mountPoint + "/ballast"
        try #require(FileManager.default.createFile(atPath: ballast, contents: nil))
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: ballast))
        // Until nothing fits any more; the error is what we wait for.
        while (try? handle.write(contentsOf: Data(count: 4_096))) != nil {}
        let refused = try await home.run(apply)
        #expect(refused.code == 74, "\(refused.problems)")
        #expect(refused.problemLines.count == 1)
        #expect(refused.problems.contains("full"))
        try FileManager.default.removeItem(atPath: ballast)
        try handle.close()
        let kept = try await home.json(["tenant", "list"] + database)["items"]?.arrayValue
        #expect(kept?.compactMap { $0["name"]?.stringValue } == ["early"])
        #expect(try await home.run(apply).code == 0)
        #expect(try await home.run(["verify"] + database).code == 0)
    }
}
