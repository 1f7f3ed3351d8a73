import ArgumentParser
import LandlordDomain
import LandlordEngine
import StatesLanguage

/// `landlord workflow definitions`.
struct WorkflowDefinitionsCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "definitions",
        abstract: "List the workflows that are known, with their runs in flight, and which are drained.")

    @Argument(help: ArgumentHelp("Only this one, with who has drained and opened it.", valueName: "workflow"))
    var workflow: String?
    @OptionGroup var list: ListOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run(with session: Session) async throws {
        if let workflow { return try await show(workflow, session) }
        let page = try await session.engine.runs.workflows(after: list.after, limit: list.limit)
        let table = TextTable(["WORKFLOW", "NEWEST", "IN FLIGHT", "NEW RUNS"], page.items) { workflow in
            [
                workflow.workflowID, "\(workflow.newestVersion)", "\(workflow.inFlightCount)",
                workflow.admissionText,
            ]
        }
        try output.write(page, document: \.document, table: table)
    }

    private func show(_ id: String, _ session: Session) async throws {
        let workflow = try await session.engine.runs.existingWorkflow(id)
        let lines = try await session.engine.runs.admissions(of: id)
        var document = workflow.document
        document["history"] = .array(lines.map(\.document))
        try output.write(document) {
            var fields = TextFields()
            fields.add("workflow", workflow.workflowID)
            fields.add("newest", "version \(workflow.newestVersion)")
            fields.add("in flight", "\(workflow.inFlightCount)")
            fields.add("new runs", workflow.admissionText)
            let history = lines.map { "\($0.at.rfc3339) \($0.verb.rawValue) \($0.text)" }
            fields.add("history", history.joined(separator: "\n"))
            return fields.rendered
        }
    }
}

/// `landlord workflow drain`.
struct WorkflowDrainCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "drain", abstract: "Let no new run of a workflow start; those in flight go on to their ends.")

    @Argument(help: "The workflow's name.")
    var workflow: String
    @OptionGroup var reason: ReasonOption
    @Flag(help: "Wait until no run is in flight.")
    var wait = false
    @OptionGroup var timeout: TimeoutOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run(with session: Session) async throws {
        try await session.engine.runs.admit(.drain, to: workflow, by: session.actor, reason: reason.reason)
        if wait { try await DrainFollower(session).wait(for: workflow, atMost: timeout.timeout) }
        let drained = try await session.engine.runs.existingWorkflow(workflow)
        try output.write(drained.document) { drained.line }
    }
}

/// `landlord workflow open`.
struct WorkflowOpenCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "open", abstract: "Let runs of a drained workflow start again.")

    @Argument(help: "The workflow's name.")
    var workflow: String
    @OptionGroup var reason: ReasonOption
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run(with session: Session) async throws {
        try await session.engine.runs.admit(.open, to: workflow, by: session.actor, reason: reason.reason)
        let opened = try await session.engine.runs.existingWorkflow(workflow)
        try output.write(opened.document) { opened.line }
    }
}

extension RunService {
    /// The workflow with this name.
    ///
    /// - Throws: A failure with 66 where there is none.
    fileprivate func existingWorkflow(_ id: String) async throws -> WorkflowSummary {
        guard let workflow = try await workflow(id) else { throw Failure(.missing, "there is no workflow '\(id)'") }
        return workflow
    }
}

extension WorkflowSummary {
    /// What becomes of new runs, in a few words.
    fileprivate var admissionText: String {
        drain.map { "drained since \($0.at.rfc3339) \($0.text)" } ?? "start"
    }

    /// The workflow in one line.
    fileprivate var line: String {
        let runs = inFlightCount == 1 ? "1 run is in flight" : "\(inFlightCount) runs are in flight"
        return "workflow \(workflowID) \(drain == nil ? "is open" : "is drained"); \(runs)\n"
    }
}
