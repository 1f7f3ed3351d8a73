import Glibc

/// Numbers as decimal texts: their digits, rounded as JavaScript rounds them.
enum DecimalText {
    /// The nearest double that has at most so many significant digits.
    static func rounded(_ value: Double, toSignificantDigits digits: Int) -> Double {
        // `%e` rounds the exact value of the double, as `toPrecision` does.
        Double(formatted(value, "%.\(digits - 1)e")) ?? value
    }

    /// The shortest text that reads back as the same double, laid out as JavaScript does.
    static func shortest(_ value: Double) -> String {
        guard let number = JSONNumber(value) else { return "null" }
        var bytes: [UInt8] = []
        number.append(to: &bytes, isCanonical: true)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The exact value of a double with so many digits behind the point.
    static func fixed(_ value: Double, places: Int) -> String { formatted(value, "%.\(max(0, min(places, 400)))f") }

    private static func formatted(_ value: Double, _ format: String) -> String {
        withVaList([value]) { arguments in
            var buffer = [CChar](repeating: 0, count: 800)
            let count = vsnprintf(&buffer, buffer.count, format, arguments)
            return String(
                decoding: buffer.prefix(max(0, min(Int(count), 799))).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
    }

    /// The value times ten to a power, by moving the point of its shortest digits, so that no digit changes.
    static func shifted(_ value: Double, by power: Int) -> Double {
        let text = value.description
        guard let mark = text.firstIndex(where: { $0 == "e" || $0 == "E" }) else {
            return Double("\(text)e\(power)") ?? value
        }
        let exponent = Int(text[text.index(after: mark)...]) ?? 0
        return Double("\(text[..<mark])e\(exponent + power)") ?? value
    }

    /// The value rounded to a number of places, a half to the even neighbour.
    static func roundedHalfEven(_ value: Double, places: Double?) -> Double {
        guard let places, places != 0 else { return value.rounded(.toNearestOrEven) }
        let power = Int(max(-400, min(400, places)))
        let result = shifted(shifted(value, by: power).rounded(.toNearestOrEven), by: -power)
        return result == 0 ? 0 : result
    }
}
