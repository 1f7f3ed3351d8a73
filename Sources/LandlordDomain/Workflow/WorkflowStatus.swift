public import StatesLanguage

/// Where a workflow execution stands.
///
/// The raw value is what the database and every listing show.
public enum WorkflowExecutionStatus: String, Sendable, Hashable, CaseIterable {
    /// Accepted; not begun.
    case pending
    /// Under way.
    case running
    /// Done.
    case succeeded
    /// Ended with an error.
    case failed
    /// Not done in the time it had.
    case timedOut = "timed_out"
    /// Stopped on request.
    case cancelled

    /// Every legal step.
    ///
    /// `docs/state-machines.md` is checked against this table.
    public static let legal: [WorkflowExecutionStatus: Set<WorkflowExecutionStatus>] = [
        .pending: [.running, .succeeded, .failed, .timedOut, .cancelled],
        .running: [.succeeded, .failed, .timedOut, .cancelled],
        .succeeded: [], .failed: [], .timedOut: [], .cancelled: [],
    ]

    /// The run is over, and its status will never change.
    public var isTerminal: Bool {
        switch self {
        case .pending, .running: false
        case .succeeded, .failed, .timedOut, .cancelled: true
        }
    }
}

/// What a run is doing, in the words that every engine shares (reference 4.3).
public enum WorkflowSubState: String, Sendable, Hashable, CaseIterable {
    /// It works.
    case running
    /// It waits for somebody or for a time.
    case waiting
    /// It failed and will try again.
    case backingOff = "backing-off"
    /// It still runs, but its engine reports an error.
    case error
    /// It is done.
    case succeeded
    /// It failed, was cancelled or ran out of time.
    case failed
}

/// What a workflow provider says of a run, in one shape for every engine.
public struct WorkflowStatus: Sendable, Hashable {
    /// The run's name.
    public let executionID: String
    /// Where it stands.
    public let state: WorkflowExecutionStatus
    /// What it is doing.
    public let subState: WorkflowSubState
    /// How often it has retried its current step.
    public let retryCount: Int
    /// What it produced.
    public let output: JSONValue?
    /// Why it failed, or what fails at the moment.
    public let error: WorkflowFailure?

    /// Describes a run.
    public init(
        executionID: String, state: WorkflowExecutionStatus, subState: WorkflowSubState? = nil, retryCount: Int = 0,
        output: JSONValue? = nil, error: WorkflowFailure? = nil
    ) {
        self.executionID = executionID
        self.state = state
        self.subState = subState ?? Self.subState(of: state)
        self.retryCount = retryCount
        self.output = output
        self.error = error
    }

    /// The sub-state of a run whose engine says no more than its state.
    public static func subState(of state: WorkflowExecutionStatus) -> WorkflowSubState {
        switch state {
        case .pending: .waiting
        case .running: .running
        case .succeeded: .succeeded
        case .failed, .timedOut, .cancelled: .failed
        }
    }
}

/// Why a run failed.
public struct WorkflowFailure: Error, Sendable, Hashable {
    /// The machine code: a `ComputeError.Code`, or a name of the States Language.
    public let code: String
    /// What happened, for a person.
    public let message: String

    /// Describes a failure.
    public init(code: String, message: String) {
        self.code = code
        self.message = message
    }
}
