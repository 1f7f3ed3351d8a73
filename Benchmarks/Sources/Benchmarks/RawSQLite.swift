import CSQLite
import Foundation

/// The SQLite C API doing the same statements with the same settings: what the machine can do at most.
final class RawSQLite {
    /// The table that both sides write, and its index.
    static let schema = [
        """
        CREATE TABLE benchmark_rows (id INTEGER NOT NULL PRIMARY KEY, tenant TEXT NOT NULL, status TEXT NOT NULL,
            payload TEXT NOT NULL, at INTEGER NOT NULL) STRICT
        """,
        "CREATE INDEX benchmark_rows_tenant ON benchmark_rows (tenant, at)",
    ]
    /// The statement that both sides repeat.
    static let insert = "INSERT INTO benchmark_rows (id, tenant, status, payload, at) VALUES (?, ?, ?, ?, ?)"
    /// What a row holds besides its numbers.
    static let payload = String(repeating: "x", count: 150)

    private var database: OpaquePointer?
    private var beginning: OpaquePointer?
    private var insertion: OpaquePointer?
    private var commitment: OpaquePointer?
    private var next: Int64 = 0

    init(path: String) {
        let directory = URL(fileURLWithPath: path).deletingLastPathComponent().path
        mkdir(directory, 0o700)
        check(sqlite3_open(path, &database))
        for sql in ["PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL"] + Self.schema {
            check(sqlite3_exec(database, sql, nil, nil, nil))
        }
        check(sqlite3_prepare_v3(database, "BEGIN IMMEDIATE", -1, 1, &beginning, nil))
        check(sqlite3_prepare_v3(database, Self.insert, -1, 1, &insertion, nil))
        check(sqlite3_prepare_v3(database, "COMMIT", -1, 1, &commitment, nil))
    }

    deinit {
        for statement in [beginning, insertion, commitment] { sqlite3_finalize(statement) }
        sqlite3_close(database)
    }

    /// Writes rows, so many to a commit, until the time is over; answers rows per second.
    func rate(rowsPerCommit: Int, seconds: Double) -> Double {
        let watch = Stopwatch(seconds: seconds)
        var count = 0
        while watch.isRunning {
            step(beginning)
            for _ in 0..<rowsPerCommit { insertRow() }
            step(commitment)
            count += rowsPerCommit
        }
        return Double(count) / watch.seconds
    }

    private func insertRow() {
        next += 1
        sqlite3_bind_int64(insertion, 1, next)
        "tenant-\(next % 1000)".withCString { tenant in
            Self.payload.withCString { payload in
                "running".withCString { status in
                    sqlite3_bind_text(insertion, 2, tenant, -1, nil)
                    sqlite3_bind_text(insertion, 3, status, -1, nil)
                    sqlite3_bind_text(insertion, 4, payload, -1, nil)
                    sqlite3_bind_int64(insertion, 5, next)
                    step(insertion)
                }
            }
        }
    }

    private func step(_ statement: OpaquePointer?) {
        let code = sqlite3_step(statement)
        precondition(code == SQLITE_DONE, String(cString: sqlite3_errmsg(database)))
        sqlite3_reset(statement)
    }

    private func check(_ code: Int32) {
        precondition(code == SQLITE_OK, String(cString: sqlite3_errmsg(database)))
    }
}
