/// Which compute executions a list shows, newest first, and which window of it.
public struct ComputeExecutionQuery: Sendable, Hashable {
    /// Only those of this tenant.
    public var tenantID: Tenant.ID?
    /// Only these statuses; empty for every one.
    public var statuses: Set<ComputeExecutionStatus>
    /// Only this operation.
    public var operation: ComputeOperation?
    /// Only executions whose identifier, tenant or error contains all of these texts.
    public var words: [String]
    /// Behind which item the window begins; nil for the beginning.
    public var after: PageCursor?
    /// How many items the window holds.
    public var limit: Int

    /// Describes a list.
    public init(
        tenantID: Tenant.ID? = nil, statuses: Set<ComputeExecutionStatus> = [], operation: ComputeOperation? = nil,
        words: [String] = [], after: PageCursor? = nil, limit: Int = PageLimit.standard
    ) {
        self.tenantID = tenantID
        self.statuses = statuses
        self.operation = operation
        self.words = words
        self.after = after
        self.limit = PageLimit.clamped(limit)
    }
}
