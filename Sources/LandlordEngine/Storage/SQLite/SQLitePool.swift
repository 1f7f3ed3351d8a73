import Foundation
import GRDB

/// Opens the connections of one database, and makes sure that they are what durability and integrity need.
enum SQLitePool {
    /// "LLRD": marks the file as ours, so that another program's database is never migrated by mistake.
    static let applicationID: Int64 = 0x4C4C_5244

    /// Opens the pool, or says why that cannot be.
    ///
    /// `admit` refuses a database by what is in it. It is asked before the pool, whose opening writes.
    static func open(
        _ file: DatabaseFile, _ options: Database.Options, admit: (any SQLReader) throws -> Void
    ) throws(DatabaseError) -> DatabasePool {
        do {
            if !file.isEmpty { try checkOwner(file.path, options, admit) }
            let pool = try file.makingAlone { try DatabasePool(path: file.path, configuration: configuration(options)) }
            try pool.writeWithoutTransaction { try settle($0) }
            try pool.read { try check($0) }
            try file.restrictModes()
            return pool
        } catch {
            throw Opening.error(error, path: file.path)
        }
    }

    private static func configuration(_ options: Database.Options) -> GRDB.Configuration {
        var configuration = GRDB.Configuration()
        configuration.busyMode = .timeout(TimeInterval(options.busyTimeout.components.seconds))
        configuration.foreignKeysEnabled = true
        configuration.maximumReaderCount = options.readerLimit
        configuration.persistentReadOnlyConnections = true
        // A transaction that cannot be rolled back is answered by refusing all writes, not by a crash inside the
        // library.
        configuration.allowsUnsafeTransactions = true
        configuration.label = "landlord"
        let checksCells = options.checksCells
        configuration.prepareDatabase { database in
            // No mmap_size: a failing disk would then be a signal that kills us instead of an error that we can
            // answer.
            try database.execute(sql: "PRAGMA temp_store = MEMORY")
            if checksCells { try database.execute(sql: "PRAGMA cell_size_check = ON") }
            if !database.configuration.readonly { try database.execute(sql: "PRAGMA secure_delete = FAST") }
        }
        return configuration
    }

    /// Refuses another program's database before anything is changed in it.
    private static func checkOwner(
        _ path: String, _ options: Database.Options, _ admit: (any SQLReader) throws -> Void
    ) throws {
        let queue = try DatabaseQueue(path: path, configuration: configuration(options))
        defer {
            // Losing the error is right: nothing was written through this connection.
            try? queue.close()
        }
        let (identity, tableCount) = try queue.read { database in
            (
                try Int64.fetchOne(database, sql: "PRAGMA application_id") ?? 0,
                try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
            )
        }
        guard identity == applicationID || (identity == 0 && tableCount == 0) else {
            throw DatabaseError.foreignDatabase(path: path)
        }
        try queue.read { try admit(SQLiteConnection($0)) }
    }

    /// Sets what GRDB leaves otherwise on the writing connection, and reads all of it back.
    private static func settle(_ database: GRDB.Database) throws {
        // The pool has just set NORMAL, under which a power cut loses commits that were already reported.
        try database.execute(sql: "PRAGMA synchronous = FULL")
        // The pages that a busy hour touches stay in memory (12 MiB); the default of 2 MiB reads them again and
        // again, and with 8 MiB a tenth fewer tenants become ready a second.
        try database.execute(sql: "PRAGMA cache_size = -12288")
        // A checkpoint writes every page once that the log holds many times: four times the default, which is 16 MiB of
        // log, halves what a busy fleet writes. Longer logs gain nothing more and make every read slower.
        try database.execute(sql: "PRAGMA wal_autocheckpoint = 4000")
        if try Int64.fetchOne(database, sql: "PRAGMA application_id") != applicationID {
            try database.execute(sql: "PRAGMA application_id = \(applicationID)")
        }
        try expect("synchronous", 2, database)
        try check(database)
    }

    private static func check(_ database: GRDB.Database) throws {
        try expect("foreign_keys", 1, database)
        let mode = try String.fetchOne(database, sql: "PRAGMA journal_mode") ?? ""
        guard mode == "wal" else { throw DatabaseError.unsafeSetting(name: "journal_mode", wanted: "wal", found: mode) }
    }

    private static func expect(_ name: String, _ wanted: Int64, _ database: GRDB.Database) throws {
        let found = try Int64.fetchOne(database, sql: "PRAGMA \(name)")
        guard found == wanted else {
            throw DatabaseError.unsafeSetting(
                name: name, wanted: "\(wanted)", found: found.map { "\($0)" } ?? "nothing")
        }
    }
}
