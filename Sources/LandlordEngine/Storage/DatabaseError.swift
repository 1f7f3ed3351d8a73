/// Why a database could not be opened.
///
/// Each case has a stable `code` and a sentence a person can act on. The command line maps the codes to exit codes.
public enum DatabaseError: Error, Sendable, Hashable {
    /// The file holds something else than a SQLite database.
    case notADatabase(path: String)
    /// The file is a SQLite database, but another program's.
    case foreignDatabase(path: String)
    /// A newer program has migrated this database.
    case newerVersion(path: String, found: Int, supported: Int)
    /// The database waits for `landlord migrate up`.
    case olderVersion(path: String, found: Int, supported: Int)
    /// A migration recorded in the database is not the one this program knows by that number.
    case changedMigration(number: Int, name: String)
    /// The file or its file system cannot be written.
    case readOnly(path: String, reason: String)
    /// The file, or the directory that holds it, cannot be created.
    case cannotCreate(path: String, reason: String)
    /// The operating system does not let this user do that.
    case permissionDenied(path: String, reason: String)
    /// There is no space left where the database is.
    case diskFull(path: String)
    /// The file is damaged.
    case corrupt(path: String, reason: String)
    /// Another process holds the database for longer than the busy timeout.
    case busy(path: String)
    /// Reading or writing failed in the operating system.
    case ioFailure(path: String, reason: String)
    /// A setting that durability or integrity depends on did not hold when it was read back.
    case unsafeSetting(name: String, wanted: String, found: String)

    /// The stable machine code of this error.
    public var code: String {
        switch self {
        case .notADatabase: "NOT_A_DATABASE"
        case .foreignDatabase: "FOREIGN_DATABASE"
        case .newerVersion: "DATABASE_NEWER"
        case .olderVersion: "DATABASE_OLDER"
        case .changedMigration: "MIGRATION_CHANGED"
        case .readOnly: "DATABASE_READ_ONLY"
        case .cannotCreate: "CANNOT_CREATE_DATABASE"
        case .permissionDenied: "PERMISSION_DENIED"
        case .diskFull: "DISK_FULL"
        case .corrupt: "DATABASE_CORRUPT"
        case .busy: "DATABASE_BUSY"
        case .ioFailure: "DATABASE_IO"
        case .unsafeSetting: "DATABASE_SETTING"
        }
    }
}

extension DatabaseError: CustomStringConvertible {
    /// A sentence that a person can act on.
    public var description: String {
        switch self {
        case .notADatabase(let path):
            "\(path) is not a database; choose another path with --database."
        case .foreignDatabase(let path):
            "\(path) is a database of another program; choose another path with --database."
        case .newerVersion(let path, let found, let supported):
            "\(path) has schema version \(found), but this program knows none above \(supported); use a newer landlord."
        case .olderVersion(let path, let found, let supported):
            "\(path) has schema version \(found), this program needs \(supported); run `landlord migrate up`."
        case .changedMigration(let number, let name):
            "Migration \(number) (\(name)) of this database is not the one this program has: another build made it."
        case .readOnly(let path, let reason):
            "\(path) cannot be written: \(reason)."
        case .cannotCreate(let path, let reason):
            "\(path) cannot be created: \(reason)."
        case .permissionDenied(let path, let reason):
            "\(path) may not be used: \(reason)."
        case .diskFull(let path):
            "The disk that holds \(path) is full; free some space and try again."
        case .corrupt(let path, let reason):
            "\(path) is damaged: \(reason); restore it from a backup."
        case .busy(let path):
            "\(path) is in use by another process; try again."
        case .ioFailure(let path, let reason):
            "\(path) could not be read or written: \(reason)."
        case .unsafeSetting(let name, let wanted, let found):
            "The database refused the setting \(name) = \(wanted) (it says \(found)); it would not be safe to use."
        }
    }
}
