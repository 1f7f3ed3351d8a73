import LandlordDomain
import StatesLanguage

/// Something that happened, and when: the only thing that moves the console's model.
struct ConsoleEvent: Sendable {
    /// What happened.
    enum Kind: Sendable {
        case key(Key)
        case resize(Size)
        case tick
        /// Commits changed something; says where to look.
        case changed(ChangeBatch)
        case loaded(LoadAnswer)
        /// A query was not answered; the text says why.
        case loadFailed(ConsoleQuery, String)
        case submitted(ConsoleVerb, VerbOutcome)
        case draft(DraftAnswer)
        /// The editor gave the terminal back.
        case editorEnded(SpecDraft, code: Int32)
    }

    var at: Timestamp
    var kind: Kind
}

/// Committed changes, merged: where to look, never what is there.
struct ChangeBatch: Hashable, Sendable {
    var tenants: Set<String> = []
    var executions: Set<String> = []
    var hasCallbacks = false
    var hasOperations = false
    var hasRuns = false
    var hasSchedules = false
    /// Who drives the database changed, or whether it takes writes.
    var hasDriving = false
    /// Something was lost on the way: load again whatever is shown.
    var isComplete = true

    /// Stands for everything that may have changed.
    static let everything = ChangeBatch(isComplete: false)
}

/// What a load brought.
enum LoadAnswer: Sendable {
    case fleet(Fleet)
    /// A window of tenants; `anchors` is there after a walk to the end and says where windows begin on the way back.
    case tenants(TenantQuery, anchors: [PageCursor]?, Page<Tenant>)
    case executions(ComputeExecutionQuery, anchors: [PageCursor]?, Page<ComputeExecution>)
    case causes(CallbackQuery, [CallbackCause])
    case callbacks(CallbackQuery, anchors: [PageCursor]?, Page<Callback>)
    case callback(Callback.ID, CallbackFacts?)
    case sample(cause: String, CallbackFacts?)
    case preview(BulkRequest, BulkPreview)
    case operations([OperationProgress])
    /// A tenant with its history; nil where there is none any more.
    case tenant(Tenant.ID, TenantFacts?)
    case execution(ComputeExecution.ID, ExecutionFacts?)
    case runs(WorkflowRunQuery, anchors: [PageCursor]?, Page<WorkflowRun>, [String: OpenTasks])
    case run(String, HistoryPart, RunFacts?)
    case approvals(ApprovalQuery, anchors: [PageCursor]?, Page<Approval>)
    case approval(String, ApprovalFacts?)
    case schedules(ScheduleQuery, anchors: [PageCursor]?, Page<Schedule>)
    case schedule(String, ScheduleFacts?)
    /// Lines behind the place that was asked for.
    case logs(Tenant.ID, after: LogPlace?, lines: [LogLine], LogPlace)
    /// The execution that runs for a tenant, which an operator wants to cancel.
    case running(Tenant.ID, name: String, ComputeExecution?)
}

/// What became of a verb.
enum VerbOutcome: Hashable, Sendable {
    /// Written; the text says what is so now.
    case done(String, tenantID: Tenant.ID?)
    /// Refused, and why.
    case refused(String)
}

/// What became of a step on the way from a key to a spec.
enum DraftAnswer: Hashable, Sendable {
    /// The file is there and can be edited.
    case written(SpecDraft)
    /// The file is wrong; it now says so at its top.
    case invalid(SpecDraft, problemCount: Int)
    /// The spec is legal, and this is what it would change.
    case planned(SpecDraft, TenantSpec, Plan, isNew: Bool)
    /// Nothing was asked for: the file is empty or as it was.
    case cancelled(String)
    case failed(String)
}

/// All numbers of the header.
struct Fleet: Hashable, Sendable {
    /// Who drives the database.
    enum Driver: Hashable, Sendable {
        /// Nobody has answered yet.
        case unknown
        case nobody
        case thisProcess
        case other(String)
    }

    /// Why the database takes no writes.
    struct Trouble: Hashable, Sendable {
        /// A few words, for the header.
        var headline: String
        /// What the operator can do about it.
        var advice: String
    }

    var tenants: [TenantStatus: Int] = [:]
    var executions: [ComputeExecutionStatus: Int] = [:]
    var deadLetterCount = 0
    var driver = Driver.unknown
    /// Why the database takes no writes; nil while it does.
    var trouble: Trouble?

    /// Tombstones are no tenants.
    var tenantCount: Int { tenants.reduce(0) { $0 + ($1.key == .deleted ? 0 : $1.value) } }

    var movingCount: Int { tenants.reduce(0) { $0 + ($1.key.isWorking ? $1.value : 0) } }

    var unfinishedExecutionCount: Int { executions.reduce(0) { $0 + ($1.key.isTerminal ? 0 : $1.value) } }
}

/// A tenant with all that its screen shows.
struct TenantFacts: Hashable, Sendable {
    var tenant: Tenant
    /// The history, oldest first; the last part of it where it is very long.
    var transitions: [TenantTransition]
    /// The executions, newest first.
    var executions: [ComputeExecution]
}

/// An execution with all that its screen shows.
struct ExecutionFacts: Hashable, Sendable {
    var execution: ComputeExecution
    /// The history, oldest first.
    var history: [ComputeExecutionEntry]
    /// The run that asked for it.
    var run: WorkflowRun?
    var runHistory: [HistoryEvent]
}

/// One line that a container wrote.
struct LogLine: Hashable, Sendable {
    var container: String
    var text: String
}

/// How far a reader has come in a tenant's logs.
struct LogPlace: Hashable, Sendable {
    var offsets: [String: Int]
}
