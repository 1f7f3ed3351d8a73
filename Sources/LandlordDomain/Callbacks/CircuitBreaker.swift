public import StatesLanguage

/// Keeps a destination that does not answer from being asked again and again.
///
/// It counts failures in a row. At the limit it opens: nobody asks for a while. Then a few probes are let through; the
/// first that is answered closes it, the first that fails opens it again, for twice as long.
public struct CircuitBreaker: Sendable, Hashable {
    /// When a breaker opens, and for how long.
    public struct Policy: Sendable, Hashable {
        /// How many failures in a row open it.
        public var failureLimit: Int
        /// How long it stays open at first.
        public var pauseBase: Duration
        /// The longest it stays open.
        public var pauseLimit: Duration
        /// How many probes are under way at once.
        public var probeLimit: Int

        /// Describes a breaker.
        public init(
            failureLimit: Int = 20, pauseBase: Duration = .seconds(5), pauseLimit: Duration = .seconds(60),
            probeLimit: Int = 3
        ) {
            self.failureLimit = failureLimit
            self.pauseBase = pauseBase
            self.pauseLimit = pauseLimit
            self.probeLimit = probeLimit
        }
    }

    /// Where a breaker stands.
    public enum State: Sendable, Hashable {
        /// Everybody may ask; so many failures came in a row.
        case closed(failures: Int)
        /// Nobody may ask before then; it opened so many times in a row.
        case open(until: Timestamp, openings: Int)
        /// A few may ask; so many are asking.
        case probing(openings: Int, inFlight: Int)
    }

    /// Where it stands.
    public private(set) var state: State
    private let policy: Policy

    /// A breaker that stands so.
    public init(policy: Policy, state: State = .closed(failures: 0)) {
        self.policy = policy
        self.state = state
    }

    /// How many more may ask now.
    public func allowance(at now: Timestamp) -> Int {
        switch state {
        case .closed: .max
        case .open(let until, _): now >= until ? policy.probeLimit : 0
        case .probing(_, let inFlight): max(0, policy.probeLimit - inFlight)
        }
    }

    /// When somebody may ask again; nil where somebody may now, or where a probe's answer decides.
    public var opensAt: Timestamp? {
        switch state {
        case .open(let until, _): until
        case .closed, .probing: nil
        }
    }

    /// Somebody asks.
    public mutating func began() {
        switch state {
        case .closed: break
        case .open(_, let openings): state = .probing(openings: openings, inFlight: 1)
        case .probing(let openings, let inFlight): state = .probing(openings: openings, inFlight: inFlight + 1)
        }
    }

    /// The destination answered.
    public mutating func succeeded() { state = .closed(failures: 0) }

    /// The destination did not answer, or said that it is unwell.
    public mutating func failed(at now: Timestamp) {
        switch state {
        case .closed(let failures) where failures + 1 < policy.failureLimit: state = .closed(failures: failures + 1)
        case .closed: open(1, at: now)
        // An answer to what was asked before it opened tells nothing new.
        case .open: break
        case .probing(let openings, _): open(openings + 1, at: now)
        }
    }

    /// Somebody who asked will never know.
    public mutating func abandoned() {
        switch state {
        case .closed, .open: break
        case .probing(let openings, let inFlight): state = .probing(openings: openings, inFlight: max(0, inFlight - 1))
        }
    }

    private mutating func open(_ openings: Int, at now: Timestamp) {
        let pause = Backoff(delayBase: policy.pauseBase, delayLimit: policy.pauseLimit, certainPart: 1)
        state = .open(until: now.advanced(by: pause.delay(afterFailures: openings, jitter: 0)), openings: openings)
    }
}
