// Calendar arithmetic: days are counted from 1 March of year 0, so that the leap day is the last of its year; then the
// year, month and day follow from the lengths of 400-year, 100-year, 4-year and 1-year cycles without any table. (The
// method is Howard Hinnant's "chrono-compatible low-level date algorithms".)

/// A moment, in whole milliseconds since 1970-01-01T00:00:00Z.
public struct Timestamp: Sendable, Hashable {
    /// The milliseconds since the epoch; negative before 1970.
    public let millisecondsSinceEpoch: Int64

    /// Makes a moment from milliseconds since the epoch.
    public init(millisecondsSinceEpoch: Int64) { self.millisecondsSinceEpoch = millisecondsSinceEpoch }

    /// Reads the profile of RFC 3339 that the States Language uses: capital `T`, and capital `Z` or a numeric offset.
    ///
    /// Fractions finer than a millisecond are cut off. Nil when the text is anything else, or no such date exists.
    public init?(rfc3339 text: String) {
        var reader = Reader(bytes: Array(text.utf8))
        guard let year = reader.number(digits: 4), reader.skip("-"),
            let month = reader.number(digits: 2), (1...12).contains(month), reader.skip("-"),
            let day = reader.number(digits: 2), day >= 1, day <= Self.dayCount(year: year, month: month),
            reader.skip("T"),
            let hour = reader.number(digits: 2), hour <= 23, reader.skip(":"),
            let minute = reader.number(digits: 2), minute <= 59, reader.skip(":"),
            let second = reader.number(digits: 2), second <= 59,
            let fraction = reader.milliseconds(),
            let offset = reader.offsetMinutes(), reader.isAtEnd
        else { return nil }
        let days = Self.days(year: year, month: month, day: day)
        let minutes = Int64(days) * 1_440 + Int64(hour * 60 + minute - offset)
        millisecondsSinceEpoch = (minutes * 60 + Int64(second)) * 1_000 + Int64(fraction)
    }

    /// The moment in UTC with milliseconds, such as `2026-11-21T05:54:00.123Z`.
    public var rfc3339: String {
        let (days, rest) = Self.divide(millisecondsSinceEpoch, by: 86_400_000)
        let (year, month, day) = Self.civil(days: days)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(24)
        if year < 0 { bytes.append(UInt8(ascii: "-")) }
        Self.append(year.magnitude, digits: 4, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        Self.append(month.magnitude, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        Self.append(day.magnitude, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: "T"))
        Self.append(rest.magnitude / 3_600_000, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        Self.append(rest.magnitude / 60_000 % 60, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        Self.append(rest.magnitude / 1_000 % 60, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: "."))
        Self.append(rest.magnitude % 1_000, digits: 3, to: &bytes)
        bytes.append(UInt8(ascii: "Z"))
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The moment that much later (or earlier), cut to milliseconds; it stops at the ends of the range.
    public func advanced(by duration: Duration) -> Timestamp {
        let (seconds, attoseconds) = duration.components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000)
        let (sum, carry) = whole.addingReportingOverflow(attoseconds / 1_000_000_000_000_000)
        let (result, end) = sum.addingReportingOverflow(millisecondsSinceEpoch)
        guard !overflow, !carry, !end else {
            return Timestamp(millisecondsSinceEpoch: duration < .zero ? .min : .max)
        }
        return Timestamp(millisecondsSinceEpoch: result)
    }

    /// The time that has passed since an earlier moment; negative when that one is later.
    public func duration(since earlier: Timestamp) -> Duration {
        .milliseconds(millisecondsSinceEpoch) - .milliseconds(earlier.millisecondsSinceEpoch)
    }
}

extension Timestamp: Comparable {
    /// Tells which moment is earlier.
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.millisecondsSinceEpoch < right.millisecondsSinceEpoch
    }
}

extension Timestamp: CustomStringConvertible {
    /// The moment as RFC 3339 writes it.
    public var description: String { rfc3339 }
}

extension Timestamp {
    private static func divide(_ value: Int64, by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    /// How many days a month has.
    package static func dayCount(year: Int, month: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// The days from the epoch to a date of the proleptic Gregorian calendar.
    package static func days(year: Int, month: Int, day: Int) -> Int {
        let year = month <= 2 ? year - 1 : year
        let era = (year >= 0 ? year : year - 399) / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// The date of the proleptic Gregorian calendar that is so many days after the epoch.
    package static func civil(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let (era, dayOfEra) = divide(shifted, by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    private static func append(_ value: UInt64, digits: Int, to bytes: inout [UInt8]) {
        let start = bytes.count
        var rest = value
        while rest > 0 || bytes.count - start < digits {
            bytes.append(UInt8(ascii: "0") + UInt8(rest % 10))
            rest /= 10
        }
        bytes[start...].reverse()
    }

    /// Reads the fields of a timestamp one after another.
    private struct Reader {
        let bytes: [UInt8]
        var position = 0

        init(bytes: [UInt8]) { self.bytes = bytes }

        var isAtEnd: Bool { position == bytes.count }

        mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
            guard position < bytes.count, bytes[position] == UInt8(ascii: scalar) else { return false }
            position += 1
            return true
        }

        mutating func digit() -> Int? {
            guard position < bytes.count, case let digit = bytes[position] &- UInt8(ascii: "0"), digit < 10 else {
                return nil
            }
            position += 1
            return Int(digit)
        }

        mutating func number(digits: Int) -> Int? {
            var value = 0
            for _ in 0..<digits {
                guard let digit = digit() else { return nil }
                value = value * 10 + digit
            }
            return value
        }

        /// Reads an optional fraction of a second of any length.
        mutating func milliseconds() -> Int? {
            guard skip(".") else { return 0 }
            guard let first = digit() else { return nil }
            var value = first * 100
            var weight = 10
            while let digit = digit() {
                value += digit * weight
                weight /= 10
            }
            return value
        }

        mutating func offsetMinutes() -> Int? {
            if skip("Z") { return 0 }
            let isNegative = skip("-")
            guard isNegative || skip("+"), let hours = number(digits: 2), hours <= 23, skip(":"),
                let minutes = number(digits: 2), minutes <= 59
            else { return nil }
            return (hours * 60 + minutes) * (isNegative ? -1 : 1)
        }
    }
}
