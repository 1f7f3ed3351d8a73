public import StatesLanguage

/// The difference between a desired and an observed config, field by field, shown before it is applied.
public struct Plan: Sendable, Hashable {
    /// One field that differs.
    public struct Change: Sendable, Hashable {
        /// Where: `compute.containers[0].image`.
        public let path: String
        /// What is there now; nil when the field is added.
        public let before: JSONValue?
        /// What will be there; nil when the field is removed.
        public let after: JSONValue?

        /// Describes a difference.
        public init(path: String, before: JSONValue?, after: JSONValue?) {
            self.path = path
            self.before = before
            self.after = after
        }
    }

    /// What differs, in the order of the desired document, removed fields last.
    public let changes: [Change]

    /// Compares what is with what should be.
    public init(desired: TenantConfig, observed: TenantConfig?) {
        var found: [Change] = []
        Self.compare(observed?.document, desired.document, path: "", into: &found)
        changes = found
    }

    /// Nothing differs.
    public var isEmpty: Bool { changes.isEmpty }

    private static func compare(_ before: JSONValue?, _ after: JSONValue?, path: String, into found: inout [Change]) {
        guard before != after else { return }
        switch (before, after) {
        case (.object(let old)?, .object(let new)?):
            for (key, value) in new {
                compare(old[key], value, path: path.isEmpty ? key : "\(path).\(key)", into: &found)
            }
            for (key, value) in old where new[key] == nil {
                compare(value, nil, path: path.isEmpty ? key : "\(path).\(key)", into: &found)
            }
        case (.array(let old)?, .array(let new)?):
            for index in 0..<max(old.count, new.count) {
                // The types are said because a bare nil would be read as the JSON null.
                let left: JSONValue? = old.indices.contains(index) ? .some(old[index]) : .none
                let right: JSONValue? = new.indices.contains(index) ? .some(new[index]) : .none
                compare(left, right, path: "\(path)[\(index)]", into: &found)
            }
        case (nil, .object(let new)?) where !new.isEmpty:
            for (key, value) in new {
                compare(nil, value, path: path.isEmpty ? key : "\(path).\(key)", into: &found)
            }
        case (nil, .array(let new)?) where !new.isEmpty:
            for (index, value) in new.enumerated() { compare(nil, value, path: "\(path)[\(index)]", into: &found) }
        default:
            found.append(Change(path: path, before: before, after: after))
        }
    }
}
