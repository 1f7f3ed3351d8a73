public import StatesLanguage

/// What becomes of a request for approval, and the line of its history.
public struct ApprovalStep: Sendable, Hashable {
    /// The request after it.
    public let approval: Approval
    /// What was done.
    public let event: ApprovalEvent
}

extension Approval {
    /// Who acts where no person does.
    public static let engineActor = "landlord"

    /// A person approves or rejects.
    ///
    /// One rejection rejects; approvals count until the quorum is reached. The same answer again changes nothing.
    ///
    /// - Returns: Nil where the person has said so before.
    /// - Throws: A sentence where the person may not decide, has decided otherwise, or it is over.
    public func decided(
        isApproval: Bool, by voter: String, reason: String, at now: Timestamp
    ) throws(ApprovalRefusal) -> ApprovalStep? {
        if let vote = votes.first(where: { $0.voter == voter }) {
            guard vote.isApproval != isApproval else { return nil }
            throw ApprovalRefusal("\(voter) has \(vote.isApproval ? "approved" : "rejected") '\(id)' already")
        }
        try requirePending(at: now)
        let approver = try seat(of: voter)
        var next = self
        next.votes.append(
            ApprovalVote(voter: voter, approver: approver, isApproval: isApproval, reason: reason, at: now))
        if !isApproval {
            next.end(.rejected, at: now)
        } else if next.missingCount == 0 {
            next.end(.approved, at: now)
        }
        next.version += 1
        let words = approver == voter ? reason : "for \(approver)\(reason.isEmpty ? "" : ": ")\(reason)"
        return ApprovalStep(
            approval: next, event: ApprovalEvent(isApproval ? .approved : .rejected, by: voter, words, at: now))
    }

    /// A person lets another decide in their place.
    ///
    /// - Throws: A sentence where the person may not decide, or the other may already.
    public func delegated(
        by holder: String, to other: String, at now: Timestamp
    ) throws(ApprovalRefusal) -> ApprovalStep {
        try requirePending(at: now)
        guard !request.approvers.isEmpty else {
            throw ApprovalRefusal("anybody may decide '\(id)', so there is nothing to delegate")
        }
        let approver = try seat(of: holder)
        guard !votes.contains(where: { $0.voter == holder }) else {
            throw ApprovalRefusal("\(holder) has decided '\(id)' already")
        }
        guard !other.isEmpty, !deciders.contains(other), !request.escalation.contains(other) else {
            throw ApprovalRefusal(other.isEmpty ? "name who shall decide" : "\(other) may decide '\(id)' as it is")
        }
        var next = self
        next.delegates[approver] = other
        next.version += 1
        return ApprovalStep(approval: next, event: ApprovalEvent(.delegated, by: holder, "to \(other)", at: now))
    }

    /// The time is over: others may decide too, or nobody any more.
    ///
    /// - Returns: Nil where the time is not over.
    public func expired(at now: Timestamp) -> ApprovalStep? {
        guard status == .pending, let expiresAt, expiresAt <= now else { return nil }
        var next = self
        next.version += 1
        if !isEscalated, !request.escalation.isEmpty, let seconds = request.seconds {
            next.isEscalated = true
            next.expiresAt = now.advanced(by: .seconds(seconds))
            let words = "to \(request.escalation.joined(separator: ", "))"
            return ApprovalStep(approval: next, event: ApprovalEvent(.escalated, by: Self.engineActor, words, at: now))
        }
        next.end(.expired, at: now)
        return ApprovalStep(approval: next, event: ApprovalEvent(.expired, by: Self.engineActor, at: now))
    }

    /// The run no longer asks.
    ///
    /// - Returns: Nil where it is over.
    public func withdrawn(at now: Timestamp) -> ApprovalStep? {
        guard status == .pending else { return nil }
        var next = self
        next.version += 1
        next.end(.withdrawn, at: now)
        return ApprovalStep(approval: next, event: ApprovalEvent(.withdrawn, by: Self.engineActor, at: now))
    }

    /// What is overdue is so whether or not somebody has written it down yet.
    private func requirePending(at now: Timestamp) throws(ApprovalRefusal) {
        guard status == .pending else { throw ApprovalRefusal("'\(id)' is over: it was \(status.rawValue)") }
        guard expiresAt.map({ $0 > now }) ?? true else { throw ApprovalRefusal("the time of '\(id)' is over") }
    }

