public import StatesLanguage

/// What the reconciler should do next for a tenant.
public enum TenantDecision: Sendable, Hashable {
    /// Nothing, until something changes.
    case rest
    /// Nothing before this time: the last try failed.
    case wait(until: Timestamp)
    /// Write the plan, the status and the intent to run; then invoke the run that the intent names.
    case intend(ComputeOperation)
    /// The intent is written, but the run does not exist yet: invoke it. Repeating that is safe.
    case invoke
    /// The run goes on; write down what it is doing, if that changed.
    case note(WorkflowStatus)
    /// The run may not go on: stop it, then look again.
    case stop(reason: String)
    /// The run succeeded.
    case complete(WorkflowStatus)
    /// The run ended without success.
    case fail(message: String)
}

extension TenantLifecycle {
    /// Why a run is stopped when its tenant got a newer spec.
    public static let newerSpecReason = "Configuration updated"

    /// Decides from what is stored, never from the event that woke anybody.
    ///
    /// - Parameters:
    ///   - tenant: The tenant as it is stored.
    ///   - run: What the provider says of `tenant.run`; nil where the provider does not know it.
    ///   - now: The time, for the persisted backoff.
    /// - Returns: The one thing that is to be done next.
    public static func decide(_ tenant: Tenant, run: WorkflowStatus?, now: Timestamp) -> TenantDecision {
        if let due = backoffEnd(of: tenant, now: now) { return .wait(until: due) }
        switch tenant.status {
        case .archived, .deleted, .failed:
            return .rest
        case .ready:
            return tenant.hasUnappliedChange ? .intend(.update) : .rest
        case .requested, .planning:
            // A tenant can fail because its run could not be seen; that run may still be at work.
            if let run, !run.state.isTerminal { return .stop(reason: "\(tenant.name) is \(tenant.status.rawValue)") }
            return .intend(tenant.observedGeneration == 0 ? .provision : .update)
        case .provisioning:
            return decide(tenant, operation: .provision, run: run)
        case .updating:
            return decide(tenant, operation: .update, run: run)
        case .archiving, .deleting:
            return decide(tenant, operation: .delete, run: run)
        }
    }

    /// When the engine may do something for a tenant again; nil for at once.
    ///
    /// Asked before the run's engine is, so that a look that comes too early is no further failure of that engine.
    public static func backoffEnd(of tenant: Tenant, now: Timestamp) -> Timestamp? {
        guard let due = tenant.nextAttemptAt, due > now, tenant.status.isWorking else { return nil }
        return due
    }

    private static func decide(
        _ tenant: Tenant, operation: ComputeOperation, run: WorkflowStatus?
    ) -> TenantDecision {
        guard let known = tenant.run else { return .intend(operation) }
        // An intent for other work than the status asks for: an operator deleted or archived while it ran.
        if known.operation != operation || !isCurrent(known, of: tenant, operation: operation) {
            guard let run, !run.state.isTerminal else { return .intend(operation) }
            return .stop(reason: "\(tenant.name) is \(tenant.status.rawValue)")
        }
        guard let run else {
            // Nothing was started yet, so a spec that came meanwhile can still take the place of the intended one.
            let isOutdated = known.generation != tenant.generation && operation != .delete
            return isOutdated ? .intend(operation) : .invoke
        }
        return decide(tenant, operation: operation, following: run, as: known)
    }

    private static func decide(
        _ tenant: Tenant, operation: ComputeOperation, following run: WorkflowStatus, as known: TenantRun
    ) -> TenantDecision {
        let hasNewerSpec = known.generation != tenant.generation && operation != .delete
        switch run.state {
        case .pending, .running:
            // A run that backs off may do so for long; a healthy one is left to finish and is followed by an update.
            if hasNewerSpec, run.subState == .backingOff { return .stop(reason: newerSpecReason) }
            return .note(run)
        case .succeeded:
            return .complete(run)
        case .failed, .timedOut, .cancelled:
            if hasNewerSpec { return .intend(operation) }
            return .fail(message: failureMessage(of: run))
        }
    }

    /// An intent of an earlier retry is not the one that this retry means.
    private static func isCurrent(_ run: TenantRun, of tenant: Tenant, operation: ComputeOperation) -> Bool {
        run.executionID
            == ProvisionRequest.executionName(
                tenantID: tenant.id, operation: operation, generation: run.generation,
                attemptEpoch: tenant.attemptEpoch)
    }

    private static func failureMessage(of run: WorkflowStatus) -> String {
        guard let error = run.error else { return "the run ended \(run.state.rawValue)" }
        return "\(error.code): \(error.message)"
    }
}
