import LandlordDomain
import LandlordTestSupport
import StatesLanguage
import Testing

@testable import LandlordEngine

@Suite(.timeLimit(.minutes(1)))
struct ReconcilerTests {
    private let bench: Bench
    private let engine: MockWorkflowProvider
    private let workflows: WorkflowManager

    init() async throws {
        bench = try Bench()
        engine = MockWorkflowProvider(surroundings: bench.surroundings)
        let registry = WorkflowRegistry(of: "workflow", logger: bench.logger)
        try registry.register(engine, named: "mock")
        workflows = WorkflowManager(registry: registry, defaultProvider: "mock", logger: bench.logger)
        for spec in try TenantWorkflows.specs(for: "mock") { _ = try await workflows.createWorkflow(spec) }
    }

    private func reconciler(attemptLimit: Int = 3) -> Reconciler {
        Reconciler(
            tenants: bench.tenants, workflows: workflows, changes: bench.database.hub,
            options: Reconciler.Options(
                attemptLimit: attemptLimit, backoff: Backoff(delayBase: .seconds(2), delayLimit: .seconds(300))),
            surroundings: bench.surroundings, logger: bench.logger)
    }

    private func reconcile(_ rounds: Int = 1) async {
        let reconciler = reconciler()
        for _ in 0..<rounds { await reconciler.reconcile(Tenant.ID("id-acme")) }
    }

    /// Ends the tenant's run as its engine would.
    private func end(_ state: WorkflowExecutionStatus, _ subState: WorkflowSubState? = nil) async throws {
        let tenant = try await bench.tenant()
        let run = try #require(tenant.run)
        let input = try await engine.executionStatus(run.executionID).input
        var output = input.objectValue ?? [:]
        output["result"] = ["resource_ids": ["web": "r1"]]
        engine.end(
            run.executionID,
            as: WorkflowStatus(
                executionID: run.executionID, state: state, subState: subState,
                output: state == .succeeded ? .object(output) : nil,
                error: state == .succeeded ? nil : WorkflowFailure(code: "UNKNOWN_ERROR", message: "broke")))
    }

    private func apply(_ image: String) async throws {
        let spec = try TenantSpec.sample(image: image)
        try await bench.perform { try TenantLifecycle.apply(spec, to: $0, by: "operator", at: bench.clock.wall) }
    }

    private func runState(_ id: String) async throws -> WorkflowExecutionStatus {
        try await engine.workflowStatus(id).state
    }

    @Test func `the intent is written before the run is started`() async throws {
        _ = try await bench.add()
        engine.fail(with: .unavailable("away"))
        await reconcile()
        let intended = try await bench.tenant()
        #expect(intended.status == .provisioning)
        #expect(intended.run?.executionID == "id-acme-provision-g1-e0")
        #expect(engine.startCount == 0)
        engine.fail(with: nil)
        bench.clock.advance(by: .seconds(2))
        await reconcile(3)
        #expect(engine.executionIDs == ["id-acme-provision-g1-e0"])
        #expect(engine.startCount == 1)
        #expect(try await bench.tenant().retryCount == 0)
    }

    @Test func `a backoff is respected however often the tenant is looked at`() async throws {
        _ = try await bench.add()
        engine.fail(with: .unavailable("away"))
        await reconcile(20)
        let tenant = try await bench.tenant()
        #expect(tenant.retryCount == 1)
        let due = try #require(tenant.nextAttemptAt)
        #expect(due > bench.clock.wall)
        let ids = try await bench.tenants.needingReconciliation(after: nil, limit: 10, now: bench.clock.wall)
        #expect(ids.isEmpty, "the resync respects it too")
        bench.clock.advance(by: .seconds(2))
        await reconcile(20)
        #expect(try await bench.tenant().retryCount == 2)
    }

    @Test func `a service that nobody wakes keeps the backoff and comes back when it ends`() async throws {
        _ = try await bench.add()
        engine.fail(with: .unavailable("away"))
        try await bench.running(reconciler()) {
            try await bench.until { try await bench.tenant().retryCount == 1 }
            engine.fail(with: nil)
            #expect(engine.startCount == 0)
            try await bench.move { engine.startCount == 1 }
        }
        #expect(try await bench.tenant().run?.subState == .running)
    }

