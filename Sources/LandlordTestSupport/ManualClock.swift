public import LandlordEngine
public import StatesLanguage
import Synchronization

/// A clock that stands still until a test moves it.
///
/// Whoever sleeps on it wakes when the test has moved it far enough.
///
/// It is the waiting and the wall at once: `now` is the time that rows get.
public final class ManualClock: Clock, Sendable {
    /// A point on the clock, counted from where it began.
    public struct Instant: InstantProtocol {
        let offset: Duration

        /// The point so much later.
        public func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        /// The time from here to there.
        public func duration(to other: Instant) -> Duration { other.offset - offset }
        /// Earlier comes first.
        public static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }

    private struct Sleeper {
        let deadline: Instant
        let continuation: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var now = Instant(offset: .zero)
        var nextID = 0
        var sleepers: [Int: Sleeper] = [:]
        var cancelled: Set<Int> = []
        var watchers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let begin: Timestamp
    private let state = Mutex(State())

    /// A clock whose wall begins at this time.
    public init(startingAt begin: Timestamp = Timestamp(millisecondsSinceEpoch: 1_750_000_000_000)) {
        self.begin = begin
    }

    /// Where the clock stands.
    public var now: Instant { state.withLock { $0.now } }
    /// The clock is exact.
    public var minimumResolution: Duration { .nanoseconds(1) }
    /// The wall's time.
    public var wall: Timestamp { begin.advanced(by: now.offset) }

    /// Waits until the clock has been moved to the deadline.
    public func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        let isDue = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: Bool? = state.withLock { state in
                    if state.cancelled.remove(id) != nil { return false }
                    if deadline <= state.now { return true }
                    state.sleepers[id] = Sleeper(deadline: deadline, continuation: continuation)
                    return nil
                }
                if let answer { continuation.resume(returning: answer) } else { tellWatchers() }
            }
        } onCancel: {
            let sleeper = state.withLock { state in
                let sleeper = state.sleepers.removeValue(forKey: id)
                if sleeper == nil { state.cancelled.insert(id) }
                return sleeper
            }
            sleeper?.continuation.resume(returning: false)
        }
        guard isDue else { throw CancellationError() }
    }

    /// Moves the clock and wakes whoever is due, in the order of their deadlines.
    public func advance(by duration: Duration) {
        let due = state.withLock { state in
            state.now = state.now.advanced(by: duration)
            let due = state.sleepers.filter { $0.value.deadline <= state.now }
            for id in due.keys { state.sleepers[id] = nil }
            // Of those with one deadline whoever went to sleep first, so that a simulation is the same each time.
            return due.sorted { ($0.value.deadline, $0.key) < ($1.value.deadline, $1.key) }
        }
        for (_, sleeper) in due { sleeper.continuation.resume(returning: true) }
    }

    /// Waits until at least `count` sleep on the clock: then moving it cannot come too early.
    public func waitForSleepers(_ count: Int = 1) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.sleepers.count >= count { return true }
                state.watchers.append((count, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }

    private func tellWatchers() {
        let ready = state.withLock { state in
            let ready = state.watchers.filter { $0.count <= state.sleepers.count }
            state.watchers.removeAll { $0.count <= state.sleepers.count }
            return ready
        }
        for watcher in ready { watcher.continuation.resume() }
    }

    /// The engine's surroundings on this clock, with chance that is the same in every run.
    public func surroundings(seed: UInt64 = 1) -> Surroundings {
        let chance = SeededChance(seed: seed)
        return Surroundings(clock: self, now: { self.wall }, random: { chance.next() })
    }
}

/// Chance that is the same in every run of a test (SplitMix64).
public final class SeededChance: Sendable {
    private let state: Mutex<UInt64>

    /// A sequence that follows from the seed.
    public init(seed: UInt64) {
        state = Mutex(seed)
    }

    /// The next 64 bits.
    public func next() -> UInt64 {
        state.withLock { state in
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }
}
