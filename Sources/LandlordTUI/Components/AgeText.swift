/// Writes how long ago something was, in the few columns that a table has for it.
///
/// Seconds are shown below one minute only. A screen of tenants that have been ready for days then changes once an
/// hour, and an idle console sends nothing.
public enum AgeText {
    private static let minute: Int64 = 60
    private static let hour: Int64 = 3600
    private static let day: Int64 = 86_400

    /// Returns `0s`, `41s`, `14m`, `3h` or `12d`; what lies in the future is `0s`.
    public static func text(_ age: Duration) -> String {
        let seconds = max(0, age.components.seconds)
        switch seconds {
        case ..<minute: return "\(seconds)s"
        case ..<hour: return "\(seconds / minute)m"
        case ..<day: return "\(seconds / hour)h"
        default: return "\(seconds / day)d"
        }
    }

    /// Returns the age with tenths below ten seconds, as `0.8s`, for how fresh live data is.
    public static func preciseText(_ age: Duration) -> String {
        let (seconds, attoseconds) = age.components
        guard seconds >= 0, attoseconds >= 0 else { return "0.0s" }
        guard seconds < 10 else { return text(age) }
        return "\(seconds).\(attoseconds / 100_000_000_000_000_000)s"
    }

    /// Returns how long it takes until the text of a wait that becomes shorter says something else.
    public static func nextChange(before end: Duration) -> Duration {
        guard end >= .zero else { return .seconds(1) }
        let seconds = end.components.seconds
        let unit: Int64 = seconds < minute ? 1 : seconds < hour ? minute : seconds < day ? hour : day
        // The text is of whole units, so it changes when the part beyond them is over.
        return end - .seconds(seconds / unit * unit) + .milliseconds(1)
    }

    /// Returns how long it takes until `text` says something else.
    public static func nextChange(after age: Duration) -> Duration {
        guard age >= .zero else { return .zero - age + .seconds(1) }
        let seconds = age.components.seconds
        let unit: Int64 =
            switch seconds {
            case ..<minute: 1
            case ..<hour: minute
            case ..<day: hour
            default: day
            }
        return .seconds((seconds / unit + 1) * unit) - age
    }
}
