import LandlordDomain
import StatesLanguage

/// A run with everything that was written down of it.
struct RecordedRun: Sendable {
    let run: WorkflowRun
    /// The digest of the last link.
    let hash: [UInt8]
    /// The links of its log, oldest first.
    let links: [RunLog.ReadLink]
    /// With what open tasks are answered: those that it waits for, and those that others wait for and have given it.
    let openTokens: Set<String>

    /// Whether it may be written as it is, so that its chain can be checked.
    var isWhole: Bool { run.status.isTerminal && openTokens.isEmpty }
}

/// Where runs are that may leave the database.
protocol RunArchiveStore: Sendable {
    /// A run as it is recorded; nil where there is no such run.
    func recorded(_ runID: String) async throws(RepositoryError) -> RecordedRun?

    /// Runs that were over before a moment and that nothing holds on to, oldest first.
    ///
    /// A run is held on to by a run that it has started or that has started it, by a tenant whose present operation it
    /// is, and by a task that is still to be told to stop.
    ///
    /// - Parameters:
    ///   - limit: When they must have been over.
    ///   - cursor: Behind which place in the order of their beginnings they are looked for.
    ///   - count: How many runs of that order are looked at.
    /// - Returns: Their names, and the place behind those that were looked at; nil where that was the last.
    /// - Throws: `.unusable` where the place is none.
    func leavable(
        overBefore limit: Timestamp, after cursor: PageCursor?, lookingAt count: Int
    ) async throws(RepositoryError) -> (ids: [String], next: PageCursor?)

    /// Whether one of the runs is there just as it was recorded.
    func holds(_ hashes: [String: [UInt8]]) async throws(RepositoryError) -> Bool

    /// Removes runs in one transaction.
    ///
    /// - Throws: `.stale` where one of them has moved since it was recorded; then nothing is removed.
    func remove(_ runs: [RecordedRun]) async throws(RepositoryError)
}
