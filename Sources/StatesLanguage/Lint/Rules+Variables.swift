extension LintRule {
    static let variableRules: [LintRule] = [undefinedVariable, readBeforeAssigned, unusedVariable, unknownFunction]

    private static let undefinedVariable = LintRule(
        "UNDEFINED_VARIABLE", .warning, "A variable is read that no state assigns",
        why: "Reading it fails the run. A state sees the variables of its own branch and of the "
            + "states around it, but not those of other branches; inside a distributed Map it sees "
            + "none from outside.",
        machine: { machine, report in
            let use = VariableUse(machine)
            for read in use.reads where !use.isAssigned(read) {
                let hint = Suggestion.nearest(to: read.name, among: use.names(seenBy: read.state))
                report.add(
                    read.pointer, "no state assigns '$\(read.name)' where '\(machine.states[read.state].name)' sees it",
                    suggestion: hint.map { "did you mean '$\($0)'?" })
            }
        })

    private static let readBeforeAssigned = LintRule(
        "READ_BEFORE_ASSIGNED", .warning, "A variable is read where it cannot have been assigned yet",
        why: "Assign takes effect when its state is left, so that neither the state itself nor those "
            + "before it see the new value.",
        machine: { machine, report in
            let use = VariableUse(machine)
            for read in use.reads where use.isAssigned(read) && !use.mayBeAssigned(read) {
                report.add(read.pointer, "'$\(read.name)' is only assigned later")
            }
        })

    private static let unusedVariable = LintRule(
        "UNUSED_VARIABLE", .info, "A variable is assigned that nothing reads",
        why: "It costs space in every run, and its name may be mistyped where it should be read.",
        machine: { machine, report in
            let use = VariableUse(machine)
            for state in machine.states {
                for (name, pointer) in state.assignments where !use.isRead(name, from: state.flow) {
                    report.add(pointer, "nothing reads '$\(name)'")
                }
            }
        })

    private static let unknownFunction = LintRule(
        "UNKNOWN_FUNCTION", .warning, "A JSONata function is called that is not there",
        why: "Calling it fails the run with States.QueryEvaluationError.",
        machine: { machine, report in
            let use = VariableUse(machine)
            for call in use.calls where !use.isAssigned(call) {
                let hint = Suggestion.nearest(to: call.name, among: Builtin.named.keys.sorted())
                report.add(
                    call.pointer, "there is no function '$\(call.name)'",
                    suggestion: hint.map { "did you mean '$\($0)'?" })
            }
        })
}

/// Which variables are assigned and read where.
private struct VariableUse {
    /// A place where a variable is read or called.
    struct Read {
        let name: String
        let state: Int
        let pointer: String
    }

    let machine: LintedMachine
    private(set) var reads: [Read] = []
    private(set) var calls: [Read] = []
    /// By group of states: the states that assign a variable.
    private var assigners: [[ByteKey: [Int]]]
    /// By group of states: what is read by states that see the group.
    private var readNames: [Set<ByteKey>]

    /// Reads times states that are followed at most; in larger machines every place counts as behind the assignment.
    private static let followLimit = 2_000_000

    init(_ machine: LintedMachine) {
        self.machine = machine
        assigners = Array(repeating: [:], count: machine.flows.count)
        readNames = Array(repeating: [], count: machine.flows.count)
        for state in machine.states {
            for (name, _) in state.assignments {
                assigners[state.flow][ByteKey(text: name), default: []].append(state.position)
            }
            gather(state)
        }
    }

    private mutating func gather(_ state: LintedState) {
        guard state.texts.contains(where: { !$0.references.isEmpty }) else { return }
        let scope = machine.scope(of: state)
        for text in state.texts {
            for reference in text.references {
                guard case .variable(let name) = reference.root else { continue }
                if state.language == .jsonata, name == "states" || Builtin.named[name] != nil { continue }
                let read = Read(name: name, state: state.position, pointer: text.pointer)
                if reference.isCalled { calls.append(read) } else { reads.append(read) }
                for flow in scope { readNames[flow].insert(ByteKey(text: name)) }
            }
        }
    }

    func isAssigned(_ read: Read) -> Bool {
        let key = ByteKey(text: read.name)
        return machine.scope(of: machine.states[read.state]).contains { assigners[$0][key] != nil }
    }

    func isRead(_ name: String, from flow: Int) -> Bool { readNames[flow].contains(ByteKey(text: name)) }

    func names(seenBy state: Int) -> [String] {
        let names = machine.scope(of: machine.states[state]).flatMap { assigners[$0].keys.map(\.text) }
        return Array(names.sorted().prefix(500))
    }

    /// Whether an assignment may come before the read.
    func mayBeAssigned(_ read: Read) -> Bool {
        let key = ByteKey(text: read.name)
        var position = read.state
        for flow in machine.scope(of: machine.states[read.state]) {
            guard let found = assigners[flow][key] else {
                if let owner = machine.flows[flow].owner { position = owner }
                continue
            }
            // To follow the transitions from every assignment to every read is the product of both.
            guard found.count < 200, reads.count * machine.flows[flow].states.count < Self.followLimit else {
                return true
            }
            var open = found.flatMap { machine.states[$0].targets }
            var reached = Set(open)
            while let next = open.popLast() {
                for target in machine.states[next].targets where reached.insert(target).inserted { open.append(target) }
            }
            return reached.contains(position)
        }
        return true
    }
}
