import LandlordDomain
import StatesLanguage

/// Asks people for runs: `landlord:approval`.
struct ApprovalTaskWorker: TaskWorker {
    static let resource = "landlord:approval"

    let approvals: any ApprovalRepository
    let bell: Alarm
    let surroundings: Surroundings

    /// Whether the resource asks for an approval.
    func serves(_ resource: String) -> Bool { TaskResource.withoutTokenPattern(resource) == Self.resource }

    /// Keeps the request, of which there is one however often it is made; what was decided is the answer.
    func begin(_ task: ScheduledTask, of runID: String) async throws(TaskTrouble) -> TaskResult? {
        let request: Approval.Request
        do throws(ApprovalRefusal) {
            request = try Approval.Request(json: task.parameters)
        } catch {
            throw .failed(
                WorkflowFailure(code: "States.Runtime", message: "\(task.resource): \(error.description)"))
        }
        let wanted = Approval(of: task.id, in: runID, tenantID: nil, request, at: surroundings.now())
        let approval: Approval
        do throws(RepositoryError) {
            approval = try await approvals.request(wanted)
        } catch .notFound {
            throw .failed(WorkflowFailure(code: "States.Runtime", message: "the task that asks is over"))
        } catch {
            throw .later(error.description)
        }
        // Its time may be over before that of every other.
        bell.ring()
        return approval.result
    }

    /// Withdraws the request.
    func cancel(_ task: ScheduledTask, of runID: String) async throws(TaskTrouble) {
        try await storing { () throws(RepositoryError) in
            guard let approval = try await approvals.approval(Approval.id(of: task.id, in: runID)),
                let step = approval.withdrawn(at: surroundings.now())
            else { return }
            try await approvals.save(step)
        }
    }

    private func storing<Value>(
        _ body: () async throws(RepositoryError) -> Value
    ) async throws(TaskTrouble) -> Value {
        do throws(RepositoryError) {
            return try await body()
        } catch {
            throw .later(error.description)
        }
    }
}

extension Approval {
    /// What a decision means to the run; nil while there is none, or nobody waits for it.
    var result: TaskResult? {
        let last = votes.last
        switch status {
        case .pending, .withdrawn: return nil
        case .approved:
            return .succeeded(["Decision": "approved", "Approvals": .array(votes.map(\.json))])
        case .rejected:
            let words = last.map { "\($0.voter)\($0.reason.isEmpty ? "" : ": ")\($0.reason)" } ?? ""
            return .failed(WorkflowFailure(code: "Approval.Rejected", message: words))
        case .expired:
            return .failed(WorkflowFailure(code: "Approval.Expired", message: "nobody decided '\(id)' in time"))
        }
    }
}

extension ApprovalVote {
    /// The form in results and rows.
    var json: JSONValue {
        [
            "By": .string(voter), "For": .string(approver), "IsApproval": .bool(isApproval), "Reason": .string(reason),
            "At": .string(at.rfc3339),
        ]
    }

    init?(json: JSONValue) {
        guard let voter = json["By"]?.stringValue, let approver = json["For"]?.stringValue,
            case .bool(let isApproval)? = json["IsApproval"], let reason = json["Reason"]?.stringValue,
            let at = json["At"]?.stringValue.flatMap({ Timestamp(rfc3339: $0) })
        else { return nil }
        self.init(voter: voter, approver: approver, isApproval: isApproval, reason: reason, at: at)
    }
}
