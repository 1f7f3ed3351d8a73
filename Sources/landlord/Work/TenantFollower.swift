import Glibc
import LandlordDomain
import LandlordEngine

/// Waits until a tenant stands where a command wants it, and tells what happens on the way.
struct TenantFollower: Sendable {
    /// What is waited for.
    enum Goal: Sendable, Hashable {
        /// The config of this generation, or a later one, is applied.
        case applied(generation: Int)
        /// The tenant stands there.
        case status(TenantStatus)

        /// What a tenant has to do with the goal; nil where there is nothing to say yet.
        func verdict(on tenant: Tenant) -> Verdict? {
            switch self {
            case .applied(let generation):
                if tenant.status == .ready, tenant.observedGeneration >= generation { return .reached }
                if tenant.status == .failed || tenant.status.isEnding { return .missed }
            case .status(let status):
                if tenant.status == status, status != .ready || !tenant.hasUnappliedChange { return .reached }
                if tenant.status == .failed || tenant.status == .deleted { return .missed }
                if tenant.status == .archived, status != .deleting, status != .deleted { return .missed }
            }
            return nil
        }

        /// The goal for a message.
        var name: String {
            switch self {
            case .applied: TenantStatus.ready.rawValue
            case .status(let status): status.rawValue
            }
        }
    }

    /// What a tenant has to do with a goal.
    enum Verdict: Sendable, Hashable {
        /// It is there.
        case reached
        /// It will not come there by itself.
        case missed
    }

    private let session: Session
    private let interrupts: AsyncStream<Int32>

    /// A follower with a session; from now on Ctrl-C ends the wait and not the process.
    init(_ session: Session) {
        self.session = session
        interrupts = Interrupts.stream()
    }

    /// Waits while this process drives the database where no other does.
    ///
    /// - Throws: A failure with 1 where the tenant cannot come there, 124 when the time is over, 130 for Ctrl-C.
    func wait(for goal: Goal, of tenant: Tenant, atMost timeout: Duration) async throws -> Tenant {
        // What needs no waiting needs no driver either.
        let now = try await session.engine.tenants.tenant(tenant.id.rawValue)
        if let verdict = goal.verdict(on: now) { return try conclude(verdict, now, goal) }
        let end = try await session.whileDriving { try await first(of: goal, for: tenant.id, timeout) }
        switch end {
        case .answer((let verdict, let tenant)):
            return try conclude(verdict, tenant, goal)
        case .outOfTime:
            let now = try await session.engine.tenants.tenant(tenant.id.rawValue)
            throw Failure(
                .timeout,
                "\(now.name) is still \(now.status.rawValue) after \(timeout.inWords), not \(goal.name); \(goesOn(now))"
            )
        case .signal(let number):
            let now = try await session.engine.tenants.tenant(tenant.id.rawValue)
            throw Failure(.signal(number), "stopped waiting; \(now.name) is \(now.status.rawValue), and \(goesOn(now))")
        }
    }

    private func conclude(_ verdict: Verdict, _ tenant: Tenant, _ goal: Goal) throws(Failure) -> Tenant {
        switch verdict {
        case .reached: return tenant
        case .missed:
            let reason = tenant.statusMessage.isEmpty ? "" : ": \(tenant.statusMessage)"
            throw Failure(.failed, "\(tenant.name) is \(tenant.status.rawValue), not \(goal.name)\(reason)")
        }
    }

    private func goesOn(_ tenant: Tenant) -> String {
        guard tenant.status.isWorking else { return "stays so until somebody acts" }
        guard case .other = session.engine.driving.driver else {
            return "goes on with the next landlord that drives this database"
        }
        return "goes on"
    }

    private func first(
        of goal: Goal, for id: Tenant.ID, _ timeout: Duration
    ) async throws -> WaitEnd<(Verdict, Tenant)> {
        let log = TransitionLog()
        return try await session.firstAnswer(atMost: timeout, unless: interrupts) { changes in
            guard changes.contains(where: { concerns($0, id) }) else { return nil }
            let tenant = try await session.engine.tenants.tenant(id.rawValue)
            await log.show(tenant, progress: try await progress(of: tenant))
            return goal.verdict(on: tenant).map { ($0, tenant) }
        }
    }

    private func concerns(_ change: Change, _ id: Tenant.ID) -> Bool {
        switch change {
        case .tenant(let tenantID, _): tenantID == id.rawValue
        case .execution(_, let tenantID): tenantID == id.rawValue
        case .missed: true
        case .run, .callback, .approval, .schedule, .lease, .storage, .workflowTask, .workflowTimer: false
        }
    }

    /// What the newest execution is doing, where somebody reads along.
    private func progress(of tenant: Tenant) async throws -> String? {
        guard StandardStream.hasReader, tenant.status.isWorking else { return nil }
        let newest = try await session.engine.executions.page(ComputeExecutionQuery(tenantID: tenant.id, limit: 1))
        return newest.items.first?.progress
    }
}

/// Tells a person what becomes of a tenant, each step once.
private actor TransitionLog {
    private var shown = ""

    func show(_ tenant: Tenant, progress: String?) {
        let detail = progress ?? (tenant.status == .failed ? tenant.statusMessage : "")
        let line = "\(tenant.name): \(tenant.status.rawValue)" + (detail.isEmpty ? "" : ", \(detail)")
        guard line != shown else { return }
        shown = line
        StandardStream.progress(line)
    }
}
