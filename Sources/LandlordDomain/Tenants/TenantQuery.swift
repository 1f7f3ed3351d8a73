/// Which tenants a list shows, in which order, and which window of it.
public struct TenantQuery: Sendable, Hashable {
    /// What a list is ordered by; ties are broken by the identifier.
    public enum Order: String, Sendable, Hashable, CaseIterable {
        /// Asked for last, first.
        case newest
        /// By name.
        case name
        /// Written last, first.
        case updated
        /// Longest in its status, first.
        case longestInStatus = "for"
    }

    /// Only these statuses; empty for every one but `deleted`.
    public var statuses: Set<TenantStatus>
    /// Only tenants that carry all of these labels.
    public var labels: [String: String]
    /// Only tenants whose name, status message or identifier contains all of these texts.
    public var words: [String]
    /// Only tenants of this provider.
    public var provider: String?
    /// In which order.
    public var order: Order
    /// Behind which item the window begins; nil for the beginning.
    public var after: PageCursor?
    /// How many items the window holds.
    public var limit: Int

    /// Describes a list.
    public init(
        statuses: Set<TenantStatus> = [], labels: [String: String] = [:], words: [String] = [],
        provider: String? = nil, order: Order = .newest, after: PageCursor? = nil, limit: Int = PageLimit.standard
    ) {
        self.statuses = statuses
        self.labels = labels
        self.words = words
        self.provider = provider
        self.order = order
        self.after = after
        self.limit = PageLimit.clamped(limit)
    }
}
