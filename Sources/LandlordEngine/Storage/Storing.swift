import GRDB
import Glibc

/// The one place where the database library's errors become ours.
enum Storing {
    /// A failure of the library, sorted by what it means for the writer and for the caller.
    enum Failure: Sendable, Hashable {
        /// Only this statement failed; the transaction is as it was.
        case statement(RepositoryError)
        /// The transaction is lost, the database is well.
        case transaction(RepositoryError)
        /// Nothing that this connection says can be trusted any more: the process must start again.
        case connection(RepositoryError)

        var error: RepositoryError {
            switch self {
            case .statement(let error), .transaction(let error), .connection(let error): error
            }
        }
    }

    /// Sorts any error that came out of the library.
    static func failure(_ error: any Error) -> Failure {
        if let error = error as? RepositoryError { return .statement(error) }
        guard let error = error as? GRDB.DatabaseError else { return .transaction(.unusable("\(error)")) }
        let words = error.message ?? "\(error.resultCode)"
        switch error.resultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            return .transaction(.busy)
        case .SQLITE_FULL:
            return .transaction(.full)
        case .SQLITE_CONSTRAINT:
            return .statement(constraint(error.extendedResultCode, words))
        case .SQLITE_IOERR:
            // After a failed fsync the kernel calls the pages clean: a second try may succeed without having stored
            // anything. Only a new process that reads the file again knows what is there.
            return .connection(.unusable("the operating system could not read or write it (\(words))"))
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            return .connection(.unusable("the file is damaged (\(words))"))
        case .SQLITE_READONLY:
            return .transaction(.unusable("it cannot be written (\(words))"))
        case .SQLITE_NOMEM:
            return .transaction(.unusable("there is not enough memory"))
        default:
            return .statement(.unusable(words))
        }
    }

    /// Runs `body` and translates what it throws.
    static func storing<Value>(_ body: () throws -> Value) throws(RepositoryError) -> Value {
        do { return try body() } catch { throw failure(error).error }
    }

    private static func constraint(_ code: ResultCode, _ words: String) -> RepositoryError {
        switch code {
        case .SQLITE_CONSTRAINT_UNIQUE, .SQLITE_CONSTRAINT_PRIMARYKEY, .SQLITE_CONSTRAINT_ROWID:
            // "UNIQUE constraint failed: tenants.name": what follows the colon is what a person needs.
            .conflict(words.split(separator: ":").last?.drop { $0 == " " }.description ?? words)
        default:
            .unusable("a rule of the schema refused the write: \(words)")
        }
    }
}

/// Says why a database could not be opened.
enum Opening {
    static func error(_ error: any Error, path: String) -> DatabaseError {
        if let error = error as? DatabaseError { return error }
        if let error = error as? RepositoryError { return self.error(error, path: path) }
        guard let error = error as? GRDB.DatabaseError else {
            return .ioFailure(path: path, reason: "\(error)")
        }
        let words = error.message ?? "\(error.resultCode)"
        return switch error.resultCode {
        case .SQLITE_NOTADB: .notADatabase(path: path)
        case .SQLITE_CORRUPT: .corrupt(path: path, reason: words)
        case .SQLITE_FULL: .diskFull(path: path)
        case .SQLITE_BUSY, .SQLITE_LOCKED: .busy(path: path)
        case .SQLITE_READONLY: .readOnly(path: path, reason: words)
        case .SQLITE_PERM, .SQLITE_AUTH: .permissionDenied(path: path, reason: words)
        case .SQLITE_CANTOPEN: .cannotCreate(path: path, reason: words)
        // The shared-memory file is allocated by means that report a full disk as an I/O error.
        case .SQLITE_IOERR where isFull(path): .diskFull(path: path)
        default: .ioFailure(path: path, reason: words)
        }
    }

    private static func isFull(_ path: String) -> Bool {
        var status = statvfs()
        let directory = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        guard statvfs(directory, &status) == 0 else { return false }
        return status.f_bavail * status.f_frsize < 65_536
    }

    private static func error(_ error: RepositoryError, path: String) -> DatabaseError {
        switch error {
        case .busy: .busy(path: path)
        case .full: .diskFull(path: path)
        case .unusable(let reason): .ioFailure(path: path, reason: reason)
        case .stale, .notFound, .conflict, .fenced: .ioFailure(path: path, reason: error.description)
        }
    }
}
