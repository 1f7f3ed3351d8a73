import Foundation
public import LandlordEngine

/// A directory of its own that is removed with everything in it when it is let go.
public final class TemporaryDirectory: Sendable {
    /// Where it is.
    public let path: String

    /// Makes a new directory with a name that nobody else has; in memory where the machine has room for that.
    public init(inMemory: Bool = false) throws {
        let memory = "/dev/shm"
        let isThere = inMemory && FileManager.default.isWritableFile(atPath: memory)
        let parent = isThere ? memory : FileManager.default.temporaryDirectory.path
        path = parent + "/landlord-tests-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        // Losing the error is right: a directory left in /tmp must not fail a test that passed.
        try? FileManager.default.removeItem(atPath: path)
    }

    /// The path of `name` in the directory.
    public func file(_ name: String) -> String { path + "/" + name }
}

/// A real, migrated database in a directory of its own, for as long as this is held.
public final class TemporaryDatabase: Sendable {
    /// The directory that holds it.
    public let directory: TemporaryDirectory
    /// The database.
    public let database: Database

    /// Makes a new database with every migration applied.
    public init(options: Database.Options = .checked) throws {
        directory = try TemporaryDirectory()
        database = try Database(path: directory.file("landlord.db"), options: options)
    }
}

extension Database.Options {
    /// The defaults, with every check that SQLite offers.
    public static var checked: Database.Options {
        var options = Database.Options()
        options.checksCells = true
        return options
    }
}
