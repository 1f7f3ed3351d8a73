import LandlordDomain
import LandlordTestSupport
import ServiceLifecycle
import StatesLanguage
import Testing

@testable import LandlordEngine

/// A runner, the service in front of it, and the provider behind it.
private struct Works {
    let bench: Bench
    let queue = WorkQueue<Tenant.ID>()
    let provider: RecordingProvider
    let service: ComputeExecutionService

    init(_ bench: Bench, answering answer: ProviderResult? = nil) {
        self.bench = bench
        provider = RecordingProvider(bench.mock, answering: answer)
        service = ComputeExecutionService(
            executions: bench.executions, queue: queue, surroundings: bench.surroundings)
    }

    func runner(timeout: Duration = .seconds(600)) throws -> ComputeExecutionRunner {
        ComputeExecutionRunner(
            manager: try bench.manager(provider), executions: bench.executions, queue: queue,
            changes: bench.database.hub, workflowProvider: "embedded",
            options: ComputeExecutionRunner.Options(timeout: timeout), surroundings: bench.surroundings,
            logger: bench.logger)
    }

    func begin(
        _ tenant: String = "acme", _ operation: ComputeOperation = .provision, script: JSONValue = [:], attempt: Int = 1
    ) async throws -> ComputeExecution.ID {
        if try await bench.tenants.tenant(Tenant.ID("id-\(tenant)")) == nil { _ = try await bench.add(tenant) }
        let request = ComputeExecutionService.Request(
            subject: .init(
                tenantID: Tenant.ID("id-\(tenant)"), operation: operation, generation: 1, attemptEpoch: 0,
                attempt: attempt),
            tenantName: tenant, provider: "mock", config: try TenantSpec.sample(tenant, script: script).config,
            workflowExecutionID: "run-\(tenant)", taskToken: "token")
        return try await service.begin(request).id
    }

    func status(_ id: ComputeExecution.ID) async throws -> ComputeExecutionStatus? {
        try await bench.executions.execution(id)?.status
    }

    func until(_ id: ComputeExecution.ID, _ status: ComputeExecutionStatus) async throws -> ComputeExecution {
        try await bench.until { try await self.status(id) == status }
        guard let execution = try await bench.executions.execution(id) else { throw RepositoryError.notFound }
        return execution
    }

    func history(_ id: ComputeExecution.ID) async throws -> [ComputeExecutionStatus] {
        try await bench.executions.history(of: id).map(\.status)
    }

    func callbacks() async throws -> [Callback] {
        try await bench.callbacks.page(CallbackQuery(), at: bench.clock.wall).items
    }
}

@Suite(.timeLimit(.minutes(1)))
struct ComputeExecutionRunnerTests {
    private let bench: Bench
    private let works: Works
    /// An operation that takes longer than any test moves the clock, and so must be stopped.
    private static let slow: JSONValue = ["delay_milliseconds": 50_000_000]

    init() throws {
        bench = try Bench()
        works = Works(bench)
    }

    @Test func `an execution succeeds and its callback is born with its end`() async throws {
        let id = try await works.begin()
        try await bench.running(try works.runner()) {
            let ended = try await works.until(id, .succeeded)
            #expect(ended.resourceIDs == ["web": "mock-id-acme-web"])
            #expect(ended.endedAt != nil)
        }
        #expect(try await works.history(id) == [.pending, .running, .succeeded])
        let callbacks = try await works.callbacks()
        #expect(callbacks.map(\.executionID) == [id])
        #expect(callbacks[0].payload["status"] == "succeeded")
        #expect(callbacks[0].attemptLimit == 4)
    }

    @Test func `the provider is told the labels that the tenant has now`() async throws {
        let id = try await works.begin()
        try await bench.perform { tenant in
            var labelled = tenant
            labelled.labels = ["plan": "pro"]
            return (labelled, [])
        }
        try await bench.running(try works.runner()) { _ = try await works.until(id, .succeeded) }
        #expect(works.provider.labels["plan"] == "pro")
        #expect(works.provider.labels["landlord.tenant_id"] == "id-acme")
    }

    @Test func `what a failed operation has left behind stands in its execution`() async throws {
        let half = ComputeResult(resourceIDs: ["web": "c1"])
        let works = Works(bench, answering: ProviderResult(.failed, result: half, message: "no second container"))
        let id = try await works.begin()
        try await bench.running(try works.runner()) {
            let failed = try await works.until(id, .failed)
            #expect(failed.resourceIDs == ["web": "c1"])
        }
        let callbacks = try await works.callbacks()
        #expect(callbacks.first?.payload["resource_ids"] == ["web": "c1"])
    }

    @Test func `another try names the one before it, and only one for the same work`() async throws {
        let first = try await works.begin()
        let second = try await works.begin(attempt: 2)
        let other = try await works.begin("acme", .update)
        func predecessor(_ id: ComputeExecution.ID) async throws -> ComputeExecution.ID? {
            let execution = try #require(try await works.service.execution(id))
            return try await works.service.predecessor(of: execution)
        }
        #expect(try await predecessor(first) == nil)
        #expect(try await predecessor(second) == first)
        #expect(try await predecessor(other) == nil)
    }

