public import LandlordDomain
public import StatesLanguage
import Synchronization

/// Definitions, runs, their logs and what they wait for, in the database.
public struct DatabaseRunStore: RunStore {
    private static let select = "SELECT \(RunRow.columns) FROM workflow_runs"

    let database: Database
    let machines = MachineCache()
    private let live = LiveRuns()

    /// How often a write is decided anew because the database had moved on; then the caller hears `.stale`.
    private static let collisionLimit = 16

    /// Keeps runs in `database`.
    public init(_ database: Database) {
        self.database = database
    }

    /// Begins a run of a workflow's newest version in one transaction; where the run's name is known, changes nothing.
    public func begin(
        _ workflowID: String, _ make: @Sendable (StoredMachine) -> RunBeginning
    ) async throws(RepositoryError) -> RunAdmission {
        for _ in 0..<Self.collisionLimit {
            guard let machine = try await newestMachine(of: workflowID) else { return .unknownWorkflow }
            do throws(RepositoryError) {
                return try await write(try RunBirth(machine, make))
            } catch .stale {
                machines.forgetNewest(workflowID)
            }
        }
        throw .stale
    }

    private func newestMachine(of workflowID: String) async throws(RepositoryError) -> StoredMachine? {
        if let known = machines.newest(workflowID) { return known }
        return try await readNewestMachine(of: workflowID)
    }

    @inline(never)
    private func readNewestMachine(of workflowID: String) async throws(RepositoryError) -> StoredMachine? {
        let machine = try await database.read { [machines] reader throws(RepositoryError) -> StoredMachine? in
            guard let version = try StoredDefinitions(reader: reader).newestVersion(of: workflowID) else { return nil }
            return try machines.machine(workflowID, version: version, reader)
        }
        if let machine { machines.setNewest(machine) }
        return machine
    }

    private func write(_ birth: RunBirth) async throws(RepositoryError) -> RunAdmission {
        let written = try await database.write { transaction throws(RepositoryError) in try birth.perform(transaction) }
        switch written {
        case .new(let number, let parent):
            if let moving = birth.moving(number: number, parent: parent) { _ = live.keep(moving) }
            return .begun(birth.begun)
        case .known: return try await knownRun(birth.id)
        case .drained: return try await drained(birth.workflowID)
        case .unwanted: return .unwanted
        }
    }

    /// The run whose name is known.
    ///
    /// - Throws: `.stale` where it was archived this moment.
    @inline(never)
    private func knownRun(_ id: String) async throws(RepositoryError) -> RunAdmission {
        guard let known = try await run(id) else { throw .stale }
        return .begun(BegunRun(run: known, commands: nil))
    }

    /// Who has drained a workflow, and why.
    ///
    /// - Throws: `.stale` where it was opened this moment.
    @inline(never)
    private func drained(_ workflowID: String) async throws(RepositoryError) -> RunAdmission {
        let drain = try await database.read { reader throws(RepositoryError) in
            try StoredAdmissions(reader: reader).drain(of: workflowID)
        }
        guard let drain else { throw .stale }
        return .drained(drain)
    }

    /// Moves a run by an input and writes what follows in one transaction, behind every input that came before.
    public func advance(
        _ runID: String, _ choose: @escaping @Sendable (RunState) -> RunArrival?
    ) async throws(RepositoryError) -> RunAdvance? {
        for _ in 0..<Self.collisionLimit {
            let run = try await liveRun(runID)
            do throws(RepositoryError) {
                return try await move(runID, run, choose)
            } catch {
                // What memory says may never have been stored.
                live.forget(runID)
                guard case .stale = error else { throw error }
            }
        }
        throw .stale
    }

    private func liveRun(_ id: String) async throws(RepositoryError) -> LiveRuns.Run {
        if let run = live.run(id) { return run }
        return try await readRun(id)
    }

