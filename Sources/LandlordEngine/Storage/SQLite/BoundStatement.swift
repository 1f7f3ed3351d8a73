import GRDB
import GRDBSQLite

/// One use of a cached statement, bound and stepped through SQLite's own interface.
///
/// The library keeps and prepares the statements; its arguments and rows would take more time than SQLite needs for the
/// work. Whoever makes one resets it, so that no statement holds a snapshot or a lock.
struct BoundStatement {
    private let statement: Statement
    private let handle: OpaquePointer
    private let database: GRDB.Database

    /// Tells SQLite to copy a text or bytes: they move as soon as the call has returned.
    private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    /// Takes the statement with this text and binds the arguments, one for each `?`.
    init(_ sql: String, _ arguments: [SQLValue], in database: GRDB.Database) throws {
        self.database = database
        statement = try database.cachedStatement(sql: sql)
        handle = statement.sqliteStatement
        guard Int(sqlite3_bind_parameter_count(handle)) == arguments.count else {
            throw GRDB.DatabaseError(resultCode: .SQLITE_MISUSE, message: "wrong number of arguments: \(sql)")
        }
        for (index, argument) in arguments.enumerated() { try check(bind(argument, at: Int32(index + 1))) }
    }

    /// Goes on to the next row; false after the last.
    func step() throws -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: true
        case SQLITE_DONE: false
        case let code: throw error(code)
        }
    }

    /// Goes through all steps of a statement that changes rows.
    ///
    /// - Returns: How many rows it has changed, and the key of the row that the connection has inserted last.
    func run() throws -> (changedRows: Int, lastRow: Int64) {
        let connection = sqlite3_db_handle(handle)
        let before = sqlite3_total_changes64(connection)
        while try step() {}
        return (Int(sqlite3_total_changes64(connection) - before), sqlite3_last_insert_rowid(connection))
    }

    /// The row that the last step came to.
    var row: SQLRow {
        let columns = statement.columnNames
        var values: [SQLValue] = []
        values.reserveCapacity(columns.count)
        for index in columns.indices { values.append(value(at: Int32(index))) }
        return SQLRow(columns: columns, values: values)
    }

    /// Lets go of the row and the snapshot; what the last step met was told there.
    func reset() { sqlite3_reset(handle) }

    private func bind(_ value: SQLValue, at position: Int32) -> Int32 {
        switch value {
        case .null: sqlite3_bind_null(handle, position)
        case .integer(let integer): sqlite3_bind_int64(handle, position, integer)
        case .real(let real): sqlite3_bind_double(handle, position, real)
        case .text(var text):
            // Handing the text itself over would make a copy with a zero behind it first.
            text.withUTF8 { utf8 in
                utf8.withMemoryRebound(to: CChar.self) {
                    sqlite3_bind_text(handle, position, $0.baseAddress, Int32(clamping: $0.count), Self.copied)
                }
            }
        case .blob(let bytes):
            sqlite3_bind_blob(handle, position, bytes, Int32(clamping: bytes.count), Self.copied)
        }
    }

    private func value(at column: Int32) -> SQLValue {
        switch sqlite3_column_type(handle, column) {
        case SQLITE_INTEGER: .integer(sqlite3_column_int64(handle, column))
        case SQLITE_FLOAT: .real(sqlite3_column_double(handle, column))
        case SQLITE_TEXT:
            .text(String(decoding: bytes(sqlite3_column_text(handle, column), at: column), as: UTF8.self))
        case SQLITE_BLOB:
            .blob(Array(bytes(sqlite3_column_blob(handle, column)?.assumingMemoryBound(to: UInt8.self), at: column)))
        default: .null
        }
    }

    private func bytes(_ start: UnsafePointer<UInt8>?, at column: Int32) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: start, count: start == nil ? 0 : Int(sqlite3_column_bytes(handle, column)))
    }

    private func check(_ code: Int32) throws {
        guard code == SQLITE_OK else { throw error(code) }
    }

    private func error(_ code: Int32) -> GRDB.DatabaseError {
        let connection = database.sqliteConnection
        let extended = connection.map { sqlite3_extended_errcode($0) } ?? code
        let words = connection.flatMap { sqlite3_errmsg($0) }.map { String(cString: $0) }
        // The connection may speak of something else than this call only where it has met nothing.
        return GRDB.DatabaseError(
            resultCode: ResultCode(rawValue: extended == SQLITE_OK ? code : extended), message: words)
    }
}
