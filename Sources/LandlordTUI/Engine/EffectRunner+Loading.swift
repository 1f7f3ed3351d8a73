import LandlordDomain
import LandlordEngine
import StatesLanguage

/// Why a query was not answered, as a sentence.
struct LoadFailure: Error {
    let message: String
}

extension EffectRunner {
    /// The most pages that a walk to the end of a list takes; beyond them the list ends where the walk ended.
    private static let walkLimit = 1_000
    /// The most transitions that a tenant's screen shows; of a longer history the end.
    private static let transitionLimit = 2_000

    /// Answers a query.
    func load(_ query: ConsoleQuery) async throws(LoadFailure) -> LoadAnswer {
        do throws(RepositoryError) {
            switch query {
            case .fleet: return .fleet(try await fleet())
            case .tenants(let wanted, let toEnd):
                let (anchors, page) = try await window(wanted, toEnd: toEnd, cursor: wanted.order.cursor) {
                    query throws(RepositoryError) in try await engine.tenants.page(query)
                }
                return .tenants(wanted, anchors: anchors, page)
            case .executions(let wanted, let toEnd):
                let (anchors, page) = try await window(wanted, toEnd: toEnd, cursor: \.listCursor) {
                    query throws(RepositoryError) in try await engine.executions.page(query)
                }
                return .executions(wanted, anchors: anchors, page)
            case .callbacks(let wanted, let toEnd):
                let (anchors, page) = try await window(wanted, toEnd: toEnd, cursor: wanted.order.cursor) {
                    query throws(RepositoryError) in try await engine.callbacks.page(query)
                }
                return .callbacks(wanted, anchors: anchors, page)
            case .causes(let wanted): return .causes(wanted, try await engine.callbacks.causes(wanted))
            case .callback(let id): return .callback(id, try await callback(id))
            case .sample(let cause): return .sample(cause: cause, try await sample(of: cause))
            case .preview(let request): return .preview(request, try await preview(of: request))
            case .operations: return .operations(try await operations())
            case .tenant(let id): return .tenant(id, try await tenant(id))
            case .execution(let id): return .execution(id, try await execution(id))
            case .runs(let wanted, let toEnd):
                let (anchors, page) = try await window(wanted, toEnd: toEnd, cursor: \.listCursor) {
                    query throws(RepositoryError) in try await engine.runs.page(query)
                }
                return .runs(wanted, anchors: anchors, page, try await engine.runs.openTasks(ofEach: page.items))
            case .run(let id, let part): return .run(id, part, try await run(id, part))
            case .approvals(let wanted, let toEnd):
                let (anchors, page) = try await window(wanted, toEnd: toEnd, cursor: \.listCursor) {
                    query throws(RepositoryError) in try await engine.approvals.page(query)
                }
                return .approvals(wanted, anchors: anchors, page)
            case .approval(let id): return .approval(id, try await approval(id))
            case .schedules(let wanted, let toEnd):
                let (anchors, page) = try await window(wanted, toEnd: toEnd, cursor: \.listCursor) {
                    query throws(RepositoryError) in try await engine.schedules.page(query)
                }
                return .schedules(wanted, anchors: anchors, page)
            case .schedule(let name): return .schedule(name, try await schedule(name))
            case .running(let id, let name): return .running(id, name: name, try await running(id))
            case .logs: break
            }
        } catch {
            throw LoadFailure(message: error.description)
        }
        guard case .logs(let id, let place) = query else { throw LoadFailure(message: "this cannot be loaded") }
        return try await logs(of: id, after: place)
    }

    private func fleet() async throws(RepositoryError) -> Fleet {
        let driver: Fleet.Driver =
            switch engine.driving.driver {
            case .unknown: .unknown
            case .nobody: .nobody
            case .thisProcess: .thisProcess
            case .other(let who): .other(who)
            }
        return Fleet(
            tenants: try await engine.tenants.counts(), executions: try await engine.executions.counts(),
            deadLetterCount: try await engine.callbacks.deadLetterCount(), driver: driver,
            trouble: engine.storage.trouble.map { trouble in
                Fleet.Trouble(
                    headline: trouble == .full ? "disk full, nothing is written" : "nothing is written",
                    advice: trouble.description)
            })
    }

    /// Reads one window, or walks to the last one and remembers where windows begin on the way back.
    private func window<Query: WindowQuery, Item>(
        _ wanted: Query, toEnd: Bool, cursor: (Item) -> PageCursor,
        read: (Query) async throws(RepositoryError) -> Page<Item>
    ) async throws(RepositoryError) -> ([PageCursor]?, Page<Item>) {
        var page = try await read(wanted)
        guard toEnd else { return (nil, page) }
        var anchors = wanted.after.map { [$0] } ?? []
        var query = wanted
        for _ in 0..<Self.walkLimit {
            guard page.next != nil, page.items.count > 1 else { break }
            // Windows overlap by half, so that the cursor never stands at the edge of what is loaded.
            let anchor = cursor(page.items[page.items.count / 2])
            anchors.append(anchor)
            query.after = anchor
            page = try await read(query)
        }
        return (anchors, page)
    }

