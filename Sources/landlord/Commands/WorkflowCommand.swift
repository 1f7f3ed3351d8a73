import ArgumentParser
import LandlordDomain
import LandlordEngine
import LandlordTUI
import StatesLanguage

/// `landlord workflow`.
struct WorkflowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "workflow",
        abstract: "Start durable runs, look at them and steer them; check and try definitions.",
        subcommands: [
            WorkflowListCommand.self, WorkflowGetCommand.self, WorkflowHistoryCommand.self, WorkflowGraphCommand.self,
            WorkflowTasksCommand.self, WorkflowDefineCommand.self, WorkflowStartCommand.self,
            WorkflowSuspendCommand.self, WorkflowResumeCommand.self, WorkflowCancelCommand.self,
            WorkflowTerminateCommand.self, WorkflowRetryCommand.self,
            WorkflowSignalCommand.self, WorkflowBroadcastCommand.self, WorkflowSignalsCommand.self,
            WorkflowDefinitionsCommand.self, WorkflowDrainCommand.self, WorkflowOpenCommand.self,
            WorkflowMoveCommand.self,
            WorkflowExportCommand.self, WorkflowArchiveCommand.self,
            WorkflowLintCommand.self, WorkflowRunCommand.self, WorkflowTestStateCommand.self,
        ])
}

/// `landlord workflow list`.
struct WorkflowListCommand: EngineCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List runs, newest first.")

    @Option(help: ArgumentHelp("Only those of this tenant.", valueName: "name"))
    var tenant: String?
    @Option(
        help: ArgumentHelp("Only these statuses, separated by commas.", valueName: "status"),
        transform: OptionText.words)
    var status: Set<WorkflowExecutionStatus> = []
    @Option(
        help: ArgumentHelp(
            "Terms that must all hold, such as 'workflow:order status:failed bank'.", valueName: "expr"))
    var filter: String?
    @OptionGroup var list: ListOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        try OptionText.check { () throws(FilterProblem) in _ = try query }
    }

    private var query: WorkflowRunQuery {
        get throws(FilterProblem) {
            let base = WorkflowRunQuery(statuses: status, after: list.after, limit: list.limit)
            return try filter.map { text throws(FilterProblem) in try RunFilter.parse(text, into: base) } ?? base
        }
    }

    func run(with session: Session) async throws {
        var query = try query
        if let tenant { query.tenantID = try await session.engine.tenants.tenant(tenant).id }
        let page = try await session.engine.runs.page(query)
        let open = try await session.engine.runs.openTasks(ofEach: page.items)
        let now = session.surroundings.now()
        let table = TextTable(["ID", "WORKFLOW", "STATUS", "DOING", "RETRIES", "AGE", "WHY"], page.items) { run in
            [
                run.id, run.workflowID, run.status.rawValue, run.control?.rawValue ?? run.subState.rawValue,
                "\(run.retryCount)",
                AgeText.text(now.duration(since: run.createdAt)),
                RunWhy.short(run, RunWhy.Facts(open[run.id]), now: now),
            ]
        }
        try output.write(page, document: \.document, table: table)
    }
}

/// The run that a command is given.
struct WorkflowArgument: ParsableArguments {
    @Argument(help: "The run's identifier.")
    var id: String

    /// Finds it.
    func run(in session: Session) async throws -> WorkflowRun {
        guard let run = try await session.engine.runs.run(id) else {
            throw Failure(.missing, "there is no run '\(id)'")
        }
        return run
    }
}

/// `landlord workflow get`.
struct WorkflowGetCommand: EngineCommand {
    static let configuration = CommandConfiguration(commandName: "get", abstract: "Show one run.")

    @OptionGroup var argument: WorkflowArgument
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run(with session: Session) async throws {
        let run = try await argument.run(in: session)
        let detail = try await session.engine.runs.detail(of: run.id)
        let facts = RunWhy.Facts(
            tasks: try await session.engine.runs.openTasks(of: run.id), branches: detail?.branches,
            suspension: detail?.suspension, outline: detail?.machine.map { MachineOutline($0) })
        let why = RunWhy.sentence(run, facts, now: session.surroundings.now())
        var document = run.fullDocument
        document["why"] = .string(why)
        try output.write(document) {
            var fields = TextFields()
            fields.add("id", run.id)
            fields.add("workflow", "\(run.workflowID), version \(run.definitionVersion)")
            fields.add("status", "\(run.status.rawValue), \(run.control?.rawValue ?? run.subState.rawValue)")
            fields.add("why", why)
            fields.add("state", run.currentState)
            fields.add("retries", run.retryCount > 0 ? "\(run.retryCount)" : nil)
            fields.add("wakes", run.wakeAt?.rfc3339)
            fields.add("error", run.error.map { "\($0.code): \($0.message)" })
            fields.add("tenant", run.tenantID?.rawValue)
            fields.add("started by", run.trigger)
            fields.add("created", run.createdAt.rfc3339)
            fields.add("ended", run.endedAt?.rfc3339)
            fields.add("input", run.visibleInput.pretty())
            fields.add("output", run.visibleOutput?.pretty())
            return fields.rendered
        }
    }
}

/// `landlord workflow history`.
struct WorkflowHistoryCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "Show every event of a run, oldest first.")

    @OptionGroup var argument: WorkflowArgument
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run(with session: Session) async throws {
        let run = try await argument.run(in: session)
        let events = try await session.engine.runs.wholeHistory(of: run.id)
        try output.write(.items(events.map(\.document))) {
            TextTable(["EVENT", "TIME", "TYPE", "DETAILS"], events) { event in
                [
                    "\(event.id)", event.timestamp.rfc3339, event.type.rawValue,
                    TokenRedaction.without(event.details).serialized(),
                ]
            }.rendered(columns: StandardStream.columns)
        }
    }
}
