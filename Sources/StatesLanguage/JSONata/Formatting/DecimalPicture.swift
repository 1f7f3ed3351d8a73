import Glibc

// Numbers as texts, by the pictures of XPath's `fn:format-number`: `#,##0.00;(#,##0.00)` holds one part for positive
// and one
// for negative numbers, each of a prefix, digits (`0` must be there, `#` may) and a suffix.

/// Formats numbers by a picture.
struct DecimalPicture {
    private struct Symbols {
        var decimal: Unicode.Scalar = "."
        var grouping: Unicode.Scalar = ","
        var exponent: Unicode.Scalar = "e"
        var minus: Unicode.Scalar = "-"
        var percent: Unicode.Scalar = "%"
        var perMille: Unicode.Scalar = "\u{2030}"
        var zero: Unicode.Scalar = "0"
        var digit: Unicode.Scalar = "#"
        var patternSeparator: Unicode.Scalar = ";"

        init(_ options: [String: String]) {
            func scalar(_ name: String, _ fallback: Unicode.Scalar) -> Unicode.Scalar {
                options[name]?.unicodeScalars.first ?? fallback
            }
            decimal = scalar("decimal-separator", decimal)
            grouping = scalar("grouping-separator", grouping)
            exponent = scalar("exponent-separator", exponent)
            minus = scalar("minus-sign", minus)
            percent = scalar("percent", percent)
            perMille = scalar("per-mille", perMille)
            zero = scalar("zero-digit", zero)
            digit = scalar("digit", digit)
            patternSeparator = scalar("pattern-separator", patternSeparator)
        }

        func isDigit(_ scalar: Unicode.Scalar) -> Bool { (0...9).contains(Int(scalar.value) - Int(zero.value)) }

        func isActive(_ scalar: Unicode.Scalar) -> Bool {
            isDigit(scalar) || [decimal, exponent, grouping, digit].contains(scalar)
        }
    }

    private typealias Scalars = [Unicode.Scalar]

    /// One part of a picture, analysed.
    private struct Part {
        var prefix: Scalars = []
        var suffix: Scalars = []
        var active: Scalars = []
        var mantissa: Scalars = []
        var exponent: Scalars?
        var integer: Scalars = []
        var fraction: Scalars = []
        var minimumInteger = 0
        var minimumFraction = 0
        var maximumFraction = 0
        var minimumExponent = 0
        var scale = 0
        var integerGroups: [Int] = []
        var fractionGroups: [Int] = []
        var groupInterval = 0
        var factor = 1.0
    }

    /// The most digits behind the point, as of JavaScript's `toFixed`.
    private static let fractionLimit = 100
    /// The most digits before the point; there are doubles of no more.
    private static let integerLimit = 308

    private let symbols: Symbols

    static func format(
        _ value: Double, _ picture: String, options: [String: String]
    ) throws(JSONataError) -> String {
        let formatter = DecimalPicture(symbols: Symbols(options))
        let symbols = formatter.symbols
        let texts = Array(picture.unicodeScalars).split(
            separator: symbols.patternSeparator, omittingEmptySubsequences: false)
        guard texts.count <= 2 else { throw JSONataError(.d3080) }
        var part = try formatter.analysed(Array(texts[0]))
        if texts.count == 2 {
            let negative = try formatter.analysed(Array(texts[1]))
            if value < 0 { part = negative }
        } else if value < 0 {
            part.prefix.insert(symbols.minus, at: 0)
        }
        return formatter.text(of: abs(value) * part.factor, part)
    }

    // MARK: Analysis

    private func analysed(_ text: Scalars) throws(JSONataError) -> Part {
        // Step Functions says this of a picture without any active character (floci-io/floci#2737).
        guard text.isEmpty || text.contains(where: symbols.isActive) else { throw JSONataError(.d3086) }
        var part = Part()
        let first = text.firstIndex(where: symbols.isActive) ?? text.count
        let last = text.lastIndex(where: symbols.isActive).map { $0 + 1 } ?? first
        part.prefix = Array(text[..<first])
        part.suffix = Array(text[last...])
        part.active = Array(text[first..<last])
        if let mark = part.active.firstIndex(of: symbols.exponent) {
            part.mantissa = Array(part.active[..<mark])
            part.exponent = Array(part.active[(mark + 1)...])
        } else {
            part.mantissa = part.active
        }
        if let point = part.mantissa.firstIndex(of: symbols.decimal) {
            part.integer = Array(part.mantissa[..<point])
            part.fraction = Array(part.mantissa[(point + 1)...])
        } else {
            part.integer = part.mantissa
        }
        try check(part, text)
        measure(&part, text)
        guard part.maximumFraction <= Self.fractionLimit, part.minimumInteger <= Self.integerLimit else {
            let limits = "\(Self.integerLimit) digits before the point, or \(Self.fractionLimit) behind it"
            throw JSONataError(.u1001, value: "The picture has more than \(limits)")
        }
        return part
    }

