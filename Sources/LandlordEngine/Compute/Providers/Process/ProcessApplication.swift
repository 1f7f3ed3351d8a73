import LandlordDomain
import Logging
import StatesLanguage

/// One provision or update of one tenant: makes what runs equal to what is wanted, or leaves what was there before.
struct ProcessApplication: Sendable {
    let provider: ProcessComputeProvider
    let tenant: TenantCompute
    let operation: OperationContext

    private var tenantID: Tenant.ID { tenant.tenantID }

    /// Applies the spec to what is recorded.
    func run(from before: ProcessRecord?) async throws(ComputeError) -> ComputeResult {
        let violations = provider.violations(of: tenant.spec)
        guard violations.isEmpty else {
            throw ComputeError(
                .invalidConfiguration, "The process provider cannot run this spec.",
                providerError: violations.map(\.description).joined(separator: "\n"))
        }
        let plans = LaunchPlan.plans(for: tenant.spec)
        let change = ProcessChange(from: before, to: plans) { isInGoodHands($0) }
        var record = before ?? ProcessRecord(tenantID: tenantID)
        if let before { provider.ports.keep(before) }
        do throws(ComputeError) {
            try await apply(change, to: &record)
            return result(of: record, changes: change.summaries)
        } catch {
            let attempted = record
            let isUnwanted = error.code == .cancelled && before == nil
            // The way back is gone to its end, also when the way there was cut off.
            let restored = await Task {
                isUnwanted ? await self.removeAll(attempted) : await self.rollBack(to: before, from: attempted)
            }.value
            throw withOutcome(error, isRestored: restored, before: before)
        }
    }

    /// Whether a recorded container can be adopted: its supervisor lives, and has been told to start it.
    private func isInGoodHands(_ container: ProcessRecord.Container) -> Bool {
        guard let supervisor = container.supervisor, supervisor.isAlive,
            let state = provider.directories.container(container.name, of: tenantID).state,
            state.supervisor == supervisor
        else { return false }
        switch state.phase {
        case .running, .backingOff: return true
        case .waiting, .stopping, .stopped, .failed: return false
        }
    }

    // MARK: - Forward

    private func apply(_ change: ProcessChange, to record: inout ProcessRecord) async throws(ComputeError) {
        if !change.summaries.isEmpty, record.configHash != nil {
            record.configHash = nil
            try await provider.save(record)
        }
        for name in change.removals { try await remove(name, from: &record) }
        for (index, step) in change.steps.enumerated() {
            try checkCancellation()
            switch step {
            case .keep: break
            case .start(let plan), .replace(let plan), .revive(let plan): try await start(plan, in: &record)
            }
            try await waitUntilReady(step.plan, in: record)
            await operation.report("step \(index + 1)/\(change.steps.count): container \(step.plan.name) is ready")
        }
        let order = change.steps.map(\.plan.name)
        record.containers.sort { (order.firstIndex(of: $0.name) ?? 0) < (order.firstIndex(of: $1.name) ?? 0) }
        if record.configHash != tenant.configHash {
            record.configHash = tenant.configHash
            try await provider.save(record)
        }
        // Only now: a roll back would have needed what these containers wrote.
        for name in change.removals {
            try ProcessDirectories.remove(provider.directories.container(name, of: tenantID).path)
        }
    }

    private func checkCancellation() throws(ComputeError) {
        guard Task.isCancelled else { return }
        throw ComputeError(.cancelled, "The operation was cancelled.")
    }

    private func remove(_ name: String, from record: inout ProcessRecord) async throws(ComputeError) {
        await provider.stop(name, of: tenantID, record: record)
        record.containers.removeAll { $0.name == name }
        try await provider.save(record)
        provider.ports.release(tenantID, keeping: record.containers.map(\.name))
    }

    /// Starts a container, in place of the one that has its name.
    private func start(_ plan: LaunchPlan, in record: inout ProcessRecord) async throws(ComputeError) {
        let old = record.container(plan.name)
        await provider.stop(plan.name, of: tenantID, record: record)
        let ports = try reserve(plan, previous: old?.ports ?? [])
        var next = record
        var entry = ProcessRecord.Container(
            name: plan.name, document: plan.document, ports: ports.assignments, supervisor: nil)
        let runner = provider.runner(for: plan.name, of: tenantID)
        do throws(ComputeError) {
            try await runner.start(plan, ports: ports) { identity async throws(ComputeError) in
                entry.supervisor = identity
                next.put(entry)
                try await provider.save(next)
            }
        } catch {
            // The record may name a supervisor by now that was sent away: it is not alive, which is all that counts.
            entry.supervisor = nil
            record.put(entry)
            throw error
        }
        record = next
        provider.logger.debug(
            "Container started",
            metadata: ["tenant_id": "\(tenantID)", "container": "\(plan.name)"])
    }

    private func reserve(_ plan: LaunchPlan, previous: [PortAssignment]) throws(ComputeError) -> PortPlan {
        do throws(PortPlan.Failure) {
            return try provider.ports.reserve(for: plan.container, of: tenantID, previous: previous)
        } catch {
            switch error {
            case .taken(let port):
                throw ComputeError(.resourceExhausted, "\(plan.name): port \(port) is taken on this machine.")
            case .exhausted:
                throw ComputeError(.resourceExhausted, "\(plan.name): no port is free on this machine.")
            }
        }
    }