    @inline(never)
    private func readRun(_ id: String) async throws(RepositoryError) -> LiveRuns.Run {
        let run = try await database.read { [machines] reader throws(RepositoryError) -> MovingRun in
            let row = try reader.first(
                "SELECT \(RunRow.movingColumns) FROM workflow_runs WHERE run_id = ?", [.text(id)])
            guard let row else { throw .notFound }
            return try RunRow.moving(row, machines, reader)
        }
        // One that has ended is not moved again; there is no use in keeping it.
        return run.state?.isRunning == true ? live.keep(run) : LiveRuns.Run(run)
    }

    /// Decides under the run's lock and outside of the transaction: stepping and hashing would keep every other write
    /// waiting, and two inputs of a run are decided one on top of the other.
    @inline(never)
    private func move(
        _ runID: String, _ run: LiveRuns.Run, _ choose: @escaping @Sendable (RunState) -> RunArrival?
    ) async throws(RepositoryError) -> RunAdvance? {
        // That nothing follows is true only of the run as it is stored, and so it is looked up there too.
        let advance: RunAdvance?? = try await database.write(preparing: { handOver throws(RepositoryError) in
            try run.moving.withLock { moving throws(RepositoryError) in
                guard let write = try RunWrite(&moving, choose) else {
                    guard let number = moving?.number, let head = moving?.head.hash else { throw .stale }
                    handOver { transaction throws(RepositoryError) in
                        let row = try transaction.first(RunRow.selectHead, [.integer(number), .blob(head)])
                        guard row != nil else { throw .stale }
                        return nil
                    }
                    return
                }
                let advance = RunAdvance(
                    commands: write.commands, answeredTask: write.answeredTask, isChild: write.parent != nil,
                    hasEnded: write.isLast)
                handOver { transaction throws(RepositoryError) in
                    try write.perform(transaction)
                    return advance
                }
            }
        })
        guard let advance = advance ?? nil else { return nil }
        if advance.hasEnded { live.forget(runID) }
        return advance
    }

    /// Runs `body`, which may go on on the writer's thread behind each of its steps, while nobody else writes.
    public func following<Value: Sendable, Failure: Error>(
        _ body: @Sendable () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        try await database.following(body)
    }

    /// Whether a run has ever asked for a task under this token: a fold of its log, in which each token is minted
    /// again.
    public func hasAsked(_ runID: String, token: String) async throws(RepositoryError) -> Bool {
        let fold = try await database.read { [machines] reader throws(RepositoryError) in
            let row = try reader.first(
                "SELECT number, workflow_id, definition_version FROM workflow_runs WHERE run_id = ?", [.text(runID)])
            guard let row else { throw .notFound }
            let workflowID = try row.text("workflow_id")
            let links = try RunLog.links(of: try row.integer("number"), reader).map(\.link)
            return try RunFold(links, on: try row.count("definition_version")) { version throws(RepositoryError) in
                try machines.machine(workflowID, version: version, reader).machine
            }
        }
        return try fold.run { transition in
            transition.commands.contains {
                guard case .scheduleTask(let task) = $0 else { return false }
                return task.token == token
            }
        }.isStopped
    }

    /// The run with this name.
    public func run(_ id: String) async throws(RepositoryError) -> WorkflowRun? {
        try await database.read { reader throws(RepositoryError) in try Self.find(id, reader) }
    }

    /// A run with what it runs and the variables of its main line; nil where there is no such run.
    public func detail(of id: String) async throws(RepositoryError) -> RunStoreDetail? {
        try await database.read { [machines] reader throws(RepositoryError) in
            guard let run = try Self.find(id, reader) else { return nil }
            let row = try reader.first(
                "SELECT \(RunRow.movingColumns) FROM workflow_runs WHERE run_id = ?", [.text(id)])
            guard let row else { return nil }
            do throws(RepositoryError) {
                let moving = try RunRow.moving(row, machines, reader)
                return RunStoreDetail(
                    run: run, machine: moving.machine.machine, variables: moving.state?.variables ?? [:],
                    branches: moving.state?.branchProgress, suspension: moving.state?.suspension)
            } catch .unusable {
                // A definition that this program cannot read any more is no reason not to show the run.
                return RunStoreDetail(run: run, machine: nil, variables: [:], branches: nil, suspension: nil)
            }
        }
    }

