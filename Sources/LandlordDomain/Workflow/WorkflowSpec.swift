public import StatesLanguage

/// A workflow definition as it is handed to a provider (reference 4.2).
public struct WorkflowSpec: Sendable, Hashable {
    /// Names the workflow at its provider.
    public var workflowID: String
    /// Who runs it.
    public var provider: String
    /// For people.
    public var name: String
    /// For people.
    public var description: String
    /// The definition in the provider's language.
    public var definition: JSONValue
    /// How long a run may take; nil for as long as the definition says.
    public var timeout: Duration?
    /// For selecting.
    public var tags: [String: String]

    /// Describes a workflow.
    public init(
        workflowID: String, provider: String, name: String, description: String = "", definition: JSONValue,
        timeout: Duration? = nil, tags: [String: String] = [:]
    ) {
        self.workflowID = workflowID
        self.provider = provider
        self.name = name
        self.description = description
        self.definition = definition
        self.timeout = timeout
        self.tags = tags
    }

    /// Bytes of a description.
    public static let descriptionByteLimit = 1_024
    /// Bytes of a definition, an input or an output.
    public static let documentByteLimit = 262_144
    /// Tags of one workflow or run.
    public static let tagCountLimit = 50
    /// Bytes of a tag's key and of its value.
    public static let tagByteLimit = 128

    /// Every rule that the spec breaks, whatever provider runs it (reference 4.2).
    public var violations: [Violation] {
        var found: [Violation] = []
        if !Self.isLegalWorkflowID(workflowID) {
            found.append(Violation("workflow_id", "must be 1 to 128 lowercase letters, digits or hyphens"))
        }
        if provider.isEmpty { found.append(Violation("provider_type", "is required")) }
        if !(1...256).contains(name.unicodeScalars.count) {
            found.append(Violation("name", "must be 1 to 256 characters"))
        }
        if description.utf8.count > Self.descriptionByteLimit {
            found.append(Violation("description", "must be at most \(Self.descriptionByteLimit) bytes"))
        }
        found += Self.document(definition, field: "definition")
        if let timeout, timeout <= .zero { found.append(Violation("timeout", "must be positive")) }
        found += Self.tags(tags)
        return found
    }

    static func document(_ document: JSONValue, field: String) -> [Violation] {
        if document == .null { return [Violation(field, "is required")] }
        guard document.serializedBytes().count > documentByteLimit else { return [] }
        return [Violation(field, "must be at most \(documentByteLimit) bytes")]
    }

    static func tags(_ tags: [String: String]) -> [Violation] {
        var found: [Violation] = []
        if tags.count > tagCountLimit { found.append(Violation("tags", "must be at most \(tagCountLimit)")) }
        for (key, value) in tags.sorted(by: { $0.key < $1.key })
        where key.isEmpty || key.utf8.count > tagByteLimit || value.utf8.count > tagByteLimit {
            found.append(Violation("tags.\(key)", "must have a key and be at most \(tagByteLimit) bytes"))
        }
        return found
    }

    /// Whether a workflow may have the name: 1 to 128 lowercase letters, digits or hyphens.
    public static func isLegalWorkflowID(_ id: String) -> Bool {
        (1...128).contains(id.utf8.count)
            && id.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}

/// What a run is started with (reference 4.2).
public struct ExecutionInput: Sendable, Hashable {
    /// The deterministic name of the run; starting it twice gives the same run.
    public var executionName: String
    /// The run's input.
    public var input: JSONValue
    /// For selecting.
    public var tags: [String: String]
    /// Who or what started it.
    public var triggerSource: String
    /// The tenant that it works for.
    public var tenantID: Tenant.ID?

    /// Describes a start.
    public init(
        executionName: String, input: JSONValue, tags: [String: String] = [:], triggerSource: String,
        tenantID: Tenant.ID? = nil
    ) {
        self.executionName = executionName
        self.input = input
        self.tags = tags
        self.triggerSource = triggerSource
        self.tenantID = tenantID
    }

    /// Every rule that the start breaks (reference 4.2).
    public var violations: [Violation] {
        var found: [Violation] = []
        if !Self.isLegalExecutionName(executionName) {
            found.append(
                Violation("name", "must be 1 to 128 letters, digits, hyphens or underscores"))
        }
        found += WorkflowSpec.document(input, field: "input")
        found += WorkflowSpec.tags(tags)
        return found
    }

    /// Whether a run may have the name: 1 to 128 letters, digits, hyphens or underscores.
    public static func isLegalExecutionName(_ name: String) -> Bool {
        (1...128).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }
}
