public import StatesLanguage

/// One orchestration on the embedded engine, as lists and screens show it.
public struct WorkflowRun: Sendable, Hashable, Identifiable {
    /// The deterministic name of the run.
    public let id: String
    /// What it runs.
    public let workflowID: String
    /// The version of the definition that it began with and finishes on.
    public let definitionVersion: Int
    /// Where it stands.
    public let status: WorkflowExecutionStatus
    /// What it is doing.
    public let subState: WorkflowSubState
    /// What an operator has done to it; nil while it goes its own way.
    public let control: RunControl?
    /// The state of the definition that it is in.
    public let currentState: String?
    /// How often it has retried that state.
    public let retryCount: Int
    /// When it will move by itself; nil where it waits for somebody.
    public let wakeAt: Timestamp?
    /// What it was started with.
    public let input: JSONValue
    /// What it produced.
    public let output: JSONValue?
    /// Why it failed, or what fails at the moment.
    public let error: WorkflowFailure?
    /// The tenant that it works for.
    public let tenantID: Tenant.ID?
    /// Who or what started it.
    public let trigger: String
    /// How many inputs it has taken.
    public let inputCount: Int
    /// How many events its history has.
    public let eventCount: Int
    /// When it was started.
    public let createdAt: Timestamp
    /// When it last moved.
    public let updatedAt: Timestamp
    /// When it ended.
    public let endedAt: Timestamp?

    /// A run exactly as it was stored.
    public init(
        id: String, workflowID: String, definitionVersion: Int, status: WorkflowExecutionStatus,
        subState: WorkflowSubState, control: RunControl? = nil, currentState: String?, retryCount: Int,
        wakeAt: Timestamp?, input: JSONValue,
        output: JSONValue?, error: WorkflowFailure?, tenantID: Tenant.ID?, trigger: String, inputCount: Int,
        eventCount: Int, createdAt: Timestamp, updatedAt: Timestamp, endedAt: Timestamp?
    ) {
        self.id = id
        self.workflowID = workflowID
        self.definitionVersion = definitionVersion
        self.status = status
        self.subState = subState
        self.control = control
        self.currentState = currentState
        self.retryCount = retryCount
        self.wakeAt = wakeAt
        self.input = input
        self.output = output
        self.error = error
        self.tenantID = tenantID
        self.trigger = trigger
        self.inputCount = inputCount
        self.eventCount = eventCount
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.endedAt = endedAt
    }
}

/// What an operator has done to a run that is not over.
///
/// The raw value is what the database and every listing show.
public enum RunControl: String, Sendable, Hashable, CaseIterable {
    /// It begins nothing until it is resumed.
    case suspended
    /// It takes back what it has done, and then ends.
    case compensating
}

extension WorkflowRun {
    /// Why an operator's retry is not for this run, whatever its status; nil where it is.
    ///
    /// A tenant's next try is a run of its own, with an execution of its own: the execution of this one is over, and
    /// nobody would answer for it a second time.
    public var refusalOfRetry: String? {
        ProvisionRequest.isWorkflow(workflowID)
            ? "run '\(id)' serves a tenant, who is retried as a tenant, with a run of its own" : nil
    }
}

/// Which runs a list shows, newest first, and which window of it.
public struct WorkflowRunQuery: Sendable, Hashable {
    /// Only those of this tenant.
    public var tenantID: Tenant.ID?
    /// Only these statuses; empty for every one.
    public var statuses: Set<WorkflowExecutionStatus>
    /// Only those of this workflow.
    public var workflowID: String?
    /// Each must be found in the identifier, the workflow, the state, the error, or who started it.
    public var words: [String]
    /// Behind which item the window begins; nil for the beginning.
    public var after: PageCursor?
    /// How many items the window holds.
    public var limit: Int

    /// Describes a list.
    public init(
        tenantID: Tenant.ID? = nil, statuses: Set<WorkflowExecutionStatus> = [], workflowID: String? = nil,
        words: [String] = [], after: PageCursor? = nil, limit: Int = PageLimit.standard
    ) {
        self.tenantID = tenantID
        self.statuses = statuses
        self.workflowID = workflowID
        self.words = words
        self.after = after
        self.limit = PageLimit.clamped(limit)
    }
}
