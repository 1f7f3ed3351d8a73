// How numbers are written.
//
// Swift's own description of a double holds the shortest digits that read back as the same double. Two layouts are made
// of them. Canonical text (RFC 8785) is JavaScript's: plain from 1e-6 up to 1e21, with an exponent outside. All other
// text is Java's (Double.toString), since Step Functions keeps data in Jackson's trees, which print doubles that way:
// plain from 1e-3 up to 1e7 and always with a fraction, outside as in `1.0E7`. So a value also reads back as the kind
// of number it was.

extension JSONNumber {
    /// Appends the number as text.
    func append(to bytes: inout [UInt8], isCanonical: Bool) {
        switch storage {
        case .integer(let value): Self.append(value, to: &bytes)
        case .digits(let text): bytes.append(contentsOf: text.utf8)
        case .double(let value): Self.append(value, to: &bytes, isCanonical: isCanonical)
        }
    }

    private static func append(_ value: Int64, to bytes: inout [UInt8]) {
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        var magnitude = value.magnitude
        guard magnitude >= 10 else {
            bytes.append(UInt8(ascii: "0") + UInt8(magnitude))
            return
        }
        let start = bytes.count
        while magnitude > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(magnitude % 10))
            magnitude /= 10
        }
        bytes[start...].reverse()
    }

    private static func append(_ value: Double, to bytes: inout [UInt8], isCanonical: Bool) {
        if value == 0 {
            let zero = value.sign == .minus ? "-0.0" : "0.0"
            bytes.append(contentsOf: (isCanonical ? "0" : zero).utf8)
            return
        }
        var decimal = Decimal(of: value)
        if decimal.isNegative { bytes.append(UInt8(ascii: "-")) }
        if isCanonical {
            decimal.append(to: &bytes)
        } else {
            // Java shows two digits of every double; only for these two, the least, is the second not 0.
            if value.magnitude == 0x1p-1074 { decimal = Decimal(digits: "49", point: -323) }
            if value.magnitude == 0x1p-1073 { decimal = Decimal(digits: "99", point: -323) }
            decimal.appendAsJava(to: &bytes)
        }
    }

    /// The shortest digits of a double and the place of its point: 0.digits times ten to `point`.
    private struct Decimal {
        var digits: [UInt8] = []
        var point = 0
        var isNegative = false

        init(of value: Double) {
            var exponent = 0
            var isExponentNegative = false
            var isInExponent = false
            var hasPoint = false
            for byte in value.description.utf8 {
                switch byte {
                case UInt8(ascii: "-"):
                    if isInExponent { isExponentNegative = true } else { isNegative = true }
                case UInt8(ascii: "+"): break
                case UInt8(ascii: "."): hasPoint = true
                case UInt8(ascii: "e"): isInExponent = true
                default:
                    if isInExponent {
                        exponent = exponent * 10 + Int(byte - UInt8(ascii: "0"))
                    } else {
                        digits.append(byte)
                        if !hasPoint { point += 1 }
                    }
                }
            }
            point += isExponentNegative ? -exponent : exponent
            let leading = digits.prefix { $0 == UInt8(ascii: "0") }.count
            digits.removeFirst(leading)
            point -= leading
            while digits.last == UInt8(ascii: "0") { digits.removeLast() }
        }

        init(digits: String, point: Int) {
            self.digits = Array(digits.utf8)
            self.point = point
        }

        /// Appends the digits as Java lays them out.
        func appendAsJava(to bytes: inout [UInt8]) {
            let zero = UInt8(ascii: "0")
            let isPlain = -2 <= point && point <= 7
            let wholeCount = isPlain ? max(point, 0) : 1
            if wholeCount == 0 { bytes.append(zero) }
            bytes.append(contentsOf: digits.prefix(wholeCount))
            bytes.append(contentsOf: repeatElement(zero, count: max(wholeCount - digits.count, 0)))
            bytes.append(UInt8(ascii: "."))
            if isPlain { bytes.append(contentsOf: repeatElement(zero, count: max(-point, 0))) }
            if digits.count > wholeCount { bytes.append(contentsOf: digits[wholeCount...]) } else { bytes.append(zero) }
            guard !isPlain else { return }
            bytes.append(UInt8(ascii: "E"))
            bytes.append(contentsOf: String(point - 1).utf8)
        }

        /// Appends the digits as JavaScript lays them out.
        func append(to bytes: inout [UInt8]) {
            let zero = UInt8(ascii: "0")
            let dot = UInt8(ascii: ".")
            if digits.count <= point, point <= 21 {
                bytes.append(contentsOf: digits)
                bytes.append(contentsOf: repeatElement(zero, count: point - digits.count))
                return
            }
            if 0 < point, point <= 21 {
                bytes.append(contentsOf: digits[..<point])
                bytes.append(dot)
                bytes.append(contentsOf: digits[point...])
                return
            }
            if -6 < point, point <= 0 {
                bytes.append(zero)
                bytes.append(dot)
                bytes.append(contentsOf: repeatElement(zero, count: -point))
                bytes.append(contentsOf: digits)
                return
            }
            bytes.append(digits[0])
            if digits.count > 1 {
                bytes.append(dot)
                bytes.append(contentsOf: digits[1...])
            }
            bytes.append(UInt8(ascii: "e"))
            bytes.append(point > 0 ? UInt8(ascii: "+") : UInt8(ascii: "-"))
            bytes.append(contentsOf: String(abs(point - 1)).utf8)
        }
    }
}

extension JSONNumber: CustomStringConvertible {
    /// The number as JSON writes it.
    public var description: String {
        var bytes: [UInt8] = []
        append(to: &bytes, isCanonical: false)
        return String(decoding: bytes, as: UTF8.self)
    }
}
