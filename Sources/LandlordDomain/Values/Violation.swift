/// One rule that a value breaks, with the place of the field in the document that a person wrote.
///
/// Validation returns all of them at once: an operator who fixes a spec one error at a time gives up.
public struct Violation: Error, Sendable, Hashable, CustomStringConvertible {
    /// Where, in the words of the document: `compute.containers[0].ports[1].container_port`.
    public let field: String
    /// What is wrong and what would be right, as a sentence without the field's name.
    public let message: String

    /// Names a broken rule at a field.
    public init(_ field: String, _ message: String) {
        self.field = field
        self.message = message
    }

    /// The field and the message on one line.
    public var description: String {
        field.isEmpty ? message : "\(field): \(message)"
    }

    /// The same violation seen from one level further out.
    public func inside(_ parent: String) -> Violation {
        if field.isEmpty { return Violation(parent, message) }
        return Violation(field.hasPrefix("[") ? parent + field : "\(parent).\(field)", message)
    }
}
