/// One token of an expression.
struct Token: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        case end
        case `operator`
        case name
        case variable
        case string
        case number(JSONNumber)
        /// `true`, `false` or `null`.
        case constant(JSONValue)
        case regex(flags: String)
    }

    let kind: Kind
    /// The operator, the name without quotes or `$`, the text of a string, the pattern of a regular expression.
    let text: String
    /// The byte behind the token.
    let end: Int

    func isOperator(_ symbol: String) -> Bool {
        if case .operator = kind { text == symbol } else { false }
    }
}
