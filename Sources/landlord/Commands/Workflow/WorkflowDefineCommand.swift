import ArgumentParser
import LandlordDomain
import LandlordEngine
import StatesLanguage

/// `landlord workflow define`.
struct WorkflowDefineCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "define", abstract: "Make a definition known, without a run: a new version where it differs.",
        discussion: "Schedules, child runs and 'move' start from workflows that are known.")

    @Argument(help: ArgumentHelp("A definition as JSON or YAML; - for the standard input.", valueName: "file"))
    var file: String
    @Option(help: ArgumentHelp("The workflow's name (default: that of the file).", valueName: "id"))
    var workflow: String?
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run(with session: Session) async throws {
        let known = try await session.define(file, as: workflow)
        let document: JSONValue = ["workflow_id": .string(known.workflowID), "version": JSONValue(known.version)]
        try output.write(document) { "workflow \(known.workflowID) is known, version \(known.version ?? 1)\n" }
    }
}

extension Session {
    /// Makes a file known as a workflow, under its own name where no other is given.
    func define(_ file: String, as workflow: String?) async throws -> WorkflowCreation {
        let id = workflow ?? Self.workflowName(of: file)
        let machine = try DefinitionFile(file).machine()
        return try await engine.runs.create(
            WorkflowSpec(
                workflowID: id, provider: "embedded", name: id, description: machine.comment ?? "",
                definition: machine.definition))
    }

    /// A workflow's name from that of a file: `Order_v2.asl.json` gives `order-v2`.
    private static func workflowName(of file: String) -> String {
        let last = file.split(separator: "/").last.map(String.init) ?? ""
        let stem = last.split(separator: ".").first.map(String.init) ?? ""
        let words = stem.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
        let name = String(words).trimmingHyphens
        return name.isEmpty ? "workflow" : name
    }
}

extension String {
    fileprivate var trimmingHyphens: String {
        String(drop { $0 == "-" }.reversed().drop { $0 == "-" }.reversed())
    }
}
