import LandlordDomain

/// The screen of one request for approval.
struct ApprovalDetail: Hashable, Sendable {
    let id: String
    var facts: ApprovalFacts?
    /// Whether the request was looked for and is not there.
    var isGone = false
    var scrolledRows = 0

    mutating func take(_ facts: ApprovalFacts?) {
        isGone = facts == nil
        if let facts { self.facts = facts }
    }
}

/// A request for approval with everything that was done with it, oldest first.
struct ApprovalFacts: Hashable, Sendable {
    var approval: Approval
    var history: [ApprovalEvent] = []
}
