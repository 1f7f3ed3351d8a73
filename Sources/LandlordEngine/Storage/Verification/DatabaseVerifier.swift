import LandlordDomain
import StatesLanguage

/// Checks that the database is what the program would have made of its history, whoever has edited it since.
///
/// It asks SQLite for the integrity of the file and of the foreign keys, and then compares each row with its own
/// history: tenants with their transitions, executions, approvals and schedules with their lines, runs with the fold of
/// their hash-chained inputs. It reads in windows, each on a consistent view, so it may run beside an engine that works
/// and needs little memory.
public struct DatabaseVerifier: Sendable {
    /// How many things one window holds.
    static let window = 200

    private let database: Database

    /// A verifier of `database`.
    public init(_ database: Database) {
        self.database = database
    }

    /// Looks at everything and says what is wrong.
    ///
    /// - Throws: What keeps it from looking, such as `.busy`; damage is a finding.
    public func verify() async throws(RepositoryError) -> VerificationReport {
        var report = VerificationReport()
        report.add(
            try await looking("file") { reader throws(RepositoryError) in try FileVerification.findings(reader) })
        report.count("file", 1)
        try await walk("tenants", into: &report, TenantVerification.window)
        try await walk("executions", into: &report, ComputeExecutionVerification.window)
        try await walk("callbacks", into: &report, CallbackVerification.window)
        try await walk("bulk operations", into: &report, CallbackOperationVerification.window)
        report.add(
            try await looking("workflows") { reader throws(RepositoryError) in
                try DefinitionVerification.findings(reader)
            })
        try await walk("runs", into: &report, RunVerification.window)
        try await walk("approvals", into: &report, ApprovalVerification.window)
        try await walk("schedules", into: &report, ScheduleVerification.window)
        return report
    }

    private func walk(
        _ name: String, into report: inout VerificationReport,
        _ window: @escaping @Sendable (any SQLReader, String) throws(RepositoryError) -> VerifiedWindow
    ) async throws(RepositoryError) {
        report.count(name, 0)
        var place = ""
        while true {
            let reached = place
            do throws(RepositoryError) {
                let found = try await database.read { reader throws(RepositoryError) in try window(reader, reached) }
                report.add(found.findings)
                report.count(name, found.count)
                guard found.count == Self.window, found.last > reached else { return }
                place = found.last
            } catch {
                report.add([try Self.damage(error, name)])
                return
            }
        }
    }

    private func looking(
        _ name: String,
        _ body: @escaping @Sendable (any SQLReader) throws(RepositoryError) -> [VerificationReport.Finding]
    ) async throws(RepositoryError) -> [VerificationReport.Finding] {
        do throws(RepositoryError) {
            return try await database.read(body)
        } catch {
            return [try Self.damage(error, name)]
        }
    }

    /// What cannot even be read is a finding too.
    private static func damage(
        _ error: RepositoryError, _ name: String
    ) throws(RepositoryError) -> VerificationReport.Finding {
        guard case .unusable(let reason) = error else { throw error }
        return VerificationReport.Finding(.integrity, name, "it cannot be read: \(reason)")
    }
}

/// What was found in one window of a table, and where the window ends.
struct VerifiedWindow: Sendable {
    var count = 0
    var last = ""
    var findings: [VerificationReport.Finding] = []
}

/// The checks that SQLite makes itself.
enum FileVerification {
    static func findings(_ reader: any SQLReader) throws(RepositoryError) -> [VerificationReport.Finding] {
        var findings: [VerificationReport.Finding] = []
        for row in try reader.query("PRAGMA integrity_check(100)") {
            let words = try row.text("integrity_check")
            if words != "ok" { findings.append(.init(.integrity, "file", words)) }
        }
        for row in try reader.query("PRAGMA foreign_key_check") {
            let (table, parent) = (try row.text("table"), try row.text("parent"))
            let place = try row.optionalInteger("rowid").map { " (row \($0))" } ?? ""
            findings.append(.init(.foreignKey, table, "a row\(place) points to a row of \(parent) that is not there"))
        }
        return findings
    }
}

/// Compares definitions with their digests; there are as many as an operator has written, which is not many.
enum DefinitionVerification {
    static func findings(_ reader: any SQLReader) throws(RepositoryError) -> [VerificationReport.Finding] {
        var findings: [VerificationReport.Finding] = []
        for row in try reader.query("SELECT workflow_id, version, definition, sha256 FROM workflow_definitions") {
            let subject = "workflow \(try row.text("workflow_id")) version \(try row.count("version"))"
            do throws(RepositoryError) {
                guard SHA256Digest.hex(of: try row.json("definition").canonical()) != (try row.text("sha256")) else {
                    continue
                }
                findings.append(.init(.hash, subject, "its definition is not what its digest was made of"))
            } catch {
                findings.append(.init(.unreadable, subject, error.description))
            }
        }
        return findings
    }
}
