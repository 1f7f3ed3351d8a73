import ArgumentParser
import LandlordDomain
import LandlordEngine
import LandlordTUI
import StatesLanguage

/// `landlord tenant list`.
struct TenantListCommand: EngineCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List tenants, newest first.")

    @Option(
        help: ArgumentHelp("Only these statuses, separated by commas.", valueName: "status"),
        transform: OptionText.words)
    var status: Set<TenantStatus> = []
    @Option(
        help: ArgumentHelp("Only tenants with these labels.", valueName: "k=v,..."), transform: OptionText.labels)
    var selector: [String: String] = [:]
    @Option(
        help: ArgumentHelp("Words, status:a,b, label.k:v, provider:x and name~x, all of them.", valueName: "expr"))
    var filter: String?
    @OptionGroup var list: ListOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        try OptionText.check { () throws(FilterProblem) in _ = try query }
    }

    private var query: TenantQuery {
        get throws(FilterProblem) {
            let base = TenantQuery(statuses: status, labels: selector, after: list.after, limit: list.limit)
            return try filter.map { text throws(FilterProblem) in try TenantFilter.parse(text, into: base) }
                ?? base
        }
    }

    func run(with session: Session) async throws {
        let page = try await session.engine.tenants.page(try query)
        let now = session.surroundings.now()
        let table = TextTable(["NAME", "STATUS", "FOR", "GENERATION", "PROVIDER", "WHY"], page.items) { tenant in
            [
                tenant.name, tenant.status.rawValue, AgeText.text(now.duration(since: tenant.statusSince)),
                tenant.generation == tenant.observedGeneration
                    ? "\(tenant.generation)" : "\(tenant.observedGeneration)>\(tenant.generation)",
                tenant.desired.provider ?? "", tenant.drift ?? tenant.statusMessage,
            ]
        }
        try output.write(page, document: \.document, table: table)
    }
}

/// `landlord tenant history`.
struct TenantHistoryCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "Show every transition of a tenant, oldest first.")

    @Argument(help: "The tenant's name or identifier.")
    var name: String
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run(with session: Session) async throws {
        let tenant = try await session.engine.tenants.tenant(name)
        var transitions: [TenantTransition] = []
        var cursor: PageCursor?
        repeat {
            let page = try await session.engine.tenants.history(of: tenant.id, after: cursor)
            transitions += page.items
            cursor = page.next
        } while cursor != nil
        try output.write(.items(transitions.map(\.document))) {
            TextTable(["TIME", "FROM", "TO", "BY", "REASON"], transitions) { line in
                [line.createdAt.rfc3339, line.from?.rawValue ?? "", line.to.rawValue, line.triggeredBy, line.reason]
            }.rendered(columns: StandardStream.columns)
        }
    }
}
