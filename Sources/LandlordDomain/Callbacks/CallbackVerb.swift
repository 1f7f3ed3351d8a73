public import StatesLanguage

/// What an operator may do to a dead letter.
///
/// The raw value is what the database holds.
public enum CallbackVerb: String, Sendable, Hashable, CaseIterable {
    /// Try to deliver it again, with a new budget of attempts.
    case redrive
    /// Give it up.
    case discard
}

/// Why a verb does not apply to a callback.
public enum CallbackRefusal: Error, Sendable, Hashable {
    /// It is as the verb would make it.
    case alreadyDone(CallbackStatus)
    /// Only a dead letter can be redriven or discarded.
    case notDead(CallbackStatus)
    /// The run that waited is over: redriving could only wake the dead.
    case workflowEnded(WorkflowExecutionStatus)

    /// The refusal as the rest of a sentence that begins with the callback.
    public func words(for verb: CallbackVerb) -> String {
        switch self {
        case .alreadyDone(.discarded): "is discarded already"
        case .alreadyDone(let status): "is on its way already (\(status.rawValue))"
        case .notDead(let status): "is \(status.rawValue); only a dead letter is \(verb.participle)"
        case .workflowEnded(let status): "cannot be delivered any more: workflow has ended (\(status.rawValue))"
        }
    }
}

extension CallbackVerb {
    /// What has been done to a callback.
    public var participle: String {
        switch self {
        case .redrive: "redriven"
        case .discard: "discarded"
        }
    }
}

extension Callback {
    /// Why a verb does not apply; nil where it does.
    public func refusal(of verb: CallbackVerb) -> CallbackRefusal? {
        switch (verb, status) {
        case (.redrive, .dead): workflowStatus.flatMap { $0.isTerminal ? .workflowEnded($0) : nil }
        case (.discard, .dead): nil
        case (.redrive, .pending), (.redrive, .delivering), (.discard, .discarded): .alreadyDone(status)
        case (.redrive, .delivered), (.redrive, .discarded), (.discard, .pending), (.discard, .delivering),
            (.discard, .delivered):
            .notDead(status)
        }
    }
}

/// Who did what to a callback, when and why; kept when the callback itself is not any more.
public struct CallbackAuditEntry: Sendable, Hashable {
    /// To which callback.
    public let callbackID: Callback.ID
    /// What was done.
    public let verb: CallbackVerb
    /// Who did it.
    public let actor: String
    /// Why.
    public let reason: String
    /// With which bulk operation; nil where it was done by itself.
    public let operationID: CallbackOperation.ID?
    /// When.
    public let at: Timestamp

    /// Describes what was done.
    public init(
        callbackID: Callback.ID, verb: CallbackVerb, actor: String, reason: String,
        operationID: CallbackOperation.ID?, at: Timestamp
    ) {
        self.callbackID = callbackID
        self.verb = verb
        self.actor = actor
        self.reason = reason
        self.operationID = operationID
        self.at = at
    }
}
