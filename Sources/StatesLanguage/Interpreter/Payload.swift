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
        guard writer.bytes.count <= Self.byteLimit else {
            throw StateError(
                ErrorName.dataLimitExceeded,
                "The state/task returned a result with a size exceeding the maximum number of bytes service limit.")
        }
        guard writer.depth <= Self.depthLimit else {
            throw StateError(
                ErrorName.dataLimitExceeded, "The data nests deeper than \(Self.depthLimit), which is the most allowed."
            )
        }
        self.value = value
        knownText = String(decoding: writer.bytes, as: UTF8.self)
    }

    /// Takes a value that has been within the limits before; its text is made when somebody asks.
    init(checked value: JSONValue) {
        self.value = value
        knownText = nil
    }

    static let emptyObject = Payload(checked: [:])

    static func == (left: Payload, right: Payload) -> Bool { left.value == right.value }

    func hash(into hasher: inout Hasher) { hasher.combine(value) }
}