    private func waitUntilReady(_ plan: LaunchPlan, in record: ProcessRecord) async throws(ComputeError) {
        guard let container = record.container(plan.name), let supervisor = container.supervisor else {
            throw ComputeError(.unknown, "\(plan.name): was not recorded.")
        }
        let runner = provider.runner(for: plan.name, of: tenantID)
        try await ContainerReadiness(
            plan: plan, supervisor: supervisor, directory: runner.directory,
            probe: try runner.probe(of: plan, ports: container.ports), options: provider.options,
            surroundings: provider.surroundings
        ).wait()
    }

    private func result(of record: ProcessRecord, changes: [String]) -> ComputeResult {
        ComputeResult(resourceIDs: record.resourceIDs, endpoints: record.endpoints, changes: changes)
    }

    // MARK: - Back

    /// Removes what a cancelled first provision made: nobody waits for the reason that its logs would tell.
    private func removeAll(_ attempted: ProcessRecord) async -> Bool {
        do throws(ComputeError) {
            // Where the record cannot be written, another engine may have taken over, and adopted what runs.
            try await provider.save(attempted)
            return try await provider.remove(tenantID)
        } catch { return false }
    }

    /// Restores the containers that ran before, and stops all others.
    ///
    /// - Returns: Whether everything runs that ran before.
    private func rollBack(to before: ProcessRecord?, from attempted: ProcessRecord) async -> Bool {
        let wanted = (before?.containers ?? []).filter { $0.supervisor != nil }
        var record = attempted
        record.configHash = nil
        // Where the record cannot be written, another engine may have taken over, and adopted what runs.
        do throws(ComputeError) { try await provider.save(record) } catch { return false }
        var isRestored = true
        for container in attempted.containers where !wanted.contains(where: { $0 == container }) {
            await provider.stop(container.name, of: tenantID, record: attempted)
            record.remove(supervisorOf: container.name)
        }
        for container in wanted where !isInGoodHands(container) {
            guard let plan = LaunchPlan(document: container.document) else {
                isRestored = false
                continue
            }
            do throws(ComputeError) {
                record.put(container)
                try await start(plan, in: &record)
                try await waitUntilReady(plan, in: record)
            } catch {
                isRestored = false
                provider.logger.info(
                    "Container could not be restored",
                    metadata: ["tenant_id": "\(tenantID)", "container": "\(plan.name)", "error": "\(error)"])
            }
        }
        if let before, !wanted.isEmpty, isRestored {
            record.containers = before.containers.compactMap { record.container($0.name) }
            record.configHash = before.configHash
        }
        provider.ports.release(tenantID, keeping: record.containers.map(\.name))
        // The operation fails in any case; that its remains could not be recorded is found by the next one, which
        // compares the record with the world.
        do throws(ComputeError) { try await provider.save(record) } catch { return false }
        return isRestored
    }

    private func withOutcome(_ error: ComputeError, isRestored: Bool, before: ProcessRecord?) -> ComputeError {
        let hadContainers = before?.containers.contains { $0.supervisor != nil } ?? false
        guard hadContainers else { return error }
        let outcome = isRestored ? "The former containers run." : "The former containers could not all be restored."
        return ComputeError(error.code, "\(error.message) \(outcome)", providerError: error.providerError)
    }
}

extension ProcessRecord {
    /// Adds a container, in place of the one that has its name.
    mutating func put(_ container: Container) {
        guard let index = containers.firstIndex(where: { $0.name == container.name }) else {
            containers.append(container)
            return
        }
        containers[index] = container
    }

    /// Records that nothing keeps a container running.
    mutating func remove(supervisorOf name: String) {
        guard let index = containers.firstIndex(where: { $0.name == name }) else { return }
        containers[index].supervisor = nil
    }

    /// One identifier for each container that has a supervisor.
    var resourceIDs: [String: String] {
        var identifiers: [String: String] = [:]
        for container in containers {
            guard let supervisor = container.supervisor else { continue }
            identifiers[container.name] = "supervisor/\(supervisor.pid)"
        }
        return identifiers
    }

    /// Where the containers' ports are reached.
    var endpoints: [Endpoint] {
        containers.flatMap { container in
            let check = LaunchPlan(document: container.document)?.container.healthCheck
            return container.ports.enumerated().map { index, port in
                Endpoint(
                    name: port.name ?? container.name, kind: port.kind(check, isFirst: index == 0),
                    address: "127.0.0.1", port: port.port)
            }
        }
    }
}

extension PortAssignment {
    /// What probably answers at a port: its name says so, or its health check does.
    func kind(_ check: HealthCheckConfig?, isFirst: Bool) -> Endpoint.Kind {
        if transport == .udp { return .udp }
        if let kind = name.flatMap({ Endpoint.Kind(rawValue: $0) }), kind != .udp { return kind }
        guard let check, check.kind == .http else { return .tcp }
        switch check.port {
        case nil: return isFirst ? .http : .tcp
        case .number(let number)?: return number == containerPort ? .http : .tcp
        case .name(let checked)?: return checked == name ? .http : .tcp
        }
    }
}
