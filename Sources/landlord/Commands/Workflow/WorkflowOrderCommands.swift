import ArgumentParser
import LandlordDomain
import LandlordEngine
import StatesLanguage

/// What an operator does to one run.
protocol RunOrderCommand: EngineCommand {
    /// What is done.
    static var verb: RunOrder.Verb { get }
    var argument: WorkflowArgument { get }
    var reason: ReasonOption { get }
    var output: OutputOptions { get }
}

/// Why something is done.
struct ReasonOption: ParsableArguments {
    @Option(help: ArgumentHelp("Why, for the history.", valueName: "text"))
    var reason = ""
}

extension RunOrderCommand {
    func run(with session: Session) async throws {
        let order = RunOrder(Self.verb, by: session.actor, reason: reason.reason)
        try await session.engine.runs.give(order, to: argument.id)
        let run = try await argument.run(in: session)
        try output.write(run.fullDocument) {
            "run \(run.id) is \(run.status.rawValue)\(run.control.map { ", \($0.rawValue)" } ?? "")\n"
        }
    }
}

/// `landlord workflow suspend`.
struct WorkflowSuspendCommand: RunOrderCommand {
    static let verb = RunOrder.Verb.suspend
    static let configuration = CommandConfiguration(
        commandName: "suspend", abstract: "Let a run begin nothing new; what comes in is kept until it is resumed.")
    @OptionGroup var argument: WorkflowArgument
    @OptionGroup var reason: ReasonOption
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions
}

/// `landlord workflow resume`.
struct WorkflowResumeCommand: RunOrderCommand {
    static let verb = RunOrder.Verb.resume
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Let a suspended run go on, with what has come in first.")
    @OptionGroup var argument: WorkflowArgument
    @OptionGroup var reason: ReasonOption
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions
}

/// `landlord workflow cancel`.
struct WorkflowCancelCommand: RunOrderCommand {
    static let verb = RunOrder.Verb.cancel
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Stop a run after it has taken back what its definition says can be taken back.")
    @OptionGroup var argument: WorkflowArgument
    @OptionGroup var reason: ReasonOption
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions
}

/// `landlord workflow terminate`.
struct WorkflowTerminateCommand: RunOrderCommand {
    static let verb = RunOrder.Verb.terminate
    static let configuration = CommandConfiguration(
        commandName: "terminate", abstract: "Stop a run at once; nothing is taken back.")
    @OptionGroup var argument: WorkflowArgument
    @OptionGroup var reason: ReasonOption
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions
}

/// `landlord workflow retry`.
struct WorkflowRetryCommand: RunOrderCommand {
    static let verb = RunOrder.Verb.retry
    static let configuration = CommandConfiguration(
        commandName: "retry", abstract: "Let a run that did not succeed go on with the state that failed.")
    @OptionGroup var argument: WorkflowArgument
    @OptionGroup var reason: ReasonOption
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions
}
