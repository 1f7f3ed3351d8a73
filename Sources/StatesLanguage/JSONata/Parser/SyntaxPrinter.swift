/// Prints an expression so that it parses into the same tree.
///
/// Brackets are not kept by the tree unless they are a block, so the printer makes a text without any that the tree
/// does not hold: an operand that would need them cannot come from the parser.
struct SyntaxPrinter {
    static func text(of syntax: Syntax) -> String {
        let inner = body(of: syntax)
        return syntax.keepsArray ? inner + "[]" : inner
    }

    /// The text for an error message; one that is high, which a small stack could not print, is left out.
    static func shortText(of syntax: Syntax) -> String { syntax.height > 40 ? "..." : text(of: syntax) }

    private static func body(of syntax: Syntax) -> String {
        switch syntax.kind {
        case .constant(.number(let number)): number.description
        case .constant(let value): value.serialized()
        case .regex(let pattern, let flags): "/\(pattern)/\(flags)"
        // A name that holds a backquote was read without quotes, and is so again.
        case .name(let name): name.utf8.contains(UInt8(ascii: "`")) ? name : "`\(name)`"
        case .variable(let name): "$\(name)"
        case .wildcard: "*"
        case .descendants: "**"
        case .parent: "%"
        case .placeholder: "?"
        case .negation(let part): "-\(text(of: part))"
        case .binary(let operation, let left, let right): "\(text(of: left)) \(operation.rawValue) \(text(of: right))"
        case .step(let left, let right): "\(text(of: left)).\(text(of: right))"
        case .filter(let left, let predicate): "\(text(of: left))[\(text(of: predicate))]"
        case .array(let items): "[\(list(items))]"
        case .range(let first, let last): "\(text(of: first))..\(text(of: last))"
        case .object(let pairs): "{\(members(pairs))}"
        case .group(let left, let pairs): "\(text(of: left)){\(members(pairs))}"
        case .sort(let left, let terms): "\(text(of: left))^(\(sortTerms(terms)))"
        case .focus(let left, let name): "\(text(of: left))@$\(name)"
        case .index(let left, let name): "\(text(of: left))#$\(name)"
        case .binding(let name, let value): "$\(name) := \(text(of: value))"
        case .apply(let left, let right): "\(text(of: left)) ~> \(text(of: right))"
        case .block(let parts): "(\(parts.map(text).joined(separator: "; ")))"
        case .elvis(let left, let right): "\(text(of: left)) ?: \(text(of: right))"
        case .coalesce(let left, let right): "\(text(of: left)) ?? \(text(of: right))"
        case .call(let function, let arguments): "\(text(of: function))(\(list(arguments)))"
        case .condition(let condition, let then, let otherwise):
            "\(text(of: condition)) ? \(text(of: then))" + (otherwise.map { " : \(text(of: $0))" } ?? "")
        case .lambda(let names, let signature, let body):
            "function(\(names.map { "$\($0)" }.joined(separator: ", ")))\(signature ?? "") {\(text(of: body))}"
        case .transform(let pattern, let update, let delete):
            "|\(text(of: pattern))|\(text(of: update))" + (delete.map { ", \(text(of: $0))" } ?? "") + "|"
        }
    }

    private static func list(_ parts: [Syntax]) -> String { parts.map(text).joined(separator: ", ") }

    private static func members(_ pairs: [Syntax.Pair]) -> String {
        pairs.map { "\(text(of: $0.key)): \(text(of: $0.value))" }.joined(separator: ", ")
    }

    private static func sortTerms(_ terms: [Syntax.SortTerm]) -> String {
        terms.map { ($0.isDescending ? ">" : "<") + text(of: $0.expression) }.joined(separator: ", ")
    }
}
