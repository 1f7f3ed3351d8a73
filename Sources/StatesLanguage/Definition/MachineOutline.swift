/// What leads where in a machine, for whoever draws it.
public struct MachineOutline: Sendable, Hashable {
    /// Why one state follows another.
    public enum Reason: Sendable, Hashable {
        /// The state has ended well.
        case next
        /// A rule of a Choice holds; the text says which.
        case choice(String)
        /// No rule of a Choice holds.
        case fallback
        /// One of these errors was caught.
        case caught([String])
        /// The state is taken back.
        case compensation

        /// The reason in a few words; nothing for the way that simply goes on.
        public var words: String {
            switch self {
            case .next: ""
            case .choice(let text): text
            case .fallback: "otherwise"
            case .caught(let errors): "on \(errors.joined(separator: ", "))"
            case .compensation: "taken back by"
            }
        }
    }

    /// A way from a state.
    public struct Way: Sendable, Hashable {
        /// When it is taken.
        public let reason: Reason
        /// The name of the state that it leads to; nil for the end.
        public let target: String?
    }

    /// A state.
    public struct Node: Sendable, Hashable {
        /// The state's name.
        public let name: String
        /// Its kind.
        public let type: StateType
        /// The resource of a Task.
        public let resource: String?
        /// How often it is tried at most, over all its rules of Retry; nil where nothing is tried again.
        public let attemptLimit: Int?
        /// Where it leads, the way of its success last.
        public let ways: [Way]
        /// The branches of a Parallel, or what a Map does with each item.
        public let branches: [MachineOutline]
    }

    /// The state that runs first.
    public let start: String
    /// The states in the order of the document.
    public let nodes: [Node]

    /// The outline of a machine.
    public init(_ machine: StateMachine) {
        self.init(machine, flow: 0)
    }

    private init(_ machine: StateMachine, flow number: Int) {
        let flow = machine.flows[number]
        start = machine.states[flow.start].name
        nodes = flow.positions.values.sorted().map { Self.node(machine.states[$0], machine) }
    }

    private static func node(_ state: State, _ machine: StateMachine) -> Node {
        var ways: [Way] = []
        var branches: [MachineOutline] = []
        func name(_ target: Target) -> String? {
            if case .state(let position) = target { machine.states[position].name } else { nil }
        }
        switch state.body {
        case .choice(let choice):
            for (index, rule) in choice.rules.enumerated() {
                let text = rules(of: state)[safely: index].map(ConditionText.text) ?? ""
                ways.append(Way(reason: .choice(text), target: machine.states[rule.next].name))
            }
            if let fallback = choice.fallback {
                ways.append(Way(reason: .fallback, target: machine.states[fallback].name))
            }
        case .parallel(let parallel): branches = parallel.branches.map { MachineOutline(machine, flow: $0) }
        case .map(let map): branches = [MachineOutline(machine, flow: map.processor)]
        case .pass(let pass): ways.append(Way(reason: .next, target: name(pass.next)))
        case .wait(let wait): ways.append(Way(reason: .next, target: name(wait.next)))
        case .task, .succeed, .fail: break
        }
        if let rules = state.resultRules {
            for catcher in rules.catchers {
                ways.append(Way(reason: .caught(catcher.errors), target: machine.states[catcher.next].name))
            }
            if let compensation = state.extensions.compensation {
                ways.append(Way(reason: .compensation, target: machine.states[compensation].name))
            }
            ways.append(Way(reason: .next, target: name(rules.next)))
        }
        return Node(
            name: state.name, type: state.type, resource: state.resource, attemptLimit: attemptLimit(of: state),
            ways: ways, branches: branches)
    }

    private static func attemptLimit(of state: State) -> Int? {
        let retries = state.resultRules?.retriers.reduce(0) { $0 + $1.attemptLimit } ?? 0
        return retries > 0 ? retries + 1 : nil
    }

    /// The state of this name, wherever it stands.
    public func node(named name: String) -> Node? {
        if let node = nodes.first(where: { $0.name == name }) { return node }
        for branch in nodes.lazy.flatMap(\.branches) {
            if let node = branch.node(named: name) { return node }
        }
        return nil
    }

    private static func rules(of state: State) -> [JSONValue] { state.definition["Choices"]?.arrayValue ?? [] }
}

/// Writes the rule of a Choice in a few words.
private enum ConditionText {
    static func text(_ rule: JSONValue) -> String {
        if let condition = rule["Condition"] { return condition.stringValue ?? condition.serialized() }
        if let not = rule["Not"] { return "not (\(text(not)))" }
        for (name, word) in [("And", " and "), ("Or", " or ")] {
            if let parts = rule[name]?.arrayValue { return parts.map(text).joined(separator: word) }
        }
        guard let variable = rule["Variable"]?.stringValue,
            let test = rule.objectValue?.first(where: { !["Variable", "Next", "Comment", "Assign"].contains($0.key) })
        else { return "" }
        return "\(variable) \(test.key) \(test.value.serialized())"
    }
}

extension Array {
    fileprivate subscript(safely index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
