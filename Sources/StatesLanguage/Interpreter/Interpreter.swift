/// Runs state machines, as a pure function of their inputs.
///
/// A step takes as many states as it can until every line of execution waits for a task or for time, or the run ends.
/// An input that nobody waits for (late, repeated, unknown, after the end) is a step that changes nothing. A run that
/// has ended without success goes on only when an operator retries it.
public enum Interpreter {
    /// The most states that one step may enter; a run that wants more is failed as a runaway.
    public static let stateLimitPerStep = 100_000
    /// The most bytes of data that the events of one step may hold; a run that wants more is failed as a runaway.
    public static let byteLimitPerStep = 16_777_216
    /// The most iterations of an inline Map that run at once, as on AWS.
    public static let inlineConcurrency = 40
    /// The most iterations of a distributed Map that run at once, as on AWS.
    public static let distributedConcurrency = 10_000

    /// Begins a run.
    public static func begin(machine: StateMachine, start: RunStart, stamp: Stamp) -> Transition {
        var step = Step(machine: machine, state: RunState(start: start, startedAt: stamp.now), stamp: stamp)
        step.begin()
        return step.transition
    }

    /// Takes a run one input further; a move needs both definitions and is for ``move(_:_:from:to:stamp:)``.
    public static func step(
        machine: StateMachine, state: consuming RunState, input: RunInput, stamp: Stamp
    ) -> Transition {
        var step = Step(machine: machine, state: state, stamp: stamp)
        step.receive(input)
        return step.transition
    }

    /// Takes a run over to another definition; a step that changes nothing where it does not fit the run.
    ///
    /// - Parameters:
    ///   - state: The run, at rest.
    ///   - move: What is done, with who and why.
    ///   - old: The definition that the run is on.
    ///   - new: The one that it goes on with.
    ///   - stamp: The time of the step.
    /// - Returns: The run on the new definition, with one event and no commands.
    public static func move(
        _ state: consuming RunState, _ move: RunMove, from old: StateMachine, to new: StateMachine, stamp: Stamp
    ) -> Transition {
        var step = Step(machine: new, state: state, stamp: stamp)
        step.move(move, from: old)
        return step.transition
    }

    /// The state that a run's inputs lead to on one definition, so without moves; nil when the first is not a start.
    public static func fold(machine: StateMachine, inputs: [(RunInput, Stamp)]) -> RunState? {
        guard case (.start(let start), let stamp)? = inputs.first else { return nil }
        var state = begin(machine: machine, start: start, stamp: stamp).state
        for (input, stamp) in inputs.dropFirst() {
            state = step(machine: machine, state: state, input: input, stamp: stamp).state
        }
        return state
    }
}
