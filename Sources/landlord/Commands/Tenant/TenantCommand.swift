import ArgumentParser

/// `landlord tenant`.
struct TenantCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tenant", abstract: "Ask for tenants, look at them, change and remove them.",
        subcommands: [
            TenantApplyCommand.self, TenantListCommand.self, TenantGetCommand.self, TenantDescribeCommand.self,
            TenantPlanCommand.self, TenantHistoryCommand.self, TenantLogsCommand.self, TenantRetryCommand.self,
            TenantArchiveCommand.self, TenantDeleteCommand.self, TenantWaitCommand.self,
        ])
}
