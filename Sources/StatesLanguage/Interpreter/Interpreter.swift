/// Runs state machines, as a pure function of their inputs.
///
/// A step takes as many states as it can until the run waits for a task or for time, or ends. An input that nobody
/// waits for (late, repeated, unknown, after the end) is a step that changes nothing.
public enum Interpreter {
    /// The most states that one step may enter; a run that wants more is failed as a runaway.
    public static let stateLimitPerStep = 10_000
    /// The most bytes of data that the events of one step may hold; a run that wants more is failed as a runaway.
    public static let byteLimitPerStep = 16_777_216

    /// Begins a run.
    public static func begin(machine: StateMachine, start: RunStart, stamp: Stamp) -> Transition {
        var step = Step(machine: machine, state: RunState(start: start, startedAt: stamp.now), stamp: stamp)
        step.begin()
        return step.transition
    }

    /// Takes a run one input further.
    public static func step(machine: StateMachine, state: RunState, input: RunInput, stamp: Stamp) -> Transition {
        let unchanged = Transition(state: state, events: [], commands: [])
        guard state.isRunning else { return unchanged }
        var step = Step(machine: machine, state: state, stamp: stamp)
        switch input {
        case .start: return unchanged
        case .taskSucceeded(let task, let output):
            guard let frame = state.frame(waitingForTask: task) else { return unchanged }
            step.taskSucceeded(frame, output: output)
        case .taskFailed(let task, let error, let cause):
            guard let frame = state.frame(waitingForTask: task) else { return unchanged }
            step.taskFailed(frame, StateError(error, cause))
        case .timerFired(let timer):
            if timer == state.limitTimer {
                step.limitPassed()
            } else {
                guard let frame = state.frame(waitingForTimer: timer) else { return unchanged }
                step.timerFired(frame)
            }
        case .stop(let error, let cause):
            step.stop(error: error, cause: cause)
        }
        return step.transition
    }

    /// The state that a run's inputs lead to; nil when the first is not a start.
    public static func fold(machine: StateMachine, inputs: [(RunInput, Stamp)]) -> RunState? {
        guard case (.start(let start), let stamp)? = inputs.first else { return nil }
        var state = begin(machine: machine, start: start, stamp: stamp).state
        for (input, stamp) in inputs.dropFirst() {
            state = step(machine: machine, state: state, input: input, stamp: stamp).state
        }
        return state
    }
}

extension RunState {
    fileprivate func frame(waitingForTask task: Int) -> Int? {
        frames.firstIndex { if case .task(task, _, _) = $0.activity { true } else { false } }
    }

    fileprivate func frame(waitingForTimer timer: Int) -> Int? {
        frames.firstIndex { $0.activity.timer == timer }
    }
}
