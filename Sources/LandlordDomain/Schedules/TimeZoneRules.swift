/// The clocks of a place: when they were and will be set, and how much they differ from UTC.
///
/// It is a value, made of the bytes of a file by whoever may read files.
public struct TimeZoneRules: Sendable, Hashable {
    /// From a moment on, clocks differ from UTC by so much.
    struct Transition: Sendable, Hashable {
        /// Seconds since the epoch.
        let at: Int64
        /// Seconds east of UTC.
        let offset: Int64
    }

    /// A time during which clocks are not set.
    struct Period: Hashable {
        /// The second at which it begins; nil where it has always been so.
        let start: Int64?
        /// The second at which the next one begins.
        let end: Int64
        /// Seconds east of UTC.
        let offset: Int64
        /// Seconds east of UTC before it began.
        let offsetBefore: Int64
    }

    /// The place, as the tz database names it.
    public let name: String
    /// Seconds east of UTC before the first transition.
    let firstOffset: Int64
    /// In the order of time; each changes the offset.
    let transitions: [Transition]
    /// How it goes on behind the last transition; nil where nothing changes any more.
    let rule: DaylightRule?

    /// Coordinated Universal Time.
    public static let utc = TimeZoneRules(name: "UTC", firstOffset: 0, transitions: [], rule: nil)

    init(name: String, firstOffset: Int64, transitions: [Transition], rule: DaylightRule?) {
        self.name = name
        self.firstOffset = firstOffset
        self.rule = rule
        var offset = firstOffset
        // A transition may change no more than the name of the time.
        self.transitions = transitions.filter { transition in
            defer { offset = transition.offset }
            return transition.offset != offset
        }
    }

    /// What the clocks are like at a second since the epoch.
    func period(at second: Int64) -> Period {
        var (low, high) = (0, transitions.count)
        while low < high {
            let middle = (low + high) / 2
            if transitions[middle].at <= second { low = middle + 1 } else { high = middle }
        }
        let current = low > 0 ? transitions[low - 1] : nil
        let before = low > 1 ? transitions[low - 2].offset : firstOffset
        if low == transitions.count, let rule {
            return rule.period(at: second, behind: current, offset: current?.offset ?? firstOffset, before: before)
        }
        return Period(
            start: current?.at, end: low < transitions.count ? transitions[low].at : .max,
            offset: current?.offset ?? firstOffset, offsetBefore: before)
    }

    /// Seconds east of UTC at a second since the epoch.
    func offset(at second: Int64) -> Int64 { period(at: second).offset }
}
