public import StatesLanguage

/// What an operator has said about new runs of a workflow, with who and why.
///
/// The latest word of a workflow holds for every process; one of which nothing was said is open.
public struct WorkflowAdmission: Sendable, Hashable {
    /// What is done.
    public enum Verb: String, Sendable, Hashable, CaseIterable {
        /// No new run starts; those in flight go on to their ends.
        case drain
        /// Runs start again.
        case open
    }

    /// What is done.
    public let verb: Verb
    /// Who does it.
    public let actor: String
    /// Why.
    public let reason: String
    /// When.
    public let at: Timestamp

    /// Says what becomes of new runs from a moment on.
    public init(_ verb: Verb, by actor: String, reason: String, at: Timestamp) {
        self.verb = verb
        self.actor = actor
        self.reason = reason
        self.at = at
    }

    /// Who and why, in one line for people.
    public var text: String { reason.isEmpty ? "by \(actor)" : "by \(actor): \(reason)" }

    /// Why a run does not start that this keeps out.
    public func refusal(of workflowID: String) -> String {
        "workflow '\(workflowID)' is drained since \(at.rfc3339) \(text)"
    }

    /// Why nothing may be said of a workflow; nil where it may.
    ///
    /// The workflows that ship for tenants are how tenants are provisioned and deleted: draining one would leave every
    /// tenant that is changed meanwhile failed, and nothing would say so but its status.
    public static func refusal(toChange workflowID: String) -> String? {
        ProvisionRequest.isWorkflow(workflowID) ? "workflow '\(workflowID)' serves tenants and is never drained" : nil
    }
}

/// A workflow as a list shows it.
public struct WorkflowSummary: Sendable, Hashable {
    /// The workflow's name.
    public let workflowID: String
    /// The version that new runs get.
    public let newestVersion: Int
    /// How many of its runs, of whatever version, are not over.
    public let inFlightCount: Int
    /// What keeps new runs out; nil where they start.
    public let drain: WorkflowAdmission?

    /// Gathers what is stored.
    public init(workflowID: String, newestVersion: Int, inFlightCount: Int, drain: WorkflowAdmission?) {
        self.workflowID = workflowID
        self.newestVersion = newestVersion
        self.inFlightCount = inFlightCount
        self.drain = drain
    }
}