    @Test func `an engine that stays away makes the tenant fail with the cause`() async throws {
        _ = try await bench.add()
        engine.fail(with: .unavailable("no route"))
        for _ in 0..<4 {
            await reconcile()
            bench.clock.advance(by: .seconds(300))
        }
        let failed = try await bench.tenant()
        #expect(failed.status == .failed)
        #expect(failed.statusMessage.contains("no route"))
        #expect(failed.failedWhile == .planning)
        let last = try await bench.tenants.transitions(of: failed.id, after: nil, limit: 100).items.last
        #expect((last?.to, last?.triggeredBy) == (.failed, "reconciler"))
    }

    @Test func `a run that outlived its tenant's failure is stopped when the tenant is retried`() async throws {
        _ = try await bench.add()
        await reconcile()
        engine.fail(with: .unavailable("no route"))
        for _ in 0..<4 {
            await reconcile()
            bench.clock.advance(by: .seconds(300))
        }
        engine.fail(with: nil)
        #expect(try await bench.tenant().status == .failed)
        #expect(try await runState("id-acme-provision-g1-e0") == .running)
        try await bench.perform { try TenantLifecycle.retry($0, by: "operator", at: bench.clock.wall) }
        await reconcile()
        #expect(try await runState("id-acme-provision-g1-e0") == .cancelled)
        #expect(try await runState("id-acme-provision-g1-e1") == .running)
        try await end(.succeeded)
        await reconcile()
        #expect(try await bench.tenant().status == .ready)
    }

    @Test func `a request that no engine would take fails at once`() async throws {
        _ = try await bench.add()
        engine.fail(with: .invalidSpec([Violation("input", "is too large")]))
        await reconcile()
        let failed = try await bench.tenant()
        #expect((failed.status, failed.statusMessage) == (.failed, "input: is too large"))
    }

    @Test func `a newer spec waits for a healthy run and is applied after it`() async throws {
        _ = try await bench.add()
        await reconcile(2)
        try await apply("app:2")
        await reconcile(2)
        #expect(try await runState("id-acme-provision-g1-e0") == .running)
        try await end(.succeeded)
        await reconcile(2)
        let updating = try await bench.tenant()
        #expect((updating.status, updating.observedGeneration) == (.updating, 1))
        #expect(updating.run?.executionID == "id-acme-update-g2-e0")
        try await end(.succeeded)
        await reconcile(2)
        let ready = try await bench.tenant()
        #expect((ready.status, ready.observedGeneration) == (.ready, 2))
        #expect(ready.observed == ready.desired)
        #expect(ready.resourceIDs == ["web": "r1"])
    }

    @Test func `a newer spec takes the place of a run that backs off`() async throws {
        _ = try await bench.add()
        await reconcile(2)
        try await end(.running, .backingOff)
        try await apply("app:2")
        await reconcile(2)
        let stopped = try await engine.workflowStatus("id-acme-provision-g1-e0")
        #expect(stopped.state == .cancelled)
        #expect(stopped.error?.message == TenantLifecycle.newerSpecReason)
        #expect(try await bench.tenant().run?.executionID == "id-acme-provision-g2-e0")
        #expect(try await runState("id-acme-provision-g2-e0") == .running)
    }

    @Test func `deleting stops the provisioning and never provisions again`() async throws {
        _ = try await bench.add()
        await reconcile(2)
        try await bench.perform { try TenantLifecycle.delete($0, by: "operator", at: bench.clock.wall) }
        await reconcile(2)
        #expect(try await runState("id-acme-provision-g1-e0") == .cancelled)
        #expect(try await runState("id-acme-delete-g1-e1") == .running)
        try await end(.failed)
        await reconcile()
        #expect(try await bench.tenant().failedWhile == .deleting)
        try await bench.perform { try TenantLifecycle.retry($0, by: "operator", at: bench.clock.wall) }
        await reconcile()
        #expect(try await bench.tenant().run?.operation == .delete)
        try await end(.succeeded)
        await reconcile()
        #expect(try await bench.tenant().status == .deleted)
        #expect(engine.executionIDs.count == 3)
    }

