import ArgumentParser
import LandlordDomain
import LandlordEngine
import LandlordTUI
import StatesLanguage

/// What a signal says.
struct SignalOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The signal's data, as JSON or as a file.", valueName: "json|@file"))
    var data = "{}"
    @Option(help: ArgumentHelp("What tells the signal apart from others of its name.", valueName: "text"))
    var correlation: String?
    @Option(help: ArgumentHelp("Sending again under one key is one signal (default: a new one).", valueName: "text"))
    var key: String?

    /// The signal, from whoever works here.
    func signal(_ name: String, in session: Session) throws -> RunSignal {
        RunSignal(
            name: name, correlation: correlation, key: key ?? session.surroundings.uuid().lowercased(),
            payload: try OptionJSON.value(data, of: "--data"), sender: session.actor)
    }
}

/// `landlord workflow signal`.
struct WorkflowSignalCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "signal", abstract: "Send a signal to a run; it waits there until a state takes it.")

    @OptionGroup var argument: WorkflowArgument
    @Argument(help: "The signal's name.")
    var name: String
    @OptionGroup var signal: SignalOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run(with session: Session) async throws {
        let signal = try signal.signal(name, in: session)
        let isNew = try await session.engine.runs.send(signal, to: argument.id)
        try output.write(["run_id": .string(argument.id), "key": .string(signal.key), "is_new": .bool(isNew)]) {
            isNew ? "sent \(name) to run \(argument.id)\n" : "run \(argument.id) had this signal already\n"
        }
    }
}

/// `landlord workflow broadcast`.
struct WorkflowBroadcastCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "broadcast", abstract: "Send a signal to every run that is not over and fits the filter.",
        discussion: """
            With --key, a broadcast that was interrupted can be repeated: each run gets the signal once. Runs that \
            begin meanwhile may or may not get it.
            """)

    @Argument(help: "The signal's name.")
    var name: String
    @Option(help: ArgumentHelp("Only runs of this workflow.", valueName: "id"))
    var workflow: String?
    @Option(help: ArgumentHelp("Only runs of this tenant.", valueName: "name"))
    var tenant: String?
    @OptionGroup var signal: SignalOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run(with session: Session) async throws {
        let signal = try signal.signal(name, in: session)
        if let workflow { try await session.engine.runs.requireWorkflow(workflow) }
        var query = WorkflowRunQuery(statuses: [.pending, .running], limit: PageLimit.largest)
        if let tenant { query.tenantID = try await session.engine.tenants.tenant(tenant).id }
        var outcomes: [Outcome: Int] = [:]
        repeat {
            let page = try await session.engine.runs.page(query)
            for run in page.items where workflow == nil || run.workflowID == workflow {
                outcomes[try await Self.send(signal, to: run.id, in: session), default: 0] += 1
            }
            query.after = page.next
        } while query.after != nil
        let (sent, known, refused) = (outcomes[.sent] ?? 0, outcomes[.known] ?? 0, outcomes[.refused] ?? 0)
        let counts: JSONValue = [
            "key": .string(signal.key), "sent": JSONValue(sent), "known": JSONValue(known),
            "refused": JSONValue(refused),
        ]
        try output.write(counts) {
            "sent \(name) to \(CountText.text(sent, "run")); \(known) had it already, \(refused) did not take it\n"
        }
    }

    private enum Outcome: Hashable {
        case sent
        case known
        case refused
    }

    private static func send(_ signal: RunSignal, to id: String, in session: Session) async throws -> Outcome {
        do {
            return try await session.engine.runs.send(signal, to: id) ? .sent : .known
        } catch WorkflowError.refused {
            // It has ended since the list was read, or too many signals wait for it.
            return .refused
        }
    }
}

/// `landlord workflow signals`.
struct WorkflowSignalsCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "signals", abstract: "List the signals that a run has got, oldest first.")

    @OptionGroup var argument: WorkflowArgument
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run(with session: Session) async throws {
        let run = try await argument.run(in: session)
        let signals = try await session.engine.runs.signals(of: run.id)
        let now = session.surroundings.now()
        try output.write(.items(signals.map(\.document))) {
            TextTable(["NAME", "CORRELATION", "KEY", "FROM", "AGE", "TAKEN BY"], signals) { signal in
                [
                    signal.signal.name, signal.signal.correlation ?? "", signal.signal.key, signal.signal.sender,
                    AgeText.text(now.duration(since: signal.sentAt)), signal.task.map { "task \($0)" } ?? "waits",
                ]
            }.rendered(columns: StandardStream.columns)
        }
    }
}

/// `landlord workflow tasks`.
struct WorkflowTasksCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "tasks", abstract: "List the tasks that a run waits for.")

    @OptionGroup var argument: WorkflowArgument
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run(with session: Session) async throws {
        let run = try await argument.run(in: session)
        let tasks = try await session.engine.runs.openTasks(of: run.id)
        let now = session.surroundings.now()
        try output.write(.items(tasks.map(\.document))) {
            TextTable(["TASK", "STATE", "RESOURCE", "ATTEMPT", "AGE", "WITH"], tasks) { task in
                [
                    "\(task.task.id)", task.task.stateName, task.task.resource, "\(task.task.attempt)",
                    AgeText.text(now.duration(since: task.askedAt)), task.holder(at: now),
                ]
            }.rendered(columns: StandardStream.columns)
        }
    }
}

extension StoredTask {
    /// Who has the task, in a few words.
    fileprivate func holder(at now: Timestamp) -> String {
        if status == .cancelling { return "is being given up" }
        if let semaphore = task.semaphore, !isAdmitted { return "waits for a place in '\(semaphore)'" }
        if isSubmitted { return "whoever has the token" }
        guard let worker, let leaseUntil, leaseUntil > now else { return "" }
        return worker
    }
}
