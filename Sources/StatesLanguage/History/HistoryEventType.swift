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
            .failStateEntered:
            "stateEnteredEventDetails"
        case .taskStateExited, .passStateExited, .choiceStateExited, .waitStateExited, .succeedStateExited:
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
        }
    }
}
