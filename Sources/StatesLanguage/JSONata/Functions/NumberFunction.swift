import Glibc

/// The functions on numbers.
enum NumberFunction: String, Sendable, CaseIterable {
    case number, abs, floor, ceil, round, power, sqrt, sum, max, min, average
    /// Chance of the step, never of the machine.
    case chance = "random"
    case formatNumber, formatBase, formatInteger, parseInteger

    var signature: String {
        switch self {
        case .number: "<(nsb)-:n>"
        case .abs, .floor, .ceil, .sqrt: "<n-:n>"
        case .round: "<n-n?:n>"
        case .power: "<n-n:n>"
        // The reference takes none; Step Functions takes a seed.
        case .chance: "<n?:n>"
        case .sum, .max, .min, .average: "<a<n>:n>"
        case .formatNumber: "<n-so?:s>"
        case .formatBase: "<n-n?:s>"
        case .formatInteger: "<n-s:s>"
        case .parseInteger: "<s-s:n>"
        }
    }
}

extension Evaluator {
    func call(_ function: NumberFunction, _ arguments: Arguments) throws(JSONataError) -> Value {
        switch function {
        case .number: return try number(arguments[0])
        case .sum, .max, .min, .average: return try aggregate(function, arguments)
        case .chance:
            if let seed = arguments.double(0) { return try .number(calculated: Self.javaRandom(seed: seed)) }
            return try .number(calculated: Double(random.next() >> 11) * 0x1p-53)
        case .parseInteger:
            guard let text = arguments.string(0), let picture = try picture(arguments.string(1)) else {
                return .undefined
            }
            try count(text.utf8.count)
            let value = try IntegerPicture(parsing: picture).parse(text)
            return value.isNaN ? .undefined : try .number(calculated: value)
        case .abs, .floor, .ceil, .round, .power, .sqrt, .formatNumber, .formatBase, .formatInteger: break
        }
        guard let value = arguments.double(0) else { return .undefined }
        switch function {
        case .abs: return try .number(calculated: Swift.abs(value))
        case .floor: return try .number(calculated: value.rounded(.down))
        case .ceil: return try .number(calculated: value.rounded(.up))
        case .round: return try .number(calculated: DecimalText.roundedHalfEven(value, places: arguments.double(1)))
        case .power:
            let exponent = arguments.double(1) ?? 1
            let result = pow(value, exponent)
            guard result.isFinite else {
                throw JSONataError(.d3061, value: shown(arguments[0]), second: shown(arguments[1]))
            }
            return try .number(calculated: result)
        case .sqrt:
            guard value >= 0 else { throw JSONataError(.d3060, value: shown(arguments[0])) }
            return try .number(calculated: value.squareRoot())
        case .formatBase: return try formatBase(value, arguments)
        case .formatInteger:
            let picture = try IntegerPicture(parsing: try picture(arguments.string(1)) ?? "")
            return try made(try picture.format(value.rounded(.down)))
        case .formatNumber:
            let picture = try picture(arguments.string(1)) ?? ""
            return try made(try DecimalPicture.format(value, picture, options: options(arguments[2])))
        default: return .undefined
        }
    }

    /// The most characters of a picture, which is read several times over.
    private static var pictureLimit: Int { 1_000 }

    /// A picture of a number or a date, whose reading counts as steps.
    func picture(_ text: String?) throws(JSONataError) -> String? {
        guard let text else { return nil }
        let length = text.unicodeScalars.count
        guard length <= Self.pictureLimit else {
            throw JSONataError(.u1001, value: "The picture has more than \(Self.pictureLimit) characters")
        }
        try count(length)
        return text
    }

