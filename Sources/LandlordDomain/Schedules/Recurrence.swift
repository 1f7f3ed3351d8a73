public import StatesLanguage

/// When a schedule is due, again and again.
public enum Recurrence: Sendable, Hashable {
    /// As the clocks of a place show it.
    case cron(CronExpression, zone: String)
    /// After so many milliseconds each, counted from a moment.
    case interval(milliseconds: Int64, anchor: Timestamp)

    /// The shortest and the longest interval.
    public static let intervalRange: ClosedRange<Duration> = .seconds(1) ... .seconds(366 * 86_400)

    /// The place whose clocks count.
    public var zone: String {
        switch self {
        case .cron(_, let zone): zone
        case .interval: TimeZoneRules.utc.name
        }
    }

    /// When it is due, in the words of the file: `30 2 * * * Europe/Berlin` or `every 15m`.
    public var text: String {
        switch self {
        case .cron(let expression, let zone): "\(expression.text) \(zone)"
        case .interval(let milliseconds, _): "every \(Duration.milliseconds(milliseconds).inWords)"
        }
    }

    /// The first moment after another one at which it is due; nil where none comes within 50 years.
    public func next(after moment: Timestamp, in rules: TimeZoneRules) -> Timestamp? {
        switch self {
        case .cron(let expression, _):
            return expression.next(after: moment, in: rules)
        case .interval(let period, let anchor):
            let (since, overflow) = moment.millisecondsSinceEpoch
                .subtractingReportingOverflow(anchor.millisecondsSinceEpoch)
            guard !overflow else { return nil }
            let (steps, tooFar) = (since.flooredQuotient(dividingBy: period) + 1).multipliedReportingOverflow(
                by: period)
            let (sum, isBeyond) = steps.addingReportingOverflow(anchor.millisecondsSinceEpoch)
            return tooFar || isBeyond ? nil : Timestamp(millisecondsSinceEpoch: sum)
        }
    }

    /// The moments after one and up to another, the newest at most, and how many there are.
    ///
    /// - Parameters:
    ///   - start: Behind which moment they lie. For a cron expression the time to `end` is what this costs: some ten
    ///     thousand steps for a week of minutes.
    ///   - end: The last moment that may be one of them.
    ///   - limit: How many are listed, the newest.
    ///   - rules: The clocks of the recurrence's zone.
    /// - Returns: Those listed, oldest first, and the number of all.
    func moments(
        after start: Timestamp, through end: Timestamp, newest limit: Int, in rules: TimeZoneRules
    ) -> (newest: [Timestamp], count: Int) {
        var (newest, count, place) = ([Timestamp](), 0, start)
        if case .interval(let period, _) = self, let first = next(after: start, in: rules), first <= end {
            // Those that are not listed are counted without being visited.
            let all = (end.millisecondsSinceEpoch - first.millisecondsSinceEpoch) / period + 1
            let left = max(0, all - Int64(limit))
            count = Int(left)
            place = Timestamp(millisecondsSinceEpoch: first.millisecondsSinceEpoch + left * period - 1)
        }
        while let moment = next(after: place, in: rules), moment <= end {
            newest.append(moment)
            (count, place) = (count + 1, moment)
            if newest.count >= 2 * limit { newest.removeFirst(newest.count - limit) }
        }
        return (Array(newest.suffix(limit)), count)
    }
}
