// Moving a run to another definition: its lines are found by the names of their states.

extension Step {
    /// Takes a run over from the definition that it was on; changes nothing where that cannot be done.
    ///
    /// What was asked for stays as it was asked: tasks, their parameters and their times, timers, and the run's own
    /// limit. Attempts go on being counted where the rules of `Retry` are the same, and are counted anew where not.
    mutating func move(_ move: RunMove, from old: StateMachine) {
        guard state.isRunning || state.canBeRetried, state.moveProblems(from: old, to: machine).isEmpty else { return }
        for (place, frame) in state.frames.all {
            if let position = frame.position { settle(place, old.states[position]) }
            if let caught = frame.caught, let position = machine.position(of: old.states[caught.position].name),
                position != caught.position
            {
                state.frames[place].caught = RunState.Caught(position: position, input: caught.input)
            }
        }
        // That a run which is over was moved is history too, although it is over before and after.
        let outcome = state.outcome.take()
        record(.executionMoved, after: state.eventCount, move.content)
        state.outcome = outcome
    }

    /// Puts a line into the state of the same name; lines that change nothing are not written again.
    private mutating func settle(_ place: Int, _ former: State) {
        guard let position = machine.position(of: former.name) else { return }
        if state.frames[place].position != position { state.frames[place].position = position }
        let isAlike = former.resultRules?.retriers == machine.states[position].resultRules?.retriers
        if !isAlike, !state.frames[place].retryCounts.isEmpty { state.frames[place].retryCounts = [] }
    }
}
