public import StatesLanguage

/// What a person writes to ask for a tenant: the name, the labels and the config.
public struct TenantSpec: Sendable, Hashable {
    /// The longest name: a DNS label, because names become host names.
    public static let nameLengthLimit = 63

    /// The tenant's name.
    public let name: String
    /// For selecting.
    public let labels: [String: String]
    /// For people and tools.
    public let annotations: [String: String]
    /// What the tenant runs.
    public let config: TenantConfig

    /// Reads a spec from the document that a person wrote.
    ///
    /// - Throws: every broken rule at once, each with its field.
    public init(json: JSONValue) throws(InvalidSpec) {
        var reader = SpecReader()
        guard let fields = reader.object(json, path: "") else {
            if json == .null { reader.report("", "is empty; a tenant needs a name and a compute part") }
            throw InvalidSpec(reader.violations)
        }
        reader.refuseUnknown(fields, allowed: ["name", "labels", "annotations", "compute", "callbacks"], path: "")
        name = reader.string(fields["name"], path: "name", isRequired: true) ?? ""
        if !name.isEmpty, !Self.isLegalName(name) {
            reader.report("name", Self.nameRule)
        }
        labels = reader.stringMap(fields["labels"], path: "labels")
        reader.check(SpecLimits.labels(labels, path: "labels"))
        annotations = reader.stringMap(fields["annotations"], path: "annotations")
        reader.check(SpecLimits.annotations(annotations, path: "annotations"))
        if (fields["compute"] ?? .null) == .null { reader.report("compute", "is required") }
        let compute = ComputeSpec(fields["compute"] ?? .null, path: "compute", &reader)
        if let compute { reader.check(compute.violations(path: "compute")) }
        let callbacks = reader.list(fields["callbacks"], path: "callbacks", limit: SpecLimits.callbackCount)
        _ = CallbackSpec.list(callbacks, path: "callbacks", &reader)
        var document = JSONObject()
        document["compute"] = fields["compute"]
        if !callbacks.isEmpty { document["callbacks"] = fields["callbacks"] }
        config = TenantConfig(document: .object(document))
        if config.document.serializedBytes().count > SpecLimits.configByteCount {
            reader.report("compute", "must be at most \(SpecLimits.configByteCount) bytes as JSON")
        }
        try reader.finish()
    }

    /// The same spec with the provider filled in that a spec may leave to the configuration.
    public func withDefaultProvider(_ provider: String?) -> TenantSpec {
        guard config.provider == nil, let provider, case .object(var document) = config.document,
            case .object(var compute)? = document["compute"]
        else { return self }
        compute["provider"] = .string(provider)
        document["compute"] = .object(compute)
        return TenantSpec(
            name: name, labels: labels, annotations: annotations,
            config: TenantConfig(document: .object(document)))
    }

    /// A spec from parts that are known to be legal.
    public init(name: String, labels: [String: String], annotations: [String: String], config: TenantConfig) {
        self.name = name
        self.labels = labels
        self.annotations = annotations
        self.config = config
    }

    /// The rule for names, as it is told to a person who broke it.
    public static let nameRule =
        "must be 1 to 63 lowercase letters, digits or hyphens, and begin and end with a letter or digit"

    /// `^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$` (product.md).
    public static func isLegalName(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        guard (1...nameLengthLimit).contains(bytes.count), bytes.first != UInt8(ascii: "-"),
            bytes.last != UInt8(ascii: "-")
        else { return false }
        return bytes.allSatisfy(isNameByte)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
        default: false
        }
    }
}

/// A spec that cannot be accepted, with everything that is wrong with it.
public struct InvalidSpec: Error, Sendable, Hashable, CustomStringConvertible {
    /// Every broken rule, in the order of the document.
    public let violations: [Violation]

    /// Gathers broken rules; there is at least one.
    public init(_ violations: [Violation]) {
        self.violations = violations
    }

    /// One broken rule a line.
    public var description: String {
        violations.map(\.description).joined(separator: "\n")
    }
}
