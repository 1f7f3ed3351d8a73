import ArgumentParser
import LandlordDomain
import LandlordEngine
import LandlordTUI
import StatesLanguage

/// `landlord workflow graph`.
struct WorkflowGraphCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "graph", abstract: "Draw a definition as text, with the states of a run lit where one is named.")

    @Argument(help: ArgumentHelp("A definition as JSON or YAML; - for the standard input.", valueName: "file"))
    var file: String?
    @Option(help: ArgumentHelp("Draw what this run runs, and where it is.", valueName: "id"))
    var run: String?
    @Option(help: ArgumentHelp("Draw into so many columns; those of the terminal otherwise.", valueName: "columns"))
    var width: Int?
    @Flag(help: "Draw with plain characters.")
    var ascii = false
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard (file == nil) != (run == nil) else { throw ValidationError("give a file, or a run with '--run'") }
    }

    func run() async throws {
        guard let run else {
            return try write(MachineOutline(try DefinitionFile(file ?? "-").machine()), RunLights())
        }
        let session = try Session.open(global)
        do {
            try await write(run: run, in: session)
        } catch {
            await session.host.database.close()
            throw error
        }
        await session.host.database.close()
    }

    private func write(run id: String, in session: Session) async throws {
        guard let detail = try await session.engine.runs.detail(of: id) else {
            throw Failure(.missing, "there is no run '\(id)'")
        }
        guard let machine = detail.machine else {
            throw Failure(.data, "the definition of run '\(id)' cannot be read any more")
        }
        let history = try await session.engine.runs.wholeHistory(of: id)
        try write(MachineOutline(machine), RunLights(history, isRunning: !detail.run.status.isTerminal))
    }

    private func write(_ outline: MachineOutline, _ lights: RunLights) throws {
        try output.write(Self.document(outline, lights)) {
            DefinitionGraph(outline, lights: lights, width: width ?? StandardStream.columns, isASCII: ascii).lines
                .map { $0.text.string + "\n" }.joined()
        }
    }

    /// The states with where they lead.
    private static func document(_ outline: MachineOutline, _ lights: RunLights) -> JSONValue {
        [
            "start": .string(outline.start),
            "states": .array(
                outline.nodes.map { node in
                    [
                        "name": .string(node.name), "type": .string(node.type.rawValue),
                        "resource": JSONValue(node.resource), "light": .string("\(lights.light(of: node.name))"),
                        "ways": .array(
                            node.ways.map { way in
                                ["reason": .string(way.reason.words), "to": JSONValue(way.target)]
                            }),
                        "branches": .array(node.branches.map { document($0, lights) }),
                    ]
                }),
        ]
    }
}

extension RunService {
    /// Every event of a run, oldest first.
    func wholeHistory(of id: String) async throws -> [HistoryEvent] {
        var events: [HistoryEvent] = []
        while true {
            let window = try await history(of: id, after: events.last?.id ?? 0)
            events += window
            guard window.count == PageLimit.largest else { return events }
        }
    }
}
