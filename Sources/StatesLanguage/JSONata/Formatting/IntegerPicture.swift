import Glibc

// Integers as texts, by the pictures of XPath's `fn:format-integer`: digits with grouping (`#,##0`), letters (`A`),
// Roman
// numerals (`I`) or words (`w`), each also as an ordinal (`;o`).

/// How an integer is written.
struct IntegerPicture: Sendable {
    enum Letters: Sendable { case lower, upper, title }

    enum Style: Sendable {
        case digits(DigitPattern)
        case letters, roman, words
        /// A numbering that the implementation does not know, such as `①`.
        case unknown(String)
    }

    struct DigitPattern: Sendable {
        /// The zero of the decimal digits that are used.
        var zero: UInt32 = 0x30
        var mandatoryCount = 0
        var optionalCount = 0
        /// Separators with the number of digits to the right of each.
        var separators: [(position: Int, text: Unicode.Scalar)] = []
        /// The distance at which one separator repeats, or 0.
        var interval = 0
        /// How many digits to read when digits follow directly.
        var parseWidth: Int?
    }

    var style: Style
    var letters: Letters = .lower
    var isOrdinal = false

    /// Reads a picture.
    init(parsing picture: String) throws(JSONataError) {
        var primary = picture
        if let semicolon = picture.lastIndex(of: ";") {
            primary = String(picture[..<semicolon])
            isOrdinal = picture[picture.index(after: semicolon)...].first == "o"
        }
        switch primary {
        case "A": (style, letters) = (.letters, .upper)
        case "a": style = .letters
        case "I": (style, letters) = (.roman, .upper)
        case "i": style = .roman
        case "W": (style, letters) = (.words, .upper)
        case "Ww": (style, letters) = (.words, .title)
        case "w": style = .words
        default: style = try Self.digitStyle(primary)
        }
    }

    private static let zeros: [UInt32] = [
        0x30, 0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0DE6,
        0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40,
        0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10,
    ]

    private static func digitStyle(_ primary: String) throws(JSONataError) -> Style {
        var pattern = DigitPattern()
        var zero: UInt32?
        for scalar in primary.unicodeScalars.reversed() {
            let digits = pattern.mandatoryCount + pattern.optionalCount
            if let family = zeros.first(where: { (0...9).contains(Int(scalar.value) - Int($0)) }) {
                pattern.mandatoryCount += 1
                guard zero ?? family == family else { throw JSONataError(.d3131) }
                zero = family
            } else if scalar == "#" {
                pattern.optionalCount += 1
            } else {
                pattern.separators.append((digits, scalar))
            }
        }
        guard pattern.mandatoryCount > 0 else { return .unknown(primary) }
        pattern.zero = zero ?? 0x30
        pattern.interval = interval(of: pattern.separators.map(\.position), Set(pattern.separators.map(\.text)).count)
        return .digits(pattern)
    }

    /// The distance at which separators repeat without a gap, or 0.
    static func interval(of positions: [Int], _ kindCount: Int = 1) -> Int {
        guard kindCount == 1, !positions.isEmpty else { return 0 }
        var factor = 0
        for position in positions {
            var (left, right) = (factor, position)
            while right != 0 { (left, right) = (right, left % right) }
            factor = left
        }
        guard factor > 0 else { return 0 }
        for index in 1...positions.count where !positions.contains(index * factor) { return 0 }
        return factor
    }
}

// MARK: Formatting

extension IntegerPicture {
    /// The text of a whole number.
    func format(_ value: Double) throws(JSONataError) -> String {
        let magnitude = abs(value)
        let text: String
        switch style {
        case .digits(let pattern): text = format(magnitude, pattern)
        case .letters: text = Self.letterText(magnitude, isUpper: letters == .upper)
        case .roman: text = cased(Self.romanText(magnitude))
        case .words: text = cased(NumberWords.text(of: magnitude, isOrdinal: isOrdinal))
        case .unknown(let token): throw JSONataError(.d3130, value: Evaluator.shown(.string(token)))
        }
        return value < 0 ? "-" + text : text
    }