    /// A window on the runs, newest first.
    public func page(_ query: WorkflowRunQuery) async throws(RepositoryError) -> Page<WorkflowRun> {
        var list = NewestFirstList(
            table: "workflow_runs", columns: RunRow.columns, id: "run_id", tenantID: query.tenantID?.rawValue,
            statuses: query.statuses.map(\.rawValue), after: try Paging.time(query.after), limit: query.limit)
        if let workflow = query.workflowID { list.filter.add("workflow_id = ?", .text(workflow)) }
        list.filter.add(
            words: query.words,
            in: [
                "run_id", "workflow_id", "trigger", "coalesce(current_state, '')", "coalesce(error_code, '')",
                "coalesce(error_message, '')",
            ])
        let runs = try await database.read { [list] reader throws(RepositoryError) in
            try list.items(reader, RunRow.run)
        }
        return Paging.page(runs, limit: query.limit) { run in
            PageCursor(key: "\(run.createdAt.millisecondsSinceEpoch)", id: run.id)
        }
    }

    /// A window on a run's history, oldest first.
    public func history(
        of runID: String, after event: Int, limit: Int
    ) async throws(RepositoryError) -> [HistoryEvent] {
        let limit = PageLimit.clamped(limit)
        return try await database.read { reader throws(RepositoryError) in
            guard let number = try Self.number(of: runID, reader) else { return [] }
            let rows = try reader.query(
                """
                SELECT \(RunLog.columns) FROM workflow_events WHERE id BETWEEN ? AND ? AND last_event > ?
                ORDER BY id LIMIT ?
                """,
                RunKey.bounds(of: number) + [.integer(event), .integer(limit)])
            var events: [HistoryEvent] = []
            for row in rows where events.count < limit {
                events += try RunLog.Link(row).historyEvents().filter { $0.id > event }
            }
            return Array(events.prefix(limit))
        }
    }

    /// Timers that are due, earliest first.
    public func dueTimers(at now: Timestamp, limit: Int) async throws(RepositoryError) -> [StoredTimer] {
        try await database.read { reader throws(RepositoryError) in
            let rows = try reader.query(
                """
                SELECT id, fire_at, run_id FROM workflow_timers JOIN workflow_runs ON number = id >> 24
                WHERE fire_at <= ? ORDER BY fire_at, id LIMIT ?
                """,
                [.timestamp(now), .integer(PageLimit.clamped(limit))])
            var timers: [StoredTimer] = []
            for row in rows {
                timers.append(
                    StoredTimer(
                        runID: try row.text("run_id"), timerID: RunKey(try row.integer("id")).part,
                        fireAt: try row.timestamp("fire_at")))
            }
            return timers
        }
    }

    /// When the next timer fires; nil where none is set.
    public func nextTimer() async throws(RepositoryError) -> Timestamp? {
        try await database.read { reader throws(RepositoryError) in
            try reader.first("SELECT min(fire_at) AS next FROM workflow_timers")?.optionalTimestamp("next")
        }
    }

    /// The number under which a run keeps its rows.
    static func number(of runID: String, _ reader: any SQLReader) throws(RepositoryError) -> Int64? {
        try reader.first("SELECT number FROM workflow_runs WHERE run_id = ?", [.text(runID)])?.integer("number")
    }

    private static func find(_ id: String, _ reader: any SQLReader) throws(RepositoryError) -> WorkflowRun? {
        guard let row = try reader.first("\(select) WHERE run_id = ?", [.text(id)]) else { return nil }
        return try RunRow.run(row)
    }
}
