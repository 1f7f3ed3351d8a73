import LandlordDomain
import StatesLanguage

/// Chains the logs of runs anew, one link for each input, from the tables of before.
enum RunConversion {
    /// Runs that are looked at in one go.
    private static let window = 100

    /// Children first: a parent that is still referred to is not let go.
    private static let tidying = [
        "DROP TABLE workflow_timers_before", "DROP TABLE workflow_tasks_before", "DROP TABLE workflow_events_before",
        "DROP TABLE workflow_inputs_before", "DROP TABLE workflow_runs_before",
    ]

    static func convert(_ transaction: any SQLTransaction) throws(RepositoryError) {
        var last: Int64 = 0
        while true {
            let runs = try transaction.query(
                """
                SELECT number, run_id, workflow_id, definition_version, status, event_count FROM workflow_runs
                WHERE number > ? ORDER BY number LIMIT ?
                """,
                [.integer(last), .integer(window)])
            guard let next = runs.last else { break }
            for run in runs { try convert(run, transaction) }
            last = try next.integer("number")
        }
        for statement in tidying { try transaction.execute(statement) }
    }

    private static func convert(_ row: SQLRow, _ transaction: any SQLTransaction) throws(RepositoryError) {
        let (number, runID) = (try row.integer("number"), try row.text("run_id"))
        let inputs = try transaction.query(
            "SELECT payload, at, seed FROM workflow_inputs_before WHERE run_id = ? ORDER BY sequence", [.text(runID)])
        var events = try events(of: runID, transaction)[...]
        var head = RunLog.Head()
        for (index, input) in inputs.enumerated() {
            let at = try input.timestamp("at")
            let isLast = index == inputs.count - 1
            // Inputs of one millisecond are not told apart; the fold compares the events of a run as a whole.
            let own = isLast ? events : events.prefix { $0.timestamp == at }
            events = events.dropFirst(own.count)
            let link = try RunLog.Link(
                input: try input.text("payload"), at: at, seed: try input.integer("seed"), events: Array(own),
                behind: head)
            head = link.head(behind: head, of: runID)
            try transaction.execute(
                RunLog.insert,
                [.integer(try RunKey(run: number, part: head.inputCount).value)] + link.values(head.hash))
        }
        let state = try state(row, transaction)
        try transaction.execute(
            "UPDATE workflow_runs SET head = ?, state = ? WHERE number = ?",
            [.blob(head.hash), .json(state.head), .integer(number)])
        try RunPieces(state.pieces).write(run: number, transaction)
    }

    /// Where a run stands: what its inputs lead to, in the form of today.
    ///
    /// - Throws: `.unusable` where that is not what its row says; the database then stays as it was.
    private static func state(_ row: SQLRow, _ reader: any SQLReader) throws(RepositoryError) -> RunState {
        let document = try StoredDefinitions(reader: reader).document(
            of: try row.text("workflow_id"), version: try row.count("definition_version"))
        var state: RunState?
        do {
            let machine = try StateMachine(definition: document)
            let links = try RunLog.links(of: try row.integer("number"), reader).map(\.link)
            try RunFold(links, on: 1) { _ in machine }.run { transition in
                state = transition.state
                return false
            }
        } catch {
            throw .unusable("run \(try row.text("run_id")) cannot be taken over: \(error)")
        }
        let (status, events) = (try row.text("status"), try row.count("event_count"))
        guard let state, RunSummary(state).status.rawValue == status, state.eventCount == events else {
            throw .unusable("run \(try row.text("run_id")) cannot be taken over: its inputs do not lead to its state")
        }
        return state
    }

    private static func events(
        of runID: String, _ reader: any SQLReader
    ) throws(RepositoryError) -> [HistoryEvent] {
        var events: [HistoryEvent] = []
        let rows = try reader.query(
            """
            SELECT sequence, previous, type, at, details FROM workflow_events_before
            WHERE run_id = ? ORDER BY sequence
            """,
            [.text(runID)])
        for row in rows {
            events.append(
                HistoryEvent(
                    id: try row.count("sequence"), previousEventID: try row.count("previous"),
                    type: try row.enumeration("type"), timestamp: try row.timestamp("at"),
                    details: try row.json("details")))
        }
        return events
    }
}
