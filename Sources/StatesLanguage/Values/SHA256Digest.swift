import Crypto

/// SHA-256 as this project writes it: 64 lowercase hexadecimal digits.
public enum SHA256Digest {
    /// The digest of bytes.
    public static func hex(of bytes: [UInt8]) -> String {
        hexText(bytes.withUnsafeBytes { digest(of: $0) })
    }

    /// The digest of a text's UTF-8 bytes.
    public static func hex(of text: String) -> String {
        var text = text
        return hexText(text.withUTF8 { digest(of: UnsafeRawBufferPointer($0)) })
    }

    /// The digest of two runs of bytes, one behind the other.
    static func hex(of first: String, followedBy second: [UInt8]) -> String {
        var hash = SHA256()
        var first = first
        first.withUTF8 { hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }
        second.withUnsafeBytes { hash.update(bufferPointer: $0) }
        return hexText(Array(hash.finalize()))
    }

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

/// A chain of digests over payloads, each of which vouches for all before it.
///
/// A changed, removed or swapped payload gives another last digest, so keeping that one digest beside the payloads is
/// enough to notice.
public enum HashChain {
    /// What stands before the first payload: 64 zeros.
    public static let genesis = String(repeating: "0", count: 64)

    /// The digest after one more payload: SHA-256 of the previous digest's text followed by the payload.
    public static func next(previous: String, bytes: [UInt8]) -> String {
        SHA256Digest.hex(of: previous, followedBy: bytes)
    }
}
