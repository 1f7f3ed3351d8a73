import LandlordDomain
import Logging
import ServiceLifecycle
import StatesLanguage

/// The one file that knows every concrete type: it puts repositories, providers and services together.
struct EngineAssembly: Sendable {
    /// What a front end holds.
    let engine: Engine
    /// What the driving process runs, in the order in which it is started.
    let services: [any Service]
    /// What the driving process does before it starts the services.
    let prepare: @Sendable () async throws -> Void

    init(
        _ configuration: Configuration, database: Database, variable: @escaping @Sendable (String) -> String?,
        surroundings: Surroundings, logger: Logger
    ) throws {
        let repositories = Repositories(database)
        let computeRegistry = ComputeRegistry(of: "compute", logger: logger)
        let mock = MockComputeProvider(store: repositories.mockResources, surroundings: surroundings)
        try computeRegistry.register(mock, named: mock.name)
        let processes = Self.processProvider(
            configuration, repositories: repositories, variable: variable, surroundings: surroundings, logger: logger)
        try computeRegistry.register(processes, named: processes.name)
        let computeManager = ComputeManager(
            registry: computeRegistry, options: ComputeManager.Options(), surroundings: surroundings, logger: logger)

        let executionQueue = WorkQueue<Tenant.ID>()
        let executions = ComputeExecutionService(
            executions: repositories.executions, queue: executionQueue, surroundings: surroundings)
        let driving = DrivingStatus()
        let durable = DurableRuns(
            configuration, repositories: repositories, executions: executions, driving: driving, changes: database.hub,
            variable: variable, surroundings: surroundings, logger: logger)
        let direct = DirectWorkflowProvider(service: executions, surroundings: surroundings)
        let workflowRegistry = WorkflowRegistry(of: "workflow", logger: logger)
        try workflowRegistry.register(durable.provider, named: durable.provider.name)
        try workflowRegistry.register(direct, named: direct.name)
        try workflowRegistry.register(MockWorkflowProvider(surroundings: surroundings), named: "mock")
        let workflowName = configuration.usesComputeWorkflows ? configuration.workflowProvider : direct.name
        _ = try workflowRegistry.provider(named: workflowName)
        let workflows = WorkflowManager(registry: workflowRegistry, defaultProvider: workflowName, logger: logger)

        let archive = RunArchive(
            runs: repositories.runs, store: repositories.recordedRuns, directory: configuration.archiveDirectory,
            surroundings: surroundings, logger: logger)
        engine = Engine(
            tenants: TenantService(
                tenants: repositories.tenants, manager: computeManager,
                defaultComputeProvider: configuration.compute.defaultProvider, surroundings: surroundings),
            executions: executions,
            runs: RunService(store: repositories.runs, provider: durable.provider),
            callbacks: CallbackService(
                callbacks: repositories.callbacks, operations: repositories.callbackOperations,
                retryLimit: configuration.callbacks.retryLimit, surroundings: surroundings),
            approvals: durable.approvals, schedules: durable.schedules, archive: archive, compute: computeManager,
            workflows: workflows,
            changes: database.hub,
            driving: driving, storage: database.health)

        services =
            durable.services + [
                ComputeExecutionRunner(
                    manager: computeManager, executions: repositories.executions, queue: executionQueue,
                    changes: database.hub, workflowProvider: workflowName,
                    options: ComputeExecutionRunner.Options(configuration), surroundings: surroundings, logger: logger)
            ]
            + Self.callbackServices(
                configuration, repositories: repositories, workflows: workflows, changes: database.hub,
                variable: variable, surroundings: surroundings, logger: logger)
            + Self.tenantServices(
                configuration, repositories: repositories, workflows: workflows, compute: computeManager,
                changes: database.hub, surroundings: surroundings, logger: logger)
            + [
                RunHousekeeper(
                    archive: archive, retention: configuration.runRetention, surroundings: surroundings, logger: logger)
            ]
        prepare = {
            try await processes.reconcileOrphans()
            for spec in try TenantWorkflows.specs(for: workflowName) { _ = try await workflows.createWorkflow(spec) }
        }
    }

