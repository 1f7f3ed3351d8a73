/// Reads JSON text (RFC 8259) from UTF-8 bytes.
///
/// Strict, and total: every input gives a value or an error with its place. Refused are values nested deeper than
/// ``depthLimit``, two members of one name, invalid UTF-8, lone surrogates, numbers that no double can hold and
/// integers of more than ``JSONNumber/digitLimit`` digits.
struct JSONParser {
    /// How deep arrays and objects may nest.
    static let depthLimit = 256

    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0
    private var depth = 0

    private init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    static func parse(_ bytes: UnsafeBufferPointer<UInt8>) throws(JSONParseError) -> JSONValue {
        var parser = JSONParser(bytes)
        parser.skipSpace()
        let value = try parser.value()
        parser.skipSpace()
        guard parser.position == bytes.count else { throw parser.error("unexpected text after the value") }
        return value
    }

    private func error(_ message: String, at offset: Int? = nil) -> JSONParseError {
        JSONParseError(message, at: offset ?? position, in: bytes)
    }

    /// The byte at the current position, or 0 at the end; 0 is legal nowhere in JSON.
    @inline(__always)
    private var current: UInt8 { position < bytes.count ? bytes[position] : 0 }

    @inline(__always)
    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }

    private mutating func value() throws(JSONParseError) -> JSONValue {
        switch current {
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
        default:
            throw error(position < bytes.count ? "a value is expected here" : "the text ends where a value is expected")
        }
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONParseError) -> JSONValue {
        let count = word.utf8CodeUnitCount
        guard position + count <= bytes.count else { throw error("a value is expected here") }
        for offset in 0..<count where bytes[position + offset] != word.utf8Start[offset] {
            throw error("a value is expected here")
        }
        position += count
        return value
    }

    private mutating func enter() throws(JSONParseError) {
        guard depth < Self.depthLimit else { throw error("nested deeper than \(Self.depthLimit) levels") }
        depth += 1
        position += 1
        skipSpace()
    }

    private mutating func array() throws(JSONParseError) -> JSONValue {
        try enter()
        var elements: [JSONValue] = []
        if current == UInt8(ascii: "]") {
            position += 1
            depth -= 1
            return .array(elements)
        }
        elements.reserveCapacity(4)
        while true {
            elements.append(try value())
            skipSpace()
            switch current {
            case UInt8(ascii: ","):
                position += 1
                skipSpace()
            case UInt8(ascii: "]"):
                position += 1
                depth -= 1
                return .array(elements)
            default: throw error("',' or ']' is expected here")
            }
        }
    }

    private mutating func object() throws(JSONParseError) -> JSONValue {
        try enter()
        var object = JSONObject()
        if current == UInt8(ascii: "}") {
            position += 1
            depth -= 1
            return .object(object)
        }
        object.reserveCapacity(8)
        while true {
            let start = position
            guard current == UInt8(ascii: "\"") else { throw error("a member's name is expected here") }
            let key = try string()
            skipSpace()
            guard current == UInt8(ascii: ":") else { throw error("':' is expected here") }
            position += 1
            skipSpace()
            let value = try value()
            guard object.appendIfNew(key, value) else {
                throw error("the member \(JSONValue.string(key).serialized()) is there twice", at: start)
            }
            skipSpace()
            switch current {
            case UInt8(ascii: ","):
                position += 1
                skipSpace()
            case UInt8(ascii: "}"):
                position += 1
                depth -= 1
                return .object(object)
            default: throw error("',' or '}' is expected here")
            }
        }
    }
}

// MARK: Strings

extension JSONParser {
    /// Reads a string; one without escapes, the usual case, is copied in one go.
    private mutating func string() throws(JSONParseError) -> String {
        let start = position + 1
        var seen: UInt8 = 0
        let end = PlainRun.end(in: bytes, from: start, seen: &seen)
        guard end < bytes.count else { throw error("the string does not end", at: position) }
        switch bytes[end] {
        case UInt8(ascii: "\""):
            position = end + 1
            let text = UnsafeBufferPointer(rebasing: bytes[start..<end])
            if seen < 0x80 { return String(decoding: text, as: UTF8.self) }
            return try validated(text, at: start)
        case UInt8(ascii: "\\"): return try escapedString(from: start, plainUntil: end)
        default: throw error("a control character must be escaped in a string", at: end)
        }
    }

    private func validated(_ text: UnsafeBufferPointer<UInt8>, at start: Int) throws(JSONParseError) -> String {
        guard let text = String(validating: text, as: UTF8.self) else {
            throw error("the string is not valid UTF-8", at: start)
        }
        return text
    }

