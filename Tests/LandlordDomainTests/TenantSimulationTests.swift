import LandlordDomain
import LandlordTestSupport
import StatesLanguage
import Testing

/// One tenant, its operator and its engine, moved by chance.
///
/// Nothing but the stored tenant and the engine's runs survives a crash.
private struct World {
    var tenant: Tenant
    var runs: [String: WorkflowStatus] = [:]
    var inputs: [String: ProvisionRequest] = [:]
    var now = Case.now
    var isEngineUp = true
    var specNumber = 1
    let dice: Dice

    init(seed: Int) throws {
        dice = Dice(seed)
        tenant = Tenant(requested: try .sample(), id: Tenant.ID("t"), at: Case.now)
    }

    var aliveRuns: [WorkflowStatus] { runs.values.filter { !$0.state.isTerminal } }

    /// Stores a change as the repository would, checking what must hold for every write.
    mutating func store(_ change: TenantLifecycle.Change) {
        var status = tenant.status
        for line in change.transitions {
            #expect(line.from == status)
            #expect(TenantLifecycle.legal[status]?.contains(line.to) == true)
            status = line.to
        }
        #expect(change.tenant.status == status, "no status without its line of history")
        #expect((change.tenant.failedWhile != nil) == (status == .failed))
        #expect(change.tenant.generation >= tenant.generation)
        #expect(change.tenant.attemptEpoch >= tenant.attemptEpoch)
        tenant = change.tenant
    }

    mutating func operate() throws {
        do throws(TenantRefusal) {
            switch dice.below(12) {
            case 0...4:
                specNumber += dice.below(3)
                guard let spec = try? TenantSpec.sample(image: "app:\(specNumber)") else { return }  // Always legal.
                if let change = try TenantLifecycle.apply(spec, to: tenant, by: "operator", at: now) { store(change) }
            case 5...8: store(try TenantLifecycle.retry(tenant, by: "operator", at: now))
            case 9: if let change = try TenantLifecycle.archive(tenant, by: "operator", at: now) { store(change) }
            case 10: if let change = try TenantLifecycle.delete(tenant, by: "operator", at: now) { store(change) }
            default: isEngineUp.toggle()
            }
        } catch {
            // A refusal changes nothing, which is all that there is to it.
            return
        }
    }

    /// The engine moves one of its runs.
    mutating func work(onlySuccess: Bool = false) {
        guard let run = aliveRuns.first, let request = inputs[run.executionID] else { return }
        let succeeded = WorkflowStatus(
            executionID: run.executionID, state: .succeeded, output: Case.output(request))
        let error = WorkflowFailure(code: "UNKNOWN_ERROR", message: "by chance")
        switch onlySuccess ? 0 : dice.below(6) {
        case 0, 1: runs[run.executionID] = succeeded
        case 2: runs[run.executionID] = WorkflowStatus(executionID: run.executionID, state: .failed, error: error)
        case 3:
            runs[run.executionID] = WorkflowStatus(
                executionID: run.executionID, state: .running, subState: .backingOff, error: error)
        case 4: runs[run.executionID] = WorkflowStatus(executionID: run.executionID, state: .running)
        default: runs[run.executionID] = WorkflowStatus(executionID: run.executionID, state: .cancelled)
        }
    }

    /// One look of the reconciler; at `crash` the process dies after its first durable step.
    mutating func reconcile(crash: Bool) throws {
        let run = tenant.run.flatMap { runs[$0.executionID] }
        if TenantLifecycle.backoffEnd(of: tenant, now: now) != nil { return }
        if !isEngineUp, tenant.status.isWorking, tenant.run != nil { return try setBack() }
        switch TenantLifecycle.decide(tenant, run: tenant.status.isWorking ? run : nil, now: now) {
        case .rest, .wait: return
        case .intend(let operation):
            store(try TenantLifecycle.intend(operation, for: tenant, at: now))
            if !crash { try invoke() }
        case .invoke: try invoke()
        case .note(let run):
            if let noted = TenantLifecycle.note(run, on: tenant, at: now) { store((noted, [])) }
        case .stop:
            guard let id = tenant.run?.executionID else { return }
            runs[id] = WorkflowStatus(executionID: id, state: .cancelled)
        case .complete(let run): store(try TenantLifecycle.complete(tenant, with: run, at: now))
        case .fail(let message): store(try TenantLifecycle.fail(tenant, message: message, at: now))
        }
    }

    private mutating func invoke() throws {
        guard isEngineUp else { return try setBack() }
        let request = try #require(Case.request(tenant))
        guard runs[request.executionName] == nil else { return }
        #expect(aliveRuns.isEmpty, "never two runs at work for one tenant")
        #expect(request.executionName == tenant.run?.executionID)
        #expect(tenant.run?.configHash == request.desired.hash, "the run is given what the intent says")
        runs[request.executionName] = WorkflowStatus(executionID: request.executionName, state: .running)
        inputs[request.executionName] = request
    }

    private mutating func setBack() throws {
        store(
            try TenantLifecycle.setBack(
                tenant, by: "no engine", attemptLimit: 3, backoff: Case.backoff, jitter: 0.5, at: now))
    }
}

struct TenantSimulationTests {
    @Test(arguments: 0..<300)
    func `no chain of verbs, failures and crashes breaks a rule or leaves a tenant stuck`(seed: Int) throws {
        var world = try World(seed: seed)
        for _ in 0..<200 {
            switch world.dice.below(4) {
            case 0: try world.operate()
            case 1: world.work()
            default: try world.reconcile(crash: world.dice.oneIn(4))
            }
            world.now = world.now.advanced(by: .milliseconds(world.dice.below(3_000)))
            if world.tenant.status == .deleted { break }
        }
        world.isEngineUp = true
        var rounds = 0
        while world.tenant.status.isWorking || world.tenant.hasUnapplied {
            try world.reconcile(crash: false)
            world.work(onlySuccess: true)
            world.now = world.now.advanced(by: .seconds(61))
            rounds += 1
            try #require(rounds < 50, "stuck in \(world.tenant.status)")
        }
        switch world.tenant.status {
        case .ready:
            #expect(world.tenant.observed == world.tenant.desired)
            #expect(world.tenant.observedGeneration == world.tenant.generation)
            #expect(world.tenant.resourceIDs == ["web": "r-\(world.tenant.generation)"])
        case .archived, .deleted:
            #expect(world.tenant.observed == nil)
            #expect(world.aliveRuns.isEmpty)
        case .failed, .requested, .planning, .provisioning, .updating, .archiving, .deleting: break
        }
    }
}

extension Tenant {
    /// A ready tenant that is not what it should be.
    fileprivate var hasUnapplied: Bool { status == .ready && hasUnappliedChange }
}