    /// The approver for whom somebody decides.
    private func seat(of voter: String) throws(ApprovalRefusal) -> String {
        guard !request.approvers.isEmpty else { return voter }
        let seats = request.approvers + (isEscalated ? request.escalation : [])
        guard let seat = seats.first(where: { (delegates[$0] ?? $0) == voter }) else {
            throw ApprovalRefusal("\(voter) may not decide '\(id)'; \(deciders.joined(separator: ", ")) may")
        }
        return seat
    }

    private mutating func end(_ status: ApprovalStatus, at now: Timestamp) {
        self.status = status
        decidedAt = now
        expiresAt = nil
    }
}

extension Approval.Request {
    /// The most approvers, and the most to whom a request escalates.
    public static let nameLimit = 100
    /// The most characters of a name or a title; of a description the most bytes are those of a workflow's.
    public static let textLimit = 256

    /// Reads the parameters of a task.
    ///
    /// - Throws: All that is wrong.
    public init(json: JSONValue) throws(ApprovalRefusal) {
        var reading = Reading(object: json.objectValue)
        let title = reading.text("Title", limit: Self.textLimit)
        let description = reading.text("Description", limit: WorkflowSpec.descriptionByteLimit)
        let approvers = reading.names("Approvers")
        let escalation = reading.names("EscalateTo")
        let most = approvers.isEmpty ? Self.nameLimit : approvers.count
        let quorum = reading.number("Quorum", in: 1...most)
        let seconds = reading.number("ExpiresInSeconds", in: 1...99_999_999)
        if title.isEmpty { reading.problems.append("'Title' is required") }
        if !escalation.isEmpty, seconds == nil { reading.problems.append("'EscalateTo' needs 'ExpiresInSeconds'") }
        if !escalation.isEmpty, approvers.isEmpty { reading.problems.append("'EscalateTo' needs 'Approvers'") }
        if !Set(approvers).isDisjoint(with: escalation) {
            reading.problems.append("'EscalateTo' names somebody who is in 'Approvers'")
        }
        reading.refuseOthers()
        guard reading.problems.isEmpty else { throw ApprovalRefusal(reading.problems.joined(separator: "; ")) }
        self.init(
            title: title, description: description, approvers: approvers, quorum: quorum ?? 1, seconds: seconds,
            escalation: escalation)
    }

    /// The form that is stored and read back.
    public var json: JSONValue {
        var json: JSONObject = ["Title": .string(title), "Quorum": .number(JSONNumber(quorum))]
        if !description.isEmpty { json["Description"] = .string(description) }
        if !approvers.isEmpty { json["Approvers"] = .array(approvers.map(JSONValue.string)) }
        if let seconds { json["ExpiresInSeconds"] = .number(JSONNumber(seconds)) }
        if !escalation.isEmpty { json["EscalateTo"] = .array(escalation.map(JSONValue.string)) }
        return .object(json)
    }
}

/// Reads the parameters of a request and gathers what is wrong with them.
private struct Reading {
    private let object: JSONObject
    private var known: Set<String> = []
    var problems: [String] = []

    init(object: JSONObject?) {
        self.object = object ?? [:]
        if object == nil { problems.append("the parameters are no object") }
    }

    mutating func text(_ name: String, limit: Int) -> String {
        known.insert(name)
        guard let value = object[name] else { return "" }
        guard let text = value.stringValue, text.utf8.count <= limit else {
            problems.append("'\(name)' must be a text of at most \(limit) bytes")
            return " "
        }
        return text
    }

    mutating func names(_ name: String) -> [String] {
        known.insert(name)
        guard let value = object[name] else { return [] }
        let names = value.arrayValue?.compactMap(\.stringValue) ?? []
        let isLegal =
            names.count == value.arrayValue?.count && names.count <= Approval.Request.nameLimit
            && Set(names).count == names.count
            && names.allSatisfy { (1...Approval.Request.textLimit).contains($0.utf8.count) }
        if !isLegal {
            problems.append("'\(name)' must be a list of at most \(Approval.Request.nameLimit) names, each once")
        }
        return names
    }

    mutating func number(_ name: String, in range: ClosedRange<Int>) -> Int? {
        known.insert(name)
        guard let value = object[name] else { return nil }
        guard let number = value.intValue, range.contains(number) else {
            problems.append("'\(name)' must be a whole number from \(range.lowerBound) to \(range.upperBound)")
            return range.lowerBound
        }
        return number
    }

    mutating func refuseOthers() {
        for key in object.keys where !known.contains(key) { problems.append("'\(key)' is not known") }
    }
}
