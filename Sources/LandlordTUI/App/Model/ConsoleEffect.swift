import LandlordDomain
import StatesLanguage

/// What should be done about an event.
///
/// It is data, so that a test can compare it and nothing happens twice.
enum ConsoleEffect: Hashable, Sendable {
    case load(ConsoleQuery)
    /// The only effect that changes something stored; it follows a confirmation and nothing else.
    case submit(ConsoleVerb)
    /// Write, read or throw away a file with a spec.
    case draft(DraftWork)
    /// Lend the terminal to the operator's editor.
    case edit(SpecDraft)
    case quit
    /// Stop the process, as the shell's `^Z` does.
    case stop
    case redraw
    case ring
}

/// What to read.
enum ConsoleQuery: Hashable, Sendable {
    case fleet
    /// One window; `toEnd` walks to the last one.
    case tenants(TenantQuery, toEnd: Bool)
    case executions(ComputeExecutionQuery, toEnd: Bool)
    case causes(CallbackQuery)
    case callbacks(CallbackQuery, toEnd: Bool)
    case callback(Callback.ID)
    /// The dead letter of a cause that died last, for the part below the causes.
    case sample(cause: String)
    /// What a bulk change would meet, which is asked before it is confirmed.
    case preview(BulkRequest)
    /// The bulk operations that are not over, and the newest of the others.
    case operations
    case tenant(Tenant.ID)
    case execution(ComputeExecution.ID)
    case runs(WorkflowRunQuery, toEnd: Bool)
    case run(String, HistoryPart)
    case approvals(ApprovalQuery, toEnd: Bool)
    case approval(String)
    case schedules(ScheduleQuery, toEnd: Bool)
    case schedule(String)
    case logs(Tenant.ID, after: LogPlace?)
    case running(Tenant.ID, name: String)

    /// Queries of one lane are answered in order, and a newer wish replaces one that has not begun.
    enum Lane: Hashable, Sendable, CaseIterable {
        case fleet, tenants, executions, causes, callbacks, callback, sample, preview, operations, tenant, execution
        case logs, running, runs, run, approvals, approval, schedules, schedule
    }

    var lane: Lane {
        switch self {
        case .fleet: .fleet
        case .tenants: .tenants
        case .executions: .executions
        case .causes: .causes
        case .callbacks: .callbacks
        case .callback: .callback
        case .sample: .sample
        case .preview: .preview
        case .operations: .operations
        case .tenant: .tenant
        case .execution: .execution
        case .logs: .logs
        case .running: .running
        case .runs: .runs
        case .run: .run
        case .approvals: .approvals
        case .approval: .approval
        case .schedules: .schedules
        case .schedule: .schedule
        }
    }
}

/// A change that an operator asked for, for exactly what the question named.
enum ConsoleVerb: Hashable, Sendable {
    case apply(TenantSpec, isNew: Bool, reason: String? = nil)
    case retry(Tenant.ID, name: String, reason: String? = nil)
    case archive(Tenant.ID, name: String, reason: String?)
    case delete(Tenant.ID, name: String, reason: String?)
    case cancel(ComputeExecution.ID, tenantName: String, reason: String?)
    /// A verb for one dead letter, or for those that were marked.
    case settle(CallbackVerb, [Callback.ID], reason: String?)
    /// A bulk operation over all that a filter finds, and how many the operator has confirmed.
    case begin(BulkRequest, confirmed: Int, reason: String?)
    case control(CallbackOperation.ID, OperationControl)
    /// What an operator does to a run.
    case order(RunOrder.Verb, String, reason: String?)
    /// An answer to a run's request for approval.
    case decide(String, isApproval: Bool, reason: String?)
    /// What an operator does with a schedule.
    case schedule(ScheduleVerb, String, reason: String?)
    /// A signal to a run.
    case signal(String, name: String, data: JSONValue)
    /// A new run of a workflow; without a name it gets one.
    case start(String, name: String?, input: JSONValue)

    /// What changes, in the words of the screen.
    var subject: String {
        switch self {
        case .apply(let spec, _, _): spec.name
        case .retry(_, let name, _), .archive(_, let name, _), .delete(_, let name, _): name
        case .cancel(let id, _, _): id.rawValue
        case .settle(_, let ids, _): ids.count == 1 ? ids[0].rawValue : "\(ids.count) callbacks"
        case .begin(let request, _, _): request.scope
        case .control(let id, _): id.rawValue
        case .order(_, let id, _): id
        case .decide(let id, _, _): id
        case .schedule(_, let name, _): "schedule \(name)"
        case .signal(let id, _, _): id
        case .start(let workflow, let name, _): name ?? workflow
        }
    }

    /// The same verb with the reason that the operator gave.
    func because(_ reason: String?) -> ConsoleVerb {
        switch self {
        case .apply(let spec, let isNew, _): .apply(spec, isNew: isNew, reason: reason)
        case .retry(let id, let name, _): .retry(id, name: name, reason: reason)
        case .archive(let id, let name, _): .archive(id, name: name, reason: reason)
        case .delete(let id, let name, _): .delete(id, name: name, reason: reason)
        case .cancel(let id, let name, _): .cancel(id, tenantName: name, reason: reason)
        case .settle(let verb, let ids, _): .settle(verb, ids, reason: reason)
        case .begin(let request, let count, _): .begin(request, confirmed: count, reason: reason)
        case .control, .signal, .start: self
        case .order(let verb, let id, _): .order(verb, id, reason: reason)
        case .decide(let id, let isApproval, _): .decide(id, isApproval: isApproval, reason: reason)
        case .schedule(let verb, let name, _): .schedule(verb, name, reason: reason)
        }
    }
}

/// A file with a spec that an operator edits.
struct SpecDraft: Hashable, Sendable {
    /// What the spec is for.
    enum Purpose: Hashable, Sendable {
        case provision
        /// The name of the tenant, which must stay.
        case update(name: String)
    }

    var purpose: Purpose
    var path: String
    /// What was written to the file last; a file that still says so was not touched.
    var written: String
}

/// A step on the way from a key to a spec.
enum DraftWork: Hashable, Sendable {
    case write(SpecDraft.Purpose, text: String)
    case read(SpecDraft)
    case discard(SpecDraft)
}
