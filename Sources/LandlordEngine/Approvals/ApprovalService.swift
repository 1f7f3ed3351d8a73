public import LandlordDomain
import StatesLanguage

/// Requests for approval as people see them: lists, one request, its history, and the decisions.
public struct ApprovalService: Sendable {
    private let approvals: any ApprovalRepository
    private let bell: Alarm
    private let surroundings: Surroundings

    /// A service that rings when something was decided, so that the run is told.
    package init(approvals: any ApprovalRepository, bell: Alarm, surroundings: Surroundings) {
        self.approvals = approvals
        self.bell = bell
        self.surroundings = surroundings
    }

    /// How often a decision is made anew because somebody else has decided meanwhile.
    private static let collisionLimit = 8

    /// A window on the requests, newest first.
    public func page(_ query: ApprovalQuery) async throws(RepositoryError) -> Page<Approval> {
        try await approvals.page(query)
    }

    /// The request with this name.
    public func approval(_ id: String) async throws(RepositoryError) -> Approval? {
        try await approvals.approval(id)
    }

    /// What was done with a request, oldest first.
    public func history(of id: String) async throws(RepositoryError) -> [ApprovalEvent] {
        try await approvals.history(of: id)
    }

    /// Approves or rejects; the same answer of the same person again changes nothing.
    public func decide(
        _ id: String, isApproval: Bool, by voter: String, reason: String
    ) async throws(ApprovalServiceError) -> Approval {
        try await change(id) { approval throws(ApprovalRefusal) in
            try approval.decided(isApproval: isApproval, by: voter, reason: reason, at: surroundings.now())
        }
    }

    /// Lets another decide in somebody's place.
    public func delegate(
        _ id: String, by holder: String, to other: String
    ) async throws(ApprovalServiceError) -> Approval {
        try await change(id) { approval throws(ApprovalRefusal) in
            try approval.delegated(by: holder, to: other, at: surroundings.now())
        }
    }

    private func change(
        _ id: String, _ decide: (Approval) throws(ApprovalRefusal) -> ApprovalStep?
    ) async throws(ApprovalServiceError) -> Approval {
        for _ in 0..<Self.collisionLimit {
            guard let approval = try await storing({ () throws(RepositoryError) in try await approvals.approval(id) })
            else { throw .unknown(id) }
            let step: ApprovalStep?
            do throws(ApprovalRefusal) {
                step = try decide(approval)
            } catch {
                throw .refused(error)
            }
            guard let step else { return approval }
            do throws(RepositoryError) {
                try await approvals.save(step)
                bell.ring()
                return step.approval
            } catch .stale {
                continue
            } catch {
                throw .storage(error)
            }
        }
        throw .storage(.stale)
    }

    private func storing<Value>(
        _ body: () async throws(RepositoryError) -> Value
    ) async throws(ApprovalServiceError) -> Value {
        do throws(RepositoryError) {
            return try await body()
        } catch {
            throw .storage(error)
        }
    }
}

/// Why nothing was done with a request for approval.
public enum ApprovalServiceError: Error, Sendable, Hashable, CustomStringConvertible {
    /// There is no such request.
    case unknown(String)
    /// It cannot be done, as the sentence says.
    case refused(ApprovalRefusal)
    /// The database did not take it.
    case storage(RepositoryError)

    /// The refusal as a sentence.
    public var description: String {
        switch self {
        case .unknown(let id): "there is no request for approval '\(id)'"
        case .refused(let refusal): refusal.description
        case .storage(let error): error.description
        }
    }
}
