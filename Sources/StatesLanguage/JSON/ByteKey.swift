/// A name in a dictionary that compares by its bytes, where `String` would equate spellings of one character.
struct ByteKey: Sendable, Hashable {
    let text: String

    static func == (left: ByteKey, right: ByteKey) -> Bool { left.text.hasSameBytes(as: right.text) }

    func hash(into hasher: inout Hasher) { hasher.combine(text) }
}
