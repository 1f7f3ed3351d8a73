import LandlordTestSupport
import Testing

@testable import LandlordEngine

@Suite(.timeLimit(.minutes(1)))
struct GroupCommitTests {
    private let storage: TemporaryDatabase
    private var database: Database { storage.database }

    init() async throws {
        storage = try TemporaryDatabase()
        try await storage.database.write { transaction throws(RepositoryError) in
            try transaction.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT")
        }
    }

    @Test func `many writers share commits and each reads its own result`() async throws {
        let numbers = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 1...500 {
                group.addTask {
                    try await database.write { transaction throws(RepositoryError) in
                        try transaction.execute(
                            "INSERT INTO notes (id, text) VALUES (?, ?)", [.integer(number), .text("\(number)")])
                        return number
                    }
                }
            }
            return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
        }
        #expect(numbers == Set(1...500))
        #expect(try await count() == 500)
    }

    @Test func `one body that fails after writing takes nobody with it`() async throws {
        let failures = await withTaskGroup(of: RepositoryError?.self) { group in
            for number in 1...300 {
                group.addTask {
                    do throws(RepositoryError) {
                        try await database.write { transaction throws(RepositoryError) in
                            try transaction.execute(
                                "INSERT INTO notes (id, text) VALUES (?, ?)", [.integer(number), .text("\(number)")])
                            if number == 77 { throw .stale }
                        }
                        return nil
                    } catch { return error }
                }
            }
            return await group.reduce(into: [RepositoryError]()) { list, error in if let error { list.append(error) } }
        }
        #expect(failures == [.stale])
        #expect(try await count() == 299)
        #expect(try await count("WHERE id = 77") == 0)
    }

    @Test func `a body that fails alone after writing leaves nothing`() async throws {
        await #expect(throws: RepositoryError.stale) {
            try await database.write { transaction throws(RepositoryError) in
                try transaction.execute("INSERT INTO notes (id, text) VALUES (1, 'one')")
                throw RepositoryError.stale
            }
        }
        #expect(try await count() == 0)
    }

    @Test func `a unique constraint is a conflict that names its columns`() async throws {
        try await insert("same")
        await #expect(throws: RepositoryError.conflict("notes.text")) { try await insert("same") }
        #expect(try await count() == 1)
    }

    @Test func `a body that swallows a conflict is stored without it`() async throws {
        try await insert("same")
        try await database.write { transaction throws(RepositoryError) in
            do throws(RepositoryError) {
                try transaction.execute("INSERT INTO notes (text) VALUES ('same')")
            } catch {
                try transaction.execute("INSERT INTO notes (text) VALUES ('other')")
            }
        }
        #expect(try await count() == 2)
    }

    @Test func `changes are published after the commit, and those of a refused body never`() async throws {
        let subscription = database.hub.subscribe()
        try await database.write { transaction throws(RepositoryError) in
            try transaction.execute("INSERT INTO notes (text) VALUES ('one')")
            transaction.publish(.tenant(id: "a", version: 1))
            transaction.publish(.tenant(id: "a", version: 1))
            transaction.publish(.lease)
        }
        #expect(subscription.drain() == [.tenant(id: "a", version: 1), .lease])
        await #expect(throws: RepositoryError.stale) {
            try await database.write { transaction throws(RepositoryError) in
                transaction.publish(.tenant(id: "b", version: 1))
                throw RepositoryError.stale
            }
        }
        #expect(subscription.drain().isEmpty)
    }

    @Test func `a full queue makes callers wait and loses nothing`() async throws {
        var options = Database.Options()
        options.writeLimit = 2
        let small = try TemporaryDatabase(options: options)
        try await small.database.write { transaction throws(RepositoryError) in
            try transaction.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY) STRICT")
        }
        try await withThrowingTaskGroup { group in
            for number in 1...200 {
                group.addTask {
                    try await small.database.write { transaction throws(RepositoryError) in
                        try transaction.execute("INSERT INTO notes (id) VALUES (?)", [.integer(number)])
                    }
                }
            }
            try await group.waitForAll()
        }
        let count = try await small.database.read { reader throws(RepositoryError) in
            try reader.count("SELECT count(*) FROM notes")
        }
        #expect(count == 200)
    }

    @Test func `a closed database refuses reads and writes and does not hang`() async throws {
        await database.close()
        await #expect(throws: RepositoryError.busy) { try await insert("late") }
        await #expect(throws: RepositoryError.busy) { try await count() }
    }

    @Test func `readers share snapshots, and each gets its own answer or its own error`() async throws {
        for number in 1...50 { try await insert("\(number)") }
        var options = Database.Options()
        options.readLimit = 3
        let small = try Database(path: storage.database.path, options: options)
        let answers = await withTaskGroup(of: Int.self) { group in
            for number in 1...300 {
                group.addTask {
                    do throws(RepositoryError) {
                        return try await small.read { reader throws(RepositoryError) in
                            if number.isMultiple(of: 10) { throw .notFound }
                            return try reader.count("SELECT ? FROM notes LIMIT 1", [.integer(number)])
                        }
                    } catch {
                        return error == .notFound ? -number : 0
                    }
                }
            }
            return await group.reduce(into: Set<Int>()) { $0.insert($1) }
        }
        #expect(answers == Set((1...300).map { $0.isMultiple(of: 10) ? -$0 : $0 }))
    }

    @Test func `a read sees every commit that its caller knows of`() async throws {
        for number in 1...100 {
            try await insert("\(number)")
            #expect(try await count() == number)
        }
    }

    @Test func `a read sees no change that was not committed`() async throws {
        try await insert("one")
        let before = try await count()
        await #expect(throws: RepositoryError.notFound) {
            try await database.write { transaction throws(RepositoryError) in
                try transaction.execute("DELETE FROM notes")
                throw RepositoryError.notFound
            }
        }
        #expect(try await count() == before)
    }

    @Test func `a read cannot write`() async throws {
        await #expect(throws: RepositoryError.self) {
            try await database.read { reader throws(RepositoryError) in
                _ = try reader.query("INSERT INTO notes (text) VALUES ('x') RETURNING id")
            }
        }
        #expect(try await count() == 0)
    }

    private func insert(_ text: String) async throws(RepositoryError) {
        try await database.write { transaction throws(RepositoryError) in
            try transaction.execute("INSERT INTO notes (text) VALUES (?)", [.text(text)])
        }
    }

    private func count(_ condition: String = "") async throws(RepositoryError) -> Int {
        try await database.read { reader throws(RepositoryError) in
            try reader.count("SELECT count(*) FROM notes \(condition)")
        }
    }
}
