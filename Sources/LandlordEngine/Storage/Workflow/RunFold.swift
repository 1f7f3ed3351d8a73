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
        var moves: [RunMove] = []
        for link in links { if let move = try link.move() { moves.append(move) } }
        self.links = links
        firstVersion = moves.first?.from ?? version
        var machines = [firstVersion: try machine(firstVersion)]
        for move in moves where machines[move.to] == nil { machines[move.to] = try machine(move.to) }
        self.machines = machines
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
