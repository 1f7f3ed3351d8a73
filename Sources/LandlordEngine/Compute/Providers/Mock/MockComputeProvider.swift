public import LandlordDomain
public import StatesLanguage

/// Plays a provider: takes the time and fails in the ways that a tenant's `provider_config` scripts.
///
/// It is for demos, tests and benchmarks, and keeps the contract of a real provider: what it "runs" is in the database,
/// so it survives a restart, and a repeated call finds what the first one made.
public struct MockComputeProvider: ComputeProvider {
    private let store: any MockResourceStore
    private let surroundings: Surroundings

    /// A mock that keeps its tenants in a store.
    public init(store: any MockResourceStore, surroundings: Surroundings) {
        self.store = store
        self.surroundings = surroundings
    }

    /// `mock`.
    public var name: String { "mock" }

    /// What a script may say.
    public var configSchema: JSONValue { MockScript.schema }

    /// What a script breaks.
    public func violations(of spec: ComputeSpec) -> [Violation] {
        MockScript.violations(of: spec.providerConfig)
    }

    /// "Starts" the tenant's containers.
    public func provision(
        _ tenant: TenantCompute, _ operation: OperationContext
    ) async throws(ComputeError) -> ProviderResult {
        let kept = try await resource(of: tenant.tenantID)
        if let kept, kept.configHash == tenant.configHash {
            return answer(isStarting(kept) ? .inProgress : .success, kept)
        }
        return try await make(tenant, .provision, operation, from: kept)
    }

    /// "Changes" the tenant's containers.
    public func update(
        _ tenant: TenantCompute, _ operation: OperationContext
    ) async throws(ComputeError) -> ProviderResult {
        guard let kept = try await resource(of: tenant.tenantID), kept.configHash != nil else {
            throw ComputeError(.resourceNotFound, "the tenant has no compute to update")
        }
        if kept.configHash == tenant.configHash { return answer(isStarting(kept) ? .inProgress : .noChanges, kept) }
        return try await make(tenant, .update, operation, from: kept)
    }

    /// "Removes" the tenant's containers.
    public func destroy(
        _ tenantID: Tenant.ID, _ operation: OperationContext
    ) async throws(ComputeError) -> ProviderResult {
        guard let kept = try await resource(of: tenantID) else { return ProviderResult(.noChanges) }
        let script = MockScript(json: kept.script)
        // A removal goes on when its caller is cancelled: half of one is worse than a late answer.
        try? await takeTime(script, operation)
        if let failure = script.failure, failure.operation == .delete, Self.isDue(failure, .delete, kept) {
            try await play(failure, .delete, on: kept)
        }
        try await storing { () throws(RepositoryError) in try await self.store.delete(tenantID) }
        return ProviderResult(.success)
    }

    /// What "runs".
    public func status(of tenantID: Tenant.ID) async throws(ComputeError) -> ComputeStatus? {
        guard let kept = try await resource(of: tenantID), kept.configHash != nil else { return nil }
        let isStarting = isStarting(kept)
        let containers = kept.containers.map { name in
            ContainerStatus(
                name: name, state: isStarting ? .starting : .running,
                isReady: !isStarting && kept.health != .unhealthy, restartCount: 0, message: "")
        }
        return ComputeStatus(
            tenantID: tenantID, state: isStarting ? .starting : .running, health: isStarting ? .unknown : kept.health,
            containers: containers, configHash: kept.configHash, endpoints: kept.endpoints,
            resourceIDs: Self.resourceIDs(of: kept), metadata: ["mock": "true"])
    }

    /// An asynchronous operation is still under way.
    private func isStarting(_ kept: MockResource) -> Bool { kept.readyAt.map { $0 > surroundings.now() } ?? false }

    private func make(
        _ tenant: TenantCompute, _ kind: ComputeOperation, _ operation: OperationContext, from kept: MockResource?
    ) async throws(ComputeError) -> ProviderResult {
        let script = MockScript(json: tenant.spec.providerConfig)
        if !script.isAsynchronous { try await takeTime(script, operation) }
        var next = kept ?? MockResource(tenantID: tenant.tenantID)
        if let failure = script.failure, Self.isDue(failure, kind, next) {
            if failure.isPartial {
                next.containers = tenant.spec.containers.prefix(1).map(\.name)
                next.configHash = next.configHash ?? "partial"
            }
            next.script = tenant.spec.providerConfig
            try await play(failure, kind, on: next)
        }
        next.configHash = tenant.configHash
        next.containers = tenant.spec.containers.map(\.name)
        next.endpoints = Self.endpoints(of: tenant.spec)
        next.health = script.health
        next.script = tenant.spec.providerConfig
        next.readyAt = script.isAsynchronous ? surroundings.now().advanced(by: script.delay) : nil
        next.failuresPlayed = [:]
        try await save(next)
        return answer(script.isAsynchronous ? .inProgress : .success, next)
    }

    private func takeTime(_ script: MockScript, _ operation: OperationContext) async throws(ComputeError) {
        do {
            guard script.stepCount > 0 else {
                if script.delay > .zero { try await surroundings.clock.sleep(for: script.delay) }
                try Task.checkCancellation()
                return
            }
            for step in 1...script.stepCount {
                try await surroundings.clock.sleep(for: script.delay / script.stepCount)
                await operation.report("step \(step)/\(script.stepCount)")
            }
        } catch {
            throw ComputeError(.cancelled, "the operation was cancelled")
        }
    }

    private func play(
        _ failure: MockScript.Failure, _ kind: ComputeOperation, on kept: MockResource
    ) async throws(ComputeError) {
        var next = kept
        next.failuresPlayed[kind.rawValue, default: 0] += 1
        try await save(next)
        throw ComputeError(failure.code, failure.message, providerError: "mock: \(failure.message)")
    }

    private static func isDue(
        _ failure: MockScript.Failure, _ kind: ComputeOperation, _ kept: MockResource
    ) -> Bool {
        guard failure.operation == nil || failure.operation == kind else { return false }
        guard let times = failure.times else { return true }
        return kept.failuresPlayed[kind.rawValue, default: 0] < times
    }

    private func answer(_ status: ProviderResult.Status, _ kept: MockResource) -> ProviderResult {
        ProviderResult(
            status, result: ComputeResult(resourceIDs: Self.resourceIDs(of: kept), endpoints: kept.endpoints))
    }

    private static func resourceIDs(of kept: MockResource) -> [String: String] {
        Dictionary(kept.containers.map { ($0, "mock-\(kept.tenantID)-\($0)") }, uniquingKeysWith: { first, _ in first })
    }

    private static func endpoints(of spec: ComputeSpec) -> [Endpoint] {
        spec.containers.flatMap { container in
            container.ports.map { port in
                Endpoint(
                    name: port.name ?? container.name, kind: port.transport == .udp ? .udp : .http,
                    address: "mock.invalid", port: port.containerPort)
            }
        }
    }

    private func resource(of tenantID: Tenant.ID) async throws(ComputeError) -> MockResource? {
        try await storing { () throws(RepositoryError) in try await self.store.resource(of: tenantID) }
    }

    private func save(_ resource: MockResource) async throws(ComputeError) {
        try await storing { () throws(RepositoryError) in try await self.store.save(resource) }
    }

    private func storing<Value>(
        _ body: () async throws(RepositoryError) -> Value
    ) async throws(ComputeError) -> Value {
        do throws(RepositoryError) {
            return try await body()
        } catch {
            throw ComputeError(translating: error)
        }
    }
}
