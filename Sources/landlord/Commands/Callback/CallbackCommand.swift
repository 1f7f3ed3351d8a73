import ArgumentParser
import LandlordDomain
import LandlordEngine
import LandlordTUI
import StatesLanguage

/// `landlord callback`.
struct CallbackCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "callback",
        abstract: "Look at the results of executions on their way to who waits for them, and redrive dead letters.",
        subcommands: [
            CallbackListCommand.self, CallbackGetCommand.self, CallbackAttemptsCommand.self,
            CallbackRetryCommand.self, CallbackDiscardCommand.self,
        ])
}

/// A filter over callbacks, as a person types it.
struct CallbackFilterOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Terms that must all hold, such as 'status:dead tenant:acme error~503 attempts>=3 age<24h'.",
            valueName: "expr"))
    var filter: String?

    func validate() throws {
        try OptionText.check { () throws(FilterProblem) in _ = try over(CallbackQuery()) }
    }

    /// The filter laid over a query.
    func over(_ query: CallbackQuery) throws(FilterProblem) -> CallbackQuery {
        guard let filter else { return query }
        return try CallbackFilter.parse(filter, into: query)
    }
}

/// `landlord callback list`.
struct CallbackListCommand: EngineCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List callbacks, newest first.")

    @Option(
        help: ArgumentHelp(
            "Only these statuses, separated by commas; 'dead' are the dead letters.", valueName: "status"),
        transform: OptionText.words)
    var status: Set<CallbackStatus> = []
    @Option(help: ArgumentHelp("Only those of this tenant.", valueName: "name"))
    var tenant: String?
    @OptionGroup var filter: CallbackFilterOptions
    @OptionGroup var list: ListOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run(with session: Session) async throws {
        var query = try filter.over(CallbackQuery(statuses: status, after: list.after, limit: list.limit))
        if let tenant { query.tenantID = try await session.engine.tenants.tenant(tenant).id }
        let page = try await session.engine.callbacks.page(query)
        let now = session.surroundings.now()
        let table = TextTable(["ID", "TENANT", "STATUS", "TRIES", "AGE", "DESTINATION", "WHY"], page.items) {
            callback in
            [
                callback.id.rawValue, callback.tenantName, callback.status.rawValue,
                "\(callback.attempts)/\(callback.attemptLimit)", AgeText.text(now.duration(since: callback.createdAt)),
                callback.destination.title, callback.warning ?? callback.failure?.description ?? "",
            ]
        }
        try output.write(page, document: \.document, table: table)
    }
}

/// The callback that a command is given.
struct CallbackArgument: ParsableArguments {
    @Argument(help: "The callback's identifier.")
    var id: String

    /// Finds it.
    func callback(in session: Session) async throws -> Callback {
        guard let callback = try await session.engine.callbacks.callback(Callback.ID(id)) else {
            throw CallbackServiceError.unknown(Callback.ID(id))
        }
        return callback
    }
}

/// `landlord callback get`.
struct CallbackGetCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "get", abstract: "Show one callback and what it says, or a bulk operation over dead letters.")

    @OptionGroup var argument: CallbackArgument
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run(with session: Session) async throws {
        if argument.id.hasPrefix(CallbackOperation.idPrefix) {
            let id = CallbackOperation.ID(argument.id)
            guard let operation = try await session.engine.callbacks.operation(id) else {
                throw CallbackServiceError.unknownOperation(id)
            }
            return try output.write(operation.document) { operation.fields.rendered }
        }
        let callback = try await argument.callback(in: session)
        let audit = try await session.engine.callbacks.audit(of: callback.id)
        try output.write(callback.fullDocument(audit: audit)) { callback.fields(audit).rendered }
    }
}

extension Callback {
    /// The callback for people.
    fileprivate func fields(_ audit: [CallbackAuditEntry]) -> TextFields {
        var fields = TextFields()
        fields.add("id", id.rawValue)
        fields.add("execution", executionID.rawValue)
        fields.add("tenant", "\(tenantName) (\(tenantID))")
        fields.add("operation", operation.rawValue)
        fields.add("destination", destination.title)
        fields.add("status", status.rawValue)
        fields.add("mind", warning)
        fields.add("workflow", workflowStatus?.rawValue)
        fields.add("tries", "\(attempts) of \(attemptLimit)")
        fields.add("next try", status == .pending ? nextAttemptAt.rfc3339 : nil)
        fields.add("last error", failure?.description)
        fields.add("created", createdAt.rfc3339)
        fields.add("first try", firstAttemptAt?.rfc3339)
        fields.add("last try", lastAttemptAt?.rfc3339)
        fields.add("settled", settledAt?.rfc3339)
        let deeds = audit.map { "\($0.at.rfc3339) \($0.verb.participle) by \($0.actor) \($0.reason)" }
        fields.add("history", deeds.joined(separator: "\n"))
        fields.add("payload", payload.pretty())
        return fields
    }
}

extension CallbackOperation {
    /// A bulk operation for people.
    var fields: TextFields {
        var fields = TextFields()
        fields.add("id", id.rawValue)
        fields.add("verb", request.verb.rawValue)
        fields.add("filter", request.filter)
        fields.add("by", "\(request.actor) \(request.reason)")
        fields.add("status", note.isEmpty ? status.rawValue : "\(status.rawValue): \(note)")
        fields.add("done", "\(applied) of \(total), \(skipped) skipped")
        fields.add("created", createdAt.rfc3339)
        fields.add("ended", endedAt?.rfc3339)
        return fields
    }
}

/// `landlord callback attempts`.
struct CallbackAttemptsCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "attempts", abstract: "Show every try to deliver a callback, oldest first.")

    @OptionGroup var argument: CallbackArgument
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run(with session: Session) async throws {
        let callback = try await argument.callback(in: session)
        let attempts = try await session.engine.callbacks.attempts(of: callback.id)
        try output.write(.items(attempts.map(\.document))) {
            TextTable(["TRY", "TIME", "TOOK", "OUTCOME", "STATUS", "WHY"], attempts) { attempt in
                [
                    "\(attempt.number)", attempt.startedAt.rfc3339, AgeText.preciseText(attempt.duration),
                    attempt.outcome.rawValue, attempt.statusCode.map { "\($0)" } ?? "", attempt.error ?? "",
                ]
            }.rendered(columns: StandardStream.columns)
        }
    }
}
