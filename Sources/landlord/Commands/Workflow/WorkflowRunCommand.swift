import ArgumentParser
import LandlordDomain
import LandlordEngine
import LandlordTUI
import StatesLanguage

/// `landlord workflow run`.
struct WorkflowRunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run a definition in memory: waits cost nothing, and tasks answer what mocks say."
    )

    @Argument(help: ArgumentHelp("A definition as JSON or YAML; - for the standard input.", valueName: "file"))
    var file: String
    @Option(help: ArgumentHelp("What the machine is: STANDARD or EXPRESS.", valueName: "type"))
    var type = MachineType.standard
    @OptionGroup var simulation: SimulationOptions
    @OptionGroup var global: GlobalOptions

    func run() throws {
        let machine = try DefinitionFile(file).machine()
        let input = try simulation.inputValue()
        let result: SimulationResult
        do {
            let mocks = try simulation.mocksDocument().map(SimulationMocks.init(json:)) ?? SimulationMocks()
            result = try Simulation.run(
                machine, input: input, mocks: mocks, startTime: simulation.startTime, kind: type.kind,
                seed: simulation.seed)
        } catch let error as SimulationError {
            throw Failure(.data, error.description)
        }
        try simulation.write(result.json) { Self.timeline(result) }
        if result.status != "SUCCEEDED" { throw ExitCode(ExitStatus.failed.rawValue) }
    }

    /// The run for people: what happened when, and how it ended.
    private static func timeline(_ result: SimulationResult) -> String {
        let start = result.history.first?.timestamp
        let table = TextTable(["EVENT", "AFTER", "TYPE", "STATE", "DETAILS"], result.history) { event in
            let elapsed = start.map { event.timestamp.duration(since: $0) } ?? .zero
            return [
                "\(event.id)", AgeText.text(elapsed), event.type.rawValue, event.details["name"]?.stringValue ?? "",
                Self.details(of: event),
            ]
        }
        var fields = TextFields()
        fields.add("status", result.status)
        fields.add("output", result.output?.pretty())
        fields.add("error", result.error)
        fields.add("cause", result.cause)
        return table.rendered(columns: StandardStream.columns) + "\n" + fields.rendered
    }

    /// What an event says besides the name of its state, the data itself without what is said about it.
    private static func details(of event: HistoryEvent) -> String {
        guard case .object(var details) = event.details else { return "" }
        for name in ["name", "inputDetails", "outputDetails", "roleArn"] { details[name] = nil }
        if let data = details["input"] ?? details["output"], details.count == 1 { return data.stringValue ?? "" }
        return details.isEmpty ? "" : JSONValue.object(details).serialized()
    }
}
