/// Where a run keeps a row in a table of its own: the run's number and a number within the run, in one integer.
///
/// A table under such keys is one tree with its rows inside: a run's rows lie together and in order, and there is no
/// index beside it to keep. A run has room for 16,777,215 inputs, tasks and timers; a database for 2^39 runs.
struct RunKey: Sendable, Hashable {
    /// What the database holds.
    let value: Int64

    private static let partBits = 24
    /// The largest number within a run.
    static let largestPart = 1 << partBits - 1

    /// The key of a part of a run.
    ///
    /// - Throws: `.unusable` where the run has used up its numbers.
    init(run: Int64, part: Int) throws(RepositoryError) {
        guard (0...Self.largestPart).contains(part) else {
            throw .unusable("a run has at most \(Self.largestPart) inputs, tasks and timers")
        }
        value = run << Self.partBits + Int64(part)
    }

    /// The key that a row holds.
    init(_ value: Int64) {
        self.value = value
    }

    /// The run's number.
    var run: Int64 { value >> Self.partBits }
    /// The number within the run.
    var part: Int { Int(value & Int64(Self.largestPart)) }

    /// The first and the last key that a run can have, for `BETWEEN ? AND ?`.
    static func bounds(of run: Int64) -> [SQLValue] {
        [.integer(run << partBits), .integer(run << partBits + Int64(largestPart))]
    }
}
