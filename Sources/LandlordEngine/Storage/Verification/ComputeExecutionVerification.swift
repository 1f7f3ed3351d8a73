import LandlordDomain
import StatesLanguage

/// Compares compute executions with the lines of their history.
enum ComputeExecutionVerification {
    static func window(_ reader: any SQLReader, _ place: String) throws(RepositoryError) -> VerifiedWindow {
        var window = VerifiedWindow()
        let rows = try reader.query(
            """
            SELECT id, \(ComputeExecutionRow.columns) FROM compute_executions
            WHERE execution_id > ? ORDER BY execution_id LIMIT ?
            """,
            [.text(place), .integer(DatabaseVerifier.window)])
        for row in rows {
            let id = try row.text("execution_id")
            (window.count, window.last) = (window.count + 1, id)
            let subject = "execution \(id)"
            do throws(RepositoryError) {
                let execution = try ComputeExecutionRow.execution(row)
                let history = try history(of: execution.id, key: try row.integer("id"), reader)
                window.findings += findings(execution, subject, history)
            } catch {
                window.findings.append(.init(.unreadable, subject, error.description))
            }
        }
        return window
    }

    private typealias Line = (number: Int, entry: ComputeExecutionEntry)

    private static func history(
        of id: ComputeExecution.ID, key: Int64, _ reader: any SQLReader
    ) throws(RepositoryError) -> [Line] {
        var lines: [Line] = []
        let rows = try reader.query(
            """
            SELECT sequence, status, details, timestamp FROM compute_execution_history
            WHERE compute_execution_id = ? ORDER BY sequence
            """,
            [.integer(key)])
        for row in rows { lines.append((try row.count("sequence"), try ComputeExecutionEntryRow.entry(row, of: id))) }
        return lines
    }

    private static func findings(
        _ execution: ComputeExecution, _ subject: String, _ history: [Line]
    ) -> [VerificationReport.Finding] {
        var findings: [VerificationReport.Finding] = []
        func add(_ kind: VerificationReport.Finding.Kind, _ message: String) {
            findings.append(.init(kind, subject, message))
        }
        var status: ComputeExecutionStatus?
        for (index, line) in history.enumerated() {
            if line.number != index + 1 {
                add(.missingHistory, "line \(index + 1) is missing; the next one is \(line.number)")
                return findings
            }
            let next = line.entry.status
            switch status {
            case nil where next != .pending:
                add(.missingHistory, "its history begins with \(next.rawValue)")
            case let before? where before != next && !ComputeExecutionStatus.legal[before, default: []].contains(next):
                add(.illegalStep, "line \(line.number) goes from \(before.rawValue) to \(next.rawValue)")
            default: break
            }
            status = next
        }
        guard let status else {
            add(.missingHistory, "it is \(execution.status.rawValue) without any history")
            return findings
        }
        if status != execution.status {
            add(.unlikeHistory, "it is \(execution.status.rawValue), but its history ends with \(status.rawValue)")
        }
        if execution.status.isTerminal != (execution.endedAt != nil) {
            add(
                .unlikeHistory,
                "it is \(execution.status.rawValue), but its end is \(execution.endedAt?.rfc3339 ?? "open")")
        }
        if ConfigHash.of(execution.config.document) != execution.config.hash {
            add(.hash, "its config is not the one that its hash was made of")
        }
        return findings
    }
}