    private func cased(_ text: String) -> String {
        switch letters {
        case .lower: text.lowercased()
        case .upper: text.uppercased()
        case .title: text
        }
    }

    private func format(_ value: Double, _ pattern: DigitPattern) -> String {
        var digits = Array(DecimalText.fixed(value, places: 0).unicodeScalars)
        let missing = pattern.mandatoryCount - digits.count
        if missing > 0 { digits.insert(contentsOf: repeatElement("0", count: missing), at: 0) }
        let last = digits.last ?? "0"
        let isTeen = digits.count > 1 && digits[digits.count - 2] == "1"
        var text = String.UnicodeScalarView()
        for (index, digit) in digits.enumerated() {
            let right = digits.count - index
            if index > 0, let separator = separator(before: right, pattern) { text.append(separator) }
            text.append(Unicode.Scalar(digit.value - 0x30 + pattern.zero) ?? digit)
        }
        guard isOrdinal else { return String(text) }
        return String(text) + Self.suffix(last, isTeen: isTeen)
    }

    private func separator(before right: Int, _ pattern: DigitPattern) -> Unicode.Scalar? {
        if pattern.interval > 0 { return right % pattern.interval == 0 ? pattern.separators.first?.text : nil }
        return pattern.separators.first { $0.position == right }?.text
    }

    private static func suffix(_ last: Unicode.Scalar, isTeen: Bool) -> String {
        switch last {
        case "1" where !isTeen: "st"
        case "2" where !isTeen: "nd"
        case "3" where !isTeen: "rd"
        default: "th"
        }
    }

    private static func letterText(_ value: Double, isUpper: Bool) -> String {
        var rest = value
        var text = ""
        let first: UInt8 = isUpper ? 0x41 : 0x61
        while rest > 0 {
            let digit = fmod(rest - 1, 26)
            text = String(UnicodeScalar(first + UInt8(digit))) + text
            rest = ((rest - 1) / 26).rounded(.down)
        }
        return text
    }

    private static let romanSteps: [(Double, String)] = [
        (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"),
        (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
    ]

    /// Roman numerals; a number so large that it would need thousands of letters is cut to those.
    private static func romanText(_ value: Double) -> String {
        var rest = min(value, 10_000_000)
        var text = ""
        for (step, letters) in romanSteps {
            let times = Int((rest / step).rounded(.down))
            text += String(repeating: letters, count: times)
            rest -= Double(times) * step
        }
        return text
    }
}

// MARK: Parsing

extension IntegerPicture {
    /// The number that a text means; not a number when it means none.
    func parse(_ text: String) throws(JSONataError) -> Double {
        switch style {
        case .digits(let pattern): return parse(text, pattern)
        case .letters:
            var value = 0.0
            for scalar in text.uppercased().unicodeScalars {
                guard (0x41...0x5A).contains(scalar.value) else { return .nan }
                value = value * 26 + Double(scalar.value - 0x40)
            }
            return value
        case .roman: return Self.romanValue(text)
        case .words: return NumberWords.value(of: text)
        case .unknown(let token): throw JSONataError(.d3130, value: Evaluator.shown(.string(token)))
        }
    }

    private func parse(_ text: String, _ pattern: DigitPattern) -> Double {
        var digits = ""
        for scalar in text.unicodeScalars {
            if pattern.separators.contains(where: { $0.text == scalar }) { continue }
            if scalar == "-", digits.isEmpty {
                digits = "-"
            } else if let digit = Int(exactly: Int(scalar.value) - Int(pattern.zero)), (0...9).contains(digit) {
                digits += String(digit)
            } else {
                break
            }
        }
        return Double(digits) ?? .nan
    }

    private static func romanValue(_ text: String) -> Double {
        let values: [Character: Double] = ["M": 1000, "D": 500, "C": 100, "L": 50, "X": 10, "V": 5, "I": 1]
        var (sum, highest) = (0.0, 1.0)
        for letter in text.uppercased().reversed() {
            guard let value = values[letter] else { return .nan }
            if value < highest {
                sum -= value
            } else {
                highest = value
                sum += value
            }
        }
        return sum
    }
}
