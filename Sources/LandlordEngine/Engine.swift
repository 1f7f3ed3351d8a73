/// What a front end holds: one service for each noun that an operator says, and the hub of committed changes.
///
/// Reads and verbs work in every process. The work that follows from a verb is done by the process that drives the
/// database, which `EngineHost` decides.
public struct Engine: Sendable {
    /// Tenants: apply, plan, retry, archive, delete, lists and history.
    public let tenants: TenantService
    /// Compute executions: lists, history, cancel.
    public let executions: ComputeExecutionService
    /// Runs: lists, history, cancel.
    public let runs: RunService
    /// Callbacks: lists and attempts.
    public let callbacks: CallbackService
    /// Requests for approval: lists, decisions, history.
    public let approvals: ApprovalService
    /// Schedules that start runs: lists, verbs, coming moments.
    public let schedules: ScheduleService
    /// Runs as lines, and the files of runs that have been over for long.
    public let archive: RunArchive
    /// The compute providers: names, rules, schemas, live status, logs.
    public let compute: ComputeManager
    /// The workflow providers.
    public let workflows: WorkflowManager
    /// Committed changes; subscribe first, then load.
    public let changes: ChangeHub
    /// Who drives the database.
    public let driving: DrivingStatus
    /// Whether the database takes writes.
    public let storage: StorageHealth

    /// Gathers the services that `EngineAssembly` has made.
    package init(
        tenants: TenantService, executions: ComputeExecutionService, runs: RunService, callbacks: CallbackService,
        approvals: ApprovalService, schedules: ScheduleService, archive: RunArchive, compute: ComputeManager,
        workflows: WorkflowManager, changes: ChangeHub, driving: DrivingStatus,
        storage: StorageHealth
    ) {
        self.tenants = tenants
        self.executions = executions
        self.runs = runs
        self.callbacks = callbacks
        self.approvals = approvals
        self.schedules = schedules
        self.archive = archive
        self.compute = compute
        self.workflows = workflows
        self.changes = changes
        self.driving = driving
        self.storage = storage
    }
}
