import Crypto

/// A chain of digests over texts, each of which vouches for all before it.
///
/// A changed, removed or swapped text gives another last digest, so keeping that one digest beside the texts is enough
/// to notice.
enum HashChain {
    /// What stands before the first text: 32 zeros.
    static let genesis = [UInt8](repeating: 0, count: SHA256.byteCount)

    /// The digest after one more text: SHA-256 of the previous digest's bytes followed by the parts, one behind the
    /// other.
    ///
    /// Where a part ends must follow from the text itself.
    static func next(previous: [UInt8], _ parts: String...) -> [UInt8] {
        var hash = SHA256()
        previous.withUnsafeBytes { hash.update(bufferPointer: $0) }
        for var part in parts { part.withUTF8 { hash.update(bufferPointer: UnsafeRawBufferPointer($0)) } }
        return Array(hash.finalize())
    }
}
