/// How much an evaluation may do before it ends with the error `U1001`.
///
/// Everything is counted and nothing is timed, so that a replay agrees with the first run.
public struct JSONataLimits: Sendable, Hashable {
    /// The most steps: one for each expression evaluated, element visited and character tried by a matcher.
    public var steps: Int
    /// How deep calls and nested expressions may go; tail calls do not count.
    public var depth: Int
    /// The most bytes that all values made on the way may take together.
    public var bytes: Int

    /// Makes limits; the defaults keep an evaluation below a few seconds and 100 MB.
    public init(steps: Int = 5_000_000, depth: Int = 1_500, bytes: Int = 64 << 20) {
        self.steps = steps
        self.depth = depth
        self.bytes = bytes
    }
}
