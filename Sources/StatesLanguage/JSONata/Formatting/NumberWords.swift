/// Numbers in English words, as XPath's pictures `w`, `W` and `Ww` write them.
enum NumberWords {
    private static let few = [
        "Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve",
        "Thirteen", "Fourteen", "Fifteen", "Sixteen", "Seventeen", "Eighteen", "Nineteen",
    ]
    private static let ordinals = [
        "Zeroth", "First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth",
        "Eleventh", "Twelfth", "Thirteenth", "Fourteenth", "Fifteenth", "Sixteenth", "Seventeenth", "Eighteenth",
        "Nineteenth",
    ]
    private static let decades = [
        "Twenty", "Thirty", "Forty", "Fifty", "Sixty", "Seventy", "Eighty", "Ninety", "Hundred",
    ]
    private static let magnitudes = ["Thousand", "Million", "Billion", "Trillion"]

    /// The words of a whole number that is not negative.
    static func text(of value: Double, isOrdinal: Bool) -> String {
        words(value, isContinued: false, isOrdinal: isOrdinal)
    }

    private static func words(_ value: Double, isContinued: Bool, isOrdinal: Bool) -> String {
        if value < 100 { return (isContinued ? " and " : "") + small(Int(value), isOrdinal: isOrdinal) }
        if value < 1_000 {
            let hundreds = Int(value / 100)
            let rest = value - Double(hundreds * 100)
            return (isContinued ? ", " : "") + few[hundreds] + " Hundred" + tail(rest, isOrdinal: isOrdinal)
        }
        var (index, factor) = (0, 1_000.0)
        while index < magnitudes.count - 1, value >= factor * 1_000 {
            index += 1
            factor *= 1_000
        }
        let mantissa = (value / factor).rounded(.down)
        let head = words(mantissa, isContinued: false, isOrdinal: false)
        return (isContinued ? ", " : "") + head + " " + magnitudes[index]
            + tail(value - mantissa * factor, isOrdinal: isOrdinal)
    }

    private static func tail(_ rest: Double, isOrdinal: Bool) -> String {
        rest > 0 ? words(rest, isContinued: true, isOrdinal: isOrdinal) : isOrdinal ? "th" : ""
    }

    private static func small(_ value: Int, isOrdinal: Bool) -> String {
        if value < 20 { return isOrdinal ? ordinals[value] : few[value] }
        let decade = decades[value / 10 - 2]
        let rest = value % 10
        if rest > 0 { return decade + "-" + (isOrdinal ? ordinals[rest] : few[rest]) }
        return isOrdinal ? decade.dropLast() + "ieth" : decade
    }

    private static let values: [String: Double] = {
        var values: [String: Double] = [:]
        for (index, word) in few.enumerated() { values[word.lowercased()] = Double(index) }
        for (index, word) in ordinals.enumerated() { values[word.lowercased()] = Double(index) }
        for (index, word) in decades.enumerated() {
            values[word.lowercased()] = Double((index + 2) * 10)
            values[word.lowercased().dropLast() + "ieth"] = Double((index + 2) * 10)
        }
        values["hundred"] = 100
        values["hundredth"] = 100
        var factor = 1_000.0
        for word in magnitudes {
            values[word.lowercased()] = factor
            values[word.lowercased() + "th"] = factor
            factor *= 1_000
        }
        return values
    }()

    /// The number that words mean; not a number when one of them is unknown.
    static func value(of text: String) -> Double {
        var segments = [0.0]
        let words = text.lowercased().split { ", -".contains($0) }.filter { $0 != "and" }
        guard !words.isEmpty else { return .nan }
        for word in words {
            guard let value = values[String(word)] else { return .nan }
            var top = segments.removeLast()
            if value < 100 {
                if top >= 1_000 {
                    segments.append(top)
                    top = 0
                }
                segments.append(top + value)
            } else {
                segments.append(top * value)
            }
        }
        return segments.reduce(0, +)
    }
}
