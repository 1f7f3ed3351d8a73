/// The functions on dates and times.
enum TimeFunction: String, Sendable, CaseIterable {
    case millis, fromMillis, toMillis
    /// The time of the step, never that of the machine.
    case timestamp = "now"

    var signature: String {
        switch self {
        case .timestamp: "<s?s?:s>"
        case .millis: "<:n>"
        case .fromMillis: "<n-s?s?:s>"
        case .toMillis: "<s-s?:n>"
        }
    }
}

extension Evaluator {
    /// The greatest distance from 1970 that a date may have, as in JavaScript.
    private static let dateLimit = 8.64e15

    func call(_ function: TimeFunction, _ arguments: Arguments) throws(JSONataError) -> Value {
        switch function {
        case .millis: return .number(JSONNumber(now.millisecondsSinceEpoch))
        case .timestamp:
            return try made(
                try Self.format(
                    now.millisecondsSinceEpoch, try picture(arguments.string(0)), zone: arguments.string(1)))
        case .fromMillis:
            guard let value = arguments.double(0) else { return .undefined }
            guard abs(value) <= Self.dateLimit else { throw JSONataError(.d1001, value: shown(arguments[0])) }
            let picture = try picture(arguments.string(1))
            return try made(try Self.format(Int64(value), picture, zone: arguments.string(2)))
        case .toMillis:
            guard let text = arguments.string(0) else { return .undefined }
            try count(text.utf8.count)
            if let picture = try picture(arguments.string(1)) {
                let moment = try DatePicture(parsing: picture).parse(text, now: now)
                return moment.map { .number(JSONNumber($0)) } ?? .undefined
            }
            guard let moment = ISODate.milliseconds(of: text) else {
                throw JSONataError(.d3110, value: shown(arguments[0]))
            }
            return .number(JSONNumber(moment))
        }
    }

    private static func format(_ milliseconds: Int64, _ picture: String?, zone: String?) throws(JSONataError) -> String
    {
        // The usual case, which needs no picture.
        guard picture != nil || zone != nil else {
            return Timestamp(millisecondsSinceEpoch: milliseconds).rfc3339
        }
        let picture = try DatePicture(parsing: picture ?? DatePicture.iso8601)
        return try picture.format(milliseconds, offset: zone.map(Self.offset) ?? 0)
    }

    /// The minutes east of Greenwich of `+hhmm`, `-hhmm` or `hhmm`.
    private static func offset(_ zone: String) -> Int {
        guard let number = Int(zone), abs(number) < 10_000 else { return 0 }
        return number / 100 * 60 + number % 100
    }
}

/// Dates of ISO 8601 as JavaScript's `Date.parse` reads them.
enum ISODate {
    /// The milliseconds since 1970 of a date, with or without a time and an offset; nil when it is none.
    static func milliseconds(of text: String) -> Int64? {
        let bytes = Array(text.utf8)
        var position = 0
        func number(_ count: Int) -> Int? {
            guard position + count <= bytes.count else { return nil }
            var value = 0
            for byte in bytes[position..<(position + count)] {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
                value = value * 10 + Int(byte - UInt8(ascii: "0"))
            }
            position += count
            return value
        }
        func skip(_ scalar: Unicode.Scalar) -> Bool {
            guard position < bytes.count, bytes[position] == UInt8(ascii: scalar) else { return false }
            position += 1
            return true
        }
        guard let year = number(4) else { return nil }
        var (month, day) = (1, 1)
        var moment: Int64 = 0
        // `-` may also begin an offset, which only a time can have.
        if skip("-") {
            guard let value = number(2) else { return nil }
            month = value
            if skip("-") {
                guard let value = number(2) else { return nil }
                day = value
            }
        }
        if skip("T") {
            guard let hour = number(2), skip(":"), let minute = number(2), skip(":"), let second = number(2),
                hour <= 24, minute < 60, second < 60
            else { return nil }
            moment = Int64((hour * 60 + minute) * 60 + second) * 1_000
            if skip(".") {
                var weight: Int64 = 100
                let start = position
                while let digit = number(1) {
                    moment += Int64(digit) * weight
                    weight /= 10
                }
                guard position > start else { return nil }
            }
            if !skip("Z"), position < bytes.count {
                let isNegative = skip("-")
                guard isNegative || skip("+"), let hours = number(2) else { return nil }
                _ = skip(":")
                guard let minutes = number(2) else { return nil }
                moment -= Int64(hours * 60 + minutes) * (isNegative ? -60_000 : 60_000)
            }
        }
        guard position == bytes.count, (1...12).contains(month), (1...31).contains(day) else { return nil }
        return Int64(Timestamp.days(year: year, month: month, day: day)) * CalendarDate.dayLength + moment
    }
}
