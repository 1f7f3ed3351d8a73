/// One part of a compiled expression.
///
/// The compiler has resolved names of variables to numbers, made paths flat, and found which steps must remember their
/// parent; so evaluation looks up nothing by name but members of data.
final class Node: Sendable {
    let kind: Kind
    let traits: Traits

    init(_ kind: Kind, _ traits: Traits) {
        self.kind = kind
        self.traits = traits
    }

    convenience init(_ kind: Kind, at offset: Int) { self.init(kind, Traits(offset: offset)) }

    /// The same node with other traits.
    func with(_ change: (inout Traits) -> Void) -> Node {
        var traits = traits
        change(&traits)
        return Node(kind, traits)
    }

    /// What a node carries beside what it does.
    struct Traits: Sendable {
        var offset: Int
        /// `[]` follows: a sequence of one element stays an array.
        var keepsArray = false
        /// An array constructor whose array counts as one value in a path.
        var isConstructor = false
        /// Filters of an expression that is not a step of a path.
        var predicates: [Node] = []
        /// Filters and position bindings of a step.
        var stages: [Stage] = []
        var group: Group?
        /// The variable that `@` binds.
        var focus: Symbol?
        /// The variable that `#` binds.
        var index: Symbol?
        /// The name under which a step remembers what it was applied to, for `%`.
        var ancestor: Symbol?
        /// Whether the step makes tuples: values with bindings.
        var makesTuples = false
        /// The `%` in it whose ancestor has not been found yet.
        var seeking: [ParentSlot] = []
    }

    enum Stage: Sendable {
        case filter(Node)
        case index(Symbol)
    }

    struct Group: Sendable {
        let pairs: [Pair]
        let offset: Int
    }

    struct Pair: Sendable {
        let key: Node
        let value: Node
    }

    struct SortTerm: Sendable {
        let expression: Node
        let isDescending: Bool
    }

    struct Path: Sendable {
        var steps: [Node]
        var keepsSingleton = false
        /// Whether the path hands tuples to the path around it.
        var makesTuples = false
        /// Whether all steps only look up members, so that objects can be walked without making sequences.
        var isPlain = false
    }

    struct Lambda: Sendable {
        let parameters: [Symbol]
        let signature: Signature?
        let body: Node
    }

    struct Transform: Sendable {
        let pattern: Node
        let update: Node
        let delete: Node?
        let cloneSymbol: Symbol
    }

    struct Call: Sendable {
        let procedure: Node
        /// Nil stands for `?`.
        let arguments: [Node?]
        /// Whether it is the last thing that a lambda does, so that the caller can do it instead.
        let isTail: Bool
        /// The name in error messages.
        let name: String?
        /// The name of the path that stands where a function should, without its `$`: for a better message.
        let pathName: Symbol?

        /// Whether `?` stands among the arguments.
        var isPartial: Bool { arguments.contains { $0 == nil } }
    }

    enum Kind: Sendable {
        case constant(JSONValue)
        case regex(RegularExpression)
        case name(String)
        case wildcard, descendants
        case parent(Symbol)
        case context
        case variable(Symbol)
        case negation(Node)
        case arithmetic(BinaryOperator, Node, Node)
        case equality(BinaryOperator, Node, Node)
        case comparison(BinaryOperator, Node, Node)
        case concatenation(Node, Node)
        case inclusion(Node, Node)
        case and(Node, Node)
        case or(Node, Node)
        case array([Node])
        case range(Node, Node)
        case object(Group)
        case path(Path)
        case sort([SortTerm])
        case binding(Symbol, Node)
        case apply(Node, Node)
        case block([Node])
        case condition(Node, then: Node, otherwise: Node?)
        case coalesce(Node, Node)
        case call(Call)
        case lambda(Lambda)
        case transform(Transform)
    }
}

/// A variable's number in its expression.
typealias Symbol = Int32

/// A `%` on the way to the step whose input it stands for.
struct ParentSlot: Sendable {
    let index: Int
    /// How many steps are still to go.
    var level = 1
}

/// A compiled expression.
struct Program: Sendable {
    let root: Node
    /// The names of the variables by number.
    let names: [String]
    /// The built-in functions by the number of the variable that names them.
    let builtins: [Builtin?]
}