    private mutating func escapedString(from start: Int, plainUntil end: Int) throws(JSONParseError) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((end - start) * 2 + 16)
        text.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start..<end]))
        position = end
        var seen: UInt8 = 0
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                position += 1
                guard let text = String(validating: text, as: UTF8.self) else {
                    throw error("the string is not valid UTF-8", at: start)
                }
                return text
            case UInt8(ascii: "\\"): try escape(into: &text)
            case 0..<0x20: throw error("a control character must be escaped in a string")
            default:
                let runEnd = PlainRun.end(in: bytes, from: position, seen: &seen)
                text.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[position..<runEnd]))
                position = runEnd
            }
        }
        throw error("the string does not end", at: start - 1)
    }

    private mutating func escape(into text: inout [UInt8]) throws(JSONParseError) {
        let start = position
        position += 1
        let byte = current
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            let scalar = try escapedScalar(from: start)
            text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        default: throw error("unknown escape in a string", at: start)
        }
    }

    private mutating func escapedScalar(from start: Int) throws(JSONParseError) -> Unicode.Scalar {
        let first = try hexUnit(from: start)
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard first < 0xDC00, current == UInt8(ascii: "\\"), position + 1 < bytes.count,
            bytes[position + 1] == UInt8(ascii: "u")
        else { throw error("a surrogate stands alone in a string", at: start) }
        position += 2
        let second = try hexUnit(from: start)
        guard (0xDC00...0xDFFF).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw error("a surrogate stands alone in a string", at: start) }
        return scalar
    }

    private mutating func hexUnit(from start: Int) throws(JSONParseError) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            let byte = current
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): unit = unit << 4 | UInt32(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): unit = unit << 4 | UInt32(byte - UInt8(ascii: "a") + 10)
            case UInt8(ascii: "A")...UInt8(ascii: "F"): unit = unit << 4 | UInt32(byte - UInt8(ascii: "A") + 10)
            default: throw error("four hexadecimal digits are expected after \\u", at: start)
            }
            position += 1
        }
        return unit
    }
}

// MARK: Numbers

extension JSONParser {
    private static let exactPowersOfTen: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20,
        1e21, 1e22,
    ]

    private mutating func number() throws(JSONParseError) -> JSONNumber {
        let start = position
        let isNegative = current == UInt8(ascii: "-")
        if isNegative { position += 1 }
        var mantissa: UInt64 = 0
        var hasOverflowed = false
        let integerStart = position
        digits(into: &mantissa, &hasOverflowed)
        let integerCount = position - integerStart
        guard integerCount > 0 else { throw error("a digit is expected here") }
        guard integerCount == 1 || bytes[integerStart] != UInt8(ascii: "0") else {
            throw error("a number may not begin with 0", at: start)
        }
        var fractionCount = 0
        var isInteger = true
        if current == UInt8(ascii: ".") {
            isInteger = false
            position += 1
            let fractionStart = position
            digits(into: &mantissa, &hasOverflowed)
            fractionCount = position - fractionStart
            guard fractionCount > 0 else { throw error("a digit is expected here") }
        }
        var exponent = 0
        if current | 0x20 == UInt8(ascii: "e") {
            isInteger = false
            exponent = try readExponent()
        }
        if isInteger {
            return try integer(mantissa, hasOverflowed: hasOverflowed, isNegative: isNegative, from: start)
        }
        exponent -= fractionCount
        if !hasOverflowed, mantissa <= 1 << 53, abs(exponent) <= 22 {
            // Both operands are exact doubles, so the one rounding of the operation gives the nearest double.
            let power = Self.exactPowersOfTen[abs(exponent)]
            let magnitude = exponent < 0 ? Double(mantissa) / power : Double(mantissa) * power
            return JSONNumber(storage: .double(isNegative ? -magnitude : magnitude))
        }
        guard let value = Double(String(decoding: bytes[start..<position], as: UTF8.self)), value.isFinite else {
            throw error("the number is too large", at: start)
        }
        return JSONNumber(storage: .double(value))
    }

    private mutating func digits(into mantissa: inout UInt64, _ hasOverflowed: inout Bool) {
        while position < bytes.count, case let digit = bytes[position] &- UInt8(ascii: "0"), digit < 10 {
            let (product, overflow) = mantissa.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt64(digit))
            hasOverflowed = hasOverflowed || overflow || carry
            mantissa = sum
            position += 1
        }
    }

    private mutating func readExponent() throws(JSONParseError) -> Int {
        position += 1
        let isNegative = current == UInt8(ascii: "-")
        if isNegative || current == UInt8(ascii: "+") { position += 1 }
        let start = position
        var magnitude: UInt64 = 0
        var hasOverflowed = false
        digits(into: &magnitude, &hasOverflowed)
        guard position > start else { throw error("a digit is expected here") }
        let bounded = hasOverflowed ? 1_000_000 : Int(min(magnitude, 1_000_000))
        return isNegative ? -bounded : bounded
    }

    private func integer(
        _ magnitude: UInt64, hasOverflowed: Bool, isNegative: Bool, from start: Int
    ) throws(JSONParseError) -> JSONNumber {
        if !hasOverflowed {
            if magnitude <= UInt64(Int64.max) {
                // A negative zero is the integer 0, as in Java, which has no other.
                let value = Int64(magnitude)
                return JSONNumber(storage: .integer(isNegative ? -value : value))
            }
            if isNegative && magnitude == Int64.min.magnitude { return JSONNumber(storage: .integer(.min)) }
        }
        guard position - start <= JSONNumber.digitLimit else {
            throw error("the integer has more than \(JSONNumber.digitLimit) digits", at: start)
        }
        return JSONNumber(storage: .digits(String(decoding: bytes[start..<position], as: UTF8.self)))
    }
}
