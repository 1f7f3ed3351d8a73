import LandlordDomain
import StatesLanguage

/// Compares callbacks with the attempts to deliver them and with what operators did to them.
enum CallbackVerification {
    static func window(_ reader: any SQLReader, _ place: String) throws(RepositoryError) -> VerifiedWindow {
        var window = VerifiedWindow()
        let rows = try reader.query(
            """
            SELECT \(CallbackRow.columns), lane, host, fingerprint FROM callbacks WHERE id > ? ORDER BY id LIMIT ?
            """,
            [.text(place), .integer(DatabaseVerifier.window)])
        for row in rows {
            let id = try row.text("id")
            (window.count, window.last) = (window.count + 1, id)
            let subject = "callback \(id)"
            do throws(RepositoryError) {
                let callback = try CallbackRow.callback(row)
                let attempts = try CallbackAttemptRow.attempts(of: callback.id, limit: .max, reader)
                for problem in [
                    numbers(callback, attempts), end(callback, attempts), try deed(callback, reader),
                    try marks(callback, row),
                ] {
                    guard let problem else { continue }
                    window.findings.append(.init(problem.kind, subject, problem.words))
                }
            } catch {
                window.findings.append(.init(.unreadable, subject, error.description))
            }
        }
        return window
    }

    private typealias Problem = (kind: VerificationReport.Finding.Kind, words: String)

    /// Each attempt that was counted has its row, but for the one that is under way.
    private static func numbers(_ callback: Callback, _ attempts: [CallbackAttempt]) -> Problem? {
        for (index, attempt) in attempts.enumerated() where attempt.number != index + 1 {
            return (.missingHistory, "attempt \(index + 1) is missing; the next one is \(attempt.number)")
        }
        let ended = callback.attempts - (callback.status == .delivering ? 1 : 0)
        guard attempts.count != ended else { return nil }
        return (.missingHistory, "\(ended) attempts were counted, but \(attempts.count) are on record")
    }

    /// The status is what the last attempt leads to.
    private static func end(_ callback: Callback, _ attempts: [CallbackAttempt]) -> Problem? {
        let accepted = attempts.count { $0.outcome == .accepted }
        if (callback.status == .delivered) != (accepted > 0) {
            return (
                .unlikeHistory, "it is \(callback.status.rawValue), but \(accepted) of its attempts were accepted"
            )
        }
        guard callback.status == .dead, callback.failure?.code != .gaveUp else { return nil }
        guard let last = attempts.last else { return (.unlikeHistory, "it is dead without any attempt") }
        switch last.outcome {
        case .failed, .refused: return nil
        case .accepted, .interrupted:
            return (.unlikeHistory, "it is dead, but its last attempt was \(last.outcome.rawValue)")
        }
    }

    /// What only an operator can have done is in the audit.
    private static func deed(_ callback: Callback, _ reader: any SQLReader) throws(RepositoryError) -> Problem? {
        var wanted: [CallbackVerb] = []
        if callback.status == .discarded { wanted.append(.discard) }
        if callback.attemptBase > 0 || callback.waitingSince != callback.createdAt { wanted.append(.redrive) }
        for verb in wanted {
            let count = try reader.count(
                "SELECT count(*) FROM callback_audit WHERE callback_id = ? AND verb = ?",
                [.text(callback.id.rawValue), .text(verb.rawValue)])
            if count == 0 { return (.missingHistory, "it was \(verb.participle), but nobody is on record for it") }
        }
        return nil
    }

    /// What lists and the deliverer go by is what the row itself says.
    private static func marks(_ callback: Callback, _ row: SQLRow) throws(RepositoryError) -> Problem? {
        let destination = callback.destination
        guard try row.text("lane") == destination.lane, try row.text("host") == destination.host else {
            return (.unlikeHistory, "it is listed under another destination than its own")
        }
        return nil
    }
}

/// Compares bulk operations with their items.
enum CallbackOperationVerification {
    static func window(_ reader: any SQLReader, _ place: String) throws(RepositoryError) -> VerifiedWindow {
        var window = VerifiedWindow()
        let rows = try reader.query(
            "SELECT \(CallbackOperationRow.columns) FROM callback_operations WHERE id > ? ORDER BY id LIMIT ?",
            [.text(place), .integer(DatabaseVerifier.window)])
        for row in rows {
            let id = try row.text("id")
            (window.count, window.last) = (window.count + 1, id)
            let subject = "bulk operation \(id)"
            do throws(RepositoryError) {
                let operation = try CallbackOperationRow.operation(row)
                window.findings += try problems(of: operation, reader).map { .init(.unlikeHistory, subject, $0) }
            } catch {
                window.findings.append(.init(.unreadable, subject, error.description))
            }
        }
        return window
    }

    private static func problems(
        of operation: CallbackOperation, _ reader: any SQLReader
    ) throws(RepositoryError) -> [String] {
        var counts: [CallbackOperationItem.Status: Int] = [:]
        for row in try reader.query(
            "SELECT status, count(*) AS count FROM callback_operation_items WHERE operation_id = ? GROUP BY status",
            [.text(operation.id.rawValue)])
        { counts[try row.enumeration("status")] = try row.count("count") }
        var problems: [String] = []
        let sum = counts.values.reduce(0, +)
        if sum != operation.total { problems.append("its set holds \(sum) items, not \(operation.total)") }
        for (status, claimed) in [
            (CallbackOperationItem.Status.applied, operation.applied), (.skipped, operation.skipped),
        ] where counts[status, default: 0] != claimed {
            problems.append("\(claimed) items were \(status.rawValue), but \(counts[status, default: 0]) are marked so")
        }
        if operation.status == .done, operation.processed != operation.total {
            problems.append("it is done, but \(operation.total - operation.processed) items were not looked at")
        }
        return problems
    }
}
