import LandlordDomain
import LandlordTestSupport
import Logging
import ServiceLifecycle
import StatesLanguage
import Synchronization

@testable import LandlordEngine

/// The engine's parts on a real database and on a clock that only the test moves.
struct Bench: Sendable {
    let clock = ManualClock()
    let surroundings: Surroundings
    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    let tenants: DatabaseTenantRepository
    let executions: DatabaseComputeExecutionRepository
    let callbacks: DatabaseCallbackRepository
    let operations: DatabaseCallbackOperationRepository
    let outbox: DatabaseCallbackOutbox
    let runs: DatabaseRunStore
    let mockStore: DatabaseMockResourceStore
    private let temporary: TemporaryDatabase

    init() throws {
        temporary = try TemporaryDatabase()
        surroundings = clock.surroundings()
        tenants = DatabaseTenantRepository(temporary.database)
        executions = DatabaseComputeExecutionRepository(temporary.database)
        callbacks = DatabaseCallbackRepository(temporary.database)
        operations = DatabaseCallbackOperationRepository(temporary.database)
        outbox = DatabaseCallbackOutbox(temporary.database)
        runs = DatabaseRunStore(temporary.database)
        mockStore = DatabaseMockResourceStore(temporary.database)
    }

    var database: Database { temporary.database }

    /// Waits until what is stored is what the test wants.
    func until(_ condition: () async throws -> Bool) async throws {
        let subscription = database.hub.subscribe()
        if try await condition() { return }
        for await _ in subscription where try await condition() { return }
    }

    /// Moves the clock a second at a time, whenever somebody sleeps on it, until something is so.
    func move(until condition: () async throws -> Bool) async throws {
        while try await !condition() {
            await clock.waitForSleepers()
            clock.advance(by: .seconds(1))
            for _ in 0..<50 { await Task.yield() }
        }
    }

    /// Runs services for the length of `body`, and then cancels them.
    func running(_ services: any Service..., body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup { group in
            for service in services { group.addTask { try await service.run() } }
            try await body()
            group.cancelAll()
        }
    }

    /// Stores a tenant that was just asked for.
    func add(_ name: String = "acme", script: JSONValue = [:]) async throws -> Tenant {
        let spec = try TenantSpec.sample(name, script: script)
        let tenant = Tenant(requested: spec, id: Tenant.ID("id-\(name)"), at: clock.wall)
        try await tenants.create(tenant, TenantLifecycle.birth(of: tenant, by: "operator"))
        return tenant
    }

    /// Stores a tenant whose execution has just ended, with a callback for each destination.
    @discardableResult
    func bear(
        _ destinations: [Callback.Destination], of name: String, attemptLimit: Int
    ) async throws -> [Callback] {
        let tenant = try await add(name)
        let born = ComputeExecution(
            subject: .init(tenantID: tenant.id, operation: .provision, generation: 1, attemptEpoch: 0, attempt: 1),
            tenantName: name, workflowExecutionID: "run", taskToken: "token", provider: "mock",
            config: tenant.desired, at: clock.wall)
        _ = try await executions.create(born, born.birth())
        let (ended, line) = try born.ended(.cancelled(reason: "test"), at: clock.wall)
        let callbacks = destinations.map {
            Callback(of: ended, to: $0, attemptLimit: attemptLimit, at: clock.wall)
        }
        try await executions.save(ended, from: .pending, line, callbacks: callbacks)
        return callbacks
    }

    func tenant(_ name: String = "acme") async throws -> Tenant {
        guard let tenant = try await tenants.tenant(Tenant.ID("id-\(name)")) else { throw RepositoryError.notFound }
        return tenant
    }

    /// Writes what an operator's verb makes of the stored tenant.
    func perform(_ verb: (Tenant) throws -> TenantLifecycle.Change?) async throws {
        guard let change = try verb(try await tenant()) else { return }
        _ = try await tenants.save(change.tenant, change.transitions)
    }

    /// A manager over one provider.
    func manager(_ provider: any ComputeProvider, named name: String = "mock") throws -> ComputeManager {
        let registry = ComputeRegistry(of: "compute", logger: logger)
        try registry.register(provider, named: name)
        return ComputeManager(
            registry: registry, options: ComputeManager.Options(), surroundings: surroundings, logger: logger)
    }

    var mock: MockComputeProvider { MockComputeProvider(store: mockStore, surroundings: surroundings) }
}

/// Stands before a provider and remembers what it was asked.
final class RecordingProvider: ComputeProvider {
    private let inner: any ComputeProvider
    /// What it answers in place of the other.
    private let answer: ProviderResult?
    private let state = Mutex<(calls: [ComputeExecution.ID], labels: [String: String])>(([], [:]))

    init(_ inner: any ComputeProvider, answering answer: ProviderResult? = nil) {
        self.inner = inner
        self.answer = answer
    }

    var name: String { inner.name }
    var calls: [ComputeExecution.ID] { state.withLock { $0.calls } }
    var labels: [String: String] { state.withLock { $0.labels } }

    private func note(_ operation: OperationContext, _ labels: [String: String] = [:]) {
        state.withLock { state in
            state.calls.append(operation.executionID)
            state.labels = labels
        }
    }

    func provision(
        _ tenant: TenantCompute, _ operation: OperationContext
    ) async throws(ComputeError) -> ProviderResult {
        note(operation, tenant.labels)
        if let answer { return answer }
        return try await inner.provision(tenant, operation)
    }

    func update(_ tenant: TenantCompute, _ operation: OperationContext) async throws(ComputeError) -> ProviderResult {
        note(operation, tenant.labels)
        return try await inner.update(tenant, operation)
    }

    func destroy(_ tenantID: Tenant.ID, _ operation: OperationContext) async throws(ComputeError) -> ProviderResult {
        note(operation)
        return try await inner.destroy(tenantID, operation)
    }

    func status(of tenantID: Tenant.ID) async throws(ComputeError) -> ComputeStatus? {
        try await inner.status(of: tenantID)
    }

    func violations(of spec: ComputeSpec) -> [Violation] { inner.violations(of: spec) }
}
