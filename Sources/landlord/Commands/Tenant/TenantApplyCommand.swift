import ArgumentParser
import LandlordDomain
import LandlordEngine
import StatesLanguage

/// The spec that a command is given.
struct SpecOptions: ParsableArguments {
    @Option(
        name: [.customShort("f"), .long],
        help: ArgumentHelp("The spec in YAML or JSON; - for the input.", valueName: "file"))
    var file: String

    /// Reads the spec and everything that is wrong with it, before anything else is touched.
    func read() throws(DocumentError) -> TenantSpec {
        try TenantSpecDocument.read(try BoundedFile.read(file), file: file)
    }

    /// Puts the name of the file before what the engine finds wrong with the spec, as its providers know it.
    func check(_ spec: TenantSpec, with engine: Engine) throws(Failure) {
        let found = engine.tenants.violations(of: spec)
        guard !found.isEmpty else { return }
        throw Failure(.data, problems: found.map { "\(file): \($0.description)" })
    }
}

/// `landlord tenant apply`.
struct TenantApplyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply", abstract: "Ask for a tenant, or give the tenant of that name a new spec.")

    @OptionGroup var spec: SpecOptions
    @Flag(help: "Wait until the tenant is ready; the exit code is 1 when it fails.")
    var wait = false
    @OptionGroup var timeout: TimeoutOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let wanted = try spec.read()
        let session = try Session.open(global)
        try spec.check(wanted, with: session.engine)
        // Before the tenant is asked for, so that Ctrl-C is told from a death at any time.
        let follower = wait ? TenantFollower(session) : nil
        let applied = try await session.engine.tenants.apply(wanted, by: session.actor)
        if output.output == .table { try StandardStream.write("tenant \(wanted.name) \(applied.word)\n") }
        var tenant = applied.tenant
        if let follower {
            tenant = try await follower.wait(
                for: .applied(generation: tenant.generation), of: tenant, atMost: timeout.timeout)
        }
        try output.write(tenant.document) { wait ? tenant.arrival : "" }
    }
}

extension TenantService.Applied {
    /// What became of a spec, in one word.
    var word: String {
        switch self {
        case .created: "created"
        case .changed: "updated"
        case .unchanged: "unchanged"
        }
    }
}

extension Tenant {
    /// Where a tenant has come to, for the end of a wait.
    var arrival: String {
        let places = status == .ready ? endpoints.map(\.url) : []
        return "tenant \(name) is \(status.rawValue)" + (places.isEmpty ? "" : ": " + places.joined(separator: ", "))
            + "\n"
    }
}

/// `landlord tenant plan`.
struct TenantPlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Show what applying a spec would change, field by field.")

    @OptionGroup var spec: SpecOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let wanted = try spec.read()
        let session = try Session.open(global)
        try spec.check(wanted, with: session.engine)
        let plan = try await session.engine.tenants.plan(wanted)
        let document: JSONValue = ["tenant": .string(wanted.name), "changes": plan.document]
        try output.write(document) {
            plan.isEmpty
                ? "tenant \(wanted.name): no changes\n" : plan.table.rendered(columns: StandardStream.columns)
        }
    }
}
