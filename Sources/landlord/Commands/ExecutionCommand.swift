import ArgumentParser
import LandlordDomain
import LandlordEngine
import LandlordTUI
import StatesLanguage

/// `landlord execution`.
struct ExecutionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "execution", abstract: "Look at compute executions, cancel and retry them.",
        subcommands: [
            ExecutionListCommand.self, ExecutionGetCommand.self, ExecutionHistoryCommand.self,
            ExecutionCancelCommand.self, ExecutionRetryCommand.self,
        ])
}

/// `landlord execution list`.
struct ExecutionListCommand: EngineCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List executions, newest first.")

    @Option(help: ArgumentHelp("Only those of this tenant.", valueName: "name"))
    var tenant: String?
    @Option(
        help: ArgumentHelp("Only these statuses, separated by commas.", valueName: "status"),
        transform: OptionText.words)
    var status: Set<ComputeExecutionStatus> = []
    @Option(
        help: ArgumentHelp("Only provision, update or delete.", valueName: "operation"), transform: OptionText.word)
    var operation: ComputeOperation?
    @OptionGroup var list: ListOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run(with session: Session) async throws {
        var query = ComputeExecutionQuery(
            statuses: status, operation: operation, after: list.after, limit: list.limit)
        if let tenant { query.tenantID = try await session.engine.tenants.tenant(tenant).id }
        let page = try await session.engine.executions.page(query)
        try output.write(page, document: \.document, table: page.items.table(at: session.surroundings.now()))
    }
}

extension [ComputeExecution] {
    /// The executions for people.
    func table(at now: Timestamp) -> TextTable {
        TextTable(["ID", "TENANT", "OPERATION", "STATUS", "TOOK", "AGE", "WHY"], self) { execution in
            let end = execution.endedAt ?? now
            return [
                execution.id.rawValue, execution.tenantName, execution.operation.rawValue, execution.status.rawValue,
                execution.startedAt.map { AgeText.preciseText(end.duration(since: $0)) } ?? "",
                AgeText.text(now.duration(since: execution.createdAt)),
                execution.error?.description ?? execution.progress ?? "",
            ]
        }
    }
}

/// The execution that a command is given.
struct ExecutionArgument: ParsableArguments {
    @Argument(help: "The execution's identifier.")
    var id: String

    /// Finds it.
    func execution(in session: Session) async throws -> ComputeExecution {
        guard let execution = try await session.engine.executions.execution(ComputeExecution.ID(id)) else {
            throw Failure(.missing, "there is no execution '\(id)'")
        }
        return execution
    }
}

/// `landlord execution get`.
struct ExecutionGetCommand: EngineCommand {
    static let configuration = CommandConfiguration(commandName: "get", abstract: "Show one execution.")

    @OptionGroup var argument: ExecutionArgument
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run(with session: Session) async throws {
        let execution = try await argument.execution(in: session)
        let predecessor = try await session.engine.executions.predecessor(of: execution)
        var document = execution.document
        document["retry_of"] = JSONValue(predecessor?.rawValue)
        try output.write(document) {
            var fields = execution.fields
            fields.add("retry of", predecessor?.rawValue)
            return fields.rendered
        }
    }
}

extension ComputeExecution {
    /// The execution for people.
    var fields: TextFields {
        var fields = TextFields()
        fields.add("id", id.rawValue)
        fields.add("tenant", "\(tenantName) (\(tenantID))")
        fields.add("operation", "\(operation.rawValue) of generation \(subject.generation), try \(subject.attempt)")
        fields.add("provider", provider)
        fields.add("status", status.rawValue)
        fields.add("progress", progress)
        fields.add("workflow", workflowExecutionID)
        fields.add("error", error.map { "\($0.code.rawValue) (\($0.errorClass.rawValue))\n\($0.message)" })
        fields.add("provider says", error?.providerError)
        fields.add("cancel asked", cancelRequestedAt.map { "\($0.rfc3339) \(cancelReason ?? "")" })
        fields.add("endpoints", endpoints.map { "\($0.name) \($0.url)" }.joined(separator: "\n"))
        fields.add(
            "resources",
            resourceIDs.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "\n"))
        fields.add("created", createdAt.rfc3339)
        fields.add("started", startedAt?.rfc3339)
        fields.add("ended", endedAt?.rfc3339)
        return fields
    }
}

/// `landlord execution history`.
struct ExecutionHistoryCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "Show what happened to an execution, oldest first.")

    @OptionGroup var argument: ExecutionArgument
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run(with session: Session) async throws {
        let execution = try await argument.execution(in: session)
        let history = try await session.engine.executions.history(of: execution.id)
        try output.write(.items(history.map(\.document))) {
            TextTable(["TIME", "STATUS", "DETAILS"], history) { line in
                [line.timestamp.rfc3339, line.status.rawValue, line.details.serialized()]
            }.rendered(columns: StandardStream.columns)
        }
    }
}

/// `landlord execution cancel`.
struct ExecutionCancelCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "Ask for an execution to stop. What is over stays as it is.")

    @OptionGroup var argument: ExecutionArgument
    @Option(help: ArgumentHelp("Why, for the history.", valueName: "text"))
    var reason: String?
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run(with session: Session) async throws {
        let found = try await argument.execution(in: session)
        let execution = try await session.engine.executions.cancel(
            found.id, reason: reason ?? "cancelled by \(session.actor)")
        try output.write(execution.document) {
            execution.status.isTerminal
                ? "execution \(execution.id) is over already: \(execution.status.rawValue)\n"
                : "execution \(execution.id) is asked to stop\n"
        }
    }
}

/// `landlord execution retry`.
struct ExecutionRetryCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry", abstract: "Retry the tenant that failed with this execution.")

    @OptionGroup var argument: ExecutionArgument
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run(with session: Session) async throws {
        let execution = try await argument.execution(in: session)
        guard execution.status.isTerminal, execution.status != .succeeded else {
            throw Failure(
                .data, "execution \(execution.id) is \(execution.status.rawValue); only a failed one is retried")
        }
        let query = ComputeExecutionQuery(tenantID: execution.tenantID, limit: 1)
        if let last = try await session.engine.executions.page(query).items.first, last.id != execution.id {
            throw Failure(
                .data,
                "execution \(execution.id) is not the last one of \(execution.tenantName), that is \(last.id); "
                    + "see `landlord tenant describe \(execution.tenantName)`")
        }
        let tenant = try await session.engine.tenants.retry(execution.tenantID.rawValue, by: session.actor)
        try output.write(tenant.document) { tenant.arrival }
    }
}
