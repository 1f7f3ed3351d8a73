import ArgumentParser
import Glibc

/// The command line.
///
/// `docs/commands.md` says what every command does.
@main
struct Landlord: ParsableCommand {
    /// What `--version` prints.
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "landlord",
        abstract: "Run one isolated stack for each customer, from one terminal.",
        usage: "landlord [<command> ...]",
        discussion: """
            Without a command, landlord opens the console. Every option stands after the verb. Lists and gets take \
            -o table|json|yaml.
            """,
        version: version,
        subcommands: [
            TenantCommand.self, ExecutionCommand.self, CallbackCommand.self, WorkflowCommand.self, ApprovalCommand.self,
            ActivityCommand.self, ScheduleCommand.self, SemaphoreCommand.self, ProviderCommand.self, ServeCommand.self,
            DemoCommand.self, MigrateCommand.self,
            VerifyCommand.self, DoctorCommand.self,
            CompletionCommand.self, ConsoleCommand.self,
        ],
        defaultSubcommand: ConsoleCommand.self)

    static func main() {
        Glibc.exit(Invocation(Array(CommandLine.arguments.dropFirst())).run())
    }
}
