import ArgumentParser
import LandlordDomain
import LandlordEngine
import StatesLanguage

/// Which dead letters a verb is for: some by name, or all that a filter finds.
struct DeadLetterArguments: ParsableArguments {
    @Argument(help: "The identifiers of dead letters.")
    var ids: [String] = []
    @Flag(help: "All dead letters, or all that the filter finds.")
    var all = false
    @OptionGroup var filter: CallbackFilterOptions

    func validate() throws {
        try filter.validate()
        guard all || !ids.isEmpty else { throw ValidationError("Name dead letters, or say '--all'.") }
        guard !all || ids.isEmpty else { throw ValidationError("Name dead letters or say '--all', not both.") }
        guard all || filter.filter == nil else { throw ValidationError("'--filter' needs '--all'.") }
    }

    /// The identifiers.
    var callbackIDs: [Callback.ID] { ids.map { Callback.ID($0) } }
}

/// `landlord callback retry`.
struct CallbackRetryCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry", abstract: "Redrive dead letters: try again to deliver them.",
        discussion: """
            With --all the set is frozen when the command begins, and worked off by whichever process drives the \
            database. Ctrl-C pauses it; the same command again goes on with it.
            """)

    @OptionGroup var letters: DeadLetterArguments
    @Option(help: ArgumentHelp("Tries after the first, instead of callbacks.max_retries.", valueName: "n"))
    var maxRetries: Int?
    @Option(help: ArgumentHelp("At most so many a second.", valueName: "n"))
    var rate: Int?
    @Flag(help: "First one, then a tenth, then the rest; stop when too many fail again.")
    var canary = false
    @Flag(help: "Say how many there are and why they are dead, and change nothing.")
    var dryRun = false
    @Option(help: ArgumentHelp("Why, for the history.", valueName: "text"))
    var reason: String?
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        try letters.validate()
        if let maxRetries, !(0...1_000).contains(maxRetries) {
            throw ValidationError("'--max-retries' must be from 0 to 1000, not \(maxRetries)")
        }
        if let rate, !(1...1_000_000).contains(rate) {
            throw ValidationError("'--rate' must be from 1 to 1000000, not \(rate)")
        }
        guard letters.all || (rate == nil && !canary && !dryRun) else {
            throw ValidationError("'--rate', '--canary' and '--dry-run' need '--all'.")
        }
    }

    func run(with session: Session) async throws {
        guard letters.all else {
            let results = try await session.engine.callbacks.redrive(
                letters.callbackIDs, retryLimit: maxRetries, by: session.actor, reason: reason ?? "")
            return try output.write(results) { callback in
                "is redriven: \(callback.attemptLimit - callback.attempts) more tries"
            }
        }
        let request = CallbackOperation.Request(
            .redrive, filter: letters.filter.filter ?? "", by: session.actor, reason: reason ?? "",
            retryLimit: maxRetries, rate: rate, isCanary: canary)
        let bulk = CallbackBulk(session, request, try letters.filter.over(CallbackQuery()))
        if dryRun { return try await bulk.preview(output) }
        try await bulk.carryOut(output)
    }
}

/// `landlord callback discard`.
struct CallbackDiscardCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "discard", abstract: "Give dead letters up. They stay on record, but are never delivered.")

    @OptionGroup var letters: DeadLetterArguments
    @Option(help: ArgumentHelp("Why, for the history.", valueName: "text"))
    var reason: String?
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws { try letters.validate() }

    func run(with session: Session) async throws {
        guard letters.all else {
            let results = try await session.engine.callbacks.discard(
                letters.callbackIDs, by: session.actor, reason: reason ?? "")
            return try output.write(results) { _ in "is discarded" }
        }
        let request = CallbackOperation.Request(
            .discard, filter: letters.filter.filter ?? "", by: session.actor, reason: reason ?? "")
        try await CallbackBulk(session, request, try letters.filter.over(CallbackQuery())).carryOut(output)
    }
}

extension OutputOptions {
    /// Writes what a verb did to some callbacks.
    fileprivate func write(
        _ results: [CallbackVerbResult], words: (Callback) -> String
    ) throws(Failure) {
        try write(.items(results.map(\.callback.document))) {
            results.map { "callback \($0.callback.id) \($0.note ?? words($0.callback))\n" }.joined()
        }
    }
}
