/// Where a tenant stands.
///
/// The raw value is what the database and every listing show.
public enum TenantStatus: String, Sendable, Hashable, CaseIterable {
    /// Asked for; nothing was done yet.
    case requested
    /// The difference between desired and observed is being made.
    case planning
    /// A run makes its first compute.
    case provisioning
    /// Reachable, as its health checks say.
    case ready
    /// A run changes its compute.
    case updating
    /// A run removes its compute; the record stays listed.
    case archiving
    /// Without compute, still listed.
    case archived
    /// A run removes its compute; a tombstone follows.
    case deleting
    /// A tombstone: history stays, the name is free again.
    case deleted
    /// The last operation failed; an operator decides.
    case failed

    /// The engine has something to do.
    public var isWorking: Bool {
        switch self {
        case .requested, .planning, .provisioning, .updating, .archiving, .deleting: true
        case .ready, .archived, .deleted, .failed: false
        }
    }

    /// The config may not change any more.
    public var isEnding: Bool {
        switch self {
        case .archiving, .archived, .deleting, .deleted: true
        case .requested, .planning, .provisioning, .ready, .updating, .failed: false
        }
    }
}
