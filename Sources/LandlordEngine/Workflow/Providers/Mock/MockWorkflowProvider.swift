public import LandlordDomain
public import StatesLanguage
import Synchronization

/// Plays a workflow engine in memory: runs wait until they are answered, stopped or told how to end.
///
/// For tests of whatever stands in front of an engine. It forgets everything with the process and says so by answering
/// `executionNotFound`.
public final class MockWorkflowProvider: WorkflowProvider {
    private struct Run {
        let workflowID: String
        let input: ExecutionInput
        let startedAt: Timestamp
        var endedAt: Timestamp?
        var status: WorkflowStatus
        var answers: Set<String> = []
    }

    private struct State {
        var workflows: [String: WorkflowSpec] = [:]
        var runs: [String: Run] = [:]
        var refusal: WorkflowError?
        var startCount = 0
    }

    /// `mock`.
    public let name: String = "mock"

    private let surroundings: Surroundings
    private let state = Mutex(State())

    /// An engine that knows nothing yet.
    public init(surroundings: Surroundings) {
        self.surroundings = surroundings
    }

    /// Every call fails with `error` until this is called with nil: an engine that is down.
    public func fail(with error: WorkflowError?) { state.withLock { $0.refusal = error } }

    /// Ends a run, as its engine would.
    public func end(_ executionID: String, as status: WorkflowStatus) {
        let now = surroundings.now()
        state.withLock { state in
            guard var run = state.runs[executionID], !run.status.state.isTerminal else { return }
            run.status = status
            run.endedAt = status.state.isTerminal ? now : nil
            state.runs[executionID] = run
        }
    }

    /// How many runs were really started.
    public var startCount: Int { state.withLock { $0.startCount } }

    /// The names of the runs, in order.
    public var executionIDs: [String] { state.withLock { $0.runs.keys.sorted() } }

    /// Keeps a workflow.
    public func createWorkflow(_ spec: WorkflowSpec) async throws(WorkflowError) -> WorkflowCreation {
        try available()
        state.withLock { $0.workflows[spec.workflowID] = spec }
        return WorkflowCreation(workflowID: spec.workflowID, version: 1)
    }

    /// Starts a run that then waits.
    public func startExecution(
        of workflowID: String, _ input: ExecutionInput
    ) async throws(WorkflowError) -> WorkflowStatus {
        try available()
        let now = surroundings.now()
        let status: WorkflowStatus? = state.withLock { state in
            if let known = state.runs[input.executionName] { return known.status }
            guard state.workflows[workflowID] != nil else { return nil }
            let status = WorkflowStatus(executionID: input.executionName, state: .running)
            state.runs[input.executionName] = Run(
                workflowID: workflowID, input: input, startedAt: now, status: status)
            state.startCount += 1
            return status
        }
        guard let status else { throw .workflowNotFound(workflowID) }
        return status
    }

    /// A run as it stands.
    public func executionStatus(_ executionID: String) async throws(WorkflowError) -> ExecutionStatus {
        try available()
        guard let run = state.withLock({ $0.runs[executionID] }) else { throw .executionNotFound(executionID) }
        return ExecutionStatus(
            status: run.status, workflowID: run.workflowID, input: run.input.input, startedAt: run.startedAt,
            endedAt: run.endedAt, history: [])
    }

    /// Ends a run as cancelled; what is over stays as it is.
    public func stopExecution(_ executionID: String, reason: String) async throws(WorkflowError) {
        try available()
        guard state.withLock({ $0.runs[executionID] }) != nil else { throw .executionNotFound(executionID) }
        end(
            executionID,
            as: WorkflowStatus(
                executionID: executionID, state: .cancelled,
                error: WorkflowFailure(code: ComputeError.Code.cancelled.rawValue, message: reason)))
    }

    /// Forgets a workflow.
    public func deleteWorkflow(_ workflowID: String) async throws(WorkflowError) {
        try available()
        state.withLock { $0.workflows[workflowID] = nil }
    }

    /// Takes any definition.
    public func violations(of spec: WorkflowSpec) -> [Violation] { [] }

    /// A run in few words.
    public func workflowStatus(_ executionID: String) async throws(WorkflowError) -> WorkflowStatus {
        try await executionStatus(executionID).status
    }

    /// Ends a run with the result of its compute execution.
    public func postComputeCallback(
        to executionID: String, token: String, payload: JSONValue
    ) async -> DeliveryOutcome {
        if let refusal = state.withLock({ $0.refusal }) {
            return .failed(DeliveryFailure(.workflowUnavailable, refusal.description))
        }
        guard let run = state.withLock({ $0.runs[executionID] }) else {
            return .failed(DeliveryFailure(.unknownTask, "there is no run '\(executionID)'"))
        }
        if run.answers.contains(token) { return .accepted }
        let didSucceed = payload["status"]?.stringValue == ComputeExecutionStatus.succeeded.rawValue
        let failure = WorkflowFailure(
            code: payload["error"]?["code"]?.stringValue ?? ComputeError.Code.unknown.rawValue,
            message: payload["error"]?["message"]?.stringValue ?? "")
        end(
            executionID,
            as: WorkflowStatus(
                executionID: executionID, state: didSucceed ? .succeeded : .failed, output: payload,
                error: didSucceed ? nil : failure))
        state.withLock { _ = $0.runs[executionID]?.answers.insert(token) }
        return .accepted
    }

    private func available() throws(WorkflowError) {
        if let refusal = state.withLock({ $0.refusal }) { throw refusal }
    }
}
