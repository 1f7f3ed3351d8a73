import ArgumentParser
import LandlordDomain
import LandlordEngine
import LandlordTUI
import StatesLanguage

/// `landlord tenant logs`.
struct TenantLogsCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs", abstract: "Show the last lines that a tenant's containers wrote.")

    @Argument(help: "The tenant's name or identifier.")
    var name: String
    @Flag(help: "Go on with new lines until Ctrl-C.")
    var follow = false
    @OptionGroup var global: GlobalOptions

    /// Providers have no news of new lines, so they are asked in this rhythm.
    private static let beat = Duration.milliseconds(500)

    func run(with session: Session) async throws {
        var tenant = try await session.engine.tenants.tenant(name)
        var position: LogPosition?
        while true {
            let chunk = try await session.engine.compute.logs(of: tenant, after: position)
            try write(chunk.lines, of: tenant)
            position = chunk.position
            guard follow else { return }
            guard chunk.lines.isEmpty else { continue }
            if tenant.status == .deleted || tenant.status == .archived { return }
            try await session.surroundings.clock.sleep(for: Self.beat)
            tenant = try await session.engine.tenants.tenant(tenant.id.rawValue)
        }
    }

    private func write(_ lines: [LogChunk.Line], of tenant: Tenant) throws(Failure) {
        let containers = tenant.desired.document["compute"]?["containers"]?.arrayValue ?? []
        let text = lines.map { line in
            let prefix = containers.count > 1 ? DisplayText.sanitize(line.container).string + " | " : ""
            return prefix + DisplayText.lines(line.text).map(\.string).joined(separator: "\\n") + "\n"
        }
        try StandardStream.write(text.joined())
    }
}
