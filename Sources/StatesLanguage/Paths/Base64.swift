/// Base64 between texts: written as RFC 4648 has it, read as MIME (RFC 2045) does, which AWS names as its scheme.
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

    /// Decodes a text; bytes that are not of the alphabet, such as line ends, are passed over.
    static func decode(_ text: String) throws(IntrinsicError) -> String {
        var bytes: [UInt8] = []
        var word: UInt32 = 0
        var digitCount = 0
        for byte in text.utf8 {
            if byte == UInt8(ascii: "=") { break }
            guard let value = value(of: byte) else { continue }
            word = word << 6 | value
            // Each digit after the first of a group of four completes one byte.
            if digitCount % 4 > 0 {
                let spare = UInt32(6 - digitCount % 4 * 2)
                bytes.append(UInt8(truncatingIfNeeded: word >> spare))
            }
            digitCount += 1
        }
        guard digitCount % 4 != 1 else { throw IntrinsicError("the string is not Base64") }
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