    private func check(_ part: Part, _ text: Scalars) throws(JSONataError) {
        func count(_ symbol: Unicode.Scalar) -> Int { text.count { $0 == symbol } }
        guard count(symbols.decimal) <= 1 else { throw JSONataError(.d3081) }
        guard count(symbols.percent) <= 1 else { throw JSONataError(.d3082) }
        guard count(symbols.perMille) <= 1 else { throw JSONataError(.d3083) }
        guard count(symbols.percent) + count(symbols.perMille) <= 1 else { throw JSONataError(.d3084) }
        guard part.mantissa.contains(where: { symbols.isDigit($0) || $0 == symbols.digit }) else {
            throw JSONataError(.d3085)
        }
        guard part.active.allSatisfy(symbols.isActive) else { throw JSONataError(.d3086) }
        let (decimal, grouping) = (symbols.decimal, symbols.grouping)
        let pairs = zip(text, text.dropFirst())
        let isBesidePoint = pairs.contains { ($0 == grouping && $1 == decimal) || ($0 == decimal && $1 == grouping) }
        guard !isBesidePoint else { throw JSONataError(.d3087) }
        guard text.contains(decimal) || part.integer.last != grouping else { throw JSONataError(.d3088) }
        guard !pairs.contains(where: { $0 == grouping && $1 == grouping }) else { throw JSONataError(.d3089) }
        if let digit = part.integer.firstIndex(where: symbols.isDigit),
            part.integer[digit...].contains(symbols.digit)
        {
            throw JSONataError(.d3090)
        }
        if let optional = part.fraction.firstIndex(of: symbols.digit),
            part.fraction[optional...].contains(where: symbols.isDigit)
        {
            throw JSONataError(.d3091)
        }
        guard let exponent = part.exponent else { return }
        if !exponent.isEmpty, count(symbols.percent) + count(symbols.perMille) > 0 { throw JSONataError(.d3092) }
        guard !exponent.isEmpty, exponent.allSatisfy(symbols.isDigit) else { throw JSONataError(.d3093) }
    }

    private func measure(_ part: inout Part, _ text: Scalars) {
        func isAnyDigit(_ scalar: Unicode.Scalar) -> Bool { symbols.isDigit(scalar) || scalar == symbols.digit }
        for (index, scalar) in part.integer.enumerated() where scalar == symbols.grouping {
            part.integerGroups.append(part.integer[index...].count(where: isAnyDigit))
        }
        for (index, scalar) in part.fraction.enumerated() where scalar == symbols.grouping {
            part.fractionGroups.append(part.fraction[..<index].count(where: isAnyDigit))
        }
        part.groupInterval = IntegerPicture.interval(of: part.integerGroups)
        part.minimumInteger = part.integer.count(where: symbols.isDigit)
        part.scale = part.minimumInteger
        part.minimumFraction = part.fraction.count(where: symbols.isDigit)
        part.maximumFraction = part.fraction.count(where: isAnyDigit)
        if part.minimumInteger == 0, part.maximumFraction == 0 {
            if part.exponent != nil {
                (part.minimumFraction, part.maximumFraction) = (1, 1)
            } else {
                part.minimumInteger = 1
            }
        }
        if part.exponent != nil, part.minimumInteger == 0, part.integer.contains(symbols.digit) {
            part.minimumInteger = 1
        }
        if part.minimumInteger == 0, part.minimumFraction == 0 { part.minimumFraction = 1 }
        part.minimumExponent = part.exponent?.count ?? 0
        if text.contains(symbols.percent) { part.factor = 100 }
        if text.contains(symbols.perMille) { part.factor = 1_000 }
    }

    // MARK: Formatting

    private func text(of value: Double, _ part: Part) -> String {
        var mantissa = value
        var exponent = 0
        if part.exponent != nil, value > 0 {
            let least = pow(10, Double(part.scale - 1))
            let most = pow(10, Double(part.scale))
            while mantissa < least {
                mantissa *= 10
                exponent -= 1
            }
            while mantissa > most {
                mantissa /= 10
                exponent += 1
            }
        }
        let rounded = DecimalText.roundedHalfEven(mantissa, places: Double(part.maximumFraction))
        let halves = DecimalText.fixed(rounded, places: part.maximumFraction).split(separator: ".")
        var integer = Array(halves[0].unicodeScalars.drop { $0 == "0" })
        var fraction = halves.count > 1 ? Array(halves[1].unicodeScalars) : []
        while fraction.count > part.minimumFraction, fraction.last == "0" { fraction.removeLast() }
        while fraction.count < part.minimumFraction { fraction.append("0") }
        integer = Array(repeating: "0", count: max(0, part.minimumInteger - integer.count)) + integer
        var text = String.UnicodeScalarView()
        text.append(contentsOf: part.prefix)
        append(integer: integer, to: &text, part)
        append(fraction: fraction, to: &text, part)
        if part.exponent != nil {
            var digits = Array(String(abs(exponent)).unicodeScalars)
            digits = Array(repeating: "0", count: max(0, part.minimumExponent - digits.count)) + digits
            text.append(symbols.exponent)
            if exponent < 0 { text.append(symbols.minus) }
            for digit in digits { text.append(shown(digit)) }
        }
        text.append(contentsOf: part.suffix)
        return String(text)
    }

    private func append(integer: Scalars, to text: inout String.UnicodeScalarView, _ part: Part) {
        for (index, digit) in integer.enumerated() {
            let right = integer.count - index
            let isGroupEnd =
                part.groupInterval > 0 ? right % part.groupInterval == 0 : part.integerGroups.contains(right)
            if index > 0, isGroupEnd { text.append(symbols.grouping) }
            text.append(shown(digit))
        }
    }

    private func append(fraction: Scalars, to text: inout String.UnicodeScalarView, _ part: Part) {
        guard !fraction.isEmpty else { return }
        text.append(symbols.decimal)
        for (index, digit) in fraction.enumerated() {
            if part.fractionGroups.contains(index) { text.append(symbols.grouping) }
            text.append(shown(digit))
        }
    }

    /// A digit of the family that the options name.
    private func shown(_ digit: Unicode.Scalar) -> Unicode.Scalar {
        Unicode.Scalar(digit.value - 0x30 + symbols.zero.value) ?? digit
    }
}