    /// The first double of Java's `java.util.Random`, which is what a seed gives on AWS (floci-io/floci#2662).
    private static func javaRandom(seed: Double) -> Double {
        let mask: UInt64 = (1 << 48) - 1
        // As Java casts a double to a long: cut, and held at the ends.
        let whole = Int64(exactly: seed.rounded(.towardZero)) ?? (seed < 0 ? .min : .max)
        var state = (UInt64(bitPattern: whole) ^ 0x5_DEEC_E66D) & mask
        func next(_ bits: UInt64) -> UInt64 {
            state = (state &* 0x5_DEEC_E66D &+ 0xB) & mask
            return state >> (48 - bits)
        }
        let high = next(26)
        return Double(high << 27 + next(27)) * 0x1p-53
    }

    private func number(_ value: Value) throws(JSONataError) -> Value {
        switch value {
        case .number, .undefined: return value
        case .bool(let value): return .number(value ? 1 : 0)
        case .string(let text):
            guard let number = Self.parsedNumber(text) else { throw JSONataError(.d3030, value: shown(value)) }
            return .number(JSONNumber(calculated: number))
        default: throw JSONataError(.d3030, value: shown(value))
        }
    }

    /// Reads a number as JSON writes it, leading zeros allowed, or an integer after `0x`, `0o` or `0b`.
    private static func parsedNumber(_ text: String) -> Double? {
        let bytes = Array(text.utf8)
        if bytes.count > 2, bytes[0] == UInt8(ascii: "0") {
            let digits = String(decoding: bytes[2...], as: UTF8.self)
            let radix: Int? =
                switch bytes[1] | 0x20 {
                case UInt8(ascii: "x"): 16
                case UInt8(ascii: "o"): 8
                case UInt8(ascii: "b"): 2
                default: nil
                }
            if let radix { return bytes[2] == UInt8(ascii: "+") ? nil : Int64(digits, radix: radix).map(Double.init) }
        }
        var position = 0
        func digits() -> Int {
            let start = position
            while position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) {
                position += 1
            }
            return position - start
        }
        if bytes.first == UInt8(ascii: "-") { position = 1 }
        guard digits() > 0 else { return nil }
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            position += 1
            guard digits() > 0 else { return nil }
        }
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            if position < bytes.count, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") {
                position += 1
            }
            guard digits() > 0 else { return nil }
        }
        guard position == bytes.count, let value = Double(text), value.isFinite else { return nil }
        return value
    }

    private func aggregate(_ function: NumberFunction, _ arguments: Arguments) throws(JSONataError) -> Value {
        guard let list = arguments.list(0) else { return .undefined }
        try count(list.count)
        var numbers: [Double] = []
        for position in 0..<list.count {
            if case .number(let number) = list[position] { numbers.append(number.doubleValue) }
        }
        if case .sum = function { return try .number(calculated: numbers.reduce(0, +)) }
        guard let first = numbers.first else { return .undefined }
        switch function {
        case .max: return try .number(calculated: numbers.reduce(first, Swift.max))
        case .min: return try .number(calculated: numbers.reduce(first, Swift.min))
        default: return try .number(calculated: numbers.reduce(0, +) / Double(numbers.count))
        }
    }

    private func formatBase(_ value: Double, _ arguments: Arguments) throws(JSONataError) -> Value {
        let radix = (arguments.double(1) ?? 10).rounded(.toNearestOrEven)
        guard (2...36).contains(radix) else {
            throw JSONataError(.d3100, value: JSONNumber(calculated: radix).description)
        }
        let whole = value.rounded(.toNearestOrEven)
        if let integer = Int64(exactly: whole) { return try made(String(integer, radix: Int(radix))) }
        // Beyond 64 bits the digits are taken one by one; a double has at most 1024 of them.
        var digits = ""
        var rest = Swift.abs(whole)
        while rest >= 1 {
            let digit = fmod(rest, radix)
            digits = String(Int(digit), radix: Int(radix)) + digits
            rest = ((rest - digit) / radix).rounded(.down)
        }
        return try made((whole < 0 ? "-" : "") + digits)
    }

    private func options(_ value: Value) -> [String: String] {
        guard case .object(let record) = value else { return [:] }
        var options: [String: String] = [:]
        for key in record.keys {
            if case .string(let text) = record[key] ?? .undefined { options[key] = text }
        }
        return options
    }
}
