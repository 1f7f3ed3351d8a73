/// What the parser makes of a definition.
struct ParsedDefinition {
    let comment: String?
    let queryLanguage: QueryLanguage
    let startAt: String
    let timeoutSeconds: Int?
    let extensions: MachineExtensions
    let states: [State]
    let flows: [StateFlow]
}

/// Reads a definition, reporting everything that is wrong with it.
struct DefinitionParser {
    static let secondsRange = 1.0...99_999_999.0
    /// How deep Parallel and Map states may nest.
    static let nestingLimit = 64

    private static let fields: Set = [
        "Comment", "Extensions", "QueryLanguage", "StartAt", "States", "TimeoutSeconds", "Version",
    ]

    let problems: ProblemCollector

    /// The machine, or nil when its outline is broken; it is worth something only if there are no problems.
    func parse(_ definition: JSONValue) -> ParsedDefinition? {
        guard let reader = FieldReader(definition, pointer: .root, problems: problems) else { return nil }
        guard definition.serializedByteCount <= StateMachine.definitionByteLimit else {
            problems.add(
                .definitionTooLarge, .root, "a definition may have \(StateMachine.definitionByteLimit) bytes at most")
            return nil
        }
        reader.refuseFields(except: Self.fields)
        let language = Self.queryLanguage(reader) ?? .jsonPath
        _ = reader.word("Version", of: ["1.0"])
        let comment = reader.string("Comment")
        let timeout = reader.integer("TimeoutSeconds", in: 0...99_999_999)
        let extensions = MachineExtensions(reader)
        let builder = FlowBuilder(problems: problems, queryLanguage: language)
        guard builder.flow(reader, depth: 0) != nil, let startAt = reader.string("StartAt") else { return nil }
        guard let states = builder.takeStates() else { return nil }
        VariableRules(states: states, flows: builder.flows, problems: problems).check(builder.scopes)
        // No limit and a limit of nothing are the same to Step Functions, which accepts both.
        return ParsedDefinition(
            comment: comment, queryLanguage: language, startAt: startAt, timeoutSeconds: timeout == 0 ? nil : timeout,
            extensions: extensions, states: states, flows: builder.flows)
    }

    /// The language an object names, if it does.
    ///
    /// Step Functions takes whatever is not exactly `JSONPath` for JSONata, after it has reported it.
    static func queryLanguage(_ reader: FieldReader) -> QueryLanguage? {
        guard reader.has("QueryLanguage") else { return nil }
        let word = reader.word("QueryLanguage", of: QueryLanguage.allCases.map(\.rawValue))
        return word.flatMap(QueryLanguage.init(rawValue:)) ?? .jsonata
    }
}

/// Gathers the states of a definition, those of branches and processors behind those of the machine.
final class FlowBuilder {
    let problems: ProblemCollector
    let queryLanguage: QueryLanguage
    private(set) var states: [State?] = []
    private(set) var flows: [StateFlow] = []
    /// For each group of states, the state whose branch or processor it is, and whether that runs on its own.
    private(set) var scopes: [(owner: Int?, isSeparate: Bool)] = []
    private var names: Set<ByteKey> = []
    private var labels: Set<ByteKey> = []

    init(problems: ProblemCollector, queryLanguage: QueryLanguage) {
        self.problems = problems
        self.queryLanguage = queryLanguage
    }

    /// Reads `StartAt` and `States` of an object; answers the number of the group.
    func flow(_ reader: FieldReader, depth: Int, owner: Int? = nil, isSeparate: Bool = false) -> Int? {
        reader.require("StartAt", "States")
        let startAt = reader.string("StartAt")
        guard depth <= DefinitionParser.nestingLimit else {
            problems.add(.tooDeep, reader.pointer, "the states nest deeper than \(DefinitionParser.nestingLimit)")
            return nil
        }
        guard let statesValue = reader.object["States"],
            let statesReader = FieldReader(statesValue, pointer: reader.place("States"), problems: problems)
        else { return nil }
        guard !statesReader.object.isEmpty else {
            problems.add(.missingField, statesReader.pointer, "Value cannot be empty")
            return nil
        }
        let first = states.count
        var positions: [ByteKey: Int] = [:]
        positions.reserveCapacity(statesReader.object.count)
        for (offset, name) in statesReader.object.keys.enumerated() {
            positions[ByteKey(text: name)] = first + offset
            checkName(name, in: statesReader)
        }
        states += Array(repeating: nil, count: positions.count)
        let number = flows.count
        let start = startAt.flatMap { positions[ByteKey(text: $0)] }
        flows.append(StateFlow(start: start ?? first, positions: positions))
        scopes.append((owner, isSeparate))
        for (offset, (name, value)) in statesReader.object.enumerated() {
            guard let stateReader = FieldReader(value, pointer: statesReader.place(name), problems: problems) else {
                continue
            }
            let parser = StateParser(
                reader: stateReader, builder: self, flow: number, position: first + offset, depth: depth)
            states[first + offset] = parser.parse(name: name)
        }
        if let startAt, start == nil {
            reader.report(.missingTarget, "StartAt", "Missing 'StartAt' target: \(startAt)")
        }
        checkReachability(first..<(first + positions.count), from: start, in: statesReader)
        return number
    }

    /// Hands the states over, moved and not copied; nil when one of them could not be read.
    func takeStates() -> [State]? {
        var taken: [State] = []
        taken.reserveCapacity(states.count)
        for position in states.indices {
            guard let state = states[position].take() else { return nil }
            taken.append(state)
        }
        return taken
    }

    /// Remembers the label of a Map, which must be the only one of its name.
    func addLabel(_ label: String, _ reader: FieldReader) {
        if !labels.insert(ByteKey(text: label)).inserted {
            reader.report(.duplicateLabel, "Label", "Duplicate Label name: \(label)")
        }
    }

    private func checkName(_ name: String, in reader: FieldReader) {
        // A text has no more characters than bytes.
        if name.utf8.count > StateMachine.stateNameLimit, name.unicodeScalars.count > StateMachine.stateNameLimit {
            problems.add(
                .nameTooLong, reader.place(name),
                "The state name '\(name)' exceeds the \(StateMachine.stateNameLimit)-character limit allowed by the "
                    + "service")
        }
        if name.isEmpty { problems.add(.invalidValue, reader.place(name), "a state's name may not be empty") }
        if !names.insert(ByteKey(text: name)).inserted {
            problems.add(.duplicateState, reader.place(name), "Duplicate State name: \(name)")
        }
    }

    /// Checks what leads where; that is known only when every state could be read.
    private func checkReachability(_ range: Range<Int>, from start: Int?, in reader: FieldReader) {
        guard range.allSatisfy({ states[$0] != nil }), let start else { return }
        // A graph without an end is reported as that alone, and not state by state.
        guard range.contains(where: { states[$0]?.isTerminal == true }) else {
            problems.add(.noTerminalState, reader.pointer, "Workflow has no terminal state")
            return
        }
        var isReached = Array(repeating: false, count: range.count)
        isReached[start - range.lowerBound] = true
        var open = [start]
        while let position = open.popLast() {
            for target in states[position]?.targets ?? [] where !isReached[target - range.lowerBound] {
                isReached[target - range.lowerBound] = true
                open.append(target)
            }
        }
        for position in range where !isReached[position - range.lowerBound] {
            guard let state = states[position] else { continue }
            problems.add(.unreachableState, reader.place(state.name), "State \"\(state.name)\" is not reachable.")
        }
    }
}
