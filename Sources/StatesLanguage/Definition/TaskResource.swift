/// What the `Resource` of a Task state names.
///
/// AWS writes `arn:aws:states:::service:action.pattern`; its histories then show `service` as the type of the resource
/// and `action.pattern` as the resource. Any other text is cut at its last colon in the same way.
struct TaskResource: Sendable, Hashable {
    private static let tokenSuffix = ".waitForTaskToken"

    let text: String
    let type: String
    let name: String
    /// Whether the task is answered by whoever holds its token, and not by the call itself.
    let waitsForToken: Bool

    init(_ text: String) {
        self.text = text
        waitsForToken = text.hasSuffix(Self.tokenSuffix)
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        if parts.count >= 7, parts[0] == "arn", parts[2] == "states", parts[5] != "activity" {
            type = parts[5..<(parts.count - 1)].joined(separator: ":")
            name = String(parts[parts.count - 1])
        } else if parts.count >= 6, parts[0] == "arn" {
            type = String(parts[2])
            name = text
        } else {
            type = parts.dropLast().joined(separator: ":")
            name = String(parts[parts.count - 1])
        }
    }
}
