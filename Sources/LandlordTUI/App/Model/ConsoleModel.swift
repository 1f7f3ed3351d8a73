import LandlordDomain
import StatesLanguage

/// Everything that the console knows: a value that events move and a view draws.
struct ConsoleModel: Hashable, Sendable {
    /// What does not change while the console is open.
    struct Identity: Hashable, Sendable {
        /// The database, short, for the header.
        var database: String
        /// Who works here, for histories.
        var actor: String
    }

    /// How long rows keep their places after the cursor moved.
    static let holdMilliseconds: Int64 = 3_000
    /// How long a message stays.
    static let toastMilliseconds: Int64 = 5_000

    let identity: Identity
    var now: Timestamp
    var size: Size

    var fleet: Fleet?
    var tenants = LiveList<Tenant>()
    var executions = LiveList<ComputeExecution>()
    var causes = LiveList<CallbackCause>()
    var callbacks = LiveList<Callback>()
    var runs = LiveList<WorkflowRun>()
    /// What the runs wait for that were read last.
    var openTasks: [String: OpenTasks] = [:]
    var approvals = LiveList<Approval>()
    var schedules = LiveList<Schedule>()
    var tenantOrder = TenantQuery.Order.newest
    var tenantFilter = ListFilter()
    var executionFilter = ListFilter()
    var runFilter = ListFilter()
    var approvalFilter = ListFilter()
    var scheduleFilter = ListFilter()
    var deadLetters = DeadLetterState()
    /// The bulk operations that are not over, and the newest of the others; newest first.
    var operations: [OperationProgress] = []

    /// The way that led here; the first entry is the tenants and never goes.
    var stack: [Place] = [.tenants]
    /// The tenant under the cursor, for the second pane of a wide screen.
    var preview: TenantDetail?
    var modal: Modal?
    var toast: Toast?
    var toastEnd: Timestamp?
    /// Whether changes are left aside until the operator wants them.
    var isPaused = false
    /// Since when loads fail; nil while they are answered.
    var staleSince: Timestamp?
    var failedLoadCount = 0
    /// Whether the last key was the first of the two that quit.
    var isQuitting = false

    init(identity: Identity, now: Timestamp, size: Size) {
        self.identity = identity
        self.now = now
        self.size = size
    }

    /// The place that is shown.
    var place: Place { stack.last ?? .tenants }

    var scope: Scope { place.scope }

    var layout: ScreenLayout { ScreenLayout(size) }

    /// What to load before anything is known.
    var initialEffects: [ConsoleEffect] { visibleLoads + [.load(.operations)] }
}

extension ConsoleModel {
    /// The window of tenants that is wanted now.
    var tenantQuery: TenantQuery {
        var query = tenantFilter.tenants
        query.order = tenantOrder
        query.after = tenants.anchors.last
        query.limit = LiveList<Tenant>.windowLimit(height: layout.listRows)
        return query
    }

    var executionQuery: ComputeExecutionQuery {
        var query = executionFilter.executions
        query.after = executions.anchors.last
        query.limit = LiveList<ComputeExecution>.windowLimit(height: layout.listRows)
        return query
    }

    var runQuery: WorkflowRunQuery {
        var query = runFilter.runs
        query.after = runs.anchors.last
        query.limit = LiveList<WorkflowRun>.windowLimit(height: layout.listRows)
        return query
    }

    var approvalQuery: ApprovalQuery {
        var query = approvalFilter.approvals
        query.after = approvals.anchors.last
        query.limit = LiveList<Approval>.windowLimit(height: layout.listRows)
        return query
    }

    var scheduleQuery: ScheduleQuery {
        var query = scheduleFilter.schedules
        query.after = schedules.anchors.last
        query.limit = LiveList<Schedule>.windowLimit(height: layout.listRows)
        return query
    }

