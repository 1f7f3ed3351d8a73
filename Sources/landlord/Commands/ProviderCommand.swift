import ArgumentParser
import LandlordEngine
import StatesLanguage

/// `landlord provider`.
struct ProviderCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "provider", abstract: "Look at what runs tenants and what orchestrates their operations.",
        subcommands: [ProviderListCommand.self, ProviderSchemaCommand.self])
}

/// A provider as it is listed.
struct ListedProvider: Sendable, Hashable {
    /// `compute` or `workflow`.
    let kind: String
    /// What specs and the configuration call it.
    let name: String
    /// Used where nobody names one.
    let isDefault: Bool

    /// Every provider of an engine.
    static func all(in session: Session) -> [ListedProvider] {
        let compute = session.engine.compute.providerNames.map {
            ListedProvider(kind: "compute", name: $0, isDefault: $0 == session.configuration.compute.defaultProvider)
        }
        let workflows = session.engine.workflows.providerNames.map {
            ListedProvider(kind: "workflow", name: $0, isDefault: $0 == session.engine.workflows.defaultProviderName)
        }
        return compute + workflows
    }

    /// The provider as scripts see it.
    var document: JSONValue { ["kind": .string(kind), "name": .string(name), "default": .bool(isDefault)] }
}

/// `landlord provider list`.
struct ProviderListCommand: EngineCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the providers.")

    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run(with session: Session) async throws {
        let providers = ListedProvider.all(in: session)
        try output.write(["items": .array(providers.map(\.document)), "next": nil]) {
            TextTable(["KIND", "NAME", "DEFAULT"], providers) { [$0.kind, $0.name, $0.isDefault ? "yes" : "no"] }
                .rendered(columns: StandardStream.columns)
        }
    }
}

/// `landlord provider schema`.
struct ProviderSchemaCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Show the JSON Schema of a compute provider's provider_config.")

    @Argument(help: "The compute provider's name.")
    var name: String
    @Option(name: [.customShort("o"), .long], help: "json or yaml.")
    var output = OutputFormat.json
    @OptionGroup var global: GlobalOptions

    func run(with session: Session) async throws {
        let provider = try session.engine.compute.provider(named: name)
        let schema = provider.configSchema
        switch output {
        case .table, .json: try StandardStream.write(VisibleJSON.text(schema))
        case .yaml: try StandardStream.write(YAMLText.text(schema))
        }
    }
}
