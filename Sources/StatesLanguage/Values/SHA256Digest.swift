/// SHA-256 as this project writes it: 64 lowercase hexadecimal digits.
public enum SHA256Digest {
    /// The digest of bytes.
    public static func hex(of bytes: [UInt8]) -> String { hexText(SHA2.sha256(bytes)) }

    /// The digest of a text's UTF-8 bytes.
    public static func hex(of text: String) -> String { hex(of: Array(text.utf8)) }

    /// The digest of two runs of bytes, one behind the other.
    static func hex(of first: String, followedBy second: [UInt8]) -> String { hex(of: Array(first.utf8) + second) }

    static func hexText(_ digest: [UInt8]) -> String {
        String(unsafeUninitializedCapacity: digest.count * 2) { buffer in
            for (position, byte) in digest.enumerated() {
                buffer[position * 2] = hexDigit(byte >> 4)
                buffer[position * 2 + 1] = hexDigit(byte & 0x0F)
            }
            return digest.count * 2
        }
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
