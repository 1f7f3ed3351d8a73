/// The data that one state hands to the next: a value with its text, within the limits of the language.
///
/// The text is made once and then serves the history twice, as the output of one state and the input of the next.
struct Payload: Sendable, Hashable {
    /// The most bytes of a payload's text, as on AWS.
    static let byteLimit = 262_144
    /// How deep a payload may nest: less than the parser allows, because stored states hold payloads inside.
    static let depthLimit = 200

    let value: JSONValue
    private let knownText: String?

    /// The JSON text.
    var text: String { knownText ?? value.serialized() }

    /// Takes a value, which must be within the limits.
    init(_ value: JSONValue) throws(StateError) {
        var writer = JSONWriter(byteLimit: Self.byteLimit)
        writer.write(value)
        guard writer.byteCount <= Self.byteLimit else { throw Self.tooLarge }
        guard writer.depth <= Self.depthLimit else {
            throw StateError(
                ErrorName.dataLimitExceeded, "The data nests deeper than \(Self.depthLimit), which is the most allowed."
            )
        }
        self.value = value
        knownText = writer.text
    }

    /// Takes a value that has been within the limits before; its text is made when somebody asks.
    init(checked value: JSONValue) {
        self.value = value
        knownText = nil
    }

    static let tooLarge = StateError(
        ErrorName.dataLimitExceeded,
        "The state/task returned a result with a size exceeding the maximum number of bytes service limit.")

    /// The error in the words that Step Functions has for the result of a state or a task.
    static func tooLarge(resultOf name: String) -> StateError {
        StateError(
            ErrorName.dataLimitExceeded,
            "The state/task '\(name)' returned a result with a size exceeding the maximum number of bytes service "
                + "limit.")
    }

    static let emptyObject = Payload(checked: [:])

    static func == (left: Payload, right: Payload) -> Bool { left.value == right.value }

    func hash(into hasher: inout Hasher) { hasher.combine(value) }
}

/// What a template may still hold while it is filled, so that many large values never stand beside each other.
///
/// It counts less than the text of the values has, and so refuses nothing that would fit a payload.
struct TemplateRoom {
    private var byteCount = Payload.byteLimit

    mutating func take(_ value: JSONValue) throws(StateError) {
        count(value)
        guard byteCount >= 0 else { throw Payload.tooLarge }
    }

    private mutating func count(_ value: JSONValue) {
        byteCount -= 1
        guard byteCount >= 0 else { return }
        switch value {
        case .null, .bool, .number: break
        case .string(let text): byteCount -= text.utf8.count
        case .array(let elements):
            for element in elements where byteCount >= 0 { count(element) }
        case .object(let object):
            for position in 0..<object.count where byteCount >= 0 {
                let member = object.member(at: position)
                byteCount -= member.key.utf8.count
                count(member.value)
            }
        }
    }
}
