/// Base64 (RFC 4648) between texts.
enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func encode(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var encoded: [UInt8] = []
        encoded.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var word: UInt32 = 0
            for byte in group { word = word << 8 | UInt32(byte) }
            word <<= UInt32(3 - group.count) * 8
            for digit in 0..<4 {
                let value = Int(word >> UInt32(18 - digit * 6) & 0x3F)
                encoded.append(digit <= group.count ? alphabet[value] : UInt8(ascii: "="))
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }

    static func decode(_ text: String) throws(IntrinsicError) -> String {
        var digits = Array(text.utf8)
        let failure = IntrinsicError("the string is not Base64")
        guard digits.count % 4 == 0 else { throw failure }
        for _ in 0..<2 where digits.last == UInt8(ascii: "=") { digits.removeLast() }
        var bytes: [UInt8] = []
        var word: UInt32 = 0
        for (position, digit) in digits.enumerated() {
            guard let value = value(of: digit) else { throw failure }
            word = word << 6 | value
            // Each digit after the first of a group of four completes one byte.
            if position % 4 > 0 {
                let spare = UInt32(6 - position % 4 * 2)
                bytes.append(UInt8(truncatingIfNeeded: word >> spare))
            }
        }
        guard let decoded = String(validating: bytes, as: UTF8.self) else {
            throw IntrinsicError("the decoded bytes are not UTF-8 text")
        }
        return decoded
    }

    private static func value(of digit: UInt8) -> UInt32? {
        switch digit {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(digit - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(digit - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(digit - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