    private func tenant(_ id: Tenant.ID) async throws(RepositoryError) -> TenantFacts? {
        let tenant: Tenant
        do throws(TenantServiceError) {
            tenant = try await engine.tenants.tenant(id.rawValue)
        } catch {
            if case .storage(let failure) = error { throw failure }
            return nil
        }
        var transitions: [TenantTransition] = []
        var cursor: PageCursor?
        repeat {
            let page = try await engine.tenants.history(of: id, after: cursor)
            transitions = Array((transitions + page.items).suffix(Self.transitionLimit))
            cursor = page.next
        } while cursor != nil
        let executions = try await engine.executions.page(ComputeExecutionQuery(tenantID: id))
        return TenantFacts(tenant: tenant, transitions: transitions, executions: executions.items)
    }

    private func execution(_ id: ComputeExecution.ID) async throws(RepositoryError) -> ExecutionFacts? {
        guard let execution = try await engine.executions.execution(id) else { return nil }
        var facts = ExecutionFacts(
            execution: execution, history: try await engine.executions.history(of: id), run: nil, runHistory: [])
        if let runID = execution.workflowExecutionID, let run = try await engine.runs.run(runID) {
            facts.run = run
            facts.runHistory = try await engine.runs.history(of: runID)
        }
        return facts
    }

    private func run(_ id: String, _ part: HistoryPart) async throws(RepositoryError) -> RunFacts? {
        guard let detail = try await engine.runs.detail(of: id) else { return nil }
        var facts = RunFacts(run: detail.run)
        facts.outline = detail.machine.map { MachineOutline($0) }
        facts.variables = detail.variables
        facts.branches = detail.branches
        facts.suspension = detail.suspension
        facts.tasks = try await engine.runs.openTasks(of: id)
        facts.signals = try await engine.runs.signals(of: id)
        facts.part = part
        let start = part.start(of: detail.run.eventCount)
        while facts.history.count < HistoryPart.limit {
            let events = try await engine.runs.history(
                of: id, after: facts.history.last?.id ?? start,
                limit: min(PageLimit.largest, HistoryPart.limit - facts.history.count))
            facts.history += events
            guard !events.isEmpty else { break }
        }
        for task in facts.tasks where task.task.resource.hasPrefix("landlord:approval") {
            if let approval = try await engine.approvals.approval(Approval.id(of: task.task.id, in: id)) {
                facts.approvals.append(approval)
            }
        }
        return facts
    }

    private func approval(_ id: String) async throws(RepositoryError) -> ApprovalFacts? {
        guard let approval = try await engine.approvals.approval(id) else { return nil }
        return ApprovalFacts(approval: approval, history: try await engine.approvals.history(of: id))
    }

    private func schedule(_ name: String) async throws(RepositoryError) -> ScheduleFacts? {
        guard let schedule = try await engine.schedules.schedule(name) else { return nil }
        var facts = ScheduleFacts(schedule: schedule, history: try await engine.schedules.history(of: name))
        if schedule.pause == nil {
            // A zone whose file is gone leaves no moments; whoever drives writes that to the log.
            let moments = try? engine.schedules.upcoming(of: schedule.spec, count: ScheduleFacts.momentLimit)
            facts.upcoming = moments ?? []
        }
        return facts
    }

    private func running(_ id: Tenant.ID) async throws(RepositoryError) -> ComputeExecution? {
        try await engine.executions.page(
            ComputeExecutionQuery(tenantID: id, statuses: [.pending, .running], limit: 1)
        ).items.first
    }

    private func logs(of id: Tenant.ID, after place: LogPlace?) async throws(LoadFailure) -> LoadAnswer {
        do {
            let tenant = try await engine.tenants.tenant(id.rawValue)
            let chunk = try await engine.compute.logs(
                of: tenant, after: place.map { LogPosition(offsets: $0.offsets) })
            let lines = chunk.lines.map { LogLine(container: $0.container, text: $0.text) }
            return .logs(id, after: place, lines: lines, LogPlace(offsets: chunk.position.offsets))
        } catch let error as ComputeError {
            throw LoadFailure(message: error.message)
        } catch {
            throw LoadFailure(message: "\(error)")
        }
    }
}

/// A query for one window of a list.
private protocol WindowQuery: Sendable {
    var after: PageCursor? { get set }
}

extension TenantQuery: WindowQuery {}
extension ComputeExecutionQuery: WindowQuery {}
extension CallbackQuery: WindowQuery {}
extension WorkflowRunQuery: WindowQuery {}
extension ApprovalQuery: WindowQuery {}
extension ScheduleQuery: WindowQuery {}