    @Test func `beginning the same work twice is one execution`() async throws {
        let first = try await works.begin()
        #expect(try await works.begin() == first)
        try await bench.running(try works.runner()) { _ = try await works.until(first, .succeeded) }
        #expect(try await works.begin() == first, "also when it is over")
        #expect(works.provider.calls == [first])
        #expect(try await works.history(first).count == 3)
    }

    @Test func `a failure is told with its code, class and the provider's words`() async throws {
        let id = try await works.begin(script: ["fail": ["code": "RESOURCE_EXHAUSTED", "message": "no room"]])
        try await bench.running(try works.runner()) {
            let error = try await works.until(id, .failed).error
            #expect(error?.code == .resourceExhausted)
            #expect(error?.message == "no room")
            #expect(error?.providerError == "mock: no room")
        }
        #expect(try await works.callbacks()[0].payload["error"]?["class"] == "manual_intervention")
    }

    @Test func `what takes too long ends timed out`() async throws {
        let id = try await works.begin(script: Self.slow)
        try await bench.running(try works.runner(timeout: .seconds(60))) {
            // The sweep, the limit and the provider.
            await bench.clock.waitForSleepers(3)
            bench.clock.advance(by: .seconds(60))
            let found = try await works.until(id, .timedOut).error?.message
            #expect(found == "not done within 1m")
        }
        #expect(try await works.callbacks().count == 1)
        #expect(try await bench.mock.status(of: Tenant.ID("id-acme")) == nil)
    }

    @Test func `what is unwanted before it began never reaches the provider`() async throws {
        let id = try await works.begin()
        _ = try await works.service.cancel(id, reason: "changed my mind")
        try await bench.running(try works.runner()) {
            let found = try await works.until(id, .cancelled).error?.message
            #expect(found == "changed my mind")
        }
        #expect(works.provider.calls == [])
        #expect(try await works.history(id) == [.pending, .cancelled])
        #expect(try await works.callbacks().count == 1)
    }

    @Test func `cancelling what runs reaches the provider`() async throws {
        let id = try await works.begin(script: Self.slow)
        try await bench.running(try works.runner()) {
            await bench.clock.waitForSleepers(3)
            // As another process would: only the row is written.
            _ = try await bench.executions.requestCancellation(of: id, reason: "too dear", at: bench.clock.wall)
            let found = try await works.until(id, .cancelled).cancelReason
            #expect(found == "too dear")
        }
        #expect(works.provider.calls == [id])
        #expect(try await bench.mock.status(of: Tenant.ID("id-acme")) == nil)
    }

    @Test func `a wish that comes while another operation runs is seen before the provider is asked`() async throws {
        let first = try await works.begin(script: Self.slow)
        let second = try await works.begin(attempt: 2)
        try await bench.running(try works.runner()) {
            await bench.clock.waitForSleepers(3)
            _ = try await works.service.cancel(second, reason: "late")
            _ = try await works.service.cancel(first, reason: "first")
            _ = try await works.until(second, .cancelled)
        }
        #expect(works.provider.calls == [first])
        #expect(try await works.history(second) == [.pending, .cancelled])
    }

    @Test func `one tenant's operations wait for each other and another tenant's do not`() async throws {
        let first = try await works.begin(script: Self.slow)
        let second = try await works.begin(attempt: 2)
        let other = try await works.begin("other", script: Self.slow)
        try await bench.running(try works.runner()) {
            await bench.clock.waitForSleepers(5)
            #expect(try await works.status(first) == .running)
            #expect(try await works.status(other) == .running)
            #expect(try await works.status(second) == .pending)
            _ = try await works.service.cancel(first, reason: "enough")
            _ = try await works.until(second, .succeeded)
            #expect(try await works.status(other) == .running)
        }
        #expect(Set(works.provider.calls) == [first, second, other])
    }

    @Test func `the steps of an operation are written in their order`() async throws {
        let id = try await works.begin(script: ["steps": 3])
        try await bench.running(try works.runner()) { _ = try await works.until(id, .succeeded) }
        let steps = try await bench.executions.history(of: id).compactMap { $0.details["progress"]?.stringValue }
        #expect(steps == ["step 1/3", "step 2/3", "step 3/3"])
    }

    @Test func `the next process goes on under the same name`() async throws {
        let id = try await works.begin(script: ["delay_milliseconds": 5_000])
        try await bench.running(try works.runner()) { await bench.clock.waitForSleepers(3) }
        #expect(try await works.status(id) == .running, "a shutdown ends no operation")
        #expect(try await works.callbacks().isEmpty)
        let next = Works(bench)
        try await bench.running(try next.runner()) {
            await bench.clock.waitForSleepers(3)
            bench.clock.advance(by: .seconds(5))
            _ = try await next.until(id, .succeeded)
        }
        #expect(next.provider.calls == [id])
        #expect(try await works.history(id) == [.pending, .running, .succeeded])
        #expect(try await works.callbacks().count == 1)
    }

    @Test func `a graceful shutdown stops the runner and it can run again`() async throws {
        let id = try await works.begin(script: ["delay_milliseconds": 5_000])
        let runner = try works.runner()
        let group = ServiceGroup(services: [runner], logger: bench.logger)
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { try await group.run() }
            await bench.clock.waitForSleepers(3)
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
        #expect(try await works.status(id) == .running)
        try await bench.running(runner) {
            await bench.clock.waitForSleepers(3)
            bench.clock.advance(by: .seconds(5))
            _ = try await works.until(id, .succeeded)
        }
    }
}
