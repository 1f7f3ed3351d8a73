import ArgumentParser
import LandlordDomain
import LandlordEngine
import LandlordTUI
import StatesLanguage

/// `landlord activity`.
struct ActivityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "activity", abstract: "Take tasks of activities as a worker, and answer what waits with a token.",
        subcommands: [
            ActivityListCommand.self, ActivityGetTaskCommand.self, ActivitySucceedCommand.self,
            ActivityFailCommand.self, ActivityHeartbeatCommand.self, ActivityTokenCommand.self,
        ])
}

/// `landlord activity list`.
struct ActivityListCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the activities that have tasks.")

    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run(with session: Session) async throws {
        let activities = try await session.engine.runs.activities()
        let now = session.surroundings.now()
        try output.write(.items(activities.map(\.document))) {
            TextTable(["NAME", "WAITING", "TAKEN", "OLDEST"], activities) { activity in
                [
                    activity.name, "\(activity.waitingCount)", "\(activity.takenCount)",
                    activity.oldestWaitingSince.map { AgeText.text(now.duration(since: $0)) } ?? "",
                ]
            }.rendered(columns: StandardStream.columns)
        }
    }
}

/// `landlord activity get-task`.
struct ActivityGetTaskCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "get-task", abstract: "Take a task of an activity: nobody else gets it until the lease is over.",
        discussion: """
            Where no task comes in time, the exit code is 124 and nothing is printed. The token answers the task; it \
            counts until somebody else has taken the task.
            """)

    @Argument(help: "The activity's name, as in landlord:activity:NAME.")
    var name: String
    @Option(help: ArgumentHelp("The worker's name, for the history.", valueName: "name"))
    var worker: String?
    @Option(
        help: ArgumentHelp("How long the task is this worker's; a heartbeat renews it.", valueName: "duration"),
        transform: OptionText.duration)
    var lease: Duration = .seconds(EmbeddedWorkflowProvider.standardLeaseSeconds)
    @OptionGroup var timeout: TimeoutOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard EmbeddedWorkflowProvider.leaseRange.contains(Int(lease.components.seconds)) else {
            throw ValidationError("'--lease' must be from 1s to 24h")
        }
        guard EmbeddedWorkflowProvider.isActivityName(name) else {
            throw ValidationError("an activity's name is 1 to 80 letters, digits, hyphens or underscores")
        }
    }

    func run(with session: Session) async throws {
        let seconds = Int(lease.components.seconds)
        let (activity, worker) = (name, worker ?? session.actor)
        let take: @Sendable () async throws -> ActivityTask? = {
            try await session.engine.runs.activityTask(of: activity, for: worker, leaseSeconds: seconds)
        }
        // What is there at once needs no driver.
        if let task = try await take() { return try write(task) }
        let interrupts = Interrupts.stream()
        let end = try await session.whileDriving {
            try await session.firstAnswer(atMost: timeout.timeout, unless: interrupts) { _ in try await take() }
        }
        switch end {
        case .answer(let task): try write(task)
        case .outOfTime: throw Failure(.timeout, "no task of '\(name)' came within \(timeout.timeout.inWords)")
        case .signal(let number): throw Failure(.signal(number), "stopped waiting for a task")
        }
    }

    private func write(_ task: ActivityTask) throws {
        try output.write(task.document) {
            var fields = TextFields()
            fields.add("token", task.token)
            fields.add("run", task.runID)
            fields.add("lease until", task.leaseUntil.rfc3339)
            fields.add("input", task.input.pretty())
            return fields.rendered
        }
    }
}

/// The token that a command is given.
struct TokenArgument: ParsableArguments {
    @Argument(help: "The token, from get-task or from $$.Task.Token.")
    var token: String
}

/// `landlord activity succeed`.
struct ActivitySucceedCommand: EngineCommand {
    static let configuration = CommandConfiguration(commandName: "succeed", abstract: "Answer a task with its result.")

    @OptionGroup var argument: TokenArgument
    @Option(help: ArgumentHelp("The result, as JSON or as a file.", valueName: "json|@file"))
    var output: String
    @OptionGroup var global: GlobalOptions

    func run(with session: Session) async throws {
        try await session.engine.runs.succeed(
            token: argument.token, output: try OptionJSON.value(output, of: "--output"))
        try StandardStream.write("the task has its result\n")
    }
}

/// `landlord activity fail`.
struct ActivityFailCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "fail", abstract: "Answer a task with an error, which Retry and Catch of its state may take up.")

    @OptionGroup var argument: TokenArgument
    @Option(help: ArgumentHelp("The error's name.", valueName: "name"))
    var error: String
    @Option(help: ArgumentHelp("What happened.", valueName: "text"))
    var cause = ""
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard !error.isEmpty else { throw ValidationError("'--error' names the error, which Retry and Catch look for") }
    }

    func run(with session: Session) async throws {
        try await session.engine.runs.fail(token: argument.token, error: error, cause: cause)
        try StandardStream.write("the task has its error\n")
    }
}

/// `landlord activity heartbeat`.
struct ActivityHeartbeatCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "heartbeat",
        abstract: "Say that the worker is alive: its lease and the state's heartbeat begin anew.")

    @OptionGroup var argument: TokenArgument
    @OptionGroup var global: GlobalOptions

    func run(with session: Session) async throws {
        try await session.engine.runs.heartbeat(token: argument.token)
        try StandardStream.write("the worker is alive\n")
    }
}

/// `landlord activity token`.
struct ActivityTokenCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Print the token of a task that waits for one (.waitForTaskToken).",
        discussion: "For whom the definition cannot pass it to, and where it was lost. Who has it can answer the task.")

    @OptionGroup var argument: WorkflowArgument
    @Argument(help: "The task's number, as in 'landlord workflow tasks'.")
    var task: Int
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run(with session: Session) async throws {
        let task = TaskReference(runID: argument.id, taskID: task)
        let token = try await session.engine.runs.token(of: task)
        try output.write(["run_id": .string(task.runID), "task": JSONValue(task.taskID), "token": .string(token)]) {
            "\(token)\n"
        }
    }
}
