/// How long to wait before trying again: exponential, with a limit and full jitter.
///
/// Full jitter (a random part of the whole delay) is what keeps a thousand tenants that failed together from trying
/// again together.
public struct Backoff: Sendable, Hashable {
    /// The wait after the first failure.
    public let delayBase: Duration
    /// The longest wait.
    public let delayLimit: Duration
    /// What a delay is multiplied with after each further failure.
    public let rate: Double

    /// Describes a backoff.
    public init(delayBase: Duration, delayLimit: Duration, rate: Double = 2) {
        self.delayBase = delayBase
        self.delayLimit = delayLimit
        self.rate = rate
    }

    /// The wait after so many failures in a row.
    ///
    /// - Parameters:
    ///   - failures: From 1; less counts as 1.
    ///   - jitter: Chance from 0 to 1. At 1 the whole delay is waited, at 0 half of it: never nothing, so that a
    ///     failing call is not repeated in a tight loop.
    /// - Returns: At least half of the delay that belongs to the failures, at most the limit.
    public func delay(afterFailures failures: Int, jitter: Double) -> Duration {
        var delay = delayBase
        for _ in 1..<max(2, failures) where failures > 1 {
            delay = delay * rate
            if delay >= delayLimit { break }
        }
        let whole = min(delay, delayLimit)
        return whole * (0.5 + 0.5 * min(max(jitter, 0), 1))
    }
}
