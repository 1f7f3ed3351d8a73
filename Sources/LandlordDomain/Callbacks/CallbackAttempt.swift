public import StatesLanguage

/// One try to deliver a callback.
public struct CallbackAttempt: Sendable, Hashable {
    /// What came of a try.
    ///
    /// The raw value is what the database holds.
    public enum Outcome: String, Sendable, Hashable, CaseIterable {
        /// The receiver has it.
        case accepted
        /// It may work later.
        case failed
        /// The receiver will never take it.
        case refused
    }

    /// What was tried.
    public let callbackID: Callback.ID
    /// Counts the tries, from 1, over all redrives.
    public let number: Int
    /// When the try began.
    public let startedAt: Timestamp
    /// When it ended.
    public let endedAt: Timestamp
    /// What came of it.
    public let outcome: Outcome
    /// The receiver's HTTP status, where it is one that speaks HTTP.
    public let statusCode: Int?
    /// Why it did not work.
    public let error: String?

    /// Describes a try.
    public init(
        callbackID: Callback.ID, number: Int, startedAt: Timestamp, endedAt: Timestamp, outcome: Outcome,
        statusCode: Int? = nil, error: String? = nil
    ) {
        self.callbackID = callbackID
        self.number = number
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.outcome = outcome
        self.statusCode = statusCode
        self.error = error
    }
}

/// Which callbacks a list shows, newest first, and which window of it.
public struct CallbackQuery: Sendable, Hashable {
    /// Only those of this tenant.
    public var tenantID: Tenant.ID?
    /// Only these statuses; empty for every one.
    public var statuses: Set<CallbackStatus>
    /// Behind which item the window begins; nil for the beginning.
    public var after: PageCursor?
    /// How many items the window holds.
    public var limit: Int

    /// Describes a list.
    public init(
        tenantID: Tenant.ID? = nil, statuses: Set<CallbackStatus> = [], after: PageCursor? = nil,
        limit: Int = PageLimit.standard
    ) {
        self.tenantID = tenantID
        self.statuses = statuses
        self.after = after
        self.limit = PageLimit.clamped(limit)
    }
}
