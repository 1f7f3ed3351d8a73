/// What the `Resource` of a Task state names, and so which events its history has.
///
/// AWS writes `arn:aws:states:::service:action.pattern`; its histories then show `service` as the type of the resource
/// and `action.pattern` as the resource. Functions and activities have events of their own. Any other text is treated
/// as a service, cut at its last colon; `service:activity:name` is an activity of an engine that has no ARNs, and waits
/// for its token with `.waitForTaskToken` behind it.
public struct TaskResource: Sendable, Hashable {
    /// The kinds of resource, which differ in the events they write.
    public enum Kind: Sendable, Hashable {
        /// A function named by its own ARN.
        case lambdaFunction
        /// An activity, whose work is fetched by workers.
        case activity
        /// A service integration.
        case service
    }

    /// How a service integration answers.
    public enum Pattern: String, Sendable, Hashable, CaseIterable {
        /// With the response of the call.
        case requestResponse = ""
        /// When the job that the call started has ended.
        case sync = ".sync"
        /// When the job that the call started has ended, with its output parsed.
        case syncParsed = ".sync:2"
        /// When somebody sends the token back.
        case waitForTaskToken = ".waitForTaskToken"
    }

    /// The text of the field.
    public let text: String
    /// The kind.
    public let kind: Kind
    /// How it answers.
    public let pattern: Pattern
    /// `resourceType` in the history.
    let type: String
    /// `resource` in the history.
    let name: String
    /// The region of the ARN; AWS leaves it empty in integrations.
    let region: String?

    /// Whether the task is answered by whoever holds its token, and not by the call itself.
    public var waitsForToken: Bool { pattern == .waitForTaskToken || kind == .activity }

    /// Whether a resource ends with `.waitForTaskToken`.
    public static func hasTokenPattern(_ resource: String) -> Bool {
        resource.hasSuffix(Pattern.waitForTaskToken.rawValue)
    }

    /// A resource without the `.waitForTaskToken` that it may end with.
    public static func withoutTokenPattern(_ resource: String) -> String {
        hasTokenPattern(resource) ? String(resource.dropLast(Pattern.waitForTaskToken.rawValue.count)) : resource
    }

    /// Why an express machine cannot have the task, in the words of Step Functions; nil when it can.
    var expressRefusal: String? {
        switch (kind, pattern) {
        case (.activity, _): "Express state machine does not support Activity ARN"
        case (_, .requestResponse): nil
        case (_, let pattern): "Express state machine does not support '\(pattern.rawValue)' service integration"
        }
    }

    /// Whether the text has the form of an ARN, which Step Functions asks for.
    public let isARN: Bool
    /// Of an ARN of the form `arn:aws:states:::service:action`, what it calls.
    let call: IntegrationCall?

    /// Reads a resource.
    public init(_ text: String) {
        self.text = text
        let pattern =
            [Pattern.waitForTaskToken, .syncParsed, .sync].first { text.hasSuffix($0.rawValue) } ?? .requestResponse
        let parts = text.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
            .map { String(Substring($0)) }
        isARN = parts.count >= 6 && parts[0] == "arn"
        region = isARN && !parts[3].isEmpty ? parts[3] : nil
        let isActivity =
            isARN ? parts[2] == "states" && parts[5] == "activity" : parts.count == 3 && parts[1] == "activity"
        if isActivity {
            kind = .activity
            self.pattern = !isARN && pattern == .waitForTaskToken ? pattern : .requestResponse
            (type, name, call) = ("activity", text, nil)
        } else if isARN, parts[2] == "lambda" {
            kind = .lambdaFunction
            self.pattern = .requestResponse
            (type, name, call) = ("lambda", text, nil)
        } else {
            kind = .service
            self.pattern = pattern
            call = isARN ? IntegrationCall(parts, pattern) : nil
            // The colon of `.sync:2` belongs to the action.
            var words = parts
            if pattern == .syncParsed, words.count > 1 {
                let version = words.removeLast()
                words[words.count - 1] += ":" + version
            }
            name = words[words.count - 1]
            let first = isARN && parts[2] == "states" ? min(5, words.count - 1) : 0
            type = words[first..<(words.count - 1)].joined(separator: ":")
        }
    }
}
