import LandlordDomain
import StatesLanguage

/// Rows of `workflow_tasks` and `workflow_timers`: what a run waits for.
///
/// They are what a step asked for and nobody has seen to the end, so both tables stay as small as the work in hand.
struct RunWaits: Sendable {
    private enum Change: Sendable {
        case open(task: Int, [SQLValue])
        case cancelling(task: Int)
        case answered(task: Int)
        case submitted(task: Int)
        case start(timer: Int, Timestamp)
        case stop(timer: Int)
    }

    private var changes: [Change] = []

    /// What a step answers, asks for and gives up.
    init(_ step: RunStep, with companion: RunCompanion? = nil) {
        switch step.input {
        case .taskSucceeded(let task, _), .taskFailed(let task, _, _), .taskRefused(let task, _, _, _),
            .itemsRead(let task, _):
            let isCalledStill = companion == .unfinishedCall(task: task)
            changes.append(isCalledStill ? .cancelling(task: task) : .answered(task: task))
        case .timerFired(let timer): changes.append(.stop(timer: timer))
        case .taskSubmitted(let task, _): changes.append(.submitted(task: task))
        case .start, .stop, .order, .move, .taskStarted, .heartbeat: break
        }
        for command in step.transition.commands {
            switch command {
            case .scheduleTask(let task): changes.append(.open(task: task.id, Self.values(task, step.stamp.now)))
            case .readItems(let read): changes.append(.open(task: read.id, Self.values(read.task, step.stamp.now)))
            case .cancelTask(let id): changes.append(.cancelling(task: id))
            case .startTimer(let id, let fireAt): changes.append(.start(timer: id, fireAt))
            case .cancelTimer(let id): changes.append(.stop(timer: id))
            case .finish: break
            }
        }
    }

    /// Writes the rows of the run with this number.
    func write(run: Int64, _ transaction: any SQLTransaction) throws(RepositoryError) {
        for change in changes {
            switch change {
            case .open(let task, let values):
                let sql = values.count == Self.plainCount ? Self.insertPlainTask : Self.insertTask
                try transaction.execute(sql, [try Self.key(run, task)] + values)
                transaction.publish(.workflowTask)
            case .cancelling(let task):
                try transaction.execute(
                    "UPDATE workflow_tasks SET status = 'cancelling' WHERE id = ?", [try Self.key(run, task)])
                transaction.publish(.workflowTask)
            case .answered(let task):
                try transaction.execute("DELETE FROM workflow_tasks WHERE id = ?", [try Self.key(run, task)])
            case .submitted(let task):
                try transaction.execute(
                    "UPDATE workflow_tasks SET is_submitted = 1, lease_until = NULL, worker = NULL WHERE id = ?",
                    [try Self.key(run, task)])
            case .start(let timer, let fireAt):
                try transaction.execute(
                    "INSERT INTO workflow_timers (id, fire_at) VALUES (?, ?)",
                    [try Self.key(run, timer), .timestamp(fireAt)])
                transaction.publish(.workflowTimer)
            case .stop(let timer):
                try transaction.execute("DELETE FROM workflow_timers WHERE id = ?", [try Self.key(run, timer)])
            }
        }
    }

    private static func key(_ run: Int64, _ part: Int) throws(RepositoryError) -> SQLValue {
        .integer(try RunKey(run: run, part: part).value)
    }

    // MARK: Tasks

    private static let insertTask = """
        INSERT INTO workflow_tasks (id, state_name, resource, token, timeout_seconds, heartbeat_seconds, attempt,
            status, created_at, parameters, priority, semaphore, activity, is_external)
        VALUES (?, ?, ?, ?, ?, ?, ?, 'open', ?, ?, ?, ?, ?, ?)
        """

    /// The same for a task that needs nothing but to be done, as most do.
    private static let insertPlainTask = """
        INSERT INTO workflow_tasks (id, state_name, resource, token, timeout_seconds, heartbeat_seconds, attempt,
            status, created_at, parameters)
        VALUES (?, ?, ?, ?, ?, ?, ?, 'open', ?, ?)
        """

    private static let plainCount = 8

    private static func values(_ task: ScheduledTask, _ now: Timestamp) -> [SQLValue] {
        let plain: [SQLValue] = [
            .text(task.stateName), .text(task.resource), .optional(task.token), .optional(task.timeoutSeconds),
            .optional(task.heartbeatSeconds), .integer(task.attempt), .timestamp(now), .json(task.parameters),
        ]
        let activity = EngineTask.activity(of: task.resource)
        guard task.priority != 0 || task.semaphore != nil || activity != nil || task.isAnsweredOutside else {
            return plain
        }
        return plain + [
            .integer(task.priority), .optional(task.semaphore), .optional(activity), .flag(task.isAnsweredOutside),
        ]
    }

    /// Tasks with the names of their runs.
    static let selectTask = """
        SELECT id, run_id, tenant_id, state_name, resource, parameters, token, timeout_seconds, heartbeat_seconds,
            attempt, priority, semaphore, is_admitted, is_submitted, lease, lease_until, worker,
            control, workflow_tasks.created_at, workflow_tasks.status
        FROM workflow_tasks JOIN workflow_runs ON number = id >> 24
        """

    static func task(_ row: SQLRow) throws(RepositoryError) -> StoredTask {
        StoredTask(
            runID: try row.text("run_id"), tenantID: try row.optionalText("tenant_id").map { Tenant.ID($0) },
            task: ScheduledTask(
                id: RunKey(try row.integer("id")).part, stateName: try row.text("state_name"),
                resource: try row.text("resource"), parameters: try row.json("parameters"),
                token: try row.optionalText("token"), timeoutSeconds: try row.optionalCount("timeout_seconds"),
                heartbeatSeconds: try row.optionalCount("heartbeat_seconds"), attempt: try row.count("attempt"),
                priority: try row.count("priority"), semaphore: try row.optionalText("semaphore")),
            status: try row.enumeration("status"), askedAt: try row.timestamp("created_at"),
            isAdmitted: try row.count("is_admitted") == 1, isSubmitted: try row.count("is_submitted") == 1,
            isSuspended: try row.optionalText("control") == "suspended", lease: try row.count("lease"),
            leaseUntil: try row.optionalTimestamp("lease_until"), worker: try row.optionalText("worker"))
    }
}
