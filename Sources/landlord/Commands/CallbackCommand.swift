import ArgumentParser
import LandlordDomain
import LandlordEngine
import LandlordTUI
import StatesLanguage

/// `landlord callback`.
struct CallbackCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "callback", abstract: "Look at the results of executions on their way to who waits for them.",
        subcommands: [CallbackListCommand.self, CallbackGetCommand.self, CallbackAttemptsCommand.self])
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
    @OptionGroup var list: ListOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run(with session: Session) async throws {
        var query = CallbackQuery(statuses: status, after: list.after, limit: list.limit)
        if let tenant { query.tenantID = try await session.engine.tenants.tenant(tenant).id }
        let page = try await session.engine.callbacks.page(query)
        let now = session.surroundings.now()
        let table = TextTable(["ID", "TENANT", "STATUS", "TRIES", "AGE", "DESTINATION", "WHY"], page.items) {
            callback in
            [
                callback.id.rawValue, callback.tenantName, callback.status.rawValue,
                "\(callback.attempts)/\(callback.attemptLimit)", AgeText.text(now.duration(since: callback.createdAt)),
                callback.destination.title, callback.lastError ?? "",
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
            throw Failure(.missing, "there is no callback '\(id)'")
        }
        return callback
    }
}

/// `landlord callback get`.
struct CallbackGetCommand: EngineCommand {
    static let configuration = CommandConfiguration(commandName: "get", abstract: "Show one callback and what it says.")

    @OptionGroup var argument: CallbackArgument
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run(with session: Session) async throws {
        let callback = try await argument.callback(in: session)
        try output.write(callback.fullDocument) {
            var fields = TextFields()
            fields.add("id", callback.id.rawValue)
            fields.add("execution", callback.executionID.rawValue)
            fields.add("tenant", "\(callback.tenantName) (\(callback.tenantID))")
            fields.add("destination", callback.destination.title)
            fields.add("status", callback.status.rawValue)
            fields.add("tries", "\(callback.attempts) of \(callback.attemptLimit)")
            fields.add("next try", callback.status == .pending ? callback.nextAttemptAt.rfc3339 : nil)
            fields.add("last error", callback.lastError)
            fields.add("last try", callback.lastAttemptAt?.rfc3339)
            fields.add("created", callback.createdAt.rfc3339)
            fields.add("payload", callback.payload.pretty())
            return fields.rendered
        }
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
                    "\(attempt.number)", attempt.startedAt.rfc3339,
                    AgeText.preciseText(attempt.endedAt.duration(since: attempt.startedAt)), attempt.outcome.rawValue,
                    attempt.statusCode.map { "\($0)" } ?? "", attempt.error ?? "",
                ]
            }.rendered(columns: StandardStream.columns)
        }
    }
}
