import Crypto
import Foundation
import LandlordDomain

/// Signs what is sent to a webhook as Standard Webhooks prescribes, so that the receiver can tell who sent it.
///
/// What is signed is the identifier, the time and the body, so that neither can be exchanged and an old request
/// cannot be sent again. With several secrets there are several signatures: while a secret is being changed, the
/// receiver finds the one that it knows.
enum WebhookSignature {
    /// The headers of a signed request; without secrets it is not signed.
    ///
    /// - Throws: Where a secret is not what its prefix says.
    static func headers(
        id: String, seconds: Int64, body: [UInt8], secrets: [String]
    ) throws(DeliveryFailure) -> [(name: String, value: String)] {
        var headers = [("webhook-id", id), ("webhook-timestamp", "\(seconds)")]
        guard !secrets.isEmpty else { return headers }
        var signatures: [String] = []
        for secret in secrets {
            var hash = HMAC<SHA256>(key: try key(of: secret))
            hash.update(data: Array("\(id).\(seconds).".utf8))
            hash.update(data: body)
            signatures.append("v1," + Data(hash.finalize()).base64EncodedString())
        }
        headers.append(("webhook-signature", signatures.joined(separator: " ")))
        return headers
    }

    /// What stands behind `whsec_` is the key in Base64; anything else is the key itself.
    private static func key(of secret: String) throws(DeliveryFailure) -> SymmetricKey {
        guard secret.hasPrefix("whsec_") else {
            guard !secret.isEmpty else { throw DeliveryFailure(.secretUnavailable, "a secret is empty") }
            return SymmetricKey(data: Array(secret.utf8))
        }
        // Some write the Base64 without the signs that fill its last group.
        let text = secret.dropFirst(6)
        let filled = String(text) + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        guard let key = Data(base64Encoded: filled), !key.isEmpty else {
            throw DeliveryFailure(.secretUnavailable, "a secret is not Base64 behind its whsec_")
        }
        return SymmetricKey(data: key)
    }
}