    /// What brings tenants where they should be, and sees whether they stay there.
    private static func tenantServices(
        _ configuration: Configuration, repositories: Repositories, workflows: WorkflowManager, compute: ComputeManager,
        changes: ChangeHub, surroundings: Surroundings, logger: Logger
    ) -> [any Service] {
        let settings = configuration.reconciler
        return [
            Reconciler(
                tenants: repositories.tenants, workflows: workflows, changes: changes,
                options: Reconciler.Options(configuration), surroundings: surroundings, logger: logger),
            DriftChecker(
                tenants: repositories.tenants, compute: compute,
                options: DriftChecker.Options(interval: settings.driftInterval, rate: settings.driftRate),
                surroundings: surroundings, logger: logger),
        ]
    }

    /// What carries callbacks, works off bulk operations and clears up.
    private static func callbackServices(
        _ configuration: Configuration, repositories: Repositories, workflows: WorkflowManager, changes: ChangeHub,
        variable: @escaping @Sendable (String) -> String?, surroundings: Surroundings, logger: Logger
    ) -> [any Service] {
        [
            CallbackDeliverer(
                outbox: repositories.outbox,
                receiver: receiver(
                    configuration, workflows: workflows, variable: variable, surroundings: surroundings),
                changes: changes, options: CallbackDeliverer.Options(configuration), surroundings: surroundings,
                logger: logger),
            CallbackOperationRunner(
                operations: repositories.callbackOperations, retryLimit: configuration.callbacks.retryLimit,
                changes: changes, surroundings: surroundings, logger: logger),
            CallbackHousekeeper(
                outbox: repositories.outbox, patience: configuration.callbacks.patience,
                retention: configuration.callbacks.retention, surroundings: surroundings, logger: logger),
        ]
    }

    private static func receiver(
        _ configuration: Configuration, workflows: WorkflowManager, variable: @escaping @Sendable (String) -> String?,
        surroundings: Surroundings
    ) -> any CallbackReceiver {
        let callbacks = configuration.callbacks
        let connections = WebhookConnections(
            connectTimeout: min(callbacks.timeout, .seconds(10)), connectionLimit: callbacks.laneWorkerCount)
        return CallbackRouter(
            workflows: WorkflowCallbackReceiver(workflows: workflows),
            webhooks: WebhookReceiver(
                options: WebhookReceiver.Options(
                    policy: WebhookPolicy(callbacks),
                    timeout: callbacks.timeout),
                resolver: SystemAddressResolver(now: surroundings.now), connections: connections,
                variable: variable, surroundings: surroundings))
    }

    private static func processProvider(
        _ configuration: Configuration, repositories: Repositories, variable: @escaping @Sendable (String) -> String?,
        surroundings: Surroundings, logger: Logger
    ) -> ProcessComputeProvider {
        var options = ProcessComputeProvider.Options(
            stateDirectory: configuration.process.directory,
            supervisor: SupervisorLocation.find(variable: variable) ?? SupervisorLocation.programName,
            variable: variable)
        options.stopGraceSeconds = Int(configuration.process.stopGrace.components.seconds)
        options.checkpoint = { checkpoint in
            if let step = DurableStep(rawValue: checkpoint.rawValue) { surroundings.reached(step) }
        }
        return ProcessComputeProvider(
            options: options, records: repositories.processRecords, surroundings: surroundings, logger: logger)
    }

    /// The ports, as the database implements them.
    fileprivate struct Repositories {
        let tenants: any TenantRepository
        let executions: any ComputeExecutionRepository
        let callbacks: any CallbackRepository
        let callbackOperations: any CallbackOperationRepository
        let outbox: any CallbackOutbox
        let runs: any RunStore
        let recordedRuns: any RunArchiveStore
        let approvals: any ApprovalRepository
        let schedules: any ScheduleRepository
        let processRecords: any ProcessRecordStore
        let mockResources: any MockResourceStore

        init(_ database: Database) {
            tenants = DatabaseTenantRepository(database)
            executions = DatabaseComputeExecutionRepository(database)
            callbacks = DatabaseCallbackRepository(database)
            callbackOperations = DatabaseCallbackOperationRepository(database)
            outbox = DatabaseCallbackOutbox(database)
            let store = DatabaseRunStore(database)
            runs = store
            recordedRuns = store
            approvals = DatabaseApprovalRepository(database)
            schedules = DatabaseScheduleRepository(database)
            processRecords = DatabaseProcessRecordStore(database)
            mockResources = DatabaseMockResourceStore(database)
        }
    }
}

