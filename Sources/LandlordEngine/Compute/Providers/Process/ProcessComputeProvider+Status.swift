public import LandlordDomain
import StatesLanguage

extension ProcessComputeProvider {
    /// Looks at the processes and asks them how they are.
    public func status(of tenantID: Tenant.ID) async throws(ComputeError) -> ComputeStatus? {
        guard let record = try await record(of: tenantID) else { return nil }
        let observations = await withTaskGroup(of: (Int, ContainerObservation).self) { group in
            for (index, container) in record.containers.enumerated() {
                group.addTask { (index, await observe(container, of: tenantID)) }
            }
            var found: [(Int, ContainerObservation)] = []
            for await observation in group { found.append(observation) }
            return found.sorted { $0.0 < $1.0 }.map(\.1)
        }
        var metadata: [String: String] = [:]
        for observation in observations { metadata.merge(observation.metadata) { first, _ in first } }
        return ComputeStatus(
            tenantID: tenantID, state: Self.summary(of: observations.map(\.status.state)),
            health: Self.summary(of: observations.map(\.health)), containers: observations.map(\.status),
            configHash: record.configHash, endpoints: record.endpoints, resourceIDs: record.resourceIDs,
            metadata: metadata)
    }

    /// The last lines of every container, or those behind a position.
    public func logs(
        of tenantID: Tenant.ID, after position: LogPosition?, limit: Int
    ) async throws(ComputeError) -> LogChunk {
        var lines: [LogChunk.Line] = []
        var offsets: [String: Int] = [:]
        for container in directories.containers(of: tenantID) {
            let log = directories.container(container, of: tenantID).log
            let read: LogFiles.Lines =
                if let position {
                    log.lines(after: position.offsets[container] ?? 0, limit: limit)
                } else { log.last(limit) }
            lines += read.texts.map { LogChunk.Line(container: container, text: $0) }
            offsets[container] = read.offset
        }
        return LogChunk(lines: lines, position: LogPosition(offsets: offsets))
    }

    /// What is seen of one container.
    private struct ContainerObservation: Sendable {
        var status: ContainerStatus
        var health: ComputeStatus.Health
        var metadata: [String: String]
    }

    private func observe(_ container: ProcessRecord.Container, of tenantID: Tenant.ID) async -> ContainerObservation {
        let runner = runner(for: container.name, of: tenantID)
        let state = runner.directory.state
        var observation = ContainerObservation(
            status: Self.status(of: container, state: state), health: .unknown,
            metadata: Self.metadata(of: container.name, state))
        guard observation.status.state == .running else {
            if observation.status.state == .failed { observation.health = .unhealthy }
            return observation
        }
        guard let plan = LaunchPlan(document: container.document) else { return observation }
        let answer = await ask(runner, plan, container.ports)
        switch answer {
        case .healthy?: observation.health = .healthy
        case .unhealthy(let reason)?:
            observation.health = .unhealthy
            observation.status = ContainerStatus(
                name: container.name, state: .running, isReady: false, restartCount: state?.restartCount ?? 0,
                message: "the health check fails: \(reason)")
        case nil: observation.health = plan.container.healthCheck == nil ? .healthy : .unknown
        }
        return observation
    }

    /// Asks as often as the spec demands before a container counts as unwell; nil where there is nothing to ask.
    private func ask(
        _ runner: ContainerRunner, _ plan: LaunchPlan, _ ports: [PortAssignment]
    ) async -> HealthProbe.Answer? {
        // A secret that cannot be read now says nothing about the process that was given it when it started.
        guard let probe = try? runner.probe(of: plan, ports: ports) else { return nil }
        let attempts = min(plan.container.healthCheck?.unhealthyThreshold ?? 1, 3)
        var answer: HealthProbe.Answer?
        for attempt in 1...attempts {
            do {
                answer = try await probe.ask(supervisor: options.supervisor, on: surroundings.clock)
                if answer?.isHealthy == true { return answer }
                if attempt < attempts { try await surroundings.clock.sleep(for: .milliseconds(50)) }
            } catch { return nil }
        }
        return answer
    }

    private static func status(of container: ProcessRecord.Container, state: SupervisorState?) -> ContainerStatus {
        let (now, message) = condition(of: container, state: state)
        return ContainerStatus(
            name: container.name, state: now, isReady: now == .running, restartCount: state?.restartCount ?? 0,
            message: message)
    }

    private static func condition(
        of container: ProcessRecord.Container, state: SupervisorState?
    ) -> (ComputeStatus.State, String) {
        guard let supervisor = container.supervisor else {
            return (.stopped, state?.lastExit.map { "ended with \($0)" } ?? "")
        }
        guard let state, state.supervisor == supervisor else {
            return (.failed, "its supervisor left no state")
        }
        let exit = state.lastExit.map { "ended with \($0)" } ?? ""
        switch state.phase {
        case .stopped: return (.stopped, exit)
        case .failed:
            let failure = state.spawnFailure.map { "could not be started: \($0.message)" }
            return (.failed, failure ?? exit)
        case .waiting, .running, .backingOff, .stopping:
            guard supervisor.isAlive else { return (.failed, "its supervisor was killed") }
        }
        switch state.phase {
        case .waiting: return (.starting, "")
        case .running: return (.running, state.restartCount > 0 ? "restarted; \(exit)" : "")
        case .backingOff: return (.starting, "\(exit); is started again after a pause")
        case .stopping, .stopped, .failed: return (.stopping, "")
        }
    }

    private static func metadata(of name: String, _ state: SupervisorState?) -> [String: String] {
        guard let state else { return [:] }
        var metadata: [String: String] = [:]
        if let child = state.child { metadata["\(name).pid"] = String(child.pid) }
        if state.memoryLimit == .notEnforced { metadata["\(name).memory_limit"] = "not enforced" }
        if state.cpuLimit == .notEnforced { metadata["\(name).cpu_limit"] = "not enforced" }
        if state.logBytesDropped > 0 { metadata["\(name).log_bytes_dropped"] = String(state.logBytesDropped) }
        return metadata
    }

    /// The state of a tenant whose containers have these states: the worst that somebody must look at.
    static func summary(of states: [ComputeStatus.State]) -> ComputeStatus.State {
        let order: [ComputeStatus.State] = [.failed, .unknown, .stopping, .starting]
        for state in order where states.contains(state) { return state }
        if states.isEmpty || states.allSatisfy({ $0 == .stopped }) { return .stopped }
        // One that ended although the others run has failed the tenant, however well it ended.
        return states.contains(.stopped) ? .failed : .running
    }

    /// The health of a tenant whose containers are so well.
    static func summary(of healths: [ComputeStatus.Health]) -> ComputeStatus.Health {
        if healths.contains(.unhealthy) { return .unhealthy }
        return healths.isEmpty || healths.contains(.unknown) ? .unknown : .healthy
    }
}
