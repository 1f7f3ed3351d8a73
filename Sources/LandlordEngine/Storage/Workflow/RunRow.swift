import LandlordDomain
import StatesLanguage

/// A row of `workflow_runs`, and the way from and to a run.
enum RunRow {
    /// What `run` reads.
    static let columns = """
        run_id, workflow_id, definition_version, status, sub_state, current_state, retry_count, wake_at, input, \
        output, error_code, error_message, input_count, event_count, tenant_id, trigger, created_at, updated_at, \
        ended_at
        """

    /// What `stored` reads: what is needed to move a run.
    static let movingColumns = """
        run_id, workflow_id, definition_version, state, input_count, input_head, event_count, event_head, tenant_id
        """

    /// Begins a run unless its name is known.
    static let insert = """
        INSERT INTO workflow_runs (run_id, workflow_id, definition_version, input, tenant_id, trigger, created_at,
            \(changing.joined(separator: ", ")))
        VALUES (?, ?, ?, ?, ?, ?, ?, \(changing.map { _ in "?" }.joined(separator: ", ")))
        ON CONFLICT (run_id) DO NOTHING
        """

    /// Moves a run from the input that the decision was made behind.
    static let update = """
        UPDATE workflow_runs SET \(changing.map { "\($0) = ?" }.joined(separator: ", "))
        WHERE run_id = ? AND input_count = ?
        """

    private static let changing = [
        "state", "status", "sub_state", "current_state", "retry_count", "wake_at", "output", "error_code",
        "error_message", "input_count", "input_head", "event_count", "event_head", "updated_at", "ended_at",
    ]

    static func fixedValues(_ beginning: RunBeginning) -> [SQLValue] {
        [
            .text(beginning.id), .text(beginning.workflowID), .integer(beginning.definitionVersion),
            .json(beginning.input), .optional(beginning.tenantID?.rawValue), .text(beginning.trigger),
            .timestamp(beginning.step.stamp.now),
        ]
    }

    /// What a step makes of the row, with the heads of the chains behind it.
    static func changingValues(_ step: RunStep, inputs: RunLog.Head, events: RunLog.Head) -> [SQLValue] {
        let state = step.transition.state
        let summary = RunSummary(state)
        return [
            .json(state.json), .text(summary.status.rawValue), .text(summary.subState.rawValue),
            .optional(summary.currentState), .integer(summary.retryCount), .optional(summary.wakeAt),
            .optional(summary.output), .optional(summary.error?.code), .optional(summary.error?.message),
            .integer(inputs.count), .text(inputs.hash), .integer(events.count), .text(events.hash),
            .timestamp(step.stamp.now), .optional(summary.status.isTerminal ? step.stamp.now : nil),
        ]
    }

    /// The run as its beginning leaves it: what reading the row back would give.
    static func run(_ beginning: RunBeginning, eventCount: Int) -> WorkflowRun {
        let summary = RunSummary(beginning.step.transition.state)
        let now = beginning.step.stamp.now
        return WorkflowRun(
            id: beginning.id, workflowID: beginning.workflowID, definitionVersion: beginning.definitionVersion,
            status: summary.status, subState: summary.subState, currentState: summary.currentState,
            retryCount: summary.retryCount, wakeAt: summary.wakeAt, input: beginning.input, output: summary.output,
            error: summary.error, tenantID: beginning.tenantID, trigger: beginning.trigger, inputCount: 1,
            eventCount: eventCount, createdAt: now, updatedAt: now, endedAt: summary.status.isTerminal ? now : nil)
    }

    static func run(_ row: SQLRow) throws(RepositoryError) -> WorkflowRun {
        WorkflowRun(
            id: try row.text("run_id"), workflowID: try row.text("workflow_id"),
            definitionVersion: try row.count("definition_version"), status: try row.enumeration("status"),
            subState: try row.enumeration("sub_state"), currentState: try row.optionalText("current_state"),
            retryCount: try row.count("retry_count"), wakeAt: try row.optionalTimestamp("wake_at"),
            input: try row.json("input"), output: try row.optionalJSON("output"), error: try error(row),
            tenantID: try row.optionalText("tenant_id").map { Tenant.ID($0) }, trigger: try row.text("trigger"),
            inputCount: try row.count("input_count"), eventCount: try row.count("event_count"),
            createdAt: try row.timestamp("created_at"), updatedAt: try row.timestamp("updated_at"),
            endedAt: try row.optionalTimestamp("ended_at"))
    }

