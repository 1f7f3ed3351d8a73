/// How long to wait before trying again: exponential, with a limit and jitter.
///
/// Jitter (a random part of the whole delay) is what keeps a thousand tenants that failed together from trying again
/// together. Full jitter, where nothing of the delay is certain, spreads them best; it is for tries that are counted,
/// because a wait may come out as nothing.
public struct Backoff: Sendable, Hashable {
    /// The wait after the first failure.
    public let delayBase: Duration
    /// The longest wait.
    public let delayLimit: Duration
    /// What a delay is multiplied with after each further failure.
    public let rate: Double
    /// The part of a delay that is waited whatever chance says: 0 is full jitter, 1 none.
    public let certainPart: Double

    /// Describes a backoff.
    public init(delayBase: Duration, delayLimit: Duration, rate: Double = 2, certainPart: Double = 0.5) {
        self.delayBase = delayBase
        self.delayLimit = delayLimit
        self.rate = rate
        self.certainPart = certainPart
    }

    /// The wait after so many failures in a row.
    ///
    /// - Parameters:
    ///   - failures: From 1; less counts as 1.
    ///   - jitter: Chance from 0 to 1. At 1 the whole delay is waited, at 0 its certain part.
    /// - Returns: At least the certain part of the delay that belongs to the failures, at most the limit.
    public func delay(afterFailures failures: Int, jitter: Double) -> Duration {
        var delay = delayBase
        for _ in 1..<max(2, failures) where failures > 1 {
            delay = delay * rate
            if delay >= delayLimit { break }
        }
        let whole = min(delay, delayLimit)
        return whole * (certainPart + (1 - certainPart) * min(max(jitter, 0), 1))
    }
}
