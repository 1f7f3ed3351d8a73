import Crypto

/// SHA-256 as this project writes it: 64 lowercase hexadecimal digits.
public enum SHA256Digest {
    /// The digest of bytes.
    public static func hex(of bytes: [UInt8]) -> String {
        hexText(self.bytes(of: bytes))
    }

    /// The digest of a text's UTF-8 bytes.
    public static func hex(of text: String) -> String {
        var text = text
        return hexText(text.withUTF8 { digest(of: UnsafeRawBufferPointer($0)) })
    }

    /// The digest of bytes, as bytes.
    public static func bytes(of bytes: [UInt8]) -> [UInt8] { bytes.withUnsafeBytes { digest(of: $0) } }

    private static func digest(of bytes: UnsafeRawBufferPointer) -> [UInt8] {
        var hash = SHA256()
        hash.update(bufferPointer: bytes)
        return Array(hash.finalize())
    }

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

/// A chain of digests over texts, each of which vouches for all before it.
///
/// A changed, removed or swapped text gives another last digest, so keeping that one digest beside the texts is enough
/// to notice.
public enum HashChain {
    /// What stands before the first text: 32 zeros.
    public static let genesis = [UInt8](repeating: 0, count: SHA256.byteCount)

    /// The digest after one more text: SHA-256 of the previous digest's bytes followed by the parts, one behind the
    /// other.
    ///
    /// Where a part ends must follow from the text itself.
    public static func next(previous: [UInt8], _ parts: String...) -> [UInt8] {
        var hash = SHA256()
        previous.withUnsafeBytes { hash.update(bufferPointer: $0) }
        for var part in parts { part.withUTF8 { hash.update(bufferPointer: UnsafeRawBufferPointer($0)) } }
        return Array(hash.finalize())
    }
}
