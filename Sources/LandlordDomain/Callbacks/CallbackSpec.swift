import StatesLanguage

/// A webhook that wants to hear of a tenant's executions.
public struct CallbackSpec: Sendable, Hashable {
    /// The longest address.
    public static let urlByteLimit = 2_048

    /// Where to post.
    public var url: String
    /// Where the signing secret is found: `env:NAME` or `file:PATH`.
    public var secret: String?

    init?(_ json: JSONValue, path: String, _ reader: inout SpecReader) {
        guard let fields = reader.object(json, path: path) else {
            if json == .null { reader.report(path, "must be a mapping, not nothing") }
            return nil
        }
        reader.refuseUnknown(fields, allowed: ["url", "secret"], path: path)
        url = reader.string(fields["url"], path: "\(path).url", isRequired: true) ?? ""
        secret = reader.string(fields["secret"], path: "\(path).secret")
        let isWeb = url.hasPrefix("https://") || url.hasPrefix("http://")
        let isClean = url.utf8.count <= Self.urlByteLimit && url.utf8.allSatisfy { $0 > 32 && $0 < 127 }
        if !url.isEmpty, !isWeb || !isClean {
            let rule = "must be an http or https address of at most \(Self.urlByteLimit) plain characters"
            reader.report("\(path).url", rule)
        }
        if let secret, !secret.hasPrefix("env:"), !secret.hasPrefix("file:") {
            reader.report("\(path).secret", "must be env:NAME or file:PATH; a secret itself is refused")
        }
    }
}
