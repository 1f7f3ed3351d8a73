extension LintRule {
    static let variableRules: [LintRule] = [undefinedVariable, readBeforeAssigned, unusedVariable, unknownFunction]

    private static let undefinedVariable = LintRule(
        "UNDEFINED_VARIABLE", .warning, "A variable is read that no state assigns",
        why: "Reading it fails the run. A state sees the variables of its own branch and of the "
            + "states around it, but not those of other branches; inside a distributed Map it sees "
            + "none from outside.",
        machine: { machine, report in
            let use = machine.variables
            for read in use.reads where !use.isAssigned(read, in: machine) {
                let hint = Suggestion.nearest(to: read.name, among: use.names(seenBy: read.state, in: machine))
                report.add(
                    read.place.text,
                    "no state assigns '$\(read.name)' where '\(machine.states[read.state].name)' sees it",
                    suggestion: hint.map { "did you mean '$\($0)'?" })
            }
        })

    private static let readBeforeAssigned = LintRule(
        "READ_BEFORE_ASSIGNED", .warning, "A variable is read where it cannot have been assigned yet",
        why: "Assign takes effect when its state is left, so that neither the state itself nor those "
            + "before it see the new value.",
        machine: { machine, report in
            let use = machine.variables
            for read in use.lateReads(in: machine) {
                report.add(read.place.text, "'$\(read.name)' is only assigned later")
            }
        })

    private static let unusedVariable = LintRule(
        "UNUSED_VARIABLE", .info, "A variable is assigned that nothing reads",
        why: "It costs space in every run, and its name may be mistyped where it should be read.",
        machine: { machine, report in
            let use = machine.variables
            for state in machine.states {
                for (name, place) in use.assignments[state.position] where !use.isRead(name, from: state.flow) {
                    report.add(place.text, "nothing reads '$\(name)'")
                }
            }
        })

    private static let unknownFunction = LintRule(
        "UNKNOWN_FUNCTION", .warning, "A JSONata function is called that is not there",
        why: "Calling it fails the run with States.QueryEvaluationError.",
        machine: { machine, report in
            let use = machine.variables
            for call in use.calls where !use.isAssigned(call, in: machine) {
                let hint = Suggestion.nearest(to: call.name, among: Builtin.named.keys.sorted())
                report.add(
                    call.place.text, "there is no function '$\(call.name)'",
                    suggestion: hint.map { "did you mean '$\($0)'?" })
            }
        })
}

/// Which variables are assigned and read where.
struct VariableUse: Sendable {
    /// A place where a variable is read or called.
    struct Read: Sendable {
        let name: String
        let state: Int
        let place: JSONPointer
    }

    private(set) var reads: [Read] = []
    private(set) var calls: [Read] = []
    /// By state: the variables it assigns.
    private(set) var assignments: [[(name: String, place: JSONPointer)]] = []
    /// By group of states: the states that assign a variable.
    private var assigners: [[ByteKey: [Int]]] = []
    /// By group of states: what is read by states that see the group.
    private var readNames: [Set<ByteKey>] = []

    /// Reads times states that are followed at most; in larger machines every place counts as behind the assignment.
    private static let followLimit = 2_000_000

    /// No use of any.
    init() {}

    init(_ machine: LintedMachine) {
        assigners = Array(repeating: [:], count: machine.flows.count)
        readNames = Array(repeating: [], count: machine.flows.count)
        assignments.reserveCapacity(machine.states.count)
        for state in machine.states {
            let found = state.assignments
            assignments.append(found)
            for (name, _) in found {
                assigners[state.flow][ByteKey(text: name), default: []].append(state.position)
            }
            gather(state, in: machine)
        }
    }

    private mutating func gather(_ state: LintedState, in machine: LintedMachine) {
        guard state.texts.contains(where: { !$0.references.isEmpty }) else { return }
        let scope = machine.scope(of: state)
        for text in state.texts {
            for reference in text.references {
                guard case .variable(let name) = reference.root else { continue }
                if state.language == .jsonata, name == "states" || Builtin.named[name] != nil { continue }
                let read = Read(name: name, state: state.position, place: text.place)
                if reference.isCalled { calls.append(read) } else { reads.append(read) }
                for flow in scope { readNames[flow].insert(ByteKey(text: name)) }
            }
        }
    }

    func isAssigned(_ read: Read, in machine: LintedMachine) -> Bool {
        let key = ByteKey(text: read.name)
        return machine.scope(of: machine.states[read.state]).contains { assigners[$0][key] != nil }
    }

    func isRead(_ name: String, from flow: Int) -> Bool { readNames[flow].contains(ByteKey(text: name)) }

    func names(seenBy state: Int, in machine: LintedMachine) -> [String] {
        let names = machine.scope(of: machine.states[state]).flatMap { assigners[$0].keys.map(\.text) }
        return Array(names.sorted().prefix(500))
    }

    /// The reads of variables that are only assigned behind them.
    func lateReads(in machine: LintedMachine) -> [Read] {
        var followed: [Followed: Set<Int>] = [:]
        return reads.filter { isAssigned($0, in: machine) && !mayBeAssigned($0, in: machine, &followed) }
    }

    /// A variable of a group of states, whose assignments are followed once for all its reads.
    private struct Followed: Hashable {
        let flow: Int
        let name: ByteKey
    }

    /// Whether an assignment may come before the read.
    private func mayBeAssigned(
        _ read: Read, in machine: LintedMachine, _ followed: inout [Followed: Set<Int>]
    ) -> Bool {
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
            let question = Followed(flow: flow, name: key)
            if let reached = followed[question] { return reached.contains(position) }
            let reached = machine.states(after: found.flatMap { machine.targets[$0] })
            followed[question] = reached
            return reached.contains(position)
        }
        return true
    }
}

extension LintedMachine {
    /// The states that some lead to, themselves among them.
    fileprivate func states(after first: [Int]) -> Set<Int> {
        var open = first
        var reached = Set(open)
        while let next = open.popLast() {
            for target in targets[next] where reached.insert(target).inserted { open.append(target) }
        }
        return reached
    }
}
