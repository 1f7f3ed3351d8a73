// Whether a run can go on with another definition.
//
// A run that is at rest depends on its definition in few places: the states that its lines are in, the state with which
// a retry would go on, and what it would take back. Each of them must be found under its name in the other
// definition, as the same kind of state in the same place, so that an answer to what was asked comes to who asked it.
// Everything else may differ: what comes behind, what is done with results and errors, limits, and data.

extension RunState {
    /// Everything that keeps the run from going on with another definition, each thing once; empty where it can.
    ///
    /// - Parameters:
    ///   - old: The definition that the run is on.
    ///   - new: The one that it would go on with.
    /// - Returns: The problems, those of the main line first.
    public func moveProblems(from old: StateMachine, to new: StateMachine) -> [MoveProblem] {
        var check = MoveCheck(old: StatePlaces(old), new: StatePlaces(new))
        for (_, frame) in frames.all {
            if let position = frame.position { check.look(at: position, .current) }
        }
        if let caught = frames.main?.caught { check.look(at: caught.position, .caught) }
        for state in completed {
            check.look(at: old.position(of: state.name), named: state.name, .completed)
            check.look(
                at: old.position(of: state.compensation), named: state.compensation, .compensation(of: state.name))
        }
        return check.problems
    }
}

/// Compares states of two definitions, each state once for each thing that it is to the run.
private struct MoveCheck {
    private struct Looked: Hashable {
        let name: String
        let place: MoveProblem.Place
    }

    let old: StatePlaces
    let new: StatePlaces
    private(set) var problems: [MoveProblem] = []
    private var looked: Set<Looked> = []

    init(old: StatePlaces, new: StatePlaces) {
        (self.old, self.new) = (old, new)
    }

    mutating func look(at position: Int, _ place: MoveProblem.Place) {
        look(at: position, named: old.machine.states[position].name, place)
    }

    /// Looks at a state of the old definition; nil where that has it no more, after an earlier move.
    mutating func look(at position: Int?, named name: String, _ place: MoveProblem.Place) {
        guard looked.insert(Looked(name: name, place: place)).inserted else { return }
        guard let other = new.machine.position(of: name) else {
            return report("there is no such state", name, place)
        }
        guard let position else { return }
        let (state, goal) = (old.machine.states[position], new.machine.states[other])
        if old.nesting(of: state) != new.nesting(of: goal) {
            report("it stands \(old.words(of: state)) and would stand \(new.words(of: goal))", name, place)
        }
        for message in state.differences(to: goal) { report(message, name, place) }
    }

    private mutating func report(_ message: String, _ name: String, _ place: MoveProblem.Place) {
        problems.append(MoveProblem(state: name, place: place, message: message))
    }
}

/// In which states the groups of states of a machine stand.
private struct StatePlaces {
    /// The state that a group belongs to, and the number of the branch; of a Map there is one.
    struct Owner: Hashable {
        let name: String
        let branch: Int
    }

    let machine: StateMachine
    private var owners: [Int: (state: Int, branch: Int)] = [:]

    init(_ machine: StateMachine) {
        self.machine = machine
        for (position, state) in machine.states.enumerated() {
            switch state.body {
            case .parallel(let parallel):
                for (branch, flow) in parallel.branches.enumerated() { owners[flow] = (position, branch) }
            case .map(let map): owners[map.processor] = (position, 0)
            case .task, .pass, .choice, .wait, .succeed, .fail: break
            }
        }
    }

    /// The states around a state, the nearest first.
    func nesting(of state: State) -> [Owner] {
        var (around, flow): ([Owner], Int) = ([], state.flow)
        while let owner = owners[flow] {
            around.append(Owner(name: machine.states[owner.state].name, branch: owner.branch))
            flow = machine.states[owner.state].flow
        }
        return around
    }

    /// The same for people.
    func words(of state: State) -> String {
        let around = nesting(of: state).map { "branch \($0.branch + 1) of '\($0.name)'" }
        return around.isEmpty ? "on the main line" : "in \(around.joined(separator: " in "))"
    }
}

extension State {
    /// In what a state is another kind of state than this one, each in a sentence.
    fileprivate func differences(to other: State) -> [String] {
        guard type == other.type else { return ["it is a \(type.rawValue) and would be a \(other.type.rawValue)"] }
        var found: [String] = []
        if queryLanguage != other.queryLanguage {
            found.append(
                "it is written in \(queryLanguage.rawValue) and would be in \(other.queryLanguage.rawValue)")
        }
        switch (body, other.body) {
        case (.task(let task), .task(let goal)):
            if task.resource.text != goal.resource.text {
                found.append("it asks '\(task.resource.text)' and would ask '\(goal.resource.text)'")
            }
        case (.parallel(let parallel), .parallel(let goal)):
            if parallel.branches.count != goal.branches.count {
                found.append("it has \(parallel.branches.count) branches and would have \(goal.branches.count)")
            }
        case (.map(let map), .map(let goal)): found += map.differences(to: goal)
        default: break
        }
        return found
    }
}

extension MapBody {
    fileprivate func differences(to other: MapBody) -> [String] {
        var found: [String] = []
        if isDistributed != other.isDistributed {
            let words = (isDistributed ? "DISTRIBUTED" : "INLINE", other.isDistributed ? "DISTRIBUTED" : "INLINE")
            found.append("its mode is \(words.0) and would be \(words.1)")
        }
        let resources = [
            ("reads from", reader?.resource.text, other.reader?.resource.text),
            ("writes to", writer?.resource?.text, other.writer?.resource?.text),
        ]
        for (verb, old, new) in resources where old != new {
            let words = [old, new].map { $0.map { "'\($0)'" } ?? "nothing outside" }
            found.append("it \(verb) \(words[0]) and the other \(words[1])")
        }
        return found
    }
}
