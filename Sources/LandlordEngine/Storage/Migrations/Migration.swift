public import StatesLanguage

/// One numbered step of the schema.
///
/// A migration that has been released is never edited: databases in the field have recorded its checksum and are
/// refused when it no longer matches. Add the next one instead.
struct Migration: Sendable {
    /// Counts from 1, without gaps.
    let number: Int
    /// What it is about, in a few words.
    let name: String
    /// The statements, in this driver's dialect.
    let sql: String
    /// What must be computed from the rows of before, once the statements have run, in the same transaction; the rows
    /// that it reads may then be dropped.
    let convert: (@Sendable (any SQLTransaction) throws(RepositoryError) -> Void)?
    /// The SHA-256 of the statements, in hexadecimal; made once, because every opening of a database asks for it.
    let checksum: String

    init(
        number: Int, name: String, sql: String,
        convert: (@Sendable (any SQLTransaction) throws(RepositoryError) -> Void)? = nil
    ) {
        self.number = number
        self.name = name
        self.sql = sql
        self.convert = convert
        checksum = SHA256Digest.hex(of: sql)
    }

    /// All migrations, oldest first.
    static let all: [Migration] = [.first, .second, .third, .fourth, .fifth, .sixth, .seventh, .eighth, .ninth, .tenth]
}

/// One migration as `landlord migrate status` shows it.
public struct MigrationStatus: Sendable, Hashable {
    /// Counts from 1.
    public let number: Int
    /// What it is about.
    public let name: String
    /// The SHA-256 of its statements, in hexadecimal.
    public let checksum: String
    /// When it was applied; nil where it was not.
    public let appliedAt: Timestamp?

    /// Whether the database has it.
    public var isApplied: Bool { appliedAt != nil }
}
