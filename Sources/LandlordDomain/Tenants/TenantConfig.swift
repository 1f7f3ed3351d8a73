public import StatesLanguage

/// What a tenant should run: its containers and who wants to hear of it, as one canonical document.
///
/// The document is kept as JSON because everything that compares configs (plan, hash, drift) compares documents; the
/// typed view is made when a provider needs it.
public struct TenantConfig: Sendable, Hashable {
    /// The document: an object with `compute` and, where webhooks are wanted, `callbacks`.
    public let document: JSONValue
    /// SHA-256 of the canonical document; equal configs have equal hashes.
    public let hash: String

    /// Keeps a document that has already been validated.
    public init(document: JSONValue) {
        self.document = document
        self.hash = ConfigHash.of(document)
    }

    /// Keeps a document with a hash that was computed before, so that reading a row costs no digest.
    public init(document: JSONValue, hash: String) {
        self.document = document
        self.hash = hash
    }

    /// The compute part, typed.
    ///
    /// - Throws: every violation of the spec's rules at once.
    public func compute() throws(InvalidSpec) -> ComputeSpec {
        try ComputeSpec(json: document["compute"] ?? .null)
    }

    /// The webhooks that want to hear of the tenant's executions.
    ///
    /// What was accepted once is never refused here, because an execution must be able to end: an address that no rule
    /// allows any more becomes a dead letter, in plain sight.
    public var webhooks: [Callback.Destination] {
        let items = document["callbacks"]?.arrayValue ?? []
        return items.compactMap { item in
            guard let url = item["url"]?.stringValue else { return nil }
            let secret = item["secret"]
            let secrets = secret?.arrayValue?.compactMap(\.stringValue) ?? secret?.stringValue.map { [$0] }
            return .webhook(url: url, secrets: secrets ?? [])
        }
    }

    /// The provider that the config names.
    public var provider: String? { document["compute"]?["provider"]?.stringValue }
}

/// The rule that makes two configs equal: SHA-256 over RFC 8785 canonical JSON.
public enum ConfigHash {
    /// Nothing, `{}` and null are one config, with one hash.
    public static func of(_ document: JSONValue) -> String {
        SHA256Digest.hex(of: isEmpty(document) ? "{}" : document.canonical())
    }

    private static func isEmpty(_ document: JSONValue) -> Bool {
        switch document {
        case .null: true
        case .object(let object): object.isEmpty
        case .bool, .number, .string, .array: false
        }
    }
}
