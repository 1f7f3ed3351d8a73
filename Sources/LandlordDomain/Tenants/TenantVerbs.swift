public import StatesLanguage

/// What an operator may do to a tenant, decided from what is stored. Each verb is one durable write.
///
/// A verb that is already true answers nil: repeating it is harmless and changes nothing.
extension TenantLifecycle {
    /// A written change of a tenant: the new value and the lines of history that go with it.
    public typealias Change = (tenant: Tenant, transitions: [TenantTransition])

    /// Gives a tenant a new spec; nil where the spec is the one that it has.
    public static func apply(
        _ spec: TenantSpec, to tenant: Tenant, by actor: String, at now: Timestamp
    ) throws(TenantRefusal) -> Change? {
        if tenant.status.isEnding || tenant.failedWhile == .deleting || tenant.failedWhile == .archiving {
            throw .ending(name: tenant.name, status: tenant.status, failedWhile: tenant.failedWhile)
        }
        if let wanted = spec.config.provider, let current = tenant.desired.provider, wanted != current {
            throw .providerChange(name: tenant.name, from: current, to: wanted)
        }
        var changed = tenant
        changed.labels = spec.labels
        changed.annotations = spec.annotations
        let hasNewConfig = spec.config.hash != tenant.desired.hash
        if hasNewConfig {
            changed.desired = spec.config
            changed.generation += 1
            changed.retryCount = 0
            changed.nextAttemptAt = nil
        }
        if !hasNewConfig, changed == tenant { return nil }
        changed.updatedAt = now
        guard hasNewConfig, tenant.status == .failed || tenant.status == .ready else { return (changed, []) }
        return try step(changed, to: .planning, reason: "the spec changed", by: actor, at: now)
    }

    /// Tries again what failed.
    public static func retry(
        _ tenant: Tenant, by actor: String, at now: Timestamp
    ) throws(TenantRefusal) -> Change {
        guard tenant.status == .failed else { throw .notFailed(name: tenant.name, status: tenant.status) }
        var again = tenant
        again.attemptEpoch += 1
        again.retryCount = 0
        again.nextAttemptAt = nil
        let phase = tenant.failedWhile ?? .planning
        return try step(again, to: phase.status, reason: "retried", by: actor, at: now)
    }

    /// Removes the compute and keeps the record listed; nil where that is under way or done.
    public static func archive(
        _ tenant: Tenant, by actor: String, at now: Timestamp
    ) throws(TenantRefusal) -> Change? {
        if tenant.status == .archiving || tenant.status == .archived { return nil }
        return try step(renewed(tenant), to: .archiving, reason: "archived by \(actor)", by: actor, at: now)
    }

    /// Removes the compute and leaves a tombstone; nil where that is under way or done.
    public static func delete(
        _ tenant: Tenant, by actor: String, at now: Timestamp
    ) throws(TenantRefusal) -> Change? {
        if tenant.status == .deleting || tenant.status == .deleted { return nil }
        return try step(renewed(tenant), to: .deleting, reason: "deleted by \(actor)", by: actor, at: now)
    }

    /// A new attempt epoch, so that an ending after a failed ending has a run of its own.
    private static func renewed(_ tenant: Tenant) -> Tenant {
        var renewed = tenant
        renewed.attemptEpoch += 1
        renewed.retryCount = 0
        renewed.nextAttemptAt = nil
        return renewed
    }

    private static func step(
        _ tenant: Tenant, to status: TenantStatus, reason: String, by actor: String, at now: Timestamp
    ) throws(TenantRefusal) -> Change {
        do {
            let moved = try move(tenant, to: status, reason: reason, by: actor, at: now)
            return (moved.tenant, [moved.transition])
        } catch {
            throw .illegal(error)
        }
    }
}

/// Why a verb was refused.
///
/// Nothing was changed.
public enum TenantRefusal: Error, Sendable, Hashable, CustomStringConvertible {
    /// The spec of a tenant that is going away may not change.
    case ending(name: String, status: TenantStatus, failedWhile: FailedPhase?)
    /// Only what failed can be retried.
    case notFailed(name: String, status: TenantStatus)
    /// What the old provider made would be left behind.
    case providerChange(name: String, from: String, to: String)
    /// The state machine has no such step.
    case illegal(IllegalTransition)

    /// The refusal as a sentence that says what would work.
    public var description: String {
        switch self {
        case .ending(let name, .failed, let phase):
            "\(name) failed while \(phase?.status.rawValue ?? "ending"); its spec can no longer change. "
                + "Retry it, or delete it"
        case .ending(let name, let status, _):
            "\(name) is \(status.rawValue); its spec can no longer change"
        case .notFailed(let name, let status):
            "\(name) is \(status.rawValue); only a failed tenant can be retried"
        case .providerChange(let name, let from, let to):
            "\(name) runs at provider '\(from)' and cannot move to '\(to)'; delete it and apply the spec again"
        case .illegal(let step):
            step.description
        }
    }
}
