/// The steps at which something has just become durable: those of provision, update and delete in the order of an
/// operation, and those of the archive.
///
/// A crash test kills the process at each of them; `reached` says which one was the last before a kill that chance
/// chose.
public enum DurableStep: String, Sendable, Hashable, CaseIterable {
    /// The operator's wish is written.
    case requested = "tenant.requested"
    /// The status and the intent to run are written; the run does not exist.
    case intended = "tenant.intended"
    /// The run, its first input and its task are written; nobody was asked for compute.
    case begun = "run.begun"
    /// The compute execution is written; nobody works on it.
    case recorded = "execution.recorded"
    /// The compute execution is running; the provider was not asked.
    case started = "execution.started"
    /// A supervisor waits; no record names it.
    case spawned = "process.spawned"
    /// The record names the supervisor; nothing runs.
    case claimed = "process.recorded"
    /// The process is starting.
    case handedOver = "process.handed_over"
    /// A container is about to be stopped.
    case stopping = "process.stopping"
    /// The container is stopped; the record still names its supervisor.
    case stopped = "process.stopped"
    /// The directory of the tenant is gone; its record is not.
    case removed = "process.removed"
    /// The provider is done; the execution's end is not written.
    case performed = "execution.performed"
    /// The execution's end and its callback are written; nobody was told.
    case ended = "execution.ended"
    /// An attempt to deliver is written; the receiver was not asked.
    case delivering = "callback.delivering"
    /// The run has taken the result; the delivery is not written.
    case answered = "run.answered"
    /// The delivery is written.
    case delivered = "callback.delivered"
    /// The tenant has what the run produced.
    case completed = "tenant.completed"
    /// Runs that are over are in a file of the archive; they are in the database as well.
    case archiving = "run.archiving"
    /// They are in the file alone, which does not have its name.
    case archived = "run.archived"
}
