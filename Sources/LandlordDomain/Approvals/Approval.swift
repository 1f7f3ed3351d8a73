public import StatesLanguage

/// Where a request for approval stands.
///
/// The raw value is what the database and every listing show.
public enum ApprovalStatus: String, Sendable, Hashable, CaseIterable {
    /// Somebody must decide.
    case pending
    /// As many as were needed have approved.
    case approved
    /// Somebody has rejected.
    case rejected
    /// Nobody decided in time.
    case expired
    /// The run no longer asks.
    case withdrawn

    /// Every legal step.
    public static let legal: [ApprovalStatus: Set<ApprovalStatus>] = [
        .pending: [.approved, .rejected, .expired, .withdrawn],
        .approved: [], .rejected: [], .expired: [], .withdrawn: [],
    ]

    /// Whether it is over.
    public var isOver: Bool { self != .pending }
}

/// A person's answer to a request for approval.
public struct ApprovalVote: Sendable, Hashable {
    /// Who decided.
    public let voter: String
    /// The approver for whom, where that is another.
    public let approver: String
    /// Whether it was approved; a rejection otherwise.
    public let isApproval: Bool
    /// Why.
    public let reason: String
    /// When.
    public let at: Timestamp

    /// Describes an answer.
    public init(voter: String, approver: String, isApproval: Bool, reason: String, at: Timestamp) {
        self.voter = voter
        self.approver = approver
        self.isApproval = isApproval
        self.reason = reason
        self.at = at
    }
}

/// A request to people to let a run go on.
public struct Approval: Sendable, Hashable, Identifiable {
    /// What is asked, which never changes.
    public struct Request: Sendable, Hashable {
        /// What is to be approved.
        public let title: String
        /// What one should know before deciding.
        public let description: String
        /// Who may decide; empty for anybody.
        public let approvers: [String]
        /// How many must approve.
        public let quorum: Int
        /// How long there is time; nil for ever.
        public let seconds: Int?
        /// Who may decide as well once the time is over; then there is as much time again.
        public let escalation: [String]
    }

    /// Names the request: the run and the number of its task.
    public let id: String
    /// The run that asks.
    public let runID: String
    /// The number of the task in it.
    public let taskID: Int
    /// The tenant that the run works for.
    public let tenantID: Tenant.ID?
    /// What is asked.
    public let request: Request
    /// Where it stands.
    public internal(set) var status: ApprovalStatus
    /// The answers, oldest first.
    public internal(set) var votes: [ApprovalVote]
    /// Who decides in the place of an approver.
    public internal(set) var delegates: [String: String]
    /// Whether those to whom it escalates may decide.
    public internal(set) var isEscalated: Bool
    /// When the time is over; nil for never.
    public internal(set) var expiresAt: Timestamp?
    /// When it was asked.
    public let createdAt: Timestamp
    /// When it was over.
    public internal(set) var decidedAt: Timestamp?
    /// Counts the changes.
    public internal(set) var version: Int

    /// A request exactly as it was stored.
    public init(
        id: String, runID: String, taskID: Int, tenantID: Tenant.ID?, request: Request, status: ApprovalStatus,
        votes: [ApprovalVote], delegates: [String: String], isEscalated: Bool, expiresAt: Timestamp?,
        createdAt: Timestamp, decidedAt: Timestamp?, version: Int
    ) {
        self.id = id
        self.runID = runID
        self.taskID = taskID
        self.tenantID = tenantID
        self.request = request
        self.status = status
        self.votes = votes
        self.delegates = delegates
        self.isEscalated = isEscalated
        self.expiresAt = expiresAt
        self.createdAt = createdAt
        self.decidedAt = decidedAt
        self.version = version
    }

    /// A request that a task makes.
    public init(of task: Int, in runID: String, tenantID: Tenant.ID?, _ request: Request, at now: Timestamp) {
        self.init(
            id: Self.id(of: task, in: runID), runID: runID, taskID: task, tenantID: tenantID, request: request,
            status: .pending, votes: [], delegates: [:], isEscalated: false,
            expiresAt: request.seconds.map { now.advanced(by: .seconds($0)) }, createdAt: now, decidedAt: nil,
            version: 1)
    }

    /// The name of the request that a task makes: the same each time that the task is asked for.
    public static func id(of task: Int, in runID: String) -> String { "\(runID).\(task)" }

    /// Who may decide now: approvers, those to whom it escalated, and who decides in the place of one of them.
    public var deciders: [String] {
        let seats = request.approvers + (isEscalated ? request.escalation : [])
        return seats.map { delegates[$0] ?? $0 }
    }

    /// How many more must approve.
    public var missingCount: Int { max(0, request.quorum - votes.count { $0.isApproval }) }
}

/// Why something cannot be done with a request for approval, as a sentence.
public struct ApprovalRefusal: Error, Sendable, Hashable, CustomStringConvertible {
    /// The sentence.
    public let description: String

    init(_ description: String) { self.description = description }
}

/// A line of a request's history.
public struct ApprovalEvent: Sendable, Hashable {
    /// What was done.
    public enum Action: String, Sendable, Hashable, CaseIterable {
        case requested, approved, rejected, delegated, escalated, expired, withdrawn
    }

    /// What was done.
    public let action: Action
    /// Who did it.
    public let actor: String
    /// Why, or to whom.
    public let reason: String
    /// When.
    public let at: Timestamp

    /// Describes a line.
    public init(_ action: Action, by actor: String, _ reason: String = "", at: Timestamp) {
        self.action = action
        self.actor = actor
        self.reason = reason
        self.at = at
    }
}
