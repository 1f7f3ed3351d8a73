import ArgumentParser
import LandlordDomain
import LandlordEngine
import LandlordTUI
import StatesLanguage

/// `landlord workflow start`.
struct WorkflowStartCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "start", abstract: "Start a durable run of a definition, or of a workflow that is known.",
        discussion: """
            A file is made known as a workflow first, under the name of the file or that of --workflow: as a new \
            version where it differs from the newest. The same run name again is the same run.
            """)

    @Argument(help: ArgumentHelp("A definition as JSON or YAML; - for the standard input.", valueName: "file"))
    var file: String?
    @Option(help: ArgumentHelp("The workflow's name.", valueName: "id"))
    var workflow: String?
    @Option(help: ArgumentHelp("The run's name.", valueName: "name"))
    var name: String?
    @Option(help: ArgumentHelp("The run's input, as JSON or as a file.", valueName: "json|@file"))
    var input = "{}"
    @Flag(help: "Wait for the run's end; the exit code is 1 where it does not succeed.")
    var wait = false
    @OptionGroup var timeout: TimeoutOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard file != nil || workflow != nil else {
            throw ValidationError("a file or '--workflow' says what to start")
        }
    }

    func run(with session: Session) async throws {
        let value = try OptionJSON.value(input, of: "--input")
        let workflowID = try await workflowID(in: session)
        let started = try await session.engine.runs.start(
            workflowID,
            ExecutionInput(
                executionName: name ?? session.surroundings.uuid().lowercased(), input: value,
                triggerSource: session.actor))
        let id = started.executionID
        let run: WorkflowRun
        if wait {
            run = try await RunFollower(session).wait(for: id, atMost: timeout.timeout)
        } else {
            run = try await session.engine.runs.existing(id)
        }
        try output.write(run.fullDocument) {
            let why =
                run.status.isTerminal && run.status != .succeeded ? ": \(RunWhy.short(run, now: run.updatedAt))" : ""
            return "run \(run.id) is \(run.status.rawValue)\(why)\n"
                + (run.visibleOutput.map { $0.pretty() + "\n" } ?? "")
        }
        guard wait, run.status != .succeeded else { return }
        throw Failure(
            .failed, "run \(id) is \(run.status.rawValue)\(run.error.map { ": \($0.code): \($0.message)" } ?? "")")
    }

    /// Makes the file known, where there is one.
    private func workflowID(in session: Session) async throws -> String {
        guard let file else { return workflow ?? "" }
        return try await session.define(file, as: workflow).workflowID
    }
}

extension RunService {
    /// Refuses the name of a workflow of which there is none, and of which there are no runs.
    ///
    /// - Throws: A failure with 66.
    func requireWorkflow(_ id: String) async throws {
        guard try await workflow(id) == nil else { return }
        let runs = try await page(WorkflowRunQuery(workflowID: id, limit: 1))
        guard runs.items.isEmpty else { return }
        throw Failure(.missing, "there is no workflow '\(id)'")
    }

    /// The run with this name.
    ///
    /// - Throws: A failure with 66 where there is none.
    func existing(_ id: String) async throws -> WorkflowRun {
        guard let run = try await run(id) else { throw Failure(.missing, "there is no run '\(id)'") }
        return run
    }
}
