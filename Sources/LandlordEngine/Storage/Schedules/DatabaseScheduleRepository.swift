public import LandlordDomain
public import StatesLanguage

/// Schedules in the database.
public struct DatabaseScheduleRepository: ScheduleRepository {
    private static let columns = """
        name, spec, pause_actor, pause_reason, planned_through, next_at, starting, waiting, last_run_id, \
        started_count, skipped_count, created_at, line_count, version
        """
    static let select = "SELECT \(columns) FROM schedules"
    /// How many lines of a history are kept, the newest.
    static let historyLimit = 1_000

    /// `Schedule.Status` as the rows say it.
    private static let status: StaticString =
        "CASE WHEN pause_actor IS NOT NULL THEN 'paused' WHEN next_at IS NULL THEN 'ended' ELSE 'active' END"

    private let database: Database

    /// Keeps schedules in `database`.
    public init(_ database: Database) {
        self.database = database
    }

    /// The schedule with this name.
    public func schedule(_ name: String) async throws(RepositoryError) -> Schedule? {
        try await query("WHERE name = ?", [.text(name)]).first
    }

    /// Keeps a schedule that is new.
    public func create(_ step: ScheduleStep) async throws(RepositoryError) {
        let schedule = step.schedule
        try await database.write { transaction throws(RepositoryError) in
            let before = try transaction.first(
                "SELECT max(line) AS line FROM schedule_history WHERE schedule = ?", [.text(schedule.spec.name)])
            let lineCount = (try before?.optionalInteger("line")).map(Int.init) ?? 0
            try transaction.execute(
                """
                INSERT INTO schedules (workflow_id, spec, pause_actor, pause_reason, planned_through, next_at, starting,
                    waiting, last_run_id, started_count, skipped_count, line_count, version, name,
                    created_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                Self.changing(schedule, lineCount: lineCount + step.events.count)
                    + [.text(schedule.spec.name), .timestamp(schedule.createdAt)])
            try Self.write(step.events, of: schedule.spec.name, behind: lineCount, transaction)
        }
    }

    /// Writes a step and its lines of history.
    public func save(_ step: ScheduleStep) async throws(RepositoryError) {
        let schedule = step.schedule
        try await database.write { transaction throws(RepositoryError) in
            let changed = try transaction.execute(
                """
                UPDATE schedules SET workflow_id = ?, spec = ?, pause_actor = ?, pause_reason = ?, planned_through = ?,
                    next_at = ?, starting = ?, waiting = ?, last_run_id = ?, started_count = ?, skipped_count = ?,
                    line_count = ?, version = ?
                WHERE name = ? AND version = ?
                """,
                Self.changing(schedule, lineCount: schedule.lineCount)
                    + [.text(schedule.spec.name), .integer(schedule.version - 1)])
            guard changed == 1 else { throw .stale }
            try Self.write(
                step.events, of: schedule.spec.name, behind: schedule.lineCount - step.events.count, transaction)
        }
    }

    /// Removes a schedule and writes the last line of its history.
    public func delete(_ step: ScheduleStep) async throws(RepositoryError) {
        let schedule = step.schedule
        try await database.write { transaction throws(RepositoryError) in
            let changed = try transaction.execute(
                "DELETE FROM schedules WHERE name = ? AND version = ?",
                [.text(schedule.spec.name), .integer(schedule.version - 1)])
            guard changed == 1 else { throw .stale }
            try Self.write(
                step.events, of: schedule.spec.name, behind: schedule.lineCount - step.events.count, transaction)
        }
    }

    /// A window on the schedules, newest first.
    public func page(_ query: ScheduleQuery) async throws(RepositoryError) -> Page<Schedule> {
        var list = NewestFirstList(
            table: "schedules", columns: Self.columns, id: "name", tenantID: nil, after: try Paging.time(query.after),
            limit: query.limit)
        if !query.statuses.isEmpty { list.filter.add(Self.status, isOneOf: query.statuses.map(\.rawValue)) }
        if let workflow = query.workflowID { list.filter.add("workflow_id = ?", .text(workflow)) }
        list.filter.add(words: query.words, in: ["name", "workflow_id", "coalesce(last_run_id, '')"])
        let schedules = try await database.read { [list] reader throws(RepositoryError) in
            try list.items(reader, Self.schedule)
        }
        return Paging.page(schedules, limit: query.limit) { schedule in
            PageCursor(key: "\(schedule.createdAt.millisecondsSinceEpoch)", id: schedule.spec.name)
        }
    }

    /// What was done with a schedule, newest first.
    public func history(of name: String, limit: Int) async throws(RepositoryError) -> [ScheduleEvent] {
        try await database.read { reader throws(RepositoryError) in try Self.history(of: name, limit: limit, reader) }
    }

    /// Schedules whose starts are under way.
    public func starting(after name: String, limit: Int) async throws(RepositoryError) -> [Schedule] {
        try await query(
            "WHERE starting <> '[]' AND name > ? ORDER BY name LIMIT ?", [.text(name), .integer(limit)])
    }

    /// Schedules that are due, earliest first.
    public func due(
        at now: Timestamp, after schedule: Schedule?, limit: Int
    ) async throws(RepositoryError) -> [Schedule] {
        try await query(
            "WHERE next_at <= ? AND (next_at, name) > (?, ?) ORDER BY next_at, name LIMIT ?",
            [
                .timestamp(now), schedule?.nextAt.map { .timestamp($0) } ?? .integer(Int64.min),
                .text(schedule?.spec.name ?? ""), .integer(limit),
            ])
    }

    /// Schedules of which a moment waits.
    public func waiting(after name: String, limit: Int) async throws(RepositoryError) -> [Schedule] {
        try await query(
            "WHERE waiting <> '[]' AND pause_actor IS NULL AND name > ? ORDER BY name LIMIT ?",
            [.text(name), .integer(limit)])
    }

    /// When the next one is due, after a moment where there is one; nil for never.
    public func nextDue(after moment: Timestamp?) async throws(RepositoryError) -> Timestamp? {
        try await database.read { reader throws(RepositoryError) in
            try reader.first(
                "SELECT min(next_at) AS next FROM schedules WHERE next_at > ?",
                [moment.map { .timestamp($0) } ?? .integer(Int64.min)])?
                .optionalTimestamp("next")
        }
    }

    private func query(_ clause: String, _ arguments: [SQLValue]) async throws(RepositoryError) -> [Schedule] {
        try await database.read { reader throws(RepositoryError) in
            var schedules: [Schedule] = []
            for row in try reader.query("\(Self.select) \(clause)", arguments) {
                schedules.append(try Self.schedule(row))
            }
            return schedules
        }
    }

    // MARK: Rows

    private static func changing(_ schedule: Schedule, lineCount: Int) -> [SQLValue] {
        [
            .text(schedule.spec.workflowID), .json(schedule.spec.document), .optional(schedule.pause?.actor),
            .optional(schedule.pause?.reason), .timestamp(schedule.plannedThrough), .optional(schedule.nextAt),
            moments(schedule.starting), moments(schedule.waiting), .optional(schedule.lastRunID),
            .integer(schedule.startedCount), .integer(schedule.skippedCount), .integer(lineCount),
            .integer(schedule.version),
        ]
    }

    private static func moments(_ moments: [Timestamp]) -> SQLValue {
        .json(.array(moments.map { .number(JSONNumber($0.millisecondsSinceEpoch)) }))
    }

    static func schedule(_ row: SQLRow) throws(RepositoryError) -> Schedule {
        let spec: ScheduleSpec
        let document = try row.json("spec")
        do throws(InvalidSpec) {
            spec = try ScheduleSpec(json: document)
        } catch {
            throw .unusable("a schedule cannot be read: \(error)")
        }
        let pause = try row.optionalText("pause_actor").map { actor throws(RepositoryError) in
            Schedule.Pause(by: actor, reason: try row.text("pause_reason"))
        }
        return Schedule(
            spec: spec, pause: pause, plannedThrough: try row.timestamp("planned_through"),
            nextAt: try row.optionalTimestamp("next_at"), starting: try moments(row, "starting"),
            waiting: try moments(row, "waiting"), lastRunID: try row.optionalText("last_run_id"),
            startedCount: try row.count("started_count"), skippedCount: try row.count("skipped_count"),
            createdAt: try row.timestamp("created_at"), lineCount: try row.count("line_count"),
            version: try row.count("version"))
    }

    private static func moments(_ row: SQLRow, _ column: String) throws(RepositoryError) -> [Timestamp] {
        let numbers = try row.json(column).arrayValue?.map(\.intValue)
        guard let numbers, !numbers.contains(nil) else { throw .unusable("a schedule has moments that are none") }
        return numbers.compactMap { $0 }.map { Timestamp(millisecondsSinceEpoch: Int64($0)) }
    }

    // MARK: History

    static func history(
        of name: String, limit: Int, _ reader: any SQLReader
    ) throws(RepositoryError) -> [ScheduleEvent] {
        let rows = try reader.query(
            """
            SELECT kind, moment, run_id, actor, reason, at FROM schedule_history WHERE schedule = ?
            ORDER BY line DESC LIMIT ?
            """,
            [.text(name), .integer(limit)])
        var events: [ScheduleEvent] = []
        for row in rows {
            events.append(
                ScheduleEvent(
                    try row.enumeration("kind"), moment: try row.optionalTimestamp("moment"),
                    runID: try row.optionalText("run_id"), by: try row.optionalText("actor"), try row.text("reason"),
                    at: try row.timestamp("at")))
        }
        return events
    }

    private static func write(
        _ events: [ScheduleEvent], of name: String, behind line: Int, _ transaction: any SQLTransaction
    ) throws(RepositoryError) {
        for (index, event) in events.enumerated() {
            try transaction.execute(
                """
                INSERT INTO schedule_history (schedule, line, kind, moment, run_id, actor, reason, at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    .text(name), .integer(line + index + 1), .text(event.kind.rawValue), .optional(event.moment),
                    .optional(event.runID), .optional(event.actor), .text(event.reason), .timestamp(event.at),
                ])
        }
        try transaction.execute(
            "DELETE FROM schedule_history WHERE schedule = ? AND line <= ?",
            [.text(name), .integer(line + events.count - historyLimit)])
        transaction.publish(.schedule(name: name))
    }
}