/// The embedded workflow provider with those who see to the tasks of its runs, and those who start runs.
private struct DurableRuns {
    let provider: EmbeddedWorkflowProvider
    let approvals: ApprovalService
    let schedules: ScheduleService
    /// What the driving process runs for it.
    let services: [any Service]

    init(
        _ configuration: Configuration, repositories: EngineAssembly.Repositories, executions: ComputeExecutionService,
        driving: DrivingStatus, changes: ChangeHub, variable: @escaping @Sendable (String) -> String?,
        surroundings: Surroundings, logger: Logger
    ) {
        // The requests of runs go under the rules of webhooks.
        let requests = HTTPTaskWorker(
            requests: CheckedRequests(
                policy: WebhookPolicy(configuration.callbacks), resolver: SystemAddressResolver(now: surroundings.now),
                connections: WebhookConnections(
                    connectTimeout: .seconds(10), connectionLimit: HTTPTaskWorker.requestLimit),
                surroundings: surroundings), variable: variable)
        let bell = Alarm()
        provider = EmbeddedWorkflowProvider(
            store: repositories.runs,
            workers: [
                ComputeTaskWorker(compute: LocalComputeWorkflowClient(service: executions)), requests,
                ApprovalTaskWorker(approvals: repositories.approvals, bell: bell, surroundings: surroundings),
            ], isDriving: { driving.driver == .thisProcess }, surroundings: surroundings, logger: logger)
        approvals = ApprovalService(approvals: repositories.approvals, bell: bell, surroundings: surroundings)
        let (zones, clockwork) = (TimeZoneFiles(variable: variable), Alarm())
        schedules = ScheduleService(
            schedules: repositories.schedules, runs: repositories.runs, zones: zones, bell: clockwork,
            surroundings: surroundings)
        services = [
            EmbeddedEngine(provider: provider, changes: changes),
            HTTPTaskService(worker: requests, provider: provider),
            ApprovalRunner(
                approvals: repositories.approvals, provider: provider, bell: bell, changes: changes,
                surroundings: surroundings, logger: logger),
            ScheduleRunner(
                schedules: repositories.schedules, runs: repositories.runs, provider: provider, zones: zones,
                bell: clockwork, changes: changes, surroundings: surroundings, logger: logger),
        ]
    }
}

extension WebhookPolicy {
    init(_ callbacks: Configuration.Callbacks) {
        self.init(allowsLoopback: callbacks.allowsLoopbackHTTP, allowedHosts: callbacks.allowedHosts)
    }
}

extension ComputeExecutionRunner.Options {
    init(_ configuration: Configuration) {
        self.init(
            timeout: configuration.compute.timeout, callbackAttemptLimit: configuration.callbacks.retryLimit + 1)
    }
}

extension CallbackDeliverer.Options {
    init(_ configuration: Configuration) {
        let callbacks = configuration.callbacks
        self.init(
            limits: DeliverySchedule.Limits(webhooks: callbacks.workerCount, lane: callbacks.laneWorkerCount),
            breaker: CircuitBreaker.Policy(
                failureLimit: callbacks.breakerFailureLimit, pauseBase: callbacks.breakerPause,
                pauseLimit: max(.seconds(60), callbacks.breakerPause)),
            policy: DeliveryPolicy(
                backoff: Backoff(delayBase: callbacks.delayBase, delayLimit: callbacks.delayLimit, certainPart: 0),
                retryAfterLimit: callbacks.retryAfterLimit))
    }
}

extension Reconciler.Options {
    init(_ configuration: Configuration) {
        let settings = configuration.reconciler
        self.init(
            resyncInterval: settings.resyncInterval, workers: settings.workerCount, attemptLimit: settings.retryLimit,
            backoff: Backoff(delayBase: settings.delayBase, delayLimit: settings.delayLimit),
            computeTimeout: configuration.compute.timeout,
            defaultComputeProvider: configuration.compute.defaultProvider,
            followsExecutions: !configuration.usesComputeWorkflows)
    }
}
