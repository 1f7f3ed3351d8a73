// What leads where. All of it is linear in states and transitions.

extension LintRule {
    static let flowRules: [LintRule] = [endlessLoop, loopWithoutWait, busyPolling]

    private static let endlessLoop = LintRule(
        "ENDLESS_LOOP", .warning, "From a state no end can be reached",
        why: "A run that gets there goes round until it times out, is stopped, or has written 25,000 "
            + "events.",
        machine: { machine, report in
            for flow in machine.flows {
                let graph = FlowGraph(machine, flow)
                guard let start = graph.start, flow.states.contains(where: { machine.states[$0].isTerminal }) else {
                    continue
                }
                let lost = graph.lost(from: start)
                guard let first = lost.first else { continue }
                let names = lost.prefix(5).map { "'\(machine.states[$0].name)'" }.joined(separator: ", ")
                report.add(
                    machine.states[first].pointer, "no end can be reached from here; the loop has \(names)",
                    suggestion: "lead one of these states out of the loop")
            }
        })

    private static let loopWithoutWait = LintRule(
        "LOOP_WITHOUT_WAIT", .warning, "A loop consists of Pass and Choice states only",
        why: "Nothing in it takes time, so that it writes history as fast as it can; a Standard run "
            + "ends at 25,000 events. Where it only counts, a Map over States.ArrayRange or $range "
            + "does the same.",
        machine: { machine, report in
            report.addLoops(in: machine, through: [.pass, .choice], "a loop of Pass and Choice states only")
        })

    private static let busyPolling = LintRule(
        "BUSY_POLLING", .info, "A loop asks a service again and again without a Wait",
        why: "Each round costs a call and several events. A Wait state, or a task that answers when "
            + "the job is done (.sync, .waitForTaskToken), costs less.",
        machine: { machine, report in
            let states = machine.states
            report.addLoops(in: machine, through: [.pass, .choice, .task], "a loop without a Wait state") { position in
                // Tasks that wait for something take their time.
                states[position].resource.map { $0.kind == .service && $0.pattern == .requestResponse } ?? true
            } keeping: { loop in
                loop.contains { states[$0].type == .task } && loop.contains { states[$0].type == .choice }
            }
        })
}

extension LintReport {
    /// Reports loops that can be gone round through states of some types alone, each at its first state.
    fileprivate mutating func addLoops(
        in machine: LintedMachine, through types: Set<StateType>, _ message: String,
        among isIncluded: (Int) -> Bool = { _ in true }, keeping isWanted: ([Int]) -> Bool = { _ in true }
    ) {
        let included = machine.states.map { state in
            state.type.map(types.contains) == true && isIncluded(state.position)
        }
        // Of a loop one transition leads to a state that stands before, or is the same; most machines have none.
        guard machine.targets.enumerated().contains(where: { state, targets in targets.contains { $0 <= state } })
        else { return }
        let components = StrongComponents(count: machine.states.count) { position in
            included[position] ? machine.targets[position].filter { included[$0] } : []
        }
        for loop in components.loops where included[loop[0]] && isWanted(loop) {
            let names = loop.prefix(5).map { "'\(machine.states[$0].name)'" }.joined(separator: ", ")
            add(machine.states[loop[0]].pointer, "\(message): \(names)", suggestion: "put a Wait state into the loop")
        }
    }
}

/// Reachability in one group of states.
private struct FlowGraph {
    let machine: LintedMachine
    let flow: LintedFlow

    init(_ machine: LintedMachine, _ flow: LintedFlow) {
        self.machine = machine
        self.flow = flow
    }

    var start: Int? { flow.startAt.flatMap { flow.positions[ByteKey(text: $0)] } }

    /// The states that a run may get to and from which it cannot get to an end, in their order.
    func lost(from start: Int) -> [Int] {
        let numbers = Dictionary(uniqueKeysWithValues: zip(flow.states, 0...))
        let targets = flow.states.map { state in machine.targets[state].compactMap { numbers[$0] } }
        guard let first = numbers[start] else { return [] }
        let isReached = Self.closure(of: [first], targets)
        // An end, or something that is not there.
        let ends = flow.states.indices.filter { number in
            let state = machine.states[flow.states[number]]
            return state.isTerminal || machine.isBroken[state.position]
        }
        var sources: [[Int]] = Array(repeating: [], count: flow.states.count)
        for (number, targets) in targets.enumerated() {
            for target in targets { sources[target].append(number) }
        }
        let leadsToEnd = Self.closure(of: ends, sources)
        return flow.states.indices.filter { isReached[$0] && !leadsToEnd[$0] }.map { flow.states[$0] }
    }

    /// What can be got to from some nodes of a graph.
    private static func closure(of first: [Int], _ edges: [[Int]]) -> [Bool] {
        var isReached = Array(repeating: false, count: edges.count)
        for node in first { isReached[node] = true }
        var open = first
        while let node = open.popLast() {
            for target in edges[node] where !isReached[target] {
                isReached[target] = true
                open.append(target)
            }
        }
        return isReached
    }
}
