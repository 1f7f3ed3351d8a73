/// Durations as people write them in the configuration and on the command line: `500ms`, `30s`, `5m`, `24h`.
public enum DurationText {
    /// What is told to a person who wrote something else.
    public static let rule = "must be a duration such as 500ms, 30s, 5m or 24h"

    private static let units: [(name: String, milliseconds: Int64)] = [
        ("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000),
    ]

    /// Reads a whole number with its unit; nil for anything else, a number without a unit too.
    public static func parse(_ text: String) -> Duration? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard !digits.isEmpty, let number = Int64(digits) else { return nil }
        guard let unit = units.first(where: { $0.name == text.dropFirst(digits.count) }) else { return nil }
        let (milliseconds, overflow) = number.multipliedReportingOverflow(by: unit.milliseconds)
        return overflow ? nil : .milliseconds(milliseconds)
    }

    /// Writes a duration in the largest unit that says it exactly; finer than a millisecond is cut off.
    public static func format(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let milliseconds = seconds * 1_000 + attoseconds / 1_000_000_000_000_000
        let unit = units.last { milliseconds % $0.milliseconds == 0 && milliseconds.magnitude >= $0.milliseconds }
        guard let unit else { return "\(milliseconds)ms" }
        return "\(milliseconds / unit.milliseconds)\(unit.name)"
    }
}
