package import LandlordDomain
package import Logging
import ServiceLifecycle
import StatesLanguage

/// Brings every tenant from what it is to what it should be, from what is stored and never from what an event said.
///
/// Events wake it, so it is quick; the resync looks at everything that is not at rest, so a lost event costs an
/// interval. A tenant is looked at by one worker at a time.
package struct Reconciler: Service {
    /// How the reconciler works.
    package struct Options: Sendable, Hashable {
        /// The time between two looks at everything that is not at rest.
        package var resyncInterval: Duration
        /// How many tenants are looked at at once.
        package var workers: Int
        /// How often starting or seeing a run may fail before the tenant fails.
        package var attemptLimit: Int
        /// The waits between such failures.
        package var backoff: Backoff
        /// How long one compute operation may take.
        package var computeTimeout: Duration
        /// The provider of specs that name none.
        package var defaultComputeProvider: String
        /// A run is the compute execution itself, so that its changes are a run's.
        package var followsExecutions: Bool

        /// The limits of the configuration.
        package init(
            resyncInterval: Duration = .seconds(10), workers: Int = 8, attemptLimit: Int = 5,
            backoff: Backoff = Backoff(delayBase: .seconds(1), delayLimit: .seconds(300)),
            computeTimeout: Duration = .seconds(600), defaultComputeProvider: String = "process",
            followsExecutions: Bool = false
        ) {
            self.resyncInterval = resyncInterval
            self.workers = workers
            self.attemptLimit = attemptLimit
            self.backoff = backoff
            self.computeTimeout = computeTimeout
            self.defaultComputeProvider = defaultComputeProvider
            self.followsExecutions = followsExecutions
        }
    }

    private let tenants: any TenantRepository
    private let workflows: WorkflowManager
    private let changes: ChangeHub
    private let options: Options
    private let surroundings: Surroundings
    private let logger: Logger
    private let queue = WorkQueue<Tenant.ID>()
    private let resync = Alarm()
    private let ownWrites = OwnWrites()

    /// A reconciler over stored tenants.
    package init(
        tenants: any TenantRepository, workflows: WorkflowManager, changes: ChangeHub, options: Options,
        surroundings: Surroundings, logger: Logger
    ) {
        self.tenants = tenants
        self.workflows = workflows
        self.changes = changes
        self.options = options
        self.surroundings = surroundings
        self.logger = logger
    }

    /// Reconciles until the graceful shutdown begins; then the looks that are under way are finished.
    package func run() async throws {
        let subscription = changes.subscribe(limit: 16_384)
        queue.open()
        resync.open()
        await withDiscardingTaskGroup { group in
            group.addTask { await drain(queue, workers: options.workers) { await reconcile($0) } }
            group.addTask {
                await withDiscardingTaskGroup { wakers in
                    wakers.addTask { await sweep() }
                    wakers.addTask {
                        for await batch in subscription { notice(batch) }
                    }
                    // Ends with the shutdown only; a cancelled wait is that shutdown.
                    try? await gracefulShutdown()
                    queue.close()
                    resync.close()
                    wakers.cancelAll()
                }
            }
        }
    }

    private func notice(_ batch: [Change]) {
        for change in batch {
            switch change {
            case .tenant(let id, let version): if !ownWrites.hold(Tenant.ID(id), version) { queue.add(Tenant.ID(id)) }
            // The first input of a run is our own invocation.
            case .run(_, let tenantID?, let input): if input > 1 { queue.add(Tenant.ID(tenantID)) }
            case .execution(_, let tenantID) where options.followsExecutions: queue.add(Tenant.ID(tenantID))
            case .missed: resync.ring()
            case .run, .execution, .callback, .approval, .schedule, .lease, .storage, .workflowTask, .workflowTimer:
                break
            }
        }
    }

    /// Looks at everything that is not at rest, now and again, and when the next backoff ends.
    private func sweep() async {
        while !resync.isClosed {
            var pause = options.resyncInterval
            do {
                try await enqueueAll()
                let now = surroundings.now()
                if let due = try await tenants.nextAttempt(after: now) {
                    pause = min(pause, max(.milliseconds(1), due.duration(since: now)))
                }
            } catch {
                logger.error("Tenants cannot be read", metadata: [LogKeys.error: "\(error)"])
            }
            await resync.wait(atMost: queue.takeOverflow() ? .milliseconds(100) : pause, on: surroundings.clock)
        }
    }

    private func enqueueAll() async throws(RepositoryError) {
        var last: Tenant.ID?
        repeat {
            let ids = try await tenants.needingReconciliation(
                after: last, limit: PageLimit.largest, now: surroundings.now())
            for id in ids { queue.add(id) }
            last = ids.count == PageLimit.largest ? ids.last : nil
        } while last != nil
    }

    /// Looks at one tenant until there is nothing more to do for it now.
    package func reconcile(_ id: Tenant.ID) async {
        do {
            // Each round writes something or is the last; the limit only guards against a mistake of ours.
            for _ in 0..<16 {
                guard let tenant = try await tenants.tenant(id), try await advance(tenant) else { return }
            }
        } catch RepositoryError.stale {
            queue.add(id)
        } catch {
            logger.error(
                "A tenant cannot be reconciled",
                metadata: [LogKeys.tenantID: "\(id)", LogKeys.error: "\(error)"])
        }
    }

    /// Does the next thing for a tenant.
    ///
    /// - Returns: Whether another look is worth it at once.
    private func advance(_ tenant: Tenant) async throws -> Bool {
        let now = surroundings.now()
        if TenantLifecycle.backoffEnd(of: tenant, now: now) != nil { return false }
        let run: WorkflowStatus?
        do throws(WorkflowError) {
            run = try await statusOfRun(of: tenant)
        } catch {
            return try await setBack(tenant, by: error.description)
        }
        switch TenantLifecycle.decide(tenant, run: run, now: now) {
        case .rest, .wait:
            return false
        case .intend(let operation):
            let change = try TenantLifecycle.intend(operation, for: tenant, at: now)
            let intended = try await save(change)
            surroundings.reached(.intended)
            return try await invoke(intended)
        case .invoke:
            return try await invoke(tenant)
        case .note(let run):
            guard let noted = TenantLifecycle.note(run, on: tenant, at: now) else { return false }
            _ = try await save((noted, []))
            return false
        case .stop(let reason):
            return try await stop(tenant, reason: reason)
        case .complete(let run):
            let change = try TenantLifecycle.complete(tenant, with: run, at: now)
            _ = try await save(change)
            surroundings.reached(.completed)
            return change.tenant.hasUnappliedChange && change.tenant.status == .ready
        case .fail(let message):
            let change = try TenantLifecycle.fail(tenant, message: message, at: now)
            _ = try await save(change)
            return false
        }
    }

    /// Writes a change, and remembers that the look which it would ask for is this one.
    private func save(_ change: TenantLifecycle.Change) async throws(RepositoryError) -> Tenant {
        ownWrites.note(change.tenant.id, change.tenant.version + 1)
        do throws(RepositoryError) {
            return try await tenants.save(change.tenant, change.transitions)
        } catch {
            // The version that was meant may become somebody else's.
            ownWrites.forget(change.tenant.id)
            throw error
        }
    }

    private func statusOfRun(of tenant: Tenant) async throws(WorkflowError) -> WorkflowStatus? {
        guard tenant.status.isWorking, let run = tenant.run else { return nil }
        return try await workflows.status(of: run.executionID)
    }

    private func invoke(_ tenant: Tenant) async throws -> Bool {
        guard let run = tenant.run else { return false }
        let request = ProvisionRequest(
            tenantID: tenant.id, tenantName: tenant.name, operation: run.operation, generation: run.generation,
            attemptEpoch: tenant.attemptEpoch, desired: tenant.desired,
            computeProvider: tenant.desired.provider ?? options.defaultComputeProvider,
            timeout: options.computeTimeout)
        do throws(WorkflowError) {
            _ = try await workflows.invoke(request)
            return false
        } catch .invalidSpec(let violations) {
            // Asking again with the same request cannot help.
            let message = violations.map(\.description).joined(separator: "; ")
            let change = try TenantLifecycle.fail(tenant, message: message, at: surroundings.now())
            _ = try await save(change)
            return false
        } catch {
            return try await setBack(tenant, by: error.description)
        }
    }

    private func stop(_ tenant: Tenant, reason: String) async throws -> Bool {
        guard let run = tenant.run else { return false }
        do throws(WorkflowError) {
            try await workflows.stop(run.executionID, reason: reason)
            return true
        } catch .executionNotFound {
            // It was forgotten since it was seen: there is nothing to stop.
            return true
        } catch {
            return try await setBack(tenant, by: error.description)
        }
    }

    private func setBack(_ tenant: Tenant, by problem: String) async throws -> Bool {
        logger.info(
            "The workflow provider did not answer",
            metadata: [LogKeys.tenantID: "\(tenant.id)", LogKeys.error: "\(problem)"])
        guard tenant.status.isWorking else { return false }
        let change = try TenantLifecycle.setBack(
            tenant, by: problem, attemptLimit: options.attemptLimit, backoff: options.backoff,
            jitter: surroundings.jitter, at: surroundings.now())
        _ = try await save(change)
        resync.ring()
        return false
    }
}
