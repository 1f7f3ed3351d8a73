import LandlordDomain
import Logging
public import StatesLanguage

/// Takes runs out of the database: as lines for whoever asks, and into files once they have been over for long.
public struct RunArchive: Sendable {
    private let runs: any RunStore
    private let store: any RunArchiveStore
    private let directory: ArchiveDirectory
    private let surroundings: Surroundings
    private let logger: Logger

    /// How many runs go into one file.
    static let batchLimit = 200

    /// An archive in a directory, which is made when it is needed.
    init(runs: any RunStore, store: any RunArchiveStore, directory: String, surroundings: Surroundings, logger: Logger)
    {
        self.runs = runs
        self.store = store
        self.directory = ArchiveDirectory(path: directory)
        self.surroundings = surroundings
        self.logger = logger
    }

    // MARK: Lines

    /// Writes what is recorded of runs, a line at a time; a run's lines are of one moment.
    ///
    /// - Parameters:
    ///   - ids: The runs, in the order in which they are written.
    ///   - writer: Remembers which workflows were written; the same one for one file.
    ///   - write: Takes a line without its end.
    /// - Throws: `.notFound` where there is no such run; what `write` throws.
    public func export(
        _ ids: [String], _ writer: inout ExportedWorkflows, to write: (JSONValue) throws -> Void
    ) async throws {
        for id in ids {
            guard let recorded = try await store.recorded(id) else { throw RepositoryError.notFound }
            for line in try await lines(of: recorded, &writer) { try write(line) }
        }
    }

    private func lines(
        of recorded: RecordedRun, _ writer: inout ExportedWorkflows
    ) async throws(RepositoryError) -> [JSONValue] {
        var lines: [JSONValue] = []
        let run = recorded.run
        let versions = try RunFold.versions(of: recorded.links.map(\.link), on: run.definitionVersion)
        for version in versions where writer.known.insert("\(run.workflowID)\n\(version)").inserted {
            guard let definition = try await runs.definition(of: run.workflowID, version: version) else {
                throw .unusable("workflow '\(run.workflowID)' has no version \(version), on which run '\(run.id)' was")
            }
            lines.append(RunLines.line(of: definition))
        }
        return lines + (try RunLines.lines(of: recorded, on: versions))
    }

    // MARK: Files

    /// Moves runs that have been over for long into files, until none is left or `goesOn` says so.
    ///
    /// - Parameters:
    ///   - age: How long they must have been over.
    ///   - progress: Told how many were moved so far; says whether to go on.
    /// - Returns: How many were moved; nil where somebody else is archiving.
    /// - Throws: What keeps it from that; what was moved until then is.
    @discardableResult
    public func archive(
        overFor age: Duration, progress: (Int) -> Bool = { _ in !Task.isCancelled }
    ) async throws(RepositoryError) -> Int? {
        guard let lock = try directory.lock() else { return nil }
        defer { withExtendedLifetime(lock) {} }
        try await settle()
        let limit = surroundings.now().advanced(by: .zero - age)
        var (count, place) = (0, PageCursor?.none)
        repeat {
            let found = try await store.leavable(overBefore: limit, after: place, lookingAt: Self.batchLimit)
            count += try await move(found.ids)
            place = found.next
        } while place != nil && progress(count)
        return count
    }

    /// How many runs `archive` would move, and those that only they hold on to not counted.
    public func archivable(overFor age: Duration) async throws(RepositoryError) -> Int {
        let limit = surroundings.now().advanced(by: .zero - age)
        var (count, place) = (0, PageCursor?.none)
        repeat {
            let found = try await store.leavable(overBefore: limit, after: place, lookingAt: Self.batchLimit)
            count += found.ids.count
            place = found.next
        } while place != nil
        return count
    }

    /// Ends what somebody has left behind who died.
    private func settle() async throws(RepositoryError) {
        for part in try directory.parts() {
            let runs = try directory.runs(ofPart: part)
            let isStillThere = try await store.holds(runs)
            if runs.isEmpty || isStillThere {
                try directory.discard(part: part)
            } else {
                try directory.finish(part: part)
            }
        }
    }

    private func move(_ ids: [String]) async throws(RepositoryError) -> Int {
        var (batch, lines, workflows) = ([RecordedRun](), [JSONValue](), ExportedWorkflows())
        for id in ids {
            do throws(RepositoryError) {
                // One that is gone, goes on after a retry, or was given a token that counts, is none of ours.
                guard let recorded = try await store.recorded(id), recorded.isWhole else { continue }
                // What is known to be in the file changes with the lines alone.
                var known = workflows
                lines += try await self.lines(of: recorded, &known)
                workflows = known
                batch.append(recorded)
            } catch .unusable(let reason) {
                // It stays, and keeps no other.
                logger.error(
                    "A run cannot be archived", metadata: [LogKeys.runID: "\(id)", LogKeys.error: "\(reason)"])
            }
        }
        guard let first = batch.first else { return 0 }
        let day = first.run.createdAt.rfc3339.prefix(10)
        let digest = SHA256Digest.hex(of: batch.map { Hexadecimal.text($0.hash) }.joined()).prefix(16)
        let part = "runs-\(day)-\(digest)\(ArchiveDirectory.partSuffix)"
        try directory.write(part: part, lines)
        surroundings.reached(.archiving)
        do throws(RepositoryError) {
            try await store.remove(batch)
        } catch .stale {
            // One of them goes on; the next round sees the others again.
            try directory.discard(part: part)
            return 0
        }
        surroundings.reached(.archived)
        try directory.finish(part: part)
        return batch.count
    }
}

/// Which versions of workflows a file has already.
public struct ExportedWorkflows: Sendable {
    var known: Set<String> = []

    /// None.
    public init() {}
}
