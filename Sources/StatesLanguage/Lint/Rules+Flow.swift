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
                let lost = graph.reachable(from: start).subtracting(graph.leadingToEnd)
                guard let first = lost.min() else { continue }
                let names = lost.sorted().prefix(5).map { "'\(machine.states[$0].name)'" }.joined(separator: ", ")
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
        let components = StrongComponents(count: machine.states.count) { position in
            included[position] ? machine.states[position].targets.filter { included[$0] } : []
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

    func reachable(from start: Int) -> Set<Int> {
        Self.closure(of: [start]) { machine.states[$0].targets }
    }

    /// The states from which an end can be reached, or something that is not there.
    var leadingToEnd: Set<Int> {
        var sources: [Int: [Int]] = [:]
        for position in flow.states {
            for target in machine.states[position].targets { sources[target, default: []].append(position) }
        }
        let ends = flow.states.filter { machine.states[$0].isTerminal || machine.states[$0].isBroken }
        return Self.closure(of: ends) { sources[$0] ?? [] }
    }

    static func closure(of first: [Int], next: (Int) -> [Int]) -> Set<Int> {
        var reached = Set(first)
        var open = first
        while let position = open.popLast() {
            for target in next(position) where reached.insert(target).inserted { open.append(target) }
        }
        return reached
    }
}