    /// Loads for everything that is on the screen.
    var visibleLoads: [ConsoleEffect] {
        var queries: [ConsoleQuery] = [.fleet]
        switch place {
        case .tenants:
            if !tenants.isWalking { queries.append(.tenants(tenantQuery, toEnd: false)) }
            if let preview { queries.append(.tenant(preview.id)) }
        case .executions:
            if !executions.isWalking { queries.append(.executions(executionQuery, toEnd: false)) }
        case .causes:
            queries.append(.causes(causeQuery))
            if let sample = deadLetters.sample { queries.append(.sample(cause: sample.cause)) }
        case .callbacks:
            if !callbacks.isWalking { queries.append(.callbacks(callbackQuery, toEnd: false)) }
        case .runs:
            if !runs.isWalking { queries.append(.runs(runQuery, toEnd: false)) }
        case .run(let detail):
            queries.append(.run(detail.id, detail.part))
        case .approvals:
            if !approvals.isWalking { queries.append(.approvals(approvalQuery, toEnd: false)) }
        case .approval(let detail):
            queries.append(.approval(detail.id))
        case .schedules:
            if !schedules.isWalking { queries.append(.schedules(scheduleQuery, toEnd: false)) }
        case .schedule(let detail):
            queries.append(.schedule(detail.name))
        case .tenant(let detail):
            queries.append(.tenant(detail.id))
            if detail.tab == .logs { queries.append(.logs(detail.id, after: detail.logPlace)) }
        case .execution(let detail):
            queries.append(.execution(detail.id))
        case .callback(let detail):
            queries.append(.callback(detail.id))
        }
        return queries.map { .load($0) }
    }

    /// Whether rows must keep their places.
    func isHeld(_ movedAt: Timestamp?, hasMarks: Bool) -> Bool {
        if hasMarks { return true }
        if case .confirm = modal { return true }
        guard let movedAt else { return false }
        return now.millisecondsSinceEpoch - movedAt.millisecondsSinceEpoch < Self.holdMilliseconds
    }

    var areTenantsHeld: Bool { isHeld(tenants.movedAt, hasMarks: !tenants.scroller.marks.isEmpty) }

    var areExecutionsHeld: Bool { isHeld(executions.movedAt, hasMarks: false) }

    var areRunsHeld: Bool { isHeld(runs.movedAt, hasMarks: false) }

    var areApprovalsHeld: Bool { isHeld(approvals.movedAt, hasMarks: false) }

    var areSchedulesHeld: Bool { isHeld(schedules.movedAt, hasMarks: false) }

    var areCausesHeld: Bool { isHeld(causes.movedAt, hasMarks: false) }

    var areCallbacksHeld: Bool { isHeld(callbacks.movedAt, hasMarks: !callbacks.scroller.marks.isEmpty) }

    /// The tenant that keys speak of: the one under the cursor, or the one whose screen is open.
    var selectedTenant: Tenant? {
        switch place {
        case .tenants: tenants.selected
        case .tenant(let detail): detail.facts?.tenant
        case .executions, .causes, .callbacks, .runs, .execution, .callback, .run, .approvals, .approval,
            .schedules, .schedule:
            nil
        }
    }

    /// The execution that keys speak of.
    var selectedExecution: ComputeExecution? {
        switch place {
        case .executions: executions.selected
        case .execution(let detail): detail.facts?.execution
        case .tenant(let detail): detail.selectedExecution
        case .tenants, .causes, .callbacks, .runs, .callback, .run, .approvals, .approval, .schedules, .schedule: nil
        }
    }

    /// The tenants that a change is for: the marked ones, or the selected one.
    var targets: [Tenant] {
        if scope == .tenants, !tenants.scroller.marks.isEmpty {
            return tenants.marked.sorted { ($0.name, $0.id.rawValue) < ($1.name, $1.id.rawValue) }
        }
        return selectedTenant.map { [$0] } ?? []
    }

    mutating func show(_ text: String, level: Toast.Level = .info) {
        toast = Toast(.sanitize(text), level: level)
        let factor: Int64 = level == .info ? 1 : 2
        toastEnd = now.advanced(by: .milliseconds(Self.toastMilliseconds * factor))
    }

    /// Takes a message away that spoke of a screen that is left; an error stays for its time.
    mutating func dropToast() {
        guard toast?.level != .error else { return }
        (toast, toastEnd) = (nil, nil)
    }

    /// Changes the place on top where it is a tenant's screen.
    mutating func editTenantDetail(_ change: (inout TenantDetail) -> Void) {
        guard case .tenant(var detail)? = stack.last else { return }
        change(&detail)
        stack[stack.count - 1] = .tenant(detail)
    }

    mutating func editRunDetail(_ change: (inout RunDetail) -> Void) {
        guard case .run(var detail)? = stack.last else { return }
        change(&detail)
        stack[stack.count - 1] = .run(detail)
    }

    mutating func editExecutionDetail(_ change: (inout ExecutionDetail) -> Void) {
        guard case .execution(var detail)? = stack.last else { return }
        change(&detail)
        stack[stack.count - 1] = .execution(detail)
    }
}
