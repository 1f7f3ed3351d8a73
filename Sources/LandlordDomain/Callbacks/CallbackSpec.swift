import StatesLanguage

/// A webhook that wants to hear of a tenant's executions.
public struct CallbackSpec: Sendable, Hashable {
    /// The longest address.
    public static let urlByteLimit = WebhookAddress.byteLimit
    /// The most secrets: the new one, and those that receivers may still know.
    public static let secretLimit = 4

    /// Where to post.
    public var url: String
    /// Where the signing secrets are found, `env:NAME` or `file:PATH`, the newest first; none for no signature.
    public var secrets: [String]

    init?(_ json: JSONValue, path: String, _ reader: inout SpecReader) {
        guard let fields = reader.object(json, path: path) else {
            if json == .null { reader.report(path, "must be a mapping, not nothing") }
            return nil
        }
        reader.refuseUnknown(fields, allowed: ["url", "secret"], path: path)
        url = reader.string(fields["url"], path: "\(path).url", isRequired: true) ?? ""
        if case .array? = fields["secret"] {
            secrets = reader.strings(fields["secret"], path: "\(path).secret", limit: Self.secretLimit)
        } else {
            secrets = reader.string(fields["secret"], path: "\(path).secret").map { [$0] } ?? []
        }
        if !url.isEmpty {
            do throws(WebhookAddress.Problem) {
                _ = try WebhookAddress(url)
            } catch {
                reader.report("\(path).url", error.description)
            }
        }
        for secret in secrets where !secret.hasPrefix("env:") && !secret.hasPrefix("file:") {
            reader.report("\(path).secret", "must be env:NAME or file:PATH; a secret itself is refused")
        }
    }

    /// Reads a spec's webhooks.
    static func list(_ items: [JSONValue], path: String, _ reader: inout SpecReader) -> [CallbackSpec] {
        var specs: [CallbackSpec] = []
        for (index, item) in items.enumerated() {
            guard let spec = CallbackSpec(item, path: "\(path)[\(index)]", &reader) else { continue }
            if specs.contains(where: { $0.url == spec.url }), !spec.url.isEmpty {
                reader.report("\(path)[\(index)].url", "is named twice; a webhook hears of each execution once")
            }
            specs.append(spec)
        }
        return specs
    }
}
