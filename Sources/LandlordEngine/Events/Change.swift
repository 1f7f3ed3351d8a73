/// Something that a commit changed, small enough to be merged: it says where to look, never what is there.
///
/// A change is a hint. Whoever acts on one reads the database again, so a repeated, merged or late change is
/// harmless.
public enum Change: Sendable, Hashable {
    /// A tenant, its status or its transitions.
    case tenant(id: String)
    /// A compute execution or its history.
    case execution(id: String, tenantID: String)
    /// A workflow run or its events.
    case run(id: String, tenantID: String?)
    /// A callback's outbox row.
    case callback(id: String)
    /// Who drives the database.
    case lease
    /// A task of the embedded engine became ready.
    case workflowTask
    /// A timer of the embedded engine was set or moved.
    case workflowTimer
    /// Changes were lost on the way, or made by another process: load again whatever is shown.
    case missed
}
