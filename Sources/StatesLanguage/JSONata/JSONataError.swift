/// Why an expression does not parse or has no value: JSONata's own code and text, and the place.
public struct JSONataError: Error, Sendable, Hashable {
    /// The code that the reference implementation gives this error, such as `T2001`.
    public let code: String
    /// A sentence for people, in the words of the reference implementation.
    public let message: String
    /// The byte of the expression's text where the failing token ends, as far as it is known.
    public internal(set) var offset: Int?
    /// The token or the function's name that the error is about.
    public internal(set) var token: String?

    private init(code: String, message: String, offset: Int?, token: String?) {
        self.code = code
        self.message = message
        self.offset = offset
        self.token = token
    }

    /// Makes an error of the catalogue; texts in the message are filled in from the other arguments.
    init(_ code: Code, token: String? = nil, value: String? = nil, second: String? = nil, at offset: Int? = nil) {
        let message = Self.fill(code.template, token: token, value: value, second: second)
        self.init(code: code.rawValue, message: message, offset: offset, token: token)
    }

    /// The evaluation takes too many steps; Step Functions, which times expressions, has these words for it.
    static let tooLong = JSONataError(.u1001, value: "Expression evaluation timeout: Check for infinite loop")
    /// The evaluation, or what it makes, nests too deep.
    static let tooDeep = JSONataError(
        .u1001,
        value: "Stack overflow error: Check for non-terminating recursive function. Consider rewriting as "
            + "tail-recursive.")
    /// The evaluation makes too much.
    static let tooLarge = JSONataError(
        .u1001, value: "Expression evaluation memory limit exceeded: Check for excessive memory usage")

    /// Makes an error about an argument of a function, counted from 1.
    init(_ code: Code, argument index: Int, type: String = "") {
        let template = code.template.replacing("{{index}}", with: String(index))
        self.init(
            code: code.rawValue, message: template.replacing("{{type}}", with: "\"\(type)\""), offset: nil, token: nil)
    }

    /// Makes the error that an expression raises itself, by `$error` or `$assert`.
    init(_ code: Code, words: String) {
        self.init(code: code.rawValue, message: words, offset: nil, token: nil)
    }

    /// The same error with a place and a token, where it does not have them yet.
    func located(at offset: Int, token: String?) -> JSONataError {
        let name = self.token ?? token
        let words = name.map { message.replacing("{{token}}", with: "\"\($0)\"") } ?? message
        return JSONataError(code: code, message: words, offset: self.offset ?? offset, token: name)
    }

    private static func fill(_ template: String, token: String?, value: String?, second: String?) -> String {
        var text = template
        if let token {
            text = text.replacing("{{{token}}}", with: token).replacing("{{token}}", with: quoted(token))
        }
        if let value { text = text.replacing("{{value}}", with: value) }
        if let second { text = text.replacing("{{value2}}", with: second) }
        return text
    }

    private static func quoted(_ text: String) -> String { JSONValue.string(text).serialized() }
}

extension JSONataError: CustomStringConvertible {
    /// The code and the sentence, as AWS writes them.
    public var description: String { "\(code): \(message)" }
}
