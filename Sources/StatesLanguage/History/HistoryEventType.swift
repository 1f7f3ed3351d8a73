/// The kinds of history event, named as in Step Functions' `GetExecutionHistory`.
public enum HistoryEventType: String, Sendable, Hashable, CaseIterable {
    case activityFailed = "ActivityFailed"
    case activityScheduled = "ActivityScheduled"
    case activityScheduleFailed = "ActivityScheduleFailed"
    case activityStarted = "ActivityStarted"
    case activitySucceeded = "ActivitySucceeded"
    case activityTimedOut = "ActivityTimedOut"
    case choiceStateEntered = "ChoiceStateEntered"
    case choiceStateExited = "ChoiceStateExited"
    case compensationFailed = "CompensationFailed"
    case compensationStarted = "CompensationStarted"
    case evaluationFailed = "EvaluationFailed"
    case executionAborted = "ExecutionAborted"
    case executionFailed = "ExecutionFailed"
    case executionMoved = "ExecutionMoved"
    case executionRedriven = "ExecutionRedriven"
    case executionResumed = "ExecutionResumed"
    case executionStarted = "ExecutionStarted"
    case executionSucceeded = "ExecutionSucceeded"
    case executionSuspended = "ExecutionSuspended"
    case executionTimedOut = "ExecutionTimedOut"
    case failStateEntered = "FailStateEntered"
    case lambdaFunctionFailed = "LambdaFunctionFailed"
    case lambdaFunctionScheduled = "LambdaFunctionScheduled"
    case lambdaFunctionScheduleFailed = "LambdaFunctionScheduleFailed"
    case lambdaFunctionStarted = "LambdaFunctionStarted"
    case lambdaFunctionStartFailed = "LambdaFunctionStartFailed"
    case lambdaFunctionSucceeded = "LambdaFunctionSucceeded"
    case lambdaFunctionTimedOut = "LambdaFunctionTimedOut"
    case mapIterationAborted = "MapIterationAborted"
    case mapIterationFailed = "MapIterationFailed"
    case mapIterationStarted = "MapIterationStarted"
    case mapIterationSucceeded = "MapIterationSucceeded"
    case mapRunAborted = "MapRunAborted"
    case mapRunFailed = "MapRunFailed"
    case mapRunStarted = "MapRunStarted"
    case mapRunSucceeded = "MapRunSucceeded"
    case mapStateAborted = "MapStateAborted"
    case mapStateEntered = "MapStateEntered"
    case mapStateExited = "MapStateExited"
    case mapStateFailed = "MapStateFailed"
    case mapStateStarted = "MapStateStarted"
    case mapStateSucceeded = "MapStateSucceeded"
    case parallelStateAborted = "ParallelStateAborted"
    case parallelStateEntered = "ParallelStateEntered"
    case parallelStateExited = "ParallelStateExited"
    case parallelStateFailed = "ParallelStateFailed"
    case parallelStateStarted = "ParallelStateStarted"
    case parallelStateSucceeded = "ParallelStateSucceeded"
    case passStateEntered = "PassStateEntered"
    case passStateExited = "PassStateExited"
    case succeedStateEntered = "SucceedStateEntered"
    case succeedStateExited = "SucceedStateExited"
    case taskFailed = "TaskFailed"
    case taskScheduled = "TaskScheduled"
    case taskStarted = "TaskStarted"
    case taskStartFailed = "TaskStartFailed"
    case taskStateAborted = "TaskStateAborted"
    case taskStateEntered = "TaskStateEntered"
    case taskStateExited = "TaskStateExited"
    case taskSubmitFailed = "TaskSubmitFailed"
    case taskSubmitted = "TaskSubmitted"
    case taskSucceeded = "TaskSucceeded"
    case taskTimedOut = "TaskTimedOut"
    case waitStateAborted = "WaitStateAborted"
    case waitStateEntered = "WaitStateEntered"
    case waitStateExited = "WaitStateExited"

    /// The name of the member that holds the details in `GetExecutionHistory`; nil for kinds that have none.
    public var detailsName: String? {
        switch self {
        case .taskStateEntered, .passStateEntered, .choiceStateEntered, .waitStateEntered, .succeedStateEntered,
            .failStateEntered, .parallelStateEntered, .mapStateEntered:
            return "stateEnteredEventDetails"
        case .taskStateExited, .passStateExited, .choiceStateExited, .waitStateExited, .succeedStateExited,
            .parallelStateExited, .mapStateExited:
            return "stateExitedEventDetails"
        case .lambdaFunctionStarted, .mapRunAborted, .mapRunSucceeded, .mapStateAborted, .mapStateFailed,
            .mapStateSucceeded, .parallelStateAborted, .parallelStateFailed, .parallelStateStarted,
            .parallelStateSucceeded, .taskStateAborted, .waitStateAborted:
            return nil
        default:
            // The others are named for themselves, with a small first letter.
            return rawValue.prefix(1).lowercased() + rawValue.dropFirst() + "EventDetails"
        }
    }
}

extension StateType {
    var enteredEvent: HistoryEventType {
        switch self {
        case .task: .taskStateEntered
        case .pass: .passStateEntered
        case .choice: .choiceStateEntered
        case .wait: .waitStateEntered
        case .succeed: .succeedStateEntered
        case .fail: .failStateEntered
        case .parallel: .parallelStateEntered
        case .map: .mapStateEntered
        }
    }

    /// The event of leaving such a state; a Fail state is never left.
    var exitedEvent: HistoryEventType? {
        switch self {
        case .task: .taskStateExited
        case .pass: .passStateExited
        case .choice: .choiceStateExited
        case .wait: .waitStateExited
        case .succeed: .succeedStateExited
        case .fail: nil
        case .parallel: .parallelStateExited
        case .map: .mapStateExited
        }
    }

    /// The event of being torn out of such a state because another branch failed; only those that wait have one.
    var abortedEvent: HistoryEventType? {
        switch self {
        case .task: .taskStateAborted
        case .wait: .waitStateAborted
        case .parallel: .parallelStateAborted
        case .map: .mapStateAborted
        case .pass, .choice, .succeed, .fail: nil
        }
    }
}
