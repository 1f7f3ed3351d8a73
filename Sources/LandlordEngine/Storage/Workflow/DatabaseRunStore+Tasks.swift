public import LandlordDomain
import StatesLanguage

extension DatabaseRunStore {
    /// The task with this number in its run; nil once it was answered, or given up and told so.
    public func task(of runID: String, id: Int) async throws(RepositoryError) -> StoredTask? {
        try await database.read { reader throws(RepositoryError) in
            guard let number = try Self.number(of: runID, reader) else { return nil }
            let key = try RunKey(run: number, part: id).value
            return try reader.first("\(RunWaits.selectTask) WHERE id = ?", [.integer(key)]).map {
                row throws(RepositoryError) in try RunWaits.task(row)
            }
        }
    }

    /// Forgets a task whose operation was told to stop.
    public func confirmCancelled(runID: String, taskID: Int) async throws(RepositoryError) {
        try await database.write { transaction throws(RepositoryError) in
            guard let number = try Self.number(of: runID, transaction) else { return }
            try transaction.execute(
                "DELETE FROM workflow_tasks WHERE id = ? AND status = 'cancelling'",
                [.integer(try RunKey(run: number, part: taskID).value)])
        }
    }

    /// Whether nobody has answered a task, nor given it up.
    static func isOpen(_ task: TaskReference, _ reader: any SQLReader) throws(RepositoryError) -> Bool {
        guard let number = try number(of: task.runID, reader) else { return false }
        return try reader.first(
            "SELECT id FROM workflow_tasks WHERE id = ? AND status = 'open'",
            [.integer(try RunKey(run: number, part: task.taskID).value)]) != nil
    }

    /// Tasks that are open or being cancelled, oldest run first.
    public func openTasks(
        after cursor: PageCursor?, limit: Int
    ) async throws(RepositoryError) -> Page<StoredTask> {
        try await tasks("TRUE", after: cursor, limit: limit)
    }

    /// A window on the tasks that fulfil a condition, oldest run first.
    func tasks(
        _ condition: String, after cursor: PageCursor?, limit: Int
    ) async throws(RepositoryError) -> Page<StoredTask> {
        let limit = PageLimit.clamped(limit)
        guard let place = Int64(cursor?.id ?? "0") else {
            throw .unusable("'\(cursor?.text ?? "")' is not a place in this list")
        }
        let tasks = try await database.read { reader throws(RepositoryError) in
            let rows = try reader.query(
                "\(RunWaits.selectTask) WHERE \(condition) AND id > ? ORDER BY id LIMIT ?",
                [.integer(place), .integer(limit + 1)])
            var tasks: [(place: Int64, task: StoredTask)] = []
            for row in rows { tasks.append((try row.integer("id"), try RunWaits.task(row))) }
            return tasks
        }
        let hasMore = tasks.count > limit
        let shown = tasks.prefix(limit)
        return Page(
            items: shown.map(\.task),
            next: hasMore ? shown.last.map { PageCursor(key: $0.task.runID, id: "\($0.place)") } : nil)
    }

    /// The tasks of a run that are open or being cancelled, in the order in which they were asked.
    public func openTasks(of runID: String, after task: Int) async throws(RepositoryError) -> [StoredTask] {
        try await database.read { reader throws(RepositoryError) in
            guard let number = try Self.number(of: runID, reader), task < RunKey.largestPart else { return [] }
            let rows = try reader.query(
                "\(RunWaits.selectTask) WHERE id BETWEEN ? AND ? AND id > ? ORDER BY id LIMIT ?",
                RunKey.bounds(of: number) + [
                    .integer(try RunKey(run: number, part: max(0, task)).value), .integer(PageLimit.largest),
                ])
            var tasks: [StoredTask] = []
            for row in rows { tasks.append(try RunWaits.task(row)) }
            return tasks
        }
    }

    /// What each of some runs waits for, in short, of one moment.
    public func openTasks(ofEach runIDs: [String]) async throws(RepositoryError) -> [String: OpenTasks] {
        guard !runIDs.isEmpty else { return [:] }
        return try await database.read { reader throws(RepositoryError) in
            var found: [String: OpenTasks] = [:]
            for runID in runIDs.prefix(PageLimit.largest) {
                guard let number = try Self.number(of: runID, reader) else { continue }
                let bounds = RunKey.bounds(of: number)
                let first = try reader.first(
                    """
                    \(RunWaits.selectTask) WHERE id BETWEEN ? AND ? AND workflow_tasks.status = 'open'
                    ORDER BY id LIMIT 1
                    """,
                    bounds)
                guard let first else { continue }
                let count = try reader.first(
                    """
                    SELECT count(*) AS count FROM (SELECT 1 FROM workflow_tasks
                        WHERE id BETWEEN ? AND ? AND status = 'open' LIMIT ?)
                    """,
                    bounds + [.integer(OpenTasks.limit)])
                found[runID] = OpenTasks(first: try RunWaits.task(first), count: try count?.count("count") ?? 1)
            }
            return found
        }
    }

    /// With what the tasks of a run are answered that are open or being cancelled.
    public func openTokens(of runID: String) async throws(RepositoryError) -> Set<String> {
        try await database.read { reader throws(RepositoryError) in
            guard let number = try Self.number(of: runID, reader) else { return [] }
            return try Self.openTokens(of: number, reader)
        }
    }

    static func openTokens(of run: Int64, _ reader: any SQLReader) throws(RepositoryError) -> Set<String> {
        let rows = try reader.query(
            "SELECT token FROM workflow_tasks WHERE id BETWEEN ? AND ? AND token IS NOT NULL", RunKey.bounds(of: run))
        var tokens: Set<String> = []
        for row in rows { tokens.insert(try row.text("token")) }
        return tokens
    }
}
