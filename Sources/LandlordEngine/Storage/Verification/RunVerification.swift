import LandlordDomain
import StatesLanguage

/// Compares runs with the fold of their hash-chained inputs.
///
/// The chain shows what was changed or removed; the fold shows what the row and the history must be. A run whose
/// inputs do not hold cannot be folded, so the first of the two is said alone.
enum RunVerification {
    private typealias Finding = VerificationReport.Finding

    static func window(_ reader: any SQLReader, _ place: String) throws(RepositoryError) -> VerifiedWindow {
        var window = VerifiedWindow()
        var machines: [String: StateMachine] = [:]
        let rows = try reader.query(
            """
            SELECT \(RunRow.columns), number, state, head FROM workflow_runs
            WHERE run_id > ? ORDER BY run_id LIMIT ?
            """,
            [.text(place), .integer(DatabaseVerifier.window)])
        for row in rows {
            let id = try row.text("run_id")
            (window.count, window.last) = (window.count + 1, id)
            do throws(RepositoryError) {
                window.findings += try findings(row, &machines, reader)
            } catch {
                window.findings.append(.init(.unreadable, "run \(id)", error.description))
            }
        }
        return window
    }

    private static func findings(
        _ row: SQLRow, _ machines: inout [String: StateMachine], _ reader: any SQLReader
    ) throws(RepositoryError) -> [Finding] {
        let run = try RunRow.run(row)
        let number = try row.integer("number")
        let links = try RunLog.links(of: number, reader)
        let head = RunLog.Head(inputCount: run.inputCount, eventCount: run.eventCount, hash: try row.blob("head"))
        let broken = chainFindings(run, links, head)
        guard broken.isEmpty else { return broken }
        let fold = try RunFold(links.map(\.link), on: run.definitionVersion) { version throws(RepositoryError) in
            try machine(of: run.workflowID, version: version, &machines, reader)
        }.outcome()
        var stored: [HistoryEvent] = []
        for link in links { stored += try link.link.historyEvents() }
        return rowFindings(run, try RunRow.state(row, reader), fold)
            + fold.findings(of: run.id, against: stored) + (try waitFindings(run, number, fold.state, reader))
    }

    // MARK: The chain

    private static func chainFindings(
        _ run: WorkflowRun, _ links: [RunLog.ReadLink], _ stored: RunLog.Head
    ) -> [Finding] {
        let subject = "run \(run.id)"
        var head = RunLog.Head()
        for link in links {
            guard link.number == head.inputCount + 1 else {
                let message = "input \(head.inputCount + 1) is missing; the next one is \(link.number)"
                return [.init(.missingHistory, subject, message)]
            }
            let first = head.eventCount + 1
            head = link.link.head(behind: head, of: run.id)
            guard link.hash == head.hash else {
                let events = "events \(first) to \(max(first, link.link.lastEvent))"
                let message = "input \(link.number) with its \(events) is not what its digest was made of"
                return [.init(.hash, subject, message)]
            }
        }
        guard (head.inputCount, head.eventCount) == (stored.inputCount, stored.eventCount) else {
            let message = """
                it has \(head.inputCount) inputs and \(head.eventCount) events where its row counts \
                \(stored.inputCount) and \(stored.eventCount)
                """
            return [.init(.missingHistory, subject, message)]
        }
        guard head.hash == stored.hash else {
            return [.init(.hash, subject, "its last input is not the one whose digest its row holds")]
        }
        return head.inputCount == 0 ? [.init(.missingHistory, subject, "it has no inputs")] : []
    }

    // MARK: The fold

    private static func machine(
        of workflowID: String, version: Int, _ machines: inout [String: StateMachine], _ reader: any SQLReader
    ) throws(RepositoryError) -> StateMachine {
        let key = "\(workflowID)\n\(version)"
        if let machine = machines[key] { return machine }
        let document = try StoredDefinitions(reader: reader).document(of: workflowID, version: version)
        do {
            let machine = try StateMachine(definition: document)
            machines[key] = machine
            return machine
        } catch {
            throw .unusable("version \(version) of workflow '\(workflowID)' cannot be read: \(error)")
        }
    }

    private static func rowFindings(_ run: WorkflowRun, _ stored: RunState, _ fold: RunFold.Outcome) -> [Finding] {
        // Rows of before hold less; what they hold must be so all the same.
        let known = [fold.state, fold.state.withoutRetryData, fold.state.withoutRollbackOrigin]
        let state = known.first { $0.json == stored.json }
        let summary = RunSummary(state ?? fold.state)
        let isAlike: [(String, Bool)] = [
            ("state", state != nil),
            ("definition_version", run.definitionVersion == fold.version), ("status", run.status == summary.status),
            ("sub_state", run.subState == summary.subState), ("control", run.control == summary.control),
            ("current_state", run.currentState == summary.currentState),
            ("retry_count", run.retryCount == summary.retryCount), ("wake_at", run.wakeAt == summary.wakeAt),
            ("output", run.output == summary.output), ("error", run.error == summary.error),
            ("ended_at", (run.endedAt != nil) == summary.status.isTerminal),
        ]
        return isAlike.filter { !$0.1 }.map { name, _ in
            Finding(.unlikeHistory, "run \(run.id)", "its \(name) is not what its inputs lead to")
        }
    }

    /// A run that waits for something that nobody keeps would wait for ever.
    private static func waitFindings(
        _ run: WorkflowRun, _ number: Int64, _ state: RunState, _ reader: any SQLReader
    ) throws(RepositoryError) -> [Finding] {
        var findings: [Finding] = []
        // What has come in for a suspended run is in its state.
        let arrived = state.suspension?.keptIDs ?? []
        let kept: [(String, String, [Int])] = [
            (
                "task", "SELECT id FROM workflow_tasks WHERE id BETWEEN ? AND ? AND status = 'open'",
                state.openTasks.filter { !arrived.contains($0) }
            ),
            (
                "timer", "SELECT id FROM workflow_timers WHERE id BETWEEN ? AND ?",
                state.openTimers.filter { !arrived.contains($0) }
            ),
        ]
        for (name, sql, wanted) in kept {
            var ids: Set<Int> = []
            for row in try reader.query(sql, RunKey.bounds(of: number)) {
                ids.insert(RunKey(try row.integer("id")).part)
            }
            for id in Set(wanted).subtracting(ids).sorted() {
                findings.append(.init(.unlikeHistory, "run \(run.id)", "it waits for \(name) \(id), which is not kept"))
            }
            for id in ids.subtracting(wanted).sorted() {
                findings.append(
                    .init(.unlikeHistory, "run \(run.id)", "\(name) \(id) is kept, but it does not wait for it"))
            }
        }
        return findings
    }
}
