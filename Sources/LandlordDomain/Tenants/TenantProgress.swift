public import StatesLanguage

/// What the reconciler writes, decided as values.
extension TenantLifecycle {
    /// The actor in the history of everything that the engine does by itself.
    public static let reconcilerActor = "reconciler"

    /// Writes the intent to run an operation: status, plan and the run's name, before anything is invoked.
    public static func intend(
        _ operation: ComputeOperation, for tenant: Tenant, at now: Timestamp
    ) throws(IllegalTransition) -> Change {
        var intended = tenant
        var transitions: [TenantTransition] = []
        for status in path(from: tenant.status, to: operation) {
            let reason = reason(for: status, of: intended)
            let step = try move(intended, to: status, reason: reason, by: reconcilerActor, at: now)
            intended = step.tenant
            transitions.append(step.transition)
        }
        intended.run = TenantRun(
            executionID: ProvisionRequest.executionName(
                tenantID: tenant.id, operation: operation, generation: tenant.generation,
                attemptEpoch: tenant.attemptEpoch),
            operation: operation, generation: tenant.generation, configHash: tenant.desired.hash,
            // What a run does that is under way; only one that does otherwise needs a note of its own.
            subState: .running)
        intended.updatedAt = now
        return (intended, transitions)
    }

    /// Applies what a successful run produced.
    ///
    /// A newer spec that came while the run was healthy is not lost: the tenant becomes ready and goes on to an update.
    public static func complete(
        _ tenant: Tenant, with run: WorkflowStatus, at now: Timestamp
    ) throws(IllegalTransition) -> Change {
        var done = tenant
        done.retryCount = 0
        done.nextAttemptAt = nil
        done.run?.subState = .succeeded
        done.run?.errorMessage = nil
        switch tenant.status {
        case .archiving, .deleting:
            done.observed = nil
            done.observedGeneration = 0
            done.resourceIDs = [:]
            done.endpoints = []
            done.drift = nil
            let end: TenantStatus = tenant.status == .archiving ? .archived : .deleted
            let step = try move(done, to: end, reason: "its compute is removed", by: reconcilerActor, at: now)
            return (step.tenant, [step.transition])
        case .requested, .planning, .provisioning, .ready, .updating, .archived, .deleted, .failed:
            let output = run.output ?? .null
            observe(output, of: tenant, in: &done)
            let result = output["result"] ?? .null
            done.resourceIDs = result["resource_ids"]?.stringMap ?? [:]
            done.endpoints = (result["endpoints"]?.arrayValue ?? []).compactMap { Endpoint(json: $0) }
            done.drift = nil
            let reason = tenant.status == .updating ? "updated" : "provisioned"
            let step = try move(done, to: .ready, reason: reason, by: reconcilerActor, at: now)
            return (step.tenant, [step.transition])
        }
    }

    /// Takes down which config the run has applied.
    ///
    /// An engine whose output does not say so is held to the intent: the run did what it was invoked for. Otherwise the
    /// tenant would be updated to the same generation for ever.
    private static func observe(_ output: JSONValue, of tenant: Tenant, in done: inout Tenant) {
        let request = ProvisionRequest(json: output)
        if let request, request.generation == tenant.run?.generation ?? request.generation {
            done.observed = request.desired
            done.observedGeneration = request.generation
        } else if let intent = tenant.run {
            done.observedGeneration = intent.generation
            if intent.configHash == tenant.desired.hash { done.observed = tenant.desired }
        }
    }

    /// Ends the operation without success; an operator decides what follows.
    public static func fail(
        _ tenant: Tenant, message: String, at now: Timestamp
    ) throws(IllegalTransition) -> Change {
        var failed = tenant
        failed.nextAttemptAt = nil
        failed.run?.subState = .failed
        failed.run?.errorMessage = message
        let step = try move(failed, to: .failed, reason: message, by: reconcilerActor, at: now)
        return (step.tenant, [step.transition])
    }

    /// Writes down what a run is doing; nil where that is what is written already.
    public static func note(_ run: WorkflowStatus, on tenant: Tenant, at now: Timestamp) -> Tenant? {
        var noted = tenant
        noted.run?.subState = run.subState
        noted.run?.retryCount = run.retryCount
        noted.run?.errorMessage = run.error.map { "\($0.code): \($0.message)" }
        noted.retryCount = 0
        noted.nextAttemptAt = nil
        // The trouble with the engine is over, and so is the message about it.
        if tenant.retryCount > 0 { noted.statusMessage = reason(for: tenant.status, of: tenant) }
        guard noted != tenant else { return nil }
        noted.updatedAt = now
        return noted
    }

    /// Applies that the engine could not start or see a run: a later try, or failure when the tries are used up.
    public static func setBack(
        _ tenant: Tenant, by problem: String, attemptLimit: Int, backoff: Backoff, jitter: Double, at now: Timestamp
    ) throws(IllegalTransition) -> Change {
        if tenant.retryCount >= attemptLimit { return try fail(tenant, message: problem, at: now) }
        var later = tenant
        later.retryCount += 1
        later.nextAttemptAt = now.advanced(by: backoff.delay(afterFailures: later.retryCount, jitter: jitter))
        later.run?.errorMessage = problem
        later.statusMessage = problem
        later.updatedAt = now
        return (later, [])
    }

    private static func path(from status: TenantStatus, to operation: ComputeOperation) -> [TenantStatus] {
        switch (status, operation) {
        case (.requested, .provision), (.ready, .provision): [.planning, .provisioning]
        case (.requested, .update), (.ready, .update): [.planning, .updating]
        case (.planning, .provision): [.provisioning]
        case (.planning, .update): [.updating]
        default: []
        }
    }

    private static func reason(for status: TenantStatus, of tenant: Tenant) -> String {
        switch status {
        case .planning:
            let count = Plan(desired: tenant.desired, observed: tenant.observed).changes.count
            return count == 1 ? "1 field differs" : "\(count) fields differ"
        case .requested, .provisioning, .ready, .updating, .archiving, .archived, .deleting, .deleted, .failed:
            return "generation \(tenant.generation)"
        }
    }
}
