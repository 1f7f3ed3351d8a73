/// A definition laid out for the rules, as far as it can be understood; nothing in it need be right.
struct LintedMachine: Sendable {
    let document: JSONObject
    let options: Linter.Options
    let queryLanguage: QueryLanguage
    private(set) var states: [LintedState] = []
    private(set) var flows: [LintedFlow] = []
    /// By state: the places of the states that may follow.
    private(set) var targets: [[Int]] = []
    /// By state: whether it leads to something that is not there, so that nobody can say where it should lead.
    private(set) var isBroken: [Bool] = []
    /// By group of states: the groups whose variables its states see.
    private var scopes: [[Int]] = []
    /// Which variables are assigned and read where.
    private(set) var variables = VariableUse()

    /// The seconds a run may take, if the machine says so.
    var timeout: Double? { document["TimeoutSeconds"]?.doubleValue }

    /// Lays out a definition; nil when it is not even an object.
    init?(_ definition: JSONValue, options: Linter.Options, known: KnownExpressions) {
        guard case .object(let document) = definition else { return nil }
        self.document = document
        self.options = options
        queryLanguage = Self.language(document, default: .jsonPath)
        addFlow(
            document, LintedFlow(pointer: .root, owner: nil, isDistributed: false, isExpress: options.kind == .express),
            depth: 0, known: known)
        for position in states.indices { connect(position) }
        scopes = flows.indices.map(scope(ofFlow:))
        variables = VariableUse(self)
    }

    static func language(_ object: JSONObject, default language: QueryLanguage) -> QueryLanguage {
        object["QueryLanguage"]?.stringValue.flatMap(QueryLanguage.init(rawValue:)) ?? language
    }

    private mutating func addFlow(
        _ object: JSONObject, _ flow: LintedFlow, depth: Int, known: KnownExpressions
    ) {
        guard depth <= DefinitionParser.nestingLimit else { return }
        let number = flows.count
        flows.append(flow)
        flows[number].startAt = object["StartAt"]?.stringValue
        guard case .object(let members)? = object["States"] else { return }
        let place = flow.pointer.appending("States")
        for (name, value) in members {
            guard case .object(let fields) = value else { continue }
            let position = states.count
            flows[number].positions[ByteKey(text: name)] = position
            flows[number].states.append(position)
            let language = Self.language(fields, default: queryLanguage)
            let state = LintedState(
                name: name, place: place.appending(name), fields: fields, flow: number, position: position,
                language: language, known: known)
            states.append(state)
            addInner(state, depth: depth, known: known)
        }
    }

    /// Lays out the states inside a Parallel or Map state.
    private mutating func addInner(_ state: LintedState, depth: Int, known: KnownExpressions) {
        let isExpress = flows[state.flow].isExpress
        for (index, branch) in (state["Branches"]?.arrayValue ?? []).enumerated() {
            guard case .object(let object) = branch else { continue }
            let pointer = state.place.appending("Branches").appending(index)
            addFlow(
                object,
                LintedFlow(pointer: pointer, owner: state.position, isDistributed: false, isExpress: isExpress),
                depth: depth + 1, known: known)
        }
        for name in ["ItemProcessor", "Iterator"] {
            guard case .object(let object)? = state[name] else { continue }
            let configuration = object["ProcessorConfig"]
            let isDistributed = configuration?["Mode"]?.stringValue == "DISTRIBUTED"
            let hasExpress = configuration?["ExecutionType"]?.stringValue == "EXPRESS"
            let flow = LintedFlow(
                pointer: state.place.appending(name), owner: state.position, isDistributed: isDistributed,
                isExpress: isDistributed ? hasExpress : isExpress)
            addFlow(object, flow, depth: depth + 1, known: known)
        }
    }

    private mutating func connect(_ position: Int) {
        let state = states[position]
        var names = [state.string("Next"), state.string("Default")].compactMap(\.self)
        for field in ["Choices", "Catch"] {
            names += (state[field]?.arrayValue ?? []).compactMap { $0["Next"]?.stringValue }
        }
        let targets = names.compactMap { flows[state.flow].positions[ByteKey(text: $0)] }
        self.targets.append(targets)
        isBroken.append(targets.count < names.count || (targets.isEmpty && !state.isTerminal))
    }

    /// The groups whose variables a state sees: its own first, then those around it.
    func scope(of state: LintedState) -> [Int] { scopes[state.flow] }

    private func scope(ofFlow number: Int) -> [Int] {
        var scope = [number]
        var flow = flows[number]
        while !flow.isDistributed, let owner = flow.owner {
            scope.append(states[owner].flow)
            flow = flows[states[owner].flow]
        }
        return scope
    }

    /// Whether a state is, at some depth, inside a Map.
    func isInsideMap(_ state: LintedState) -> Bool {
        var owner = flows[state.flow].owner
        while let position = owner {
            if states[position].type == .map { return true }
            owner = flows[states[position].flow].owner
        }
        return false
    }
}

/// States among which transitions are possible.
struct LintedFlow: Sendable {
    let pointer: JSONPointer
    /// The state whose branch or processor it is.
    let owner: Int?
    let isDistributed: Bool
    /// Whether it runs as part of an Express execution.
    let isExpress: Bool
    var startAt: String?
    var positions: [ByteKey: Int] = [:]
    var states: [Int] = []

    init(pointer: JSONPointer, owner: Int?, isDistributed: Bool, isExpress: Bool) {
        self.pointer = pointer
        self.owner = owner
        self.isDistributed = isDistributed
        self.isExpress = isExpress
    }
}
