import ArgumentParser
import LandlordDomain
import LandlordEngine
import StatesLanguage

/// `landlord schedule create`.
struct ScheduleCreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Make a schedule from a file; the same file again changes nothing.")

    @Argument(help: ArgumentHelp("A schedule in YAML or JSON; - for the standard input.", valueName: "file"))
    var file: String
    @Flag(help: "Give the schedule of that name this spec, where there is one.")
    var replace = false
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        // Everything that is wrong with the file is said before anything else is touched.
        let spec = try ScheduleDocument.read(try BoundedFile.read(file), file: file)
        let session = try Session.open(global)
        let applied: ScheduleService.Applied
        do throws(ScheduleServiceError) {
            applied = try await session.engine.schedules.create(spec, replacing: replace, by: session.actor)
        } catch {
            switch error {
            // What the file names and this machine does not have is wrong with the file as well.
            case .zone, .unknownWorkflow: throw Failure(.data, "\(file): \(error)")
            case .unknown, .exists, .refused, .storage: throw error
            }
        }
        try output.write(applied.schedule.document) {
            let next = applied.schedule.nextAt.map { ", due next at \($0)" } ?? ""
            return "schedule \(spec.name) \(applied.word)\(next)\n"
        }
    }
}

extension ScheduleService.Applied {
    /// The schedule as it is now.
    var schedule: Schedule {
        switch self {
        case .created(let schedule), .changed(let schedule), .unchanged(let schedule): schedule
        }
    }

    /// What became of the file, in one word.
    var word: String {
        switch self {
        case .created: "created"
        case .changed: "updated"
        case .unchanged: "unchanged"
        }
    }
}

/// What an operator does with one schedule.
protocol ScheduleVerbCommand: EngineCommand {
    var argument: ScheduleArgument { get }
    var reason: ReasonOption { get }
    var output: OutputOptions { get }

    /// Does it.
    func perform(_ schedules: ScheduleService, as actor: String) async throws -> Schedule
}

extension ScheduleVerbCommand {
    func run(with session: Session) async throws {
        let schedule = try await perform(session.engine.schedules, as: session.actor)
        try output.write(schedule.document) {
            let next = schedule.nextAt.map { ", due next at \($0)" } ?? ""
            return "schedule \(schedule.spec.name) is \(schedule.status.rawValue)\(next)\n"
        }
    }
}

/// `landlord schedule pause`.
struct SchedulePauseCommand: ScheduleVerbCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause", abstract: "Let no moment count until the schedule is resumed.")
    @OptionGroup var argument: ScheduleArgument
    @OptionGroup var reason: ReasonOption
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func perform(_ schedules: ScheduleService, as actor: String) async throws -> Schedule {
        try await schedules.pause(argument.name, by: actor, reason: reason.reason)
    }
}

/// `landlord schedule resume`.
struct ScheduleResumeCommand: ScheduleVerbCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Let moments count again from now on; those of the pause are over.")
    @OptionGroup var argument: ScheduleArgument
    @OptionGroup var reason: ReasonOption
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func perform(_ schedules: ScheduleService, as actor: String) async throws -> Schedule {
        try await schedules.resume(argument.name, by: actor, reason: reason.reason)
    }
}

/// `landlord schedule trigger`.
struct ScheduleTriggerCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "trigger", abstract: "Start a run now, under the schedule's rules for overlaps.")
    @OptionGroup var argument: ScheduleArgument
    @OptionGroup var reason: ReasonOption
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run(with session: Session) async throws {
        let schedules = session.engine.schedules
        let schedule = try await schedules.trigger(argument.name, by: session.actor, reason: reason.reason)
        // Only the newest line tells this moment from others that start or wait.
        let last = try await schedules.history(of: argument.name, limit: 1).first
        try output.write(schedule.document) { Self.text(of: last, argument.name) }
    }

    /// What becomes of the moment that was asked for.
    private static func text(of event: ScheduleEvent?, _ name: String) -> String {
        guard let event, let moment = event.moment else { return "schedule \(name) is triggered\n" }
        let run = "run \(Schedule.runID(of: name, at: moment))"
        switch event.kind {
        case .skipped, .refused: return "nothing is started: \(event.reason)\n"
        case .queued: return "\(run) waits: \(event.reason)\n"
        case .started: return "\(run) is started\n"
        default: return "\(run) is started by whoever drives the database\n"
        }
    }
}

/// `landlord schedule delete`.
struct ScheduleDeleteCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Remove a schedule; its runs go on, and its history stays.")
    @OptionGroup var argument: ScheduleArgument
    @OptionGroup var reason: ReasonOption
    @OptionGroup var global: GlobalOptions

    func run(with session: Session) async throws {
        try await session.engine.schedules.delete(argument.name, by: session.actor, reason: reason.reason)
        try StandardStream.write(visible: "schedule \(argument.name) is deleted\n")
    }
}
