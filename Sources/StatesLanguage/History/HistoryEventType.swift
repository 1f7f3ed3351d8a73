/// The kinds of history event, named as in Step Functions' `GetExecutionHistory`.
public enum HistoryEventType: String, Sendable, Hashable, CaseIterable {
    case executionStarted = "ExecutionStarted"
    case executionSucceeded = "ExecutionSucceeded"
    case executionFailed = "ExecutionFailed"
    case executionAborted = "ExecutionAborted"
    case executionTimedOut = "ExecutionTimedOut"
    case taskStateEntered = "TaskStateEntered"
    case taskScheduled = "TaskScheduled"
    case taskStarted = "TaskStarted"
    case taskSucceeded = "TaskSucceeded"
    case taskFailed = "TaskFailed"
    case taskTimedOut = "TaskTimedOut"
    case taskStateExited = "TaskStateExited"
    case passStateEntered = "PassStateEntered"
    case passStateExited = "PassStateExited"
    case choiceStateEntered = "ChoiceStateEntered"
    case choiceStateExited = "ChoiceStateExited"
    case waitStateEntered = "WaitStateEntered"
    case waitStateExited = "WaitStateExited"
    case succeedStateEntered = "SucceedStateEntered"
    case succeedStateExited = "SucceedStateExited"
    case failStateEntered = "FailStateEntered"
    case parallelStateEntered = "ParallelStateEntered"
    case parallelStateExited = "ParallelStateExited"
    case mapStateEntered = "MapStateEntered"
    case mapStateExited = "MapStateExited"

    /// The name of the member that holds the details in `GetExecutionHistory`.
    public var detailsName: String {
        switch self {
        case .executionStarted: "executionStartedEventDetails"
        case .executionSucceeded: "executionSucceededEventDetails"
        case .executionFailed: "executionFailedEventDetails"
        case .executionAborted: "executionAbortedEventDetails"
        case .executionTimedOut: "executionTimedOutEventDetails"
        case .taskScheduled: "taskScheduledEventDetails"
        case .taskStarted: "taskStartedEventDetails"
        case .taskSucceeded: "taskSucceededEventDetails"
        case .taskFailed: "taskFailedEventDetails"
        case .taskTimedOut: "taskTimedOutEventDetails"
        case .taskStateEntered, .passStateEntered, .choiceStateEntered, .waitStateEntered, .succeedStateEntered,
            .failStateEntered, .parallelStateEntered, .mapStateEntered:
            "stateEnteredEventDetails"
        case .taskStateExited, .passStateExited, .choiceStateExited, .waitStateExited, .succeedStateExited,
            .parallelStateExited, .mapStateExited:
            "stateExitedEventDetails"
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
}
