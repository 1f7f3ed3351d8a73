public import StatesLanguage

/// The tenant's state machine: one table that a person can read, and the one function that moves a tenant along it.
public enum TenantLifecycle {
    /// Every legal step.
    ///
    /// `docs/state-machines.md` is checked against this table.
    public static let legal: [TenantStatus: Set<TenantStatus>] = [
        .requested: [.planning, .deleting, .failed],
        .planning: [.provisioning, .updating, .deleting, .failed],
        .provisioning: [.ready, .deleting, .failed],
        .ready: [.planning, .archiving, .deleting],
        .updating: [.ready, .deleting, .failed],
        .archiving: [.archived, .deleting, .failed],
        .archived: [.deleting],
        .deleting: [.deleted, .failed],
        .deleted: [],
        .failed: [.planning, .archiving, .deleting],
    ]

    /// Moves a tenant and writes the sentence of its history in one step, so that no status is without one.
    ///
    /// - Throws: `IllegalTransition` where the table has no such step.
    public static func move(
        _ tenant: Tenant, to status: TenantStatus, reason: String, by actor: String, at now: Timestamp
    ) throws(IllegalTransition) -> (tenant: Tenant, transition: TenantTransition) {
        guard legal[tenant.status, default: []].contains(status) else {
            throw IllegalTransition(name: tenant.name, from: tenant.status, to: status)
        }
        var moved = tenant
        if status == .failed {
            moved.failedWhile = failedPhase(of: tenant.status)
        } else if !status.isWorking || tenant.status == .failed {
            moved.failedWhile = nil
        }
        moved.status = status
        moved.statusMessage = reason
        moved.statusSince = now
        moved.updatedAt = now
        let transition = TenantTransition(
            tenantID: tenant.id, from: tenant.status, to: status, reason: reason, triggeredBy: actor,
            desiredHash: tenant.desired.hash, observedHash: tenant.observed?.hash,
            desired: tenant.desired.document, observed: tenant.observed?.document, createdAt: now)
        return (moved, transition)
    }

    /// The sentence with which a tenant's history begins.
    public static func birth(of tenant: Tenant, by actor: String) -> TenantTransition {
        TenantTransition(
            tenantID: tenant.id, from: nil, to: tenant.status, reason: "requested", triggeredBy: actor,
            desiredHash: tenant.desired.hash, observedHash: nil, desired: tenant.desired.document, observed: nil,
            createdAt: tenant.createdAt)
    }

    /// What a retry goes back to.
    ///
    /// A failed delete is retried as a delete, never as a provision.
    private static func failedPhase(of status: TenantStatus) -> FailedPhase {
        switch status {
        case .deleting: .deleting
        case .archiving: .archiving
        case .requested, .planning, .provisioning, .ready, .updating, .archived, .deleted, .failed: .planning
        }
    }
}

/// A step that the state machine does not have.
public struct IllegalTransition: Error, Sendable, Hashable, CustomStringConvertible {
    /// The tenant's name.
    public let name: String
    /// Where it stands.
    public let from: TenantStatus
    /// Where it cannot go from there.
    public let to: TenantStatus

    /// The refusal as a sentence.
    public var description: String { "\(name) is \(from.rawValue) and cannot become \(to.rawValue)" }
}

/// One line of a tenant's history: a status that it took, why, and what was desired and observed then.
public struct TenantTransition: Sendable, Hashable {
    /// Whose history.
    public let tenantID: Tenant.ID
    /// The status before; nil for the first line.
    public let from: TenantStatus?
    /// The status after.
    public let to: TenantStatus
    /// Why, for a person.
    public let reason: String
    /// Who or what caused it: `operator`, `reconciler`, ...
    public let triggeredBy: String
    /// The hash of the desired config then.
    public let desiredHash: String
    /// The hash of the observed config then.
    public let observedHash: String?
    /// The desired config then.
    public let desired: JSONValue
    /// The observed config then.
    public let observed: JSONValue?
    /// When.
    public let createdAt: Timestamp

    /// A line exactly as it was stored.
    public init(
        tenantID: Tenant.ID, from: TenantStatus?, to: TenantStatus, reason: String, triggeredBy: String,
        desiredHash: String, observedHash: String?, desired: JSONValue, observed: JSONValue?, createdAt: Timestamp
    ) {
        self.tenantID = tenantID
        self.from = from
        self.to = to
        self.reason = reason
        self.triggeredBy = triggeredBy
        self.desiredHash = desiredHash
        self.observedHash = observedHash
        self.desired = desired
        self.observed = observed
        self.createdAt = createdAt
    }
}
