import LandlordDomain
import StatesLanguage

/// Compares requests for approval with their histories, of which each line is one change of the row.
enum ApprovalVerification {
    private typealias Finding = VerificationReport.Finding

    static func window(_ reader: any SQLReader, _ place: String) throws(RepositoryError) -> VerifiedWindow {
        var window = VerifiedWindow()
        let rows = try reader.query(
            "\(DatabaseApprovalRepository.select) WHERE id > ? ORDER BY id LIMIT ?",
            [.text(place), .integer(DatabaseVerifier.window)])
        for row in rows {
            let id = try row.text("id")
            (window.count, window.last) = (window.count + 1, id)
            do throws(RepositoryError) {
                let approval = try DatabaseApprovalRepository.approval(row)
                let history = try DatabaseApprovalRepository.history(of: id, reader)
                window.findings += findings(approval, history)
            } catch {
                window.findings.append(.init(.unreadable, "approval \(id)", error.description))
            }
        }
        return window
    }

    private static func findings(_ approval: Approval, _ history: [ApprovalEvent]) -> [Finding] {
        let subject = "approval \(approval.id)"
        guard history.first?.action == .requested else {
            return [.init(.missingHistory, subject, "its history does not begin with the request")]
        }
        guard history.count == approval.version else {
            let message = "it has \(history.count) lines of history where its row counts \(approval.version)"
            return [.init(.missingHistory, subject, message)]
        }
        let voters = history.filter { $0.action == .approved || $0.action == .rejected }
        let isAlike: [(String, Bool)] = [
            ("status", approval.status == status(after: history, quorum: approval.request.quorum)),
            (
                "votes",
                approval.votes.map(\.voter) == voters.map(\.actor)
                    && approval.votes.map(\.isApproval) == voters.map { $0.action == .approved }
            ),
            ("is_escalated", approval.isEscalated == history.contains { $0.action == .escalated }),
            ("decided_at", (approval.decidedAt != nil) == approval.status.isOver),
        ]
        return isAlike.filter { !$0.1 }.map { name, _ in
            Finding(.unlikeHistory, subject, "its \(name) is not what its history leads to")
        }
    }

    private static func status(after history: [ApprovalEvent], quorum: Int) -> ApprovalStatus {
        let actions = history.map(\.action)
        if actions.contains(.rejected) { return .rejected }
        if actions.count(where: { $0 == .approved }) >= quorum { return .approved }
        if actions.contains(.expired) { return .expired }
        return actions.contains(.withdrawn) ? .withdrawn : .pending
    }
}
