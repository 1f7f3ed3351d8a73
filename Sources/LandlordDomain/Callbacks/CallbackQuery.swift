public import StatesLanguage

/// Which callbacks a list shows, and which window of it.
public struct CallbackQuery: Sendable, Hashable {
    /// In which order.
    public enum Order: String, Sendable, Hashable, CaseIterable {
        /// Born last, first.
        case newest
        /// What needs somebody first: dead, on their way, then what is over; within each the newest first.
        case attention
    }

    /// Only those of this tenant.
    public var tenantID: Tenant.ID?
    /// Only those of a tenant of this name, whichever of its lives.
    public var tenantName: String?
    /// Only these statuses; empty for every one.
    public var statuses: Set<CallbackStatus>
    /// Only those of these operations; empty for every one.
    public var operations: Set<ComputeOperation>
    /// Only those for this host, or this workflow provider.
    public var host: String?
    /// Only those of this execution.
    public var executionID: ComputeExecution.ID?
    /// Only those whose last failure has one of these codes; empty for every one.
    public var errorCodes: Set<DeliveryFailure.Code>
    /// Only those of this cause: `ErrorFingerprint`.
    public var fingerprint: String?
    /// Only those whose last failure contains all of these texts, in its code, status or message.
    public var errorWords: [String]
    /// Only those whose identifier, tenant, host or last failure contains all of these texts.
    public var words: [String]
    /// Only those with so many attempts.
    public var attempts: ClosedRange<Int>?
    /// Only those that are older than this.
    public var ageAbove: Duration?
    /// Only those that are younger than this.
    public var ageBelow: Duration?
    /// In which order.
    public var order: Order
    /// Behind which item the window begins; nil for the beginning.
    public var after: PageCursor?
    /// How many items the window holds.
    public var limit: Int

    /// Describes a list.
    public init(
        tenantID: Tenant.ID? = nil, statuses: Set<CallbackStatus> = [], order: Order = .newest,
        after: PageCursor? = nil, limit: Int = PageLimit.standard
    ) {
        self.tenantID = tenantID
        self.statuses = statuses
        operations = []
        errorCodes = []
        errorWords = []
        words = []
        self.order = order
        self.after = after
        self.limit = PageLimit.clamped(limit)
    }

    /// When what the list shows must have been born, as seen from now: after the one, before the other.
    public func births(asOf now: Timestamp) -> (after: Timestamp?, before: Timestamp?) {
        (ageBelow.map { now.advanced(by: .zero - $0) }, ageAbove.map { now.advanced(by: .zero - $0) })
    }
}
