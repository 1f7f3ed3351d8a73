import ArgumentParser
import LandlordDomain
import LandlordEngine
import LandlordTUI
import StatesLanguage

/// `landlord schedule`.
struct ScheduleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schedule", abstract: "Start runs by the clock, and see what became of each moment.",
        subcommands: [
            ScheduleListCommand.self, ScheduleGetCommand.self, ScheduleCreateCommand.self, SchedulePauseCommand.self,
            ScheduleResumeCommand.self, ScheduleTriggerCommand.self, ScheduleDeleteCommand.self,
            ScheduleHistoryCommand.self, ScheduleNextCommand.self,
        ])
}

/// `landlord schedule list`.
struct ScheduleListCommand: EngineCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List schedules, newest first.")

    @Option(
        help: ArgumentHelp(
            "Terms that must all hold, such as 'workflow:order status:paused nightly'.", valueName: "expr"))
    var filter: String?
    @OptionGroup var list: ListOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        try OptionText.check { () throws(FilterProblem) in _ = try query }
    }

    private var query: ScheduleQuery {
        get throws(FilterProblem) {
            let base = ScheduleQuery(after: list.after, limit: list.limit)
            return try filter.map { text throws(FilterProblem) in try ScheduleFilter.parse(text, into: base) } ?? base
        }
    }

    func run(with session: Session) async throws {
        let page = try await session.engine.schedules.page(query)
        let now = session.surroundings.now()
        let table = TextTable(
            ["NAME", "WORKFLOW", "WHEN", "STATUS", "NEXT IN", "STARTED", "SKIPPED", "LAST RUN"], page.items
        ) { schedule in
            [
                schedule.spec.name, schedule.spec.workflowID, schedule.spec.recurrence.text, schedule.status.rawValue,
                schedule.nextAt.map { AgeText.text($0.duration(since: now)) } ?? "",
                "\(schedule.startedCount)", "\(schedule.skippedCount)", schedule.lastRunID ?? "",
            ]
        }
        try output.write(page, document: \.document, table: table)
    }
}

/// The schedule that a command is given.
struct ScheduleArgument: ParsableArguments {
    @Argument(help: "The schedule's name.")
    var name: String
}

extension Session {
    /// The schedule with this name.
    ///
    /// - Throws: That there is none.
    func schedule(named name: String) async throws -> Schedule {
        guard let schedule = try await engine.schedules.schedule(name) else { throw ScheduleServiceError.unknown(name) }
        return schedule
    }
}

/// `landlord schedule get`.
struct ScheduleGetCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "get", abstract: "Show one schedule with its last lines of history.")

    @OptionGroup var argument: ScheduleArgument
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    private static let lineLimit = 10

    func run(with session: Session) async throws {
        let schedule = try await session.schedule(named: argument.name)
        let history = try await session.engine.schedules.history(of: argument.name, limit: Self.lineLimit)
        try output.write(schedule.document) {
            schedule.fields.rendered + "\n" + history.table.rendered(columns: StandardStream.columns)
        }
    }
}

/// `landlord schedule history`.
struct ScheduleHistoryCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Show what became of each moment and who did what, newest first; of a deleted schedule as well.")

    @OptionGroup var argument: ScheduleArgument
    @Option(help: ArgumentHelp("At most so many, up to \(PageLimit.largest).", valueName: "n"))
    var limit = PageLimit.standard
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard limit >= 1 else { throw ValidationError("'--limit' must be at least 1, not \(limit)") }
    }

    func run(with session: Session) async throws {
        let history = try await session.engine.schedules.history(of: argument.name, limit: limit)
        if history.isEmpty { throw ScheduleServiceError.unknown(argument.name) }
        try output.write(.items(history.map(\.document))) { history.table.rendered(columns: StandardStream.columns) }
    }
}

/// `landlord schedule next`.
struct ScheduleNextCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "next", abstract: "Show the coming moments of a schedule, or of a file that is not one yet.")

    @Argument(help: "The schedule's name.")
    var name: String?
    @Option(
        name: [.customShort("f"), .long],
        help: ArgumentHelp("A schedule in YAML or JSON; - for the input.", valueName: "file"))
    var file: String?
    @Option(help: ArgumentHelp("How many, up to \(PageLimit.largest).", valueName: "n"))
    var count = 10
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard (name == nil) != (file == nil) else { throw ValidationError("either a name or '--file' is needed") }
        guard (1...PageLimit.largest).contains(count) else {
            throw ValidationError("'--count' is from 1 to \(PageLimit.largest)")
        }
    }

    func run(with session: Session) async throws {
        let schedules = session.engine.schedules
        let spec: ScheduleSpec
        if let file {
            spec = try ScheduleDocument.read(try BoundedFile.read(file), file: file)
        } else {
            spec = try await session.schedule(named: name ?? "").spec
        }
        let moments = try schedules.upcoming(of: spec, count: count)
        let now = session.surroundings.now()
        try output.write(.items(moments.map { JSONValue($0) })) {
            TextTable(["MOMENT", "IN"], moments) { [$0.rfc3339, AgeText.text($0.duration(since: now))] }
                .rendered(columns: StandardStream.columns)
        }
    }
}
