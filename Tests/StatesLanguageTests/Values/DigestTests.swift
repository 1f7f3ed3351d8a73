import Crypto
import Testing

@testable import StatesLanguage

/// Our digests beside those of swift-crypto.
@Suite struct DigestTests {
    private func hex(_ text: String, by function: some HashFunction) -> String {
        var function = function
        function.update(data: Array(text.utf8))
        return SHA256Digest.hexText(Array(function.finalize()))
    }

    @Test func `texts of every length up to three blocks have the digests that another library gives`() {
        var random = SeededGenerator(seed: 3)
        for length in Array(0...400) + [4_096, 65_537] {
            let text = String((0..<length).map { _ in Character(Unicode.Scalar(UInt8(random.next() % 128))) })
            #expect(HashAlgorithm.md5.hexDigest(of: text) == hex(text, by: Insecure.MD5()))
            #expect(HashAlgorithm.sha1.hexDigest(of: text) == hex(text, by: Insecure.SHA1()))
            #expect(HashAlgorithm.sha256.hexDigest(of: text) == hex(text, by: SHA256()))
            #expect(HashAlgorithm.sha384.hexDigest(of: text) == hex(text, by: SHA384()))
            #expect(HashAlgorithm.sha512.hexDigest(of: text) == hex(text, by: SHA512()))
        }
    }
}
