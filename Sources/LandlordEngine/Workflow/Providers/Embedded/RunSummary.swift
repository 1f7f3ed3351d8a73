package import LandlordDomain
package import StatesLanguage

/// What lists and screens show of a run's state: the columns of its row that are not the state itself.
///
/// Derived in one place, so that a row and the fold of its log can be compared column by column.
package struct RunSummary: Sendable, Hashable {
    /// Where the run stands.
    package let status: WorkflowExecutionStatus
    /// What it does while it stands there: works, waits, or waits before another try.
    package let subState: WorkflowSubState
    /// What an operator has done to it.
    package let control: RunControl?
    /// The state that it is in; nil once it has ended.
    package let currentState: String?
    /// How often the present state was tried before this try.
    package let retryCount: Int
    /// When it goes on by itself; nil where it waits for an answer or for nothing.
    package let wakeAt: Timestamp?
    /// What a run that succeeded ended with.
    package let output: JSONValue?
    /// What a run ended with that did not succeed, or what it waits to try again after.
    package let error: WorkflowFailure?

    /// Reads the columns off a run's state.
    package init(_ state: RunState) {
        currentState = state.currentState
        control = state.suspension != nil ? .suspended : state.isCompensating ? .compensating : nil
        switch state.outcome {
        case nil: status = .running
        case .succeeded?: status = .succeeded
        case .failed?: status = .failed
        case .timedOut?: status = .timedOut
        case .aborted?: status = .cancelled
        }
        switch state.outcome {
        case .succeeded(let result)?:
            output = result
            error = nil
        case .failed(let code, let cause)?, .timedOut(let code, let cause)?, .aborted(let code, let cause)?:
            output = nil
            error = WorkflowFailure(code: code, message: cause)
        case nil:
            output = nil
            if case .backoff(_, _, let code) = state.waiting {
                error = WorkflowFailure(code: code, message: "the step failed and will be tried again")
            } else {
                error = nil
            }
        }
        switch state.waiting {
        case .none:
            (subState, retryCount, wakeAt) = (WorkflowStatus.subState(of: status), 0, nil)
        case .task(_, _, let attempt):
            (subState, retryCount, wakeAt) = (.running, attempt - 1, nil)
        case .branches:
            (subState, retryCount, wakeAt) = (.running, 0, nil)
        case .timer(let fireAt):
            (subState, retryCount, wakeAt) = (.waiting, 0, fireAt)
        case .backoff(let until, let attempt, _):
            (subState, retryCount, wakeAt) = (.backingOff, attempt - 1, until)
        }
    }
}

extension WorkflowRun {
    /// The run in the words that every engine shares.
    package var workflowStatus: WorkflowStatus {
        WorkflowStatus(
            executionID: id, state: status, subState: subState, retryCount: retryCount, output: output, error: error)
    }
}
