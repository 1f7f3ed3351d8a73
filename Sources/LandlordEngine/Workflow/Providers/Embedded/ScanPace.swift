/// When all open tasks are looked at again: as soon as that is asked for, but not so often that it takes more than a
/// tenth of the time.
///
/// It counts on a clock that nobody sets, so that a day that the wall's clock jumps is not a day without a look.
struct ScanPace<Instant: InstantProtocol<Duration>> {
    /// The shortest time between two looks.
    static var shortestPause: Duration { .milliseconds(100) }
    /// The wait after a look that failed.
    static var troublePause: Duration { .seconds(1) }

    /// When the next look is due; nil while nobody has asked for one.
    private(set) var due: Instant?
    private var earliest: Instant

    /// A pace with a look that is due at once.
    init(at now: Instant) {
        due = now
        earliest = now
    }

    /// Whether it is time to look.
    func isDue(at now: Instant) -> Bool { due.map { $0 <= now } ?? false }

    /// How long until the next look; nil while nobody has asked for one.
    func wait(at now: Instant) -> Duration? { due.map { now.duration(to: $0) } }

    /// Asks for a look; one that is due already is that one.
    mutating func ask(at now: Instant) { due = due ?? max(now, earliest) }

    /// Notes a look that came to its end, and how long the looking took; what was done about it counts for nothing.
    mutating func looked(for spent: Duration, until end: Instant) {
        due = nil
        earliest = end.advanced(by: max(Self.shortestPause, spent * 9))
    }

    /// Notes that a look, or what was to be done beside it, has failed.
    mutating func failed(at now: Instant) { due = now.advanced(by: Self.troublePause) }
}
