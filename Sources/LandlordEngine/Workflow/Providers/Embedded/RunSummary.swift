package import LandlordDomain
package import StatesLanguage

/// What lists and screens show of a run's state: the columns of its row that are not the state itself.
///
/// Derived in one place, so that a row and the fold of its log can be compared column by column.
package struct RunSummary: Sendable, Hashable {
    package let status: WorkflowExecutionStatus
    package let subState: WorkflowSubState
    package let currentState: String?
    package let retryCount: Int
    package let wakeAt: Timestamp?
    package let output: JSONValue?
    package let error: WorkflowFailure?

    package init(_ state: RunState) {
        currentState = state.currentState
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
