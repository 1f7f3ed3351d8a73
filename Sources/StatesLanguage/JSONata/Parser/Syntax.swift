/// An expression as it was written: what the parser makes, the printer prints and the compiler reads.
struct Syntax: Sendable {
    /// How deep expressions may nest, so that no walk over the tree exhausts a small stack.
    static let heightLimit = 400

    let kind: Kind
    /// The byte behind the token that made this expression.
    let offset: Int
    /// How many levels of expressions are below and including this one.
    let height: Int
    /// Whether `[]` follows, which keeps an array of one element an array.
    var keepsArray = false

    indirect enum Kind: Sendable, Hashable {
        case constant(JSONValue)
        case regex(pattern: String, flags: String)
        case name(String)
        case variable(String)
        case wildcard, descendants, parent
        /// `?` in the place of an argument.
        case placeholder
        case negation(Syntax)
        case binary(BinaryOperator, Syntax, Syntax)
        /// `left.step`
        case step(Syntax, Syntax)
        case filter(Syntax, by: Syntax)
        case array([Syntax])
        /// `from..to`, which only array constructors hold.
        case range(Syntax, Syntax)
        case object([Pair])
        case group(Syntax, [Pair])
        case sort(Syntax, [SortTerm])
        case focus(Syntax, String)
        case index(Syntax, String)
        case binding(String, Syntax)
        case apply(Syntax, Syntax)
        case block([Syntax])
        case condition(Syntax, then: Syntax, otherwise: Syntax?)
        /// `left ?: right`
        case elvis(Syntax, Syntax)
        /// `left ?? right`
        case coalesce(Syntax, Syntax)
        case call(Syntax, [Syntax])
        case lambda([String], signature: String?, body: Syntax)
        case transform(Syntax, update: Syntax, delete: Syntax?)
    }

    struct Pair: Sendable, Hashable {
        let key: Syntax
        let value: Syntax
    }

    struct SortTerm: Sendable, Hashable {
        let expression: Syntax
        let isDescending: Bool
    }
}

/// The operators between two values.
enum BinaryOperator: String, Sendable, Hashable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case remainder = "%"
    case equal = "="
    case unequal = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case concatenate = "&"
    case and
    case or
    case `in`
}

extension Syntax: Hashable {
    /// Tells whether two expressions are written the same, wherever they stand in their texts.
    static func == (left: Syntax, right: Syntax) -> Bool {
        left.height == right.height && left.keepsArray == right.keepsArray && left.kind == right.kind
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(height)
        hasher.combine(keepsArray)
    }
}
