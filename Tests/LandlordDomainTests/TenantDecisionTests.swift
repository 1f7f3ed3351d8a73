import LandlordDomain
import LandlordTestSupport
import StatesLanguage
import Testing

struct TenantDecisionTests {
    private static let operations: [(TenantStatus, ComputeOperation)] = [
        (.provisioning, .provision), (.updating, .update), (.archiving, .delete), (.deleting, .delete),
    ]

    private static func decide(_ tenant: Tenant, _ run: WorkflowStatus?) -> TenantDecision {
        TenantLifecycle.decide(tenant, run: run, now: Case.now)
    }

    private static func working(
        _ status: TenantStatus, _ operation: ComputeOperation, generation: Int = 1, given: Int? = nil
    ) throws -> Tenant {
        var tenant = try Tenant.sample(
            status: status, generation: generation, observedGeneration: operation == .provision ? 0 : 1)
        tenant.run = Case.intent(tenant, operation, generation: given)
        return tenant
    }

    @Test(arguments: operations)
    func `a run is invoked, followed and completed`(status: TenantStatus, operation: ComputeOperation) throws {
        let tenant = try Self.working(status, operation)
        #expect(Self.decide(tenant, nil) == .invoke)
        let running = Case.run(tenant, .running)
        #expect(Self.decide(tenant, running) == .note(running))
        let done = Case.run(tenant, .succeeded)
        #expect(Self.decide(tenant, done) == .complete(done))
        let error = WorkflowFailure(code: "PROVIDER_TIMEOUT", message: "too slow")
        #expect(
            Self.decide(tenant, Case.run(tenant, .failed, error: error)) == .fail(message: "PROVIDER_TIMEOUT: too slow")
        )
        #expect(Self.decide(tenant, Case.run(tenant, .cancelled)) == .fail(message: "the run ended cancelled"))
    }

    @Test(arguments: [TenantStatus.provisioning, .updating])
    func `a newer spec is never lost`(status: TenantStatus) throws {
        let operation: ComputeOperation = status == .provisioning ? .provision : .update
        let tenant = try Self.working(status, operation, generation: 3, given: 2)
        // Not invoked yet: the newer spec takes its place.
        #expect(Self.decide(tenant, nil) == .intend(operation))
        // Healthy: it finishes.
        let healthy = Case.run(tenant, .running)
        #expect(Self.decide(tenant, healthy) == .note(healthy))
        // Backing off: it would take long, so it is stopped.
        #expect(
            Self.decide(tenant, Case.run(tenant, .running, .backingOff))
                == .stop(reason: TenantLifecycle.newerSpecReason))
        for state in [WorkflowExecutionStatus.failed, .timedOut, .cancelled] {
            #expect(Self.decide(tenant, Case.run(tenant, state)) == .intend(operation))
        }
        let request = try #require(Case.request(tenant))
        let done = Case.run(tenant, .succeeded, output: Case.output(request))
        #expect(Self.decide(tenant, done) == .complete(done))
        let ready = try TenantLifecycle.complete(tenant, with: done, at: Case.now).tenant
        #expect((ready.status, ready.observedGeneration, ready.generation) == (.ready, 2, 3))
        #expect(Self.decide(ready, nil) == .intend(.update))
    }

    @Test(arguments: [TenantStatus.archiving, .deleting])
    func `ending stops another operation's run first`(status: TenantStatus) throws {
        let tenant = try Self.working(status, .provision)
        #expect(Self.decide(tenant, Case.run(tenant, .running)) == .stop(reason: "acme is \(status.rawValue)"))
        for run in [Case.run(tenant, .succeeded), Case.run(tenant, .failed), nil] {
            #expect(Self.decide(tenant, run) == .intend(.delete))
        }
    }

    @Test func `deleting an archiving tenant has a run of its own`() throws {
        let archiving = try Self.working(.archiving, .delete)
        let change = try #require(try TenantLifecycle.delete(archiving, by: "operator", at: Case.now))
        #expect(Self.decide(change.tenant, Case.run(archiving, .running)) == .stop(reason: "acme is deleting"))
        #expect(Self.decide(change.tenant, Case.run(archiving, .cancelled)) == .intend(.delete))
        let again = try TenantLifecycle.intend(.delete, for: change.tenant, at: Case.now).tenant
        #expect(again.run?.executionID != archiving.run?.executionID)
    }

    @Test func `a run that outlived its tenant's failure is stopped before the next`() throws {
        let provisioning = try Self.working(.provisioning, .provision)
        let failed = try TenantLifecycle.fail(provisioning, message: "the engine is away", at: Case.now).tenant
        let retried = try TenantLifecycle.retry(failed, by: "operator", at: Case.now).tenant
        #expect(Self.decide(retried, Case.run(retried, .running)) == .stop(reason: "acme is planning"))
        #expect(Self.decide(retried, Case.run(retried, .cancelled)) == .intend(.provision))
        #expect(Self.decide(retried, nil) == .intend(.provision))
    }

    @Test func `what was never applied is provisioned and the rest is updated`() throws {
        #expect(Self.decide(try .sample(status: .planning), nil) == .intend(.provision))
        #expect(
            Self.decide(try .sample(status: .planning, generation: 2, observedGeneration: 1), nil) == .intend(.update))
        #expect(Self.decide(try .sample(status: .ready, generation: 2, observedGeneration: 1), nil) == .intend(.update))
        #expect(Self.decide(try .sample(status: .ready, observedGeneration: 1), nil) == .rest)
    }

    @Test(arguments: TenantStatus.allCases)
    func `a persisted backoff is respected while there is something to do`(status: TenantStatus) throws {
        let tenant = try Tenant.sample(status: status, observedGeneration: 1, nextAttemptAt: Case.later)
        #expect((Self.decide(tenant, nil) == .wait(until: Case.later)) == status.isWorking)
        #expect(
            TenantLifecycle.decide(tenant, run: nil, now: Case.later) != .wait(until: Case.later),
            "The moment itself is not before it.")
    }

    @Test func `whatever is stored and whatever the engine says, the decision can be written`() throws {
        let dice = Dice(11)
        for _ in 0..<20_000 {
            let status = dice.pick(TenantStatus.allCases)
            let generation = 1 + dice.below(3)
            var tenant = try Tenant.sample(
                status: status, generation: generation, observedGeneration: dice.below(generation + 1),
                failedWhile: status == .failed ? dice.pick(FailedPhase.allCases) : nil, attemptEpoch: dice.below(2),
                nextAttemptAt: dice.oneIn(4) ? dice.pick([Case.now, Case.later]) : nil)
            if !dice.oneIn(4) {
                var former = tenant
                former.attemptEpoch = dice.below(tenant.attemptEpoch + 1)
                let operation = dice.pick(ComputeOperation.allCases)
                tenant.run = Case.intent(former, operation, generation: 1 + dice.below(generation))
            }
            // The reconciler asks for a run only where there is something to do.
            let run = dice.oneIn(4) || tenant.run == nil || !status.isWorking ? nil : Self.anyRun(tenant, dice)
            try Self.check(Self.decide(tenant, run), tenant, run)
        }
    }

    private static func anyRun(_ tenant: Tenant, _ dice: Dice) -> WorkflowStatus {
        let state = dice.pick(WorkflowExecutionStatus.allCases)
        return Case.run(tenant, state, state == .running ? dice.pick([.running, .waiting, .backingOff, .error]) : nil)
    }

    private static func check(_ decision: TenantDecision, _ tenant: Tenant, _ run: WorkflowStatus?) throws {
        switch decision {
        case .rest: #expect(!tenant.status.isWorking)
        case .wait(let due): #expect(due > Case.now)
        case .intend(let operation):
            #expect(run.map { $0.state.isTerminal } ?? true, "a run at work is never left behind")
            let intended = try TenantLifecycle.intend(operation, for: tenant, at: Case.now).tenant
            #expect(intended.run?.generation == tenant.generation)
            #expect(intended.status.isWorking)
            #expect(tenant.status.isEnding == (operation == .delete), "no ending is undone, nothing else is ended")
            #expect(Self.decide(intended, nil) == .invoke || intended.nextAttemptAt != nil)
        case .invoke: #expect(run == nil && tenant.run != nil)
        case .note: #expect(run?.state.isTerminal == false)
        case .stop: #expect(run?.state.isTerminal == false)
        case .complete(let status):
            #expect(run?.state == .succeeded)
            _ = try TenantLifecycle.complete(tenant, with: status, at: Case.now)
        case .fail(let message): _ = try TenantLifecycle.fail(tenant, message: message, at: Case.now)
        }
    }
}

