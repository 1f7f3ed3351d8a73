import ArgumentParser
import Glibc
import LandlordDomain
import LandlordEngine
import StatesLanguage

/// `landlord workflow export`.
struct WorkflowExportCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write everything that is recorded of runs, as one JSON object a line.",
        discussion: """
            The lines of runs that are over can be checked with 'landlord verify --file'. Of runs that are not over \
            the tokens of tasks are hidden.
            """)

    @Argument(help: ArgumentHelp("Runs; without any, all.", valueName: "run"))
    var ids: [String] = []
    @Option(help: ArgumentHelp("Only runs of this workflow.", valueName: "id"))
    var workflow: String?
    @Option(
        help: ArgumentHelp("Only these statuses, separated by commas.", valueName: "status"),
        transform: OptionText.words)
    var status: Set<WorkflowExecutionStatus> = []
    @Option(help: ArgumentHelp("A new file in place of the standard output.", valueName: "file"))
    var output: String?
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard ids.isEmpty || (workflow == nil && status.isEmpty) else {
            throw ValidationError("'--workflow' and '--status' choose among all runs, and so do not go with names")
        }
    }

    func run(with session: Session) async throws {
        if let workflow { try await session.engine.runs.requireWorkflow(workflow) }
        let sink = try LineSink(output)
        var workflows = ExportedWorkflows()
        guard ids.isEmpty else {
            for id in ids { _ = try await session.engine.runs.existing(id) }
            try await session.engine.archive.export(ids, &workflows, to: sink.write)
            return try sink.close()
        }
        var (query, count) = (WorkflowRunQuery(statuses: status, limit: PageLimit.largest), 0)
        repeat {
            let page = try await session.engine.runs.page(query)
            let runs = page.items.filter { workflow == nil || $0.workflowID == workflow }
            for run in runs {
                do {
                    try await session.engine.archive.export([run.id], &workflows, to: sink.write)
                    count += 1
                } catch RepositoryError.notFound {
                    // It was archived since it was listed.
                }
            }
            query.after = page.next
            if output != nil { StandardStream.progress("\(count) runs are written") }
        } while query.after != nil
        try sink.close()
        StandardStream.progress("\(CountText.text(count, "run")) \(count == 1 ? "is" : "are") written")
    }
}

/// Where lines are written.
private final class LineSink {
    private let path: String?
    private let file: UnsafeMutablePointer<FILE>?

    /// A new file, or the standard output.
    init(_ path: String?) throws(Failure) {
        self.path = path
        guard let path else {
            file = nil
            return
        }
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0, let file = fdopen(descriptor, "w") else {
            throw Failure(.cannotCreate, "\(path) cannot be made: \(String(cString: strerror(errno)))")
        }
        self.file = file
    }

    /// Writes one line.
    func write(_ line: JSONValue) throws {
        guard let file else { return try StandardStream.write(line.serialized() + "\n") }
        let bytes = line.serializedBytes() + [UInt8(ascii: "\n")]
        guard fwrite(bytes, 1, bytes.count, file) == bytes.count else { throw failure }
    }

    /// Ends the file; what was written is on the disk then.
    func close() throws(Failure) {
        guard let file else { return }
        guard fflush(file) == 0, fsync(fileno(file)) == 0, fclose(file) == 0 else { throw failure }
    }

    private var failure: Failure {
        Failure(.inputOutput, "\(path ?? "-") cannot be written: \(String(cString: strerror(errno)))")
    }
}

/// `landlord workflow archive`.
struct WorkflowArchiveCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "archive", abstract: "Move runs that have been over for long out of the database into files.")

    @Option(
        help: ArgumentHelp("How long they must have been over.", valueName: "duration"),
        transform: WorkflowArchiveCommand.age)
    var olderThan: Duration
    @Flag(help: "Only say how many there are.")
    var dryRun = false
    @OptionGroup var global: GlobalOptions

    private static func age(_ text: String) throws -> Duration {
        guard let duration = Duration(words: text) else {
            throw ValidationError("it is a duration such as 720h or 30d")
        }
        return duration
    }

    func run(with session: Session) async throws {
        let archive = session.engine.archive
        if dryRun {
            return try StandardStream.write(
                CountText.text(try await archive.archivable(overFor: olderThan), "run") + " would be archived\n")
        }
        let count = try await archive.archive(overFor: olderThan) { count in
            StandardStream.progress("\(count) runs are archived")
            // Whoever interrupts this ends it between any two steps, which is as good.
            return true
        }
        guard let count else { throw Failure(.tryAgain, "somebody else is archiving into the same directory") }
        try StandardStream.write("\(CountText.text(count, "run")) \(count == 1 ? "is" : "are") archived\n")
    }
}
