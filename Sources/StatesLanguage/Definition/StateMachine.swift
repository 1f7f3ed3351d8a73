/// A definition in the Amazon States Language, checked and compiled once.
///
/// Two machines are equal when their definitions are.
public struct StateMachine: Sendable {
    /// The most bytes a definition may have.
    public static let definitionByteLimit = 1_048_576
    /// The most characters the name of a state may have.
    public static let stateNameLimit = 80

    /// The document this was made from.
    public let definition: JSONValue
    /// What the author says about the machine.
    public let comment: String?
    /// The name of the state that runs first.
    public let startAt: String
    /// The seconds after which a run ends as timed out.
    public let timeoutSeconds: Int?
    /// The states in the order of the document.
    public let states: [State]

    private let positions: [ByteKey: Int]

    /// Checks and compiles a definition; the error lists everything that is wrong.
    public init(definition: JSONValue) throws(DefinitionError) {
        let problems = ProblemCollector()
        let parsed = DefinitionParser(problems: problems).parse(definition)
        guard problems.problems.isEmpty, let parsed else {
            throw DefinitionError(problems: problems.problems)
        }
        self.definition = definition
        comment = parsed.comment
        startAt = parsed.startAt
        timeoutSeconds = parsed.timeoutSeconds
        states = parsed.states
        positions = parsed.positions
    }

    /// The state of that name.
    public func state(named name: String) -> State? {
        position(of: name).map { states[$0] }
    }

    /// The place of the state of that name.
    func position(of name: String) -> Int? { positions[ByteKey(text: name)] }
}

extension StateMachine: Hashable {
    /// Tells whether two machines have the same definition.
    public static func == (left: StateMachine, right: StateMachine) -> Bool { left.definition == right.definition }

    /// Feeds the definition to a hasher.
    public func hash(into hasher: inout Hasher) { hasher.combine(definition) }
}
