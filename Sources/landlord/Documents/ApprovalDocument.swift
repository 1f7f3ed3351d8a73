import LandlordDomain
import StatesLanguage

extension Approval {
    /// The request as scripts see it.
    var document: JSONValue {
        [
            "id": .string(id),
            "run_id": .string(runID),
            "tenant_id": JSONValue(tenantID?.rawValue),
            "title": .string(request.title),
            "description": .string(request.description),
            "status": .string(status.rawValue),
            "approvers": .array(request.approvers.map { .string($0) }),
            "deciders": .array(deciders.map { .string($0) }),
            "quorum": JSONValue(request.quorum),
            "missing": JSONValue(missingCount),
            "is_escalated": .bool(isEscalated),
            "votes": .array(
                votes.map { vote in
                    [
                        "by": .string(vote.voter), "for": .string(vote.approver),
                        "decision": .string(vote.isApproval ? "approved" : "rejected"),
                        "reason": .string(vote.reason), "at": JSONValue(vote.at),
                    ]
                }),
            "expires_at": JSONValue(expiresAt),
            "created_at": JSONValue(createdAt),
            "decided_at": JSONValue(decidedAt),
        ]
    }
}

extension ApprovalEvent {
    /// The line as scripts see it.
    var document: JSONValue {
        [
            "action": .string(action.rawValue), "actor": .string(actor), "reason": .string(reason),
            "timestamp": JSONValue(at),
        ]
    }
}
