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
    /// The language of the states that do not name their own.
    public let queryLanguage: QueryLanguage
    /// The name of the state that runs first.
    public let startAt: String
    /// The seconds after which a run ends as timed out.
    public let timeoutSeconds: Int?
    /// The states in the order of the document; those inside Parallel and Map states come behind the others.
    public let states: [State]

    /// What the machine says beyond the language.
    let extensions: MachineExtensions
    /// The groups of states; the machine's own is the first.
    let flows: [StateFlow]

    /// Checks and compiles a definition; the error lists everything that is wrong.
    public init(definition: JSONValue) throws(DefinitionError) {
        let problems = ProblemCollector()
        let parsed = DefinitionParser(problems: problems).parse(definition)
        guard problems.problems.isEmpty, let parsed else {
            throw DefinitionError(problems: problems.problems)
        }
        self.definition = definition
        comment = parsed.comment
        queryLanguage = parsed.queryLanguage
        startAt = parsed.startAt
        timeoutSeconds = parsed.timeoutSeconds
        extensions = parsed.extensions
        states = parsed.states
        flows = parsed.flows
    }

    /// The state of that name.
    public func state(named name: String) -> State? {
        position(of: name).map { states[$0] }
    }

    /// Where the state of that name stands among ``states``.
    func position(of name: String) -> Int? {
        let key = ByteKey(text: name)
        for flow in flows { if let position = flow.positions[key] { return position } }
        return nil
    }

    /// The variables that each state refers to, by the name of the state, as `DescribeStateMachine` lists them.
    public var variableReferences: [String: [String]] {
        var references: [String: [String]] = [:]
        for state in states {
            let names = state.variableReferences
            if !names.isEmpty { references[state.name] = names }
        }
        return references
    }
}

extension StateMachine: Hashable {
    /// Tells whether two machines have the same definition.
    public static func == (left: StateMachine, right: StateMachine) -> Bool { left.definition == right.definition }

    /// Feeds the definition to a hasher.
    public func hash(into hasher: inout Hasher) { hasher.combine(definition) }
}
