import ArgumentParser
import LandlordDomain
import LandlordEngine

/// `landlord tenant retry`.
struct TenantRetryCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry", abstract: "Try again what failed; a failed delete is retried as a delete.")

    @Argument(help: "The tenant's name or identifier.")
    var name: String
    @OptionGroup var ending: EndingOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run(with session: Session) async throws {
        let tenant = try await session.engine.tenants.retry(name, by: session.actor)
        let goal: TenantFollower.Goal =
            switch tenant.status {
            case .deleting: .status(.deleted)
            case .archiving: .status(.archived)
            case .requested, .planning, .provisioning, .ready, .updating, .archived, .deleted, .failed:
                .applied(generation: tenant.generation)
            }
        try await ending.finish(tenant, goal: goal, with: session, output)
    }
}

/// `landlord tenant archive`.
struct TenantArchiveCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "archive", abstract: "Remove a tenant's compute and keep its record listed.")

    @Argument(help: "The tenant's name or identifier.")
    var name: String
    @OptionGroup var ending: EndingOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run(with session: Session) async throws {
        let tenant = try await session.engine.tenants.archive(name, by: session.actor)
        try await ending.finish(tenant, goal: .status(.archived), with: session, output)
    }
}

/// `landlord tenant delete`.
struct TenantDeleteCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Remove a tenant's compute and free its name; its history stays.")

    @Argument(help: "The tenant's name or identifier.")
    var name: String
    @OptionGroup var ending: EndingOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run(with session: Session) async throws {
        let tenant = try await session.engine.tenants.delete(name, by: session.actor)
        try await ending.finish(tenant, goal: .status(.deleted), with: session, output)
    }
}

/// Whether a verb waits for its end.
struct EndingOptions: ParsableArguments {
    @Flag(help: "Wait for the end; the exit code is 1 when it fails.")
    var wait = false
    @OptionGroup var timeout: TimeoutOptions

    /// Waits where that is wanted, and tells where the tenant has come to.
    func finish(
        _ tenant: Tenant, goal: TenantFollower.Goal, with session: Session, _ output: OutputOptions
    ) async throws {
        var tenant = tenant
        if wait {
            tenant = try await TenantFollower(session).wait(for: goal, of: tenant, atMost: timeout.timeout)
        }
        try output.write(tenant.document) { tenant.arrival }
    }
}

/// `landlord tenant wait`.
struct TenantWaitCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "wait", abstract: "Wait until a tenant has a status.",
        discussion: "The exit code is 1 when the tenant cannot come there by itself, and 124 when the time is over.")

    @Argument(help: "The tenant's name or identifier.")
    var name: String
    @Option(
        name: .customLong("for"), help: ArgumentHelp("The status.", valueName: "status"), transform: OptionText.word)
    var status: TenantStatus
    @OptionGroup var timeout: TimeoutOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run(with session: Session) async throws {
        let tenant = try await session.engine.tenants.tenant(name)
        let end = try await TenantFollower(session).wait(for: .status(status), of: tenant, atMost: timeout.timeout)
        try output.write(end.document) { end.arrival }
    }
}
