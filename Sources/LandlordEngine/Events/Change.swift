/// Something that a commit changed, small enough to be merged: it says where to look, never what is there.
///
/// A change is a hint. Whoever acts on one reads the database again, so a repeated, merged or late change is
/// harmless. Where it names a version, whoever made that version himself need not look.
public enum Change: Sendable, Hashable {
    /// A tenant, its status or its transitions.
    case tenant(id: String, version: Int)
    /// A compute execution or its history.
    case execution(id: String, tenantID: String)
    /// A workflow run or its events, up to the input with this number; 1 is its beginning.
    case run(id: String, tenantID: String?, input: Int)
    /// A callback's outbox row.
    case callback(id: String)
    /// A request for approval or its history.
    case approval(id: String)
    /// A schedule or its history.
    case schedule(name: String)
    /// Who drives the database.
    case lease
    /// Whether the database takes writes.
    case storage
    /// A task of the embedded engine became ready.
    case workflowTask
    /// A timer of the embedded engine was set or moved.
    case workflowTimer
    /// Changes were lost on the way, or made by another process: load again whatever is shown.
    case missed
}

extension Change {
    /// What the change speaks of, whatever its version: two changes of one subject are one, the later.
    var subject: Change {
        switch self {
        case .tenant(let id, _): .tenant(id: id, version: 0)
        case .run(let id, let tenantID, _): .run(id: id, tenantID: tenantID, input: 0)
        case .execution, .callback, .approval, .schedule, .lease, .storage, .workflowTask, .workflowTimer, .missed: self
        }
    }
}
