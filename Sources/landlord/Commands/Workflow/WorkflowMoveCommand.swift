import ArgumentParser
import LandlordDomain
import LandlordEngine
import StatesLanguage

/// `landlord workflow move`.
struct WorkflowMoveCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "move", abstract: "Let a run go on with another version of its definition.",
        discussion: """
            What the run waits for must be the same in both versions; everything that is not is told at once, and \
            nothing is changed. A run that failed can be moved too, and retried on the version that has the repair.
            """)

    @OptionGroup var argument: WorkflowArgument
    @Option(
        help: ArgumentHelp("The version that it goes on with.", valueName: "version|newest"),
        transform: VersionChoice.init(text:))
    var to: VersionChoice
    @Flag(help: "Only say whether it can be moved.")
    var dryRun = false
    @OptionGroup var reason: ReasonOption
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run(with session: Session) async throws {
        let runs = session.engine.runs
        var plan = try await runs.movePlan(of: argument.id, to: to.version)
        guard plan.problems.isEmpty else {
            throw Failure(
                .data,
                problems: plan.problems.map {
                    "run '\(plan.runID)' does not fit version \(plan.to) of '\(plan.workflowID)': \($0)"
                })
        }
        if !dryRun {
            // The version of the plan, not a newer one that has come since.
            plan = try await runs.move(argument.id, to: plan.to, by: session.actor, reason: reason.reason)
        }
        let done = plan
        try output.write(done.document(isDone: !dryRun && done.from != done.to)) { line(done) }
    }

    private func line(_ plan: RunMovePlan) -> String {
        guard plan.from != plan.to else { return "run \(plan.runID) is on version \(plan.to) already\n" }
        let verb = dryRun ? "can be moved" : "was moved"
        return "run \(plan.runID) \(verb) from version \(plan.from) to version \(plan.to)\n"
    }
}

/// A version that an operator names by its number or as the newest.
struct VersionChoice: Sendable, Hashable {
    /// The number; nil for the newest.
    let version: Int?

    /// Reads what was typed.
    init(text: String) throws {
        guard text != "newest" else {
            version = nil
            return
        }
        guard let number = Int(text), number >= 1 else {
            throw ValidationError("it is the number of a version, or 'newest'")
        }
        version = number
    }
}

extension RunMovePlan {
    /// The move as scripts see it.
    fileprivate func document(isDone: Bool) -> JSONValue {
        [
            "run_id": .string(runID), "workflow_id": .string(workflowID), "from_version": JSONValue(from),
            "to_version": JSONValue(to), "moved": .bool(isDone),
        ]
    }
}