extension EffectRunner {
    /// Submits a verb.
    func outcome(of verb: ConsoleVerb) async -> VerbOutcome {
        do {
            switch verb {
            case .apply(let spec, let isNew, let reason):
                if isNew { try await refuseTaken(spec.name) }
                switch try await engine.tenants.apply(spec, by: author(reason)) {
                case .created(let tenant): return .done("\(tenant.name) is requested", tenantID: tenant.id)
                case .changed(let tenant):
                    return .done("\(tenant.name) has a new spec, generation \(tenant.generation)", tenantID: tenant.id)
                case .unchanged(let tenant): return .done("\(tenant.name) has this spec already", tenantID: tenant.id)
                }
            case .retry(let id, _, let reason):
                return done(try await engine.tenants.retry(id.rawValue, by: author(reason)))
            case .archive(let id, _, let reason):
                return done(try await engine.tenants.archive(id.rawValue, by: author(reason)))
            case .delete(let id, _, let reason):
                return done(try await engine.tenants.delete(id.rawValue, by: author(reason)))
            case .cancel(let id, _, let reason):
                let execution = try await engine.executions.cancel(id, reason: reason ?? "cancelled by \(actor)")
                return .done(
                    execution.status.isTerminal ? "\(id) is over: \(execution.status.word)" : "\(id) will be stopped",
                    tenantID: execution.tenantID)
            case .settle(let verb, let ids, let reason): return try await settle(verb, ids, reason: reason)
            case .begin(let request, let confirmed, let reason):
                return try await begin(request, confirmed: confirmed, reason: reason)
            case .control(let id, let control): return try await self.control(id, control)
            case .order(let verb, let id, let reason):
                try await engine.runs.give(RunOrder(verb, by: actor, reason: reason ?? ""), to: id)
                let run = try await engine.runs.run(id)
                return .done("run \(id) is \(run?.word ?? "gone")", tenantID: nil)
            case .decide(let id, let isApproval, let reason):
                let approval = try await engine.approvals.decide(
                    id, isApproval: isApproval, by: actor, reason: reason ?? "")
                let left =
                    approval.status == .pending
                    ? "needs \(approval.missingCount) more" : "is \(approval.status.rawValue)"
                return .done("\(id) \(left)", tenantID: nil)
            case .schedule(let verb, let name, let reason): return try await perform(verb, name, reason: reason ?? "")
            case .signal(let id, let name, let data):
                try await engine.runs.send(
                    RunSignal(name: name, key: engine.runs.freshName(), payload: data, sender: actor), to: id)
                return .done("'\(name)' is sent to \(id)", tenantID: nil)
            case .start(let workflow, let name, let input):
                let started = try await engine.runs.start(
                    workflow,
                    ExecutionInput(
                        executionName: name ?? engine.runs.freshName(), input: input, triggerSource: actor))
                return .done("run \(started.executionID) is \(started.state.rawValue)", tenantID: nil)
            }
        } catch let error as CallbackServiceError {
            // It names its callback or its operation itself.
            return .refused(error.description)
        } catch {
            return .refused("\(verb.subject): \(error)")
        }
    }

    private func perform(_ verb: ScheduleVerb, _ name: String, reason: String) async throws -> VerbOutcome {
        let schedules = engine.schedules
        switch verb {
        case .pause: _ = try await schedules.pause(name, by: actor, reason: reason)
        case .resume: _ = try await schedules.resume(name, by: actor, reason: reason)
        case .trigger: _ = try await schedules.trigger(name, by: actor, reason: reason)
        case .delete:
            try await schedules.delete(name, by: actor, reason: reason)
            return .done("schedule \(name) is deleted", tenantID: nil)
        }
        let last = try await schedules.history(of: name, limit: 1).first
        return .done("schedule \(name): \(last.map { ScheduleText.words(of: $0) } ?? verb.rawValue)", tenantID: nil)
    }

    /// Somebody else may have taken the name between the plan and the confirmation.
    private func refuseTaken(_ name: String) async throws {
        guard try await !isTaken(name) else { throw LoadRefusal.taken(name) }
    }

    /// Whether a tenant that is not deleted has the name.
    func isTaken(_ name: String) async throws -> Bool {
        do throws(TenantServiceError) {
            let tenant = try await engine.tenants.tenant(name)
            return tenant.name == name && tenant.status != .deleted
        } catch {
            if case .unknown = error { return false }
            throw error
        }
    }

    private func done(_ tenant: Tenant) -> VerbOutcome {
        .done("\(tenant.name) is \(tenant.status.rawValue)", tenantID: tenant.id)
    }

    /// Who did it, with the reason that was given, as histories show it.
    private func author(_ reason: String?) -> String { reason.map { "\(actor) (\($0))" } ?? actor }
}

/// Why the console refused before the engine was asked.
enum LoadRefusal: Error, CustomStringConvertible {
    case taken(String)

    var description: String {
        switch self {
        case .taken(let name): "a tenant named '\(name)' exists; U updates it"
        }
    }
}
