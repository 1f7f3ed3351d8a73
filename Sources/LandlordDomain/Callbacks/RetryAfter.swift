public import StatesLanguage

/// Reads the header with which a receiver says when to come again (RFC 9110, 10.2.3).
public enum RetryAfter {
    /// The wait that a header asks for: a number of seconds, or the time until a date; nil for anything else.
    public static func duration(_ text: String, now: Timestamp) -> Duration? {
        let words = text.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
        if words.count == 1, words[0].utf8.allSatisfy({ (0x30...0x39) ~= $0 }) {
            // More seconds than a number holds are as many as one can wait.
            return .seconds(Int32(words[0]) ?? .max)
        }
        return date(words).map { max(.zero, $0.duration(since: now)) }
    }

    private static let months = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]

    /// The three forms that a date may have (RFC 9110, 5.6.7).
    private static func date(_ words: [String]) -> Timestamp? {
        switch words.count {
        case 6 where words[5] == "GMT":  // Sun, 06 Nov 1994 08:49:37 GMT
            return time(year: words[3], month: words[2], day: words[1], clock: words[4])
        case 4 where words[3] == "GMT":  // Sunday, 06-Nov-94 08:49:37 GMT
            let parts = words[1].split(separator: "-").map(String.init)
            guard parts.count == 3, let short = Int(parts[2]), parts[2].utf8.count == 2 else { return nil }
            return time(
                year: "\(short + (short < 70 ? 2_000 : 1_900))", month: parts[1], day: parts[0], clock: words[2])
        case 5:  // Sun Nov  6 08:49:37 1994
            return time(year: words[4], month: words[1], day: words[2], clock: words[3])
        default: return nil
        }
    }

    private static func time(year: String, month: String, day: String, clock: String) -> Timestamp? {
        guard let number = months.firstIndex(of: month.lowercased()) else { return nil }
        let date = "\(year)-\(twoDigits("\(number + 1)"))-\(twoDigits(day))"
        // A leap second is the second before it: the profile that reads the text has none.
        let clock = clock.hasSuffix(":60") ? clock.dropLast(2) + "59" : clock
        return Timestamp(rfc3339: "\(date)T\(clock)Z")
    }

    private static func twoDigits(_ text: String) -> String { text.utf8.count == 1 ? "0" + text : text }
}
