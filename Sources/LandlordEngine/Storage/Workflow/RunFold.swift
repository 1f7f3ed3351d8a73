import StatesLanguage

/// The inputs of a run with every definition that it was on, to be taken through again.
///
/// A row names the version that its run is on now. Where the run was moved, what came before is folded on the version
/// that the first move names.
struct RunFold: Sendable {
    private let links: [RunLog.Link]
    private let firstVersion: Int
    private let machines: [Int: StateMachine]

    /// Gathers what a fold needs.
    ///
    /// - Parameters:
    ///   - links: The inputs, oldest first.
    ///   - version: The version that the run's row names.
    ///   - machine: The definition of a version; it is asked once for each.
    /// - Throws: `.unusable` where an input cannot be read, and what `machine` throws.
    init(
        _ links: [RunLog.Link], on version: Int, _ machine: (Int) throws(RepositoryError) -> StateMachine
    ) throws(RepositoryError) {
        let versions = try Self.versions(of: links, on: version)
        self.links = links
        firstVersion = versions[0]
        var machines: [Int: StateMachine] = [:]
        for version in versions { machines[version] = try machine(version) }
        self.machines = machines
    }

    /// The versions that a run was on, in the order in which it came to them, each once; at least one.
    ///
    /// - Throws: `.unusable` where an input cannot be read.
    static func versions(of links: [RunLog.Link], on version: Int) throws(RepositoryError) -> [Int] {
        var versions: [Int] = []
        for link in links {
            guard let move = try link.move() else { continue }
            for version in [move.from, move.to] where !versions.contains(version) { versions.append(version) }
        }
        return versions.isEmpty ? [version] : versions
    }

    /// What the inputs lead to.
    struct Outcome: Sendable {
        let state: RunState
        let events: [HistoryEvent]
        let version: Int
    }

    /// Takes the run through all of its inputs.
    ///
    /// - Throws: What `run` throws.
    func outcome() throws(RepositoryError) -> Outcome {
        var state: RunState?
        var events: [HistoryEvent] = []
        let end = try run { transition in
            state = transition.state
            events += transition.events
            return false
        }
        guard let state else { throw .unusable("its first input does not start it") }
        return Outcome(state: state, events: events, version: end.version)
    }

    /// Takes the run through its inputs, until `stop` says that what follows from one is enough.
    ///
    /// - Returns: Whether it was stopped, and the version that the inputs lead to.
    /// - Throws: `.unusable` where an input cannot be read, the first does not start the run, or a move does not begin
    ///   where the one before has ended.
    @discardableResult
    func run(until stop: (Transition) -> Bool) throws(RepositoryError) -> (isStopped: Bool, version: Int) {
        var version = firstVersion
        var state: RunState?
        for link in links {
            let input = try link.runInput()
            let transition: Transition
            if let state {
                (transition, version) = try step(state, input, link.stamp, on: version)
            } else if case .start(let start) = input, let machine = machines[version] {
                transition = Interpreter.begin(machine: machine, start: start, stamp: link.stamp)
            } else {
                throw .unusable("its first input does not start it")
            }
            if stop(transition) { return (true, version) }
            state = transition.state
        }
        return (false, version)
    }

    private func step(
        _ state: RunState, _ input: RunInput, _ stamp: Stamp, on version: Int
    ) throws(RepositoryError) -> (Transition, Int) {
        guard let machine = machines[version] else { throw .unusable("it was never on version \(version)") }
        guard case .move(let move) = input else {
            return (Interpreter.step(machine: machine, state: state, input: input, stamp: stamp), version)
        }
        guard move.from == version, let goal = machines[move.to] else {
            throw .unusable("it was moved from version \(move.from), and was on version \(version)")
        }
        return (Interpreter.move(state, move, from: machine, to: goal, stamp: stamp), move.to)
    }
}

extension RunLog.Link {
    /// The move that came in; nil for every other input, most of which need not be parsed for that.
    fileprivate func move() throws(RepositoryError) -> RunMove? {
        guard input.contains("\"move\""), case .move(let move) = try runInput() else { return nil }
        return move
    }
}

extension RunFold.Outcome {
    /// Where the history that was stored is not what the inputs lead to; the first such event alone.
    func findings(of runID: String, against stored: [HistoryEvent]) -> [VerificationReport.Finding] {
        guard stored.count == events.count else {
            let message = "it has \(stored.count) events where its inputs lead to \(events.count)"
            return [.init(.unlikeHistory, "run \(runID)", message)]
        }
        for (found, event) in zip(stored, events) where found != event {
            return [.init(.unlikeHistory, "run \(runID)", "event \(event.id) is not what its inputs lead to")]
        }
        return []
    }
}