    @Test func `a process that died between intent and start is followed by one that starts`() async throws {
        let tenant = try await bench.add()
        let change = try TenantLifecycle.intend(.provision, for: tenant, at: bench.clock.wall)
        _ = try await bench.tenants.save(change.tenant, change.transitions)
        await reconcile(3)
        #expect(engine.executionIDs == ["id-acme-provision-g1-e0"])
        let history = try await bench.tenants.transitions(of: tenant.id, after: nil, limit: 100).items.map(\.to)
        #expect(history == [.requested, .planning, .provisioning])
    }

    @Test func `a run whose output is not the request does not make its tenant update for ever`() async throws {
        _ = try await bench.add()
        await reconcile()
        let id = try #require(try await bench.tenant().run?.executionID)
        _ = await engine.postComputeCallback(to: id, token: "t", payload: ["status": "succeeded"])
        await reconcile(20)
        let ready = try await bench.tenant()
        #expect((ready.status, ready.observedGeneration) == (.ready, 1))
        #expect(engine.startCount == 1)
    }

    @Test func `a reconciler that was stopped works again when it is started again`() async throws {
        let reconciler = reconciler()
        try await bench.running(reconciler) { await bench.clock.waitForSleepers() }
        _ = try await bench.add()
        try await bench.running(reconciler) { try await bench.move { engine.startCount == 1 } }
    }

    @Test func `an event wakes the service within no time`() async throws {
        try await bench.running(reconciler()) {
            await bench.clock.waitForSleepers()
            _ = try await bench.add()
            try await bench.until { try await bench.tenant().run != nil }
            try await bench.move { engine.startCount == 1 }
            try await end(.succeeded)
            // The mock engine announces nothing, as one in another process would not: the resync finds it.
            try await bench.move { try await bench.tenant().status == .ready }
        }
    }
}

@Suite(.timeLimit(.minutes(1)))
struct DriftCheckerTests {
    @Test func `what a ready tenant lost is written down, once, and goes when it is back`() async throws {
        let bench = try Bench()
        var tenant = try await bench.add()
        tenant = try await bench.tenants.save(try Self.ready(tenant), [])
        let manager = try bench.manager(bench.mock)
        let checker = DriftChecker(
            tenants: bench.tenants, compute: manager, options: DriftChecker.Options(), surroundings: bench.surroundings,
            logger: bench.logger)
        #expect(await checker.check(behind: nil) == nil, "all were compared")
        #expect(try await bench.tenant().drift == "nothing of it exists any more")
        try await bench.mockStore.save(
            MockResource(tenantID: tenant.id, configHash: tenant.desired.hash, containers: ["web"]))
        _ = await checker.check(behind: nil)
        #expect(try await bench.tenant().drift == nil)
        #expect(try await bench.tenant().version == tenant.version, "a check makes no operator's write stale")
        let quiet = bench.database.hub.subscribe()
        _ = await checker.check(behind: nil)
        #expect(quiet.drain().isEmpty, "what is as it was is not written")
        try await bench.mockStore.save(MockResource(tenantID: tenant.id, configHash: "other", containers: ["web"]))
        _ = await checker.check(behind: nil)
        #expect(try await bench.tenant().drift == "runs another config than was applied")
    }

    @Test func `a round rests a second between its parts, and until the interval is over at its end`() {
        var round = DriftRound(begunAt: .sample)
        round.place = Tenant.ID("id-b")
        #expect(round.pause(at: .sample, .seconds(60)) == .seconds(1))
        round.place = nil
        #expect(round.pause(at: Timestamp.sample.advanced(by: .seconds(20)), .seconds(60)) == .seconds(40))
        #expect(round.begunAt == Timestamp.sample.advanced(by: .seconds(60)))
        let late = Timestamp.sample.advanced(by: .seconds(500))
        #expect(round.pause(at: late, .seconds(60)) == .seconds(1))
        #expect(round.pause(at: .sample, .seconds(60)) == .seconds(60), "the clock has gone back")
    }

    private static func ready(_ tenant: Tenant) throws -> Tenant {
        let intended = try TenantLifecycle.intend(.provision, for: tenant, at: .sample).tenant
        let done = WorkflowStatus(executionID: "", state: .succeeded)
        return try TenantLifecycle.complete(intended, with: done, at: .sample).tenant
    }
}
