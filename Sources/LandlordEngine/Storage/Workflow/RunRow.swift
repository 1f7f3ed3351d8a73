import LandlordDomain
import StatesLanguage

/// A row of `workflow_runs`, and the way from and to a run.
enum RunRow {
    /// What `run` reads; what a run began with is in its first link.
    static let columns = """
        run_id, workflow_id, definition_version, status, sub_state, control, current_state, retry_count, wake_at, \
        output, error_code, error_message, input_count, event_count, tenant_id, trigger, created_at, updated_at, \
        ended_at, \(start)
        """

    /// What `StoredRun` is read from: what is needed to move a run.
    static let movingColumns = """
        number, run_id, workflow_id, definition_version, state, input_count, event_count, head, tenant_id, \
        parent, \(start)
        """

    private static let start = "(SELECT input FROM workflow_events WHERE id = (number << 24) + 1) AS start"

    /// Begins a run unless its name is known.
    static let insert = """
        INSERT INTO workflow_runs (run_id, workflow_id, definition_version, tenant_id, trigger, created_at,
            parent, \(changing.joined(separator: ", ")))
        VALUES (?, ?, ?, ?, ?, ?, ?, \(changing.map { _ in "?" }.joined(separator: ", ")))
        ON CONFLICT (run_id) DO NOTHING
        """

    /// Whether a run is where a decision was made.
    static let selectHead = "SELECT number FROM workflow_runs WHERE number = ? AND head = ?"

    /// Moves a run from the link that the decision was made behind.
    ///
    /// The digest names that link and all before it. Their number would not: another process may have written as many
    /// others.
    static let update = update(changing)

    /// The same where the run keeps its status: SQLite writes each index whose column is named, changed or not.
    static let updateWithinStatus = update(Array(changing.dropFirst()))

    /// The same for a run that is moved when it is over: it has ended when it did.
    static let updateWhenOver = update(changing.filter { $0 != end })

    /// The values for `updateWhenOver`, of all that a step makes of the row.
    static func valuesWhenOver(_ values: [SQLValue]) -> [SQLValue] {
        zip(changing, values).filter { $0.0 != end }.map(\.1)
    }

    private static let end = "ended_at"

    private static func update(_ columns: [String]) -> String {
        """
        UPDATE workflow_runs SET \(columns.map { "\($0) = ?" }.joined(separator: ", "))
        WHERE number = ? AND head = ?
        """
    }

    /// The status is first, for `updateWithinStatus`.
    private static let changing = [
        "status", "sub_state", "control", "current_state", "retry_count", "wake_at", "input_count", "event_count",
        "head",
        "updated_at", "ended_at", "error_code", "error_message", "output", "state",
    ]

    /// What a run keeps from its beginning; `parent` is the key of the task that started it.
    static func fixedValues(_ beginning: RunBeginning, parent: Int64?) -> [SQLValue] {
        [
            .text(beginning.id), .text(beginning.workflowID), .integer(beginning.definitionVersion),
            .optional(beginning.tenantID?.rawValue), .text(beginning.trigger), .timestamp(beginning.step.stamp.now),
            .optional(parent),
        ]
    }

    /// What a step makes of the row, with the chain's end behind it.
    static func changingValues(
        _ state: RunState, _ changes: RunChanges, at now: Timestamp, _ head: RunLog.Head
    ) -> [SQLValue] {
        let summary = RunSummary(state)
        return [
            .text(summary.status.rawValue), .text(summary.subState.rawValue),
            .optional(summary.control?.rawValue), .optional(summary.currentState),
            .integer(summary.retryCount), .optional(summary.wakeAt), .integer(head.inputCount),
            .integer(head.eventCount), .blob(head.hash), .timestamp(now),
            .optional(summary.status.isTerminal ? now : nil), .optional(summary.error?.code),
            .optional(summary.error?.message), .optional(summary.output), .json(changes.head),
        ]
    }

    /// The run as its beginning leaves it: what reading the row back would give.
    static func run(_ beginning: RunBeginning, eventCount: Int) -> WorkflowRun {
        let summary = RunSummary(beginning.step.transition.state)
        let now = beginning.step.stamp.now
        return WorkflowRun(
            id: beginning.id, workflowID: beginning.workflowID, definitionVersion: beginning.definitionVersion,
            status: summary.status, subState: summary.subState, control: summary.control,
            currentState: summary.currentState,
            retryCount: summary.retryCount, wakeAt: summary.wakeAt, input: beginning.input, output: summary.output,
            error: summary.error, tenantID: beginning.tenantID, trigger: beginning.trigger, inputCount: 1,
            eventCount: eventCount, createdAt: now, updatedAt: now, endedAt: summary.status.isTerminal ? now : nil)
    }

    static func run(_ row: SQLRow) throws(RepositoryError) -> WorkflowRun {
        WorkflowRun(
            id: try row.text("run_id"), workflowID: try row.text("workflow_id"),
            definitionVersion: try row.count("definition_version"), status: try row.enumeration("status"),
            subState: try row.enumeration("sub_state"),
            control: try row.optionalText("control").flatMap(RunControl.init),
            currentState: try row.optionalText("current_state"),
            retryCount: try row.count("retry_count"), wakeAt: try row.optionalTimestamp("wake_at"),
            input: try row.json("start")["start"]?["input"] ?? .null, output: try row.optionalJSON("output"),
            error: try error(row),
            tenantID: try row.optionalText("tenant_id").map { Tenant.ID($0) }, trigger: try row.text("trigger"),
            inputCount: try row.count("input_count"), eventCount: try row.count("event_count"),
            createdAt: try row.timestamp("created_at"), updatedAt: try row.timestamp("updated_at"),
            endedAt: try row.optionalTimestamp("ended_at"))
    }

    static func moving(
        _ row: SQLRow, _ machines: MachineCache, _ reader: any SQLReader
    ) throws(RepositoryError) -> MovingRun {
        let (workflowID, version) = (try row.text("workflow_id"), try row.count("definition_version"))
        let machine = try machines.machine(workflowID, version: version, reader)
        return MovingRun(
            number: try row.integer("number"), id: try row.text("run_id"), tenantID: try row.optionalText("tenant_id"),
            parent: try row.optionalInteger("parent").map { RunKey($0) }, machine: machine,
            state: try state(row, reader),
            head: RunLog.Head(
                inputCount: try row.count("input_count"), eventCount: try row.count("event_count"),
                hash: try row.blob("head")))
    }

    /// The state of a run: its head in its row, its start in its first link, and its pieces.
    static func state(_ row: SQLRow, _ reader: any SQLReader) throws(RepositoryError) -> RunState {
        let pieces = try RunPieces.read(of: try row.integer("number"), reader)
        let head = try row.json("state")
        let start = try row.json("start")["start"] ?? .null
        do {
            return try RunState(start: try RunStart(json: start), head: head, pieces: pieces)
        } catch {
            throw .unusable("a run's state cannot be read: \(error)")
        }
    }

    private static func error(_ row: SQLRow) throws(RepositoryError) -> WorkflowFailure? {
        guard let code = try row.optionalText("error_code") else { return nil }
        return WorkflowFailure(code: code, message: try row.text("error_message"))
    }
}
