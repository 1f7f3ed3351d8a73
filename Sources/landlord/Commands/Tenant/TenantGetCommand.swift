import ArgumentParser
import LandlordDomain
import LandlordEngine
import LandlordTUI
import StatesLanguage

/// `landlord tenant get`.
struct TenantGetCommand: EngineCommand {
    static let configuration = CommandConfiguration(commandName: "get", abstract: "Show one tenant.")

    @Argument(help: "The tenant's name or identifier.")
    var name: String
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run(with session: Session) async throws {
        let tenant = try await session.engine.tenants.tenant(name)
        try output.write(tenant.document) { tenant.fields(at: session.surroundings.now()).rendered }
    }
}

extension Tenant {
    /// The tenant for people.
    func fields(at now: Timestamp) -> TextFields {
        var fields = TextFields()
        fields.add("name", name)
        fields.add("id", id.rawValue)
        fields.add("status", "\(status.rawValue) for \(AgeText.text(now.duration(since: statusSince)))")
        fields.add("why", statusMessage)
        fields.add("drift", drift)
        fields.add("generation", "\(generation), applied \(observedGeneration)")
        fields.add("provider", desired.provider)
        fields.add("endpoints", endpoints.map { "\($0.name) \($0.url)" }.joined(separator: "\n"))
        fields.add("labels", Self.words(labels))
        fields.add("annotations", Self.words(annotations))
        fields.add("resources", Self.words(resourceIDs))
        fields.add("workflow", run.map { "\($0.executionID) \($0.subState?.rawValue ?? "not seen yet")" })
        fields.add("next attempt", nextAttemptAt?.rfc3339)
        fields.add("created", createdAt.rfc3339)
        fields.add("updated", updatedAt.rfc3339)
        return fields
    }

    private static func words(_ map: [String: String]) -> String {
        map.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "\n")
    }
}

/// `landlord tenant describe`.
struct TenantDescribeCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe", abstract: "Show a tenant with its plan, its latest executions and its history.")

    @Argument(help: "The tenant's name or identifier.")
    var name: String
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    /// How many executions and transitions are told.
    private static let recentLimit = 10

    func run(with session: Session) async throws {
        let engine = session.engine
        let tenant = try await engine.tenants.tenant(name)
        let plan = Plan(desired: tenant.desired, observed: tenant.observed)
        let query = ComputeExecutionQuery(tenantID: tenant.id, limit: Self.recentLimit)
        let executions = try await engine.executions.page(query).items
        let history = try await engine.tenants.history(of: tenant.id).items.suffix(Self.recentLimit)
        var document = tenant.document
        document["plan"] = plan.document
        document["executions"] = .array(executions.map(\.document))
        document["history"] = .array(history.map(\.document))
        try output.write(document) {
            let now = session.surroundings.now()
            let columns = StandardStream.columns
            var parts = [tenant.fields(at: now).rendered]
            if !tenant.status.isEnding, !plan.isEmpty { parts.append("plan\n" + plan.table.rendered(columns: columns)) }
            if !executions.isEmpty {
                parts.append("executions\n" + executions.table(at: now).rendered(columns: columns))
            }
            let lines = TextTable(["TIME", "FROM", "TO", "BY", "REASON"], Array(history)) { line in
                [line.createdAt.rfc3339, line.from?.rawValue ?? "", line.to.rawValue, line.triggeredBy, line.reason]
            }
            parts.append("history\n" + lines.rendered(columns: columns))
            return parts.joined(separator: "\n")
        }
    }
}
