import LandlordDomain

/// The screen of one callback.
struct CallbackDetail: Hashable, Sendable {
    /// The pages of the screen.
    enum Tab: String, Hashable, Sendable, CaseIterable {
        case overview = "Overview"
        case attempts = "Attempts"
        case payload = "Payload"
        case audit = "Audit"
    }

    let id: Callback.ID
    var tab = Tab.overview
    var facts: CallbackFacts?
    /// Whether the callback was looked for and is not there.
    var isGone = false
    var scrolledRows = 0

    mutating func take(_ facts: CallbackFacts?) {
        isGone = facts == nil
        if let facts { self.facts = facts }
    }
}

/// A callback with all that its screen shows.
struct CallbackFacts: Hashable, Sendable {
    var callback: Callback
    /// The attempts, oldest first.
    var attempts: [CallbackAttempt]
    /// Who did what to it, oldest first.
    var audit: [CallbackAuditEntry]
    /// The run that waits for it, where this database has it.
    var run: WorkflowRun?
}

/// In which order causes stand; the greatest, or the latest, first.
enum CauseOrder: String, Hashable, Sendable, CaseIterable {
    case count, last, first

    /// The causes in this order; the same ones always in the same places.
    func sorted(_ causes: [CallbackCause]) -> [CallbackCause] {
        causes.sorted { left, right in
            switch self {
            case .count: (left.count, left.lastAt, left.id) > (right.count, right.lastAt, right.id)
            case .last: (left.lastAt, left.id) > (right.lastAt, right.id)
            case .first: (left.firstAt, left.id) < (right.firstAt, right.id)
            }
        }
    }
}

extension CallbackCause {
    /// The cause in the few words of a title: the answer, or the code, and the host.
    var title: String {
        "\(failure.statusCode.map { "\($0)" } ?? failure.code.rawValue) \(host) \(operation.rawValue)"
    }
}