struct TenantProgressTests {
    @Test func `an engine that does not repeat the request is held to the intent`() throws {
        var tenant = try Tenant.sample(status: .provisioning)
        tenant.run = Case.intent(tenant, .provision)
        let done = Case.run(tenant, .succeeded, output: ["status": "succeeded"])
        let ready = try TenantLifecycle.complete(tenant, with: done, at: Case.now).tenant
        #expect(ready.observed == tenant.desired)
        #expect(!ready.hasUnappliedChange)
        #expect(TenantLifecycle.decide(ready, run: nil, now: Case.now) == .rest)
    }

    @Test func `a removed tenant has nothing left`() throws {
        for (status, end) in [(TenantStatus.deleting, TenantStatus.deleted), (.archiving, .archived)] {
            var tenant = try Tenant.sample(status: status, observedGeneration: 1)
            tenant.run = Case.intent(tenant, .delete)
            tenant.resourceIDs = ["web": "1"]
            let gone = try TenantLifecycle.complete(tenant, with: Case.run(tenant, .succeeded), at: Case.now).tenant
            #expect(gone.status == end)
            #expect(gone.observed == nil)
            #expect(gone.resourceIDs.isEmpty && gone.endpoints.isEmpty && gone.observedGeneration == 0)
        }
    }

    @Test func `set back too often, a tenant fails with the cause`() throws {
        var tenant = try Tenant.sample(status: .provisioning)
        var waits: [Duration] = []
        while tenant.status != .failed {
            tenant = try TenantLifecycle.setBack(
                tenant, by: "no engine", attemptLimit: 3, backoff: Case.backoff, jitter: 1, at: Case.now
            ).tenant
            if let due = tenant.nextAttemptAt { waits.append(due.duration(since: Case.now)) }
        }
        #expect(waits == [.seconds(1), .seconds(2), .seconds(4)])
        #expect(tenant.statusMessage == "no engine")
        #expect(tenant.nextAttemptAt == nil)
    }

    @Test func `what a run does is written once, and ends a trouble`() throws {
        var tenant = try Tenant.sample(status: .provisioning, nextAttemptAt: Case.now, retryCount: 2)
        tenant.run = Case.intent(tenant, .provision)
        tenant.statusMessage = "no engine"
        let run = Case.run(tenant, .running, .backingOff, error: WorkflowFailure(code: "A", message: "b"))
        let noted = try #require(TenantLifecycle.note(run, on: tenant, at: Case.later))
        #expect(noted.run?.subState == .backingOff)
        #expect(noted.run?.errorMessage == "A: b")
        #expect((noted.retryCount, noted.nextAttemptAt, noted.statusMessage) == (0, nil, "generation 1"))
        #expect(TenantLifecycle.note(run, on: noted, at: Case.later) == nil)
    }
}
