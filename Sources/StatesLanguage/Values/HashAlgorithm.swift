import Crypto

/// The hash algorithms of `States.Hash` and `$hash`, by the names that both languages give them.
enum HashAlgorithm: String, Sendable, CaseIterable {
    case md5 = "MD5"
    case sha1 = "SHA-1"
    case sha256 = "SHA-256"
    case sha384 = "SHA-384"
    case sha512 = "SHA-512"

    /// The digest of a text's UTF-8 bytes in hexadecimal digits.
    func hexDigest(of text: String) -> String {
        switch self {
        case .md5: Self.digest(of: text, by: Insecure.MD5())
        case .sha1: Self.digest(of: text, by: Insecure.SHA1())
        case .sha256: Self.digest(of: text, by: SHA256())
        case .sha384: Self.digest(of: text, by: SHA384())
        case .sha512: Self.digest(of: text, by: SHA512())
        }
    }

    private static func digest(of text: String, by function: some HashFunction) -> String {
        var (text, function) = (text, function)
        text.withUTF8 { function.update(bufferPointer: UnsafeRawBufferPointer($0)) }
        return SHA256Digest.hexText(Array(function.finalize()))
    }
}
