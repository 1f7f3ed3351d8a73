import Foundation
import GRDB

/// Brings a database to the schema this program needs, one transaction per migration.
///
/// Running it again does nothing, and two processes that start together do not apply a step twice: each step looks
/// again inside its transaction.
struct SQLiteMigrator {
    let path: String
    let migrations: [Migration]

    private static let bookkeeping = """
        CREATE TABLE IF NOT EXISTS schema_migrations (
            number INTEGER NOT NULL PRIMARY KEY,
            name TEXT NOT NULL,
            checksum TEXT NOT NULL,
            applied_at INTEGER NOT NULL
        ) STRICT
        """

    /// Applies what `policy` allows and refuses a database that this program must not touch.
    func prepare(
        _ pool: DatabasePool, _ policy: Database.Options.MigrationPolicy, isNew: Bool
    ) throws(DatabaseError) {
        do {
            let applied = try pool.read { try Self.applied(SQLiteConnection($0)) }
            try check(applied)
            guard policy != .inspect, applied.count < migrations.count else { return }
            guard policy == .apply || isNew || applied.isEmpty else {
                throw DatabaseError.olderVersion(path: path, found: applied.count, supported: migrations.count)
            }
            for migration in migrations { try apply(migration, pool) }
        } catch {
            throw Opening.error(error, path: path)
        }
    }

    /// The migrations in `migrations` with when each was applied, and any that only the database knows.
    static func status(_ migrations: [Migration], _ reader: any SQLReader) throws(RepositoryError) -> [MigrationStatus]
    {
        let applied = try applied(reader)
        var found = applied
        for migration in migrations where !applied.contains(where: { $0.number == migration.number }) {
            found.append(
                MigrationStatus(
                    number: migration.number, name: migration.name, checksum: migration.checksum,
                    appliedAt: nil))
        }
        return found
    }

    private func apply(_ migration: Migration, _ pool: DatabasePool) throws {
        try pool.writeWithoutTransaction { database in
            try database.inTransaction(.immediate) {
                let connection = SQLiteConnection(database)
                try connection.script(Self.bookkeeping)
                let applied = try Self.applied(connection)
                try check(applied)
                guard !applied.contains(where: { $0.number == migration.number }) else { return .commit }
                try database.execute(sql: migration.sql)
                try migration.convert?(connection)
                try connection.execute(
                    "INSERT INTO schema_migrations (number, name, checksum, applied_at) VALUES (?, ?, ?, ?)",
                    [
                        .integer(migration.number), .text(migration.name), .text(migration.checksum),
                        .integer(Int64(Date().timeIntervalSince1970 * 1000)),
                    ])
                return .commit
            }
        }
    }

    private static func applied(_ reader: any SQLReader) throws(RepositoryError) -> [MigrationStatus] {
        let hasTable = try reader.count("SELECT count(*) FROM sqlite_schema WHERE name = 'schema_migrations'") > 0
        guard hasTable else { return [] }
        var statuses: [MigrationStatus] = []
        for row in try reader.query("SELECT number, name, checksum, applied_at FROM schema_migrations ORDER BY number")
        {
            statuses.append(
                MigrationStatus(
                    number: try row.count("number"), name: try row.text("name"), checksum: try row.text("checksum"),
                    appliedAt: try row.timestamp("applied_at")))
        }
        return statuses
    }

    /// Refuses a database that is newer than this program, or that other migrations have made.
    func check(_ reader: any SQLReader) throws {
        try check(try Self.applied(reader))
    }

    private func check(_ applied: [MigrationStatus]) throws(DatabaseError) {
        if let newest = applied.last?.number, newest > migrations.count {
            throw .newerVersion(path: path, found: newest, supported: migrations.count)
        }
        for (status, migration) in zip(applied, migrations)
        where status.number != migration.number || status.checksum != migration.checksum {
            throw .changedMigration(number: status.number, name: status.name)
        }
    }
}
