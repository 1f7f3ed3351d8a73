/// The hash algorithms of `States.Hash` and `$hash`, by the names that both languages give them.
enum HashAlgorithm: String, Sendable, CaseIterable {
    case md5 = "MD5"
    case sha1 = "SHA-1"
    case sha256 = "SHA-256"
    case sha384 = "SHA-384"
    case sha512 = "SHA-512"

    /// The digest of a text's UTF-8 bytes in hexadecimal digits.
    func hexDigest(of text: String) -> String {
        let bytes = Array(text.utf8)
        let digest =
            switch self {
            case .md5: MD5.digest(bytes)
            case .sha1: SHA1.digest(bytes)
            case .sha256: SHA2.sha256(bytes)
            case .sha384: SHA2.sha384(bytes)
            case .sha512: SHA2.sha512(bytes)
            }
        return SHA256Digest.hexText(digest)
    }
}