    static func stored(_ row: SQLRow) throws(RepositoryError) -> StoredRun {
        StoredRun(
            id: try row.text("run_id"), workflowID: try row.text("workflow_id"),
            definitionVersion: try row.count("definition_version"), state: try row.json("state"),
            inputCount: try row.count("input_count"), tenantID: try row.optionalText("tenant_id").map { Tenant.ID($0) })
    }

    private static func error(_ row: SQLRow) throws(RepositoryError) -> WorkflowFailure? {
        guard let code = try row.optionalText("error_code") else { return nil }
        return WorkflowFailure(code: code, message: try row.text("error_message"))
    }
}

/// Rows of `workflow_tasks` and `workflow_timers`: what a run waits for.
enum RunWaitRow {
    static let taskColumns = """
        workflow_tasks.run_id, workflow_runs.tenant_id, task_id, state_name, resource, parameters, token, \
        timeout_seconds, heartbeat_seconds, attempt, workflow_tasks.status
        """

    static func task(_ row: SQLRow) throws(RepositoryError) -> StoredTask {
        StoredTask(
            runID: try row.text("run_id"), tenantID: try row.optionalText("tenant_id").map { Tenant.ID($0) },
            task: ScheduledTask(
                id: try row.count("task_id"), stateName: try row.text("state_name"), resource: try row.text("resource"),
                parameters: try row.json("parameters"), token: try row.optionalText("token"),
                timeoutSeconds: try row.optionalCount("timeout_seconds"),
                heartbeatSeconds: try row.optionalCount("heartbeat_seconds"), attempt: try row.count("attempt")),
            status: try row.enumeration("status"))
    }

    /// Writes what a step answers, asks for and gives up.
    static func apply(_ step: RunStep, to runID: String, _ transaction: any SQLTransaction) throws(RepositoryError) {
        let now = step.stamp.now
        switch step.input {
        case .taskSucceeded(let task, _), .taskFailed(let task, _, _), .taskRefused(let task, _, _, _),
            .itemsRead(let task, _):
            try setTask(task, .answered, of: runID, at: now, transaction)
        case .timerFired(let timer):
            try deleteTimer(timer, of: runID, transaction)
        case .start, .stop, .taskStarted, .taskSubmitted, .heartbeat: break
        }
        for command in step.transition.commands {
            switch command {
            case .scheduleTask(let task): try insert(task, of: runID, at: now, transaction)
            case .readItems(let read): try insert(read.task, of: runID, at: now, transaction)
            case .cancelTask(let id): try setTask(id, .cancelling, of: runID, at: now, transaction)
            case .startTimer(let id, let fireAt):
                try transaction.execute(
                    "INSERT INTO workflow_timers (run_id, timer_id, fire_at) VALUES (?, ?, ?)",
                    [.text(runID), .integer(id), .timestamp(fireAt)])
                transaction.publish(.workflowTimer)
            case .cancelTimer(let id): try deleteTimer(id, of: runID, transaction)
            case .finish: break
            }
        }
    }

    private static func insert(
        _ task: ScheduledTask, of runID: String, at now: Timestamp, _ transaction: any SQLTransaction
    ) throws(RepositoryError) {
        try transaction.execute(
            """
            INSERT INTO workflow_tasks (run_id, task_id, state_name, resource, parameters, token, token_hash,
                timeout_seconds, heartbeat_seconds, attempt, status, created_at, updated_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'open', ?, ?)
            """,
            [
                .text(runID), .integer(task.id), .text(task.stateName), .text(task.resource), .json(task.parameters),
                .optional(task.token), .optional(task.token.map(TaskToken.hash)), .optional(task.timeoutSeconds),
                .optional(task.heartbeatSeconds), .integer(task.attempt), .timestamp(now), .timestamp(now),
            ])
        transaction.publish(.workflowTask)
    }

    /// Moves a task that is open; one that is answered or given up stays so.
    private static func setTask(
        _ id: Int, _ status: StoredTask.Status, of runID: String, at now: Timestamp, _ transaction: any SQLTransaction
    ) throws(RepositoryError) {
        try transaction.execute(
            "UPDATE workflow_tasks SET status = ?, updated_at = ? WHERE run_id = ? AND task_id = ? AND status = 'open'",
            [.text(status.rawValue), .timestamp(now), .text(runID), .integer(id)])
        if status == .cancelling { transaction.publish(.workflowTask) }
    }

    private static func deleteTimer(
        _ id: Int, of runID: String, _ transaction: any SQLTransaction
    ) throws(RepositoryError) {
        try transaction.execute(
            "DELETE FROM workflow_timers WHERE run_id = ? AND timer_id = ?", [.text(runID), .integer(id)])
    }
}
