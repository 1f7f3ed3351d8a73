import LandlordDomain
import StatesLanguage

/// Compares runs with the fold of their hash-chained inputs.
///
/// The chains show what was changed or removed; the fold shows what the row and the history must be. A run whose
/// inputs do not hold cannot be folded, so the first of the two is said alone.
enum RunVerification {
    private typealias Finding = VerificationReport.Finding

    static func window(_ reader: any SQLReader, _ place: String) throws(RepositoryError) -> VerifiedWindow {
        var window = VerifiedWindow()
        var machines: [String: StateMachine] = [:]
        let rows = try reader.query(
            """
            SELECT \(RunRow.columns), state, input_head, event_head FROM workflow_runs
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
        let inputs = try inputs(of: run.id, reader)
        let events = try events(of: run.id, reader)
        let broken =
            chainFindings(
                "input", run, inputs, head: .init(count: run.inputCount, hash: try row.text("input_head")))
            + chainFindings("event", run, events, head: .init(count: run.eventCount, hash: try row.text("event_head")))
        guard broken.isEmpty else { return broken }
        let machine = try machine(of: run, &machines, reader)
        let fold = try fold(inputs, machine, run)
        return rowFindings(run, try row.json("state"), fold.state) + eventFindings(run, events, fold.events)
            + (try waitFindings(run, fold.state, reader))
    }

    // MARK: The chains

    /// A link as it was read, with its number and its digest.
    private struct Read<Link> {
        let number: Int
        let hash: String
        let link: Link
        let words: String
    }

    private static func inputs(
        of runID: String, _ reader: any SQLReader
    ) throws(RepositoryError) -> [Read<RunLog.InputLink>] {
        var links: [Read<RunLog.InputLink>] = []
        let rows = try reader.query(
            "SELECT sequence, payload, at, seed, hash FROM workflow_inputs WHERE run_id = ? ORDER BY sequence",
            [.text(runID)])
        for row in rows {
            let (number, link) = (try row.count("sequence"), try RunLog.InputLink(row))
            links.append(
                Read(
                    number: number, hash: try row.text("hash"), link: link,
                    words: link.words(runID: runID, number: number)))
        }
        return links
    }

    private static func events(
        of runID: String, _ reader: any SQLReader
    ) throws(RepositoryError) -> [Read<RunLog.EventLink>] {
        var links: [Read<RunLog.EventLink>] = []
        let rows = try reader.query(
            """
            SELECT sequence, previous, type, at, details, hash FROM workflow_events
            WHERE run_id = ? ORDER BY sequence
            """,
            [.text(runID)])
        for row in rows {
            let (number, link) = (try row.count("sequence"), try RunLog.EventLink(row))
            links.append(
                Read(
                    number: number, hash: try row.text("hash"), link: link,
                    words: link.words(runID: runID, number: number)))
        }
        return links
    }

    private static func chainFindings<Link>(
        _ name: String, _ run: WorkflowRun, _ links: [Read<Link>], head stored: RunLog.Head
    ) -> [Finding] {
        let subject = "run \(run.id)"
        var head = RunLog.Head()
        for link in links {
            guard link.number == head.count + 1 else {
                let message = "\(name) \(head.count + 1) is missing; the next one is \(link.number)"
                return [.init(.missingHistory, subject, message)]
            }
            head = head.next(link.words)
            guard link.hash == head.hash else {
                return [.init(.hash, subject, "\(name) \(link.number) is not what its digest was made of")]
            }
        }
        guard head.count == stored.count else {
            let message = "it has \(head.count) \(name)s where its row counts \(stored.count)"
            return [.init(.missingHistory, subject, message)]
        }
        guard head.hash == stored.hash else {
            return [.init(.hash, subject, "its last \(name) is not the one whose digest its row holds")]
        }
        return head.count == 0 ? [.init(.missingHistory, subject, "it has no \(name)s")] : []
    }

    // MARK: The fold

    private static func machine(
        of run: WorkflowRun, _ machines: inout [String: StateMachine], _ reader: any SQLReader
    ) throws(RepositoryError) -> StateMachine {
        let key = "\(run.workflowID)\n\(run.definitionVersion)"
        if let machine = machines[key] { return machine }
        let document = try StoredDefinitions(reader: reader).document(
            of: run.workflowID, version: run.definitionVersion)
        do {
            let machine = try StateMachine(definition: document)
            machines[key] = machine
            return machine
        } catch {
            throw .unusable("version \(run.definitionVersion) of workflow '\(run.workflowID)' cannot be read: \(error)")
        }
    }

    private static func fold(
        _ links: [Read<RunLog.InputLink>], _ machine: StateMachine, _ run: WorkflowRun
    ) throws(RepositoryError) -> (state: RunState, events: [HistoryEvent]) {
        var transition: Transition?
        var events: [HistoryEvent] = []
        for link in links {
            let input: RunInput
            do {
                input = try RunInput(json: try JSONValue(parsing: link.link.payload))
            } catch {
                throw .unusable("input \(link.number) cannot be read: \(error)")
            }
            if let state = transition?.state {
                transition = Interpreter.step(machine: machine, state: state, input: input, stamp: link.link.stamp)
            } else if case .start(let start) = input {
                transition = Interpreter.begin(machine: machine, start: start, stamp: link.link.stamp)
            }
            events += transition?.events ?? []
        }
        guard let transition else { throw .unusable("its first input does not start it") }
        return (transition.state, events)
    }

    private static func rowFindings(_ run: WorkflowRun, _ stored: JSONValue, _ state: RunState) -> [Finding] {
        let summary = RunSummary(state)
        let isAlike: [(String, Bool)] = [
            ("state", stored == state.json), ("status", run.status == summary.status),
            ("sub_state", run.subState == summary.subState),
            ("current_state", run.currentState == summary.currentState),
            ("retry_count", run.retryCount == summary.retryCount), ("wake_at", run.wakeAt == summary.wakeAt),
            ("input", run.input == state.start.input), ("output", run.output == summary.output),
            ("error", run.error == summary.error), ("ended_at", (run.endedAt != nil) == summary.status.isTerminal),
        ]
        return isAlike.filter { !$0.1 }.map { name, _ in
            Finding(.unlikeHistory, "run \(run.id)", "its \(name) is not what its inputs lead to")
        }
    }

    private static func eventFindings(
        _ run: WorkflowRun, _ links: [Read<RunLog.EventLink>], _ events: [HistoryEvent]
    ) -> [Finding] {
        guard links.count == events.count else {
            let message = "it has \(links.count) events where its inputs lead to \(events.count)"
            return [.init(.unlikeHistory, "run \(run.id)", message)]
        }
        for (link, event) in zip(links, events) where link.link != RunLog.EventLink(event) {
            return [.init(.unlikeHistory, "run \(run.id)", "event \(link.number) is not what its inputs lead to")]
        }
        return []
    }

    /// A run that waits for something that nobody keeps would wait for ever.
    private static func waitFindings(
        _ run: WorkflowRun, _ state: RunState, _ reader: any SQLReader
    ) throws(RepositoryError) -> [Finding] {
        var findings: [Finding] = []
        let kept: [(String, String, [Int])] = [
            ("task", "SELECT task_id AS id FROM workflow_tasks WHERE run_id = ? AND status = 'open'", state.openTasks),
            ("timer", "SELECT timer_id AS id FROM workflow_timers WHERE run_id = ?", state.openTimers),
        ]
        for (name, sql, wanted) in kept {
            var ids: Set<Int> = []
            for row in try reader.query(sql, [.text(run.id)]) { ids.insert(try row.count("id")) }
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
