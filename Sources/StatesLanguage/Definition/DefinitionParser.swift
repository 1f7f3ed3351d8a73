/// What the parser makes of a definition.
struct ParsedDefinition {
    let comment: String?
    let startAt: String
    let timeoutSeconds: Int?
    let states: [State]
    let positions: [ByteKey: Int]
}

/// Reads a definition, reporting everything that is wrong with it.
struct DefinitionParser {
    static let secondsRange = 1...99_999_999

    let problems: ProblemCollector

    /// The machine, or nil when its outline is broken; it is worth something only if there are no problems.
    func parse(_ definition: JSONValue) -> ParsedDefinition? {
        guard let reader = FieldReader(definition, pointer: .root, problems: problems) else { return nil }
        guard definition.serializedBytes().count <= StateMachine.definitionByteLimit else {
            problems.add(
                .definitionTooLarge, .root, "a definition may have \(StateMachine.definitionByteLimit) bytes at most")
            return nil
        }
        reader.refuseFields(
            except: ["Comment", "QueryLanguage", "StartAt", "States", "TimeoutSeconds", "Version"],
            of: "a state machine")
        checkQueryLanguage(reader)
        if let version = reader.string("Version"), version != "1.0" {
            reader.report(.invalidValue, "Version", "the only version is '1.0'")
        }
        let comment = reader.string("Comment")
        let timeout = reader.integer("TimeoutSeconds", in: Self.secondsRange)
        let startAt = reader.string("StartAt", isRequired: true)
        guard let statesValue = reader.object["States"] else {
            problems.add(.missingField, .root, "the field 'States' is missing")
            return nil
        }
        guard let statesReader = FieldReader(statesValue, pointer: reader.place("States"), problems: problems) else {
            return nil
        }
        return parse(statesReader, startAt: startAt, comment: comment, timeout: timeout, root: reader)
    }

    private func parse(
        _ reader: FieldReader, startAt: String?, comment: String?, timeout: Int?, root: FieldReader
    ) -> ParsedDefinition? {
        guard !reader.object.isEmpty else {
            problems.add(.missingField, reader.pointer, "there must be at least one state")
            return nil
        }
        var positions: [ByteKey: Int] = [:]
        for (position, name) in reader.object.keys.enumerated() { positions[ByteKey(text: name)] = position }
        let states = reader.object.map { name, value in
            checkName(name, at: reader.place(name))
            return FieldReader(value, pointer: reader.place(name), problems: problems).flatMap {
                StateParser(reader: $0, positions: positions).parse(name: name)
            }
        }
        if let startAt, positions[ByteKey(text: startAt)] == nil {
            root.report(.missingTarget, "StartAt", "there is no state '\(startAt)'")
        }
        // What leads where is known only when every state could be read.
        let complete = states.compactMap(\.self)
        guard complete.count == states.count, let startAt, let start = positions[ByteKey(text: startAt)] else {
            return nil
        }
        if problems.problems.isEmpty { checkReachability(of: complete, from: start, in: reader) }
        return ParsedDefinition(
            comment: comment, startAt: startAt, timeoutSeconds: timeout, states: complete, positions: positions)
    }

    private func checkQueryLanguage(_ reader: FieldReader) {
        StateParser.checkQueryLanguage(reader)
    }

    private func checkName(_ name: String, at pointer: JSONPointer) {
        if name.unicodeScalars.count > StateMachine.stateNameLimit {
            problems.add(
                .nameTooLong, pointer, "a state's name may have \(StateMachine.stateNameLimit) characters at most")
        }
        if name.isEmpty { problems.add(.invalidValue, pointer, "a state's name may not be empty") }
    }

    private func checkReachability(of states: [State], from start: Int, in reader: FieldReader) {
        var reached = Set([start])
        var open = [start]
        while let position = open.popLast() {
            for target in states[position].targets where reached.insert(target).inserted { open.append(target) }
        }
        for (position, state) in states.enumerated() where !reached.contains(position) {
            problems.add(.unreachableState, reader.place(state.name), "no state leads to '\(state.name)'")
        }
        if !states.contains(where: \.isTerminal) {
            problems.add(.noTerminalState, reader.pointer, "no state ends the run")
        }
    }
}

extension State {
    /// The places of the states that may follow this one.
    var targets: [Int] {
        switch body {
        case .task(let task): task.next.positions + task.catchers.map(\.next)
        case .pass(let pass): pass.next.positions
        case .wait(let wait): wait.next.positions
        case .choice(let choice): choice.rules.map(\.next) + (choice.fallback.map { [$0] } ?? [])
        case .succeed, .fail: []
        }
    }

    var isTerminal: Bool {
        switch body {
        case .task(let task): task.next == .end
        case .pass(let pass): pass.next == .end
        case .wait(let wait): wait.next == .end
        case .choice: false
        case .succeed, .fail: true
        }
    }
}

extension Target {
    fileprivate var positions: [Int] {
        switch self {
        case .state(let position): [position]
        case .end: []
        }
    }
}
