/// The first argument of `States.Format`, cut at its placeholders `{}`.
///
/// A backslash makes the character behind it plain, so `\{\}` is a pair of braces and no placeholder.
struct FormatTemplate: Sendable, Hashable {
    private let pieces: [String]
    /// Whether a brace opens that neither closes at once nor is escaped; AWS refuses to fill such a template.
    private let hasOpenBrace: Bool

    init(_ raw: String) {
        var pieces: [String] = []
        var piece: [UInt8] = []
        let bytes = Array(raw.utf8)
        var position = 0
        var hasOpenBrace = false
        while position < bytes.count {
            let byte = bytes[position]
            let following = position + 1 < bytes.count ? bytes[position + 1] : 0
            switch (byte, following) {
            case (UInt8(ascii: "\\"), _) where following != 0:
                piece.append(following)
                position += 2
            case (UInt8(ascii: "{"), UInt8(ascii: "}")):
                pieces.append(String(decoding: piece, as: UTF8.self))
                piece = []
                position += 2
            default:
                if byte == UInt8(ascii: "{") { hasOpenBrace = true }
                piece.append(byte)
                position += 1
            }
        }
        pieces.append(String(decoding: piece, as: UTF8.self))
        self.pieces = pieces
        self.hasOpenBrace = hasOpenBrace
    }

    var placeholderCount: Int { pieces.count - 1 }

    /// The template with its placeholders as they stand.
    var text: String { pieces.joined(separator: "{}") }

    /// The text with a value in the place of each placeholder; there must be as many of one as of the other.
    func filled(with values: [JSONValue]) throws(IntrinsicError) -> String {
        guard !hasOpenBrace else { throw IntrinsicError("matching '}' not found for '{'") }
        var text = pieces[0]
        for (value, piece) in zip(values, pieces.dropFirst()) {
            text += Self.plainText(of: value)
            text += piece
            guard text.utf8.count <= Payload.byteLimit else { throw .tooLarge }
        }
        return text
    }

    /// How AWS writes a value into a text: strings bare, and containers in the manner of Java.
    private static func plainText(of value: JSONValue) -> String {
        switch value {
        case .string(let text): text
        case .null, .bool, .number: value.serialized()
        case .array(let elements): "[" + elements.map(plainText).joined(separator: ", ") + "]"
        case .object(let object):
            "{" + object.map { "\($0.key)=\(plainText(of: $0.value))" }.joined(separator: ", ") + "}"
        }
    }
}
