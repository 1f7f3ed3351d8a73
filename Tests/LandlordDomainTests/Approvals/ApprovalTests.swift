import LandlordDomain
import LandlordTestSupport
import StatesLanguage
import Testing

@Suite struct ApprovalTests {
    private func approval(_ fields: JSONObject = [:]) throws -> Approval {
        var json: JSONObject = ["Title": "Ship it", "Approvers": ["ana", "bob", "eve"], "Quorum": 2]
        for (name, value) in fields { json[name] = value }
        return Approval(
            of: 3, in: "run", tenantID: nil, try Approval.Request(json: .object(json)), at: .sample)
    }

    private func later(_ seconds: Int) -> Timestamp { Timestamp.sample.advanced(by: .seconds(seconds)) }

    @Test func `as many as are needed approve`() throws {
        let asked = try approval()
        #expect(asked.id == "run.3" && asked.missingCount == 2)
        let one = try #require(try asked.decided(isApproval: true, by: "ana", reason: "fine", at: later(1)))
        #expect(one.approval.status == .pending && one.approval.missingCount == 1)
        #expect(try one.approval.decided(isApproval: true, by: "ana", reason: "again", at: later(2)) == nil)
        let two = try #require(try one.approval.decided(isApproval: true, by: "eve", reason: "", at: later(3)))
        #expect(two.approval.status == .approved)
        #expect(two.approval.decidedAt == later(3))
        #expect(two.approval.version == 3)
        #expect(two.event == ApprovalEvent(.approved, by: "eve", at: later(3)))
        #expect(throws: ApprovalRefusal.self) {
            try two.approval.decided(isApproval: true, by: "bob", reason: "", at: later(4))
        }
    }

    @Test func `one rejection rejects`() throws {
        let one = try #require(try approval().decided(isApproval: false, by: "bob", reason: "no", at: later(1)))
        #expect(one.approval.status == .rejected)
    }

    @Test func `who may not decide, or has decided otherwise, is told so`() throws {
        let asked = try approval()
        let stranger = #expect(throws: ApprovalRefusal.self) {
            try asked.decided(isApproval: true, by: "mallory", reason: "", at: later(1))
        }
        #expect(stranger?.description == "mallory may not decide 'run.3'; ana, bob, eve may")
        let one = try #require(try asked.decided(isApproval: true, by: "ana", reason: "", at: later(1)))
        #expect(throws: ApprovalRefusal.self) {
            try one.approval.decided(isApproval: false, by: "ana", reason: "", at: later(2))
        }
    }

    @Test func `anybody may decide where nobody is named`() throws {
        let asked = try approval(["Approvers": [], "Quorum": 1])
        #expect(try asked.decided(isApproval: true, by: "who", reason: "", at: later(1))?.approval.status == .approved)
        #expect(throws: ApprovalRefusal.self) { try asked.delegated(by: "who", to: "other", at: later(1)) }
    }

    @Test func `who delegates no longer decides, and the chain is kept`() throws {
        let first = try approval().delegated(by: "ana", to: "zoe", at: later(1))
        #expect(first.event == ApprovalEvent(.delegated, by: "ana", "to zoe", at: later(1)))
        #expect(throws: ApprovalRefusal.self) {
            try first.approval.decided(isApproval: true, by: "ana", reason: "", at: later(2))
        }
        #expect(throws: ApprovalRefusal.self) { try first.approval.delegated(by: "bob", to: "zoe", at: later(2)) }
        let second = try first.approval.delegated(by: "zoe", to: "max", at: later(2))
        let vote = try #require(
            try second.approval.decided(isApproval: true, by: "max", reason: "read it", at: later(3)))
        #expect(vote.approval.votes[0].approver == "ana")
        #expect(vote.event.reason == "for ana: read it")
    }

    @Test func `time that is over escalates once, and then it is over`() throws {
        let asked = try approval(["ExpiresInSeconds": 60, "EscalateTo": ["boss"]])
        #expect(asked.expired(at: later(59)) == nil)
        #expect(throws: ApprovalRefusal.self) {
            try asked.decided(isApproval: true, by: "ana", reason: "", at: later(60))
        }
        let escalated = try #require(asked.expired(at: later(60)))
        #expect(escalated.event.action == .escalated)
        #expect(escalated.approval.deciders == ["ana", "bob", "eve", "boss"])
        #expect(escalated.approval.expiresAt == later(120))
        #expect(
            try escalated.approval.decided(isApproval: false, by: "boss", reason: "", at: later(61))?.approval.status
                == .rejected)
        let over = try #require(escalated.approval.expired(at: later(500)))
        #expect(over.approval.status == .expired && over.approval.expiresAt == nil)
        #expect(over.approval.expired(at: later(900)) == nil)
        #expect(over.approval.withdrawn(at: later(900)) == nil)
    }

    @Test func `all that is wrong in a request is said at once`() throws {
        let refusal = #expect(throws: ApprovalRefusal.self) {
            try Approval.Request(json: [
                "Approvers": ["ana", "ana"], "Quorum": 9, "EscalateTo": ["boss"], "Color": "red",
            ])
        }
        #expect(
            refusal?.description
                == "'Approvers' must be a list of at most 100 names, each once; "
                + "'Quorum' must be a whole number from 1 to 2; 'Title' is required; "
                + "'EscalateTo' needs 'ExpiresInSeconds'; 'Color' is not known")
    }

    private func vote(_ voter: String, _ isApproval: Bool, on approval: Approval, at now: Timestamp) -> ApprovalStep? {
        // A vote that is refused is none.
        (try? approval.decided(isApproval: isApproval, by: voter, reason: "", at: now)) ?? nil
    }

    @Test func `whatever people do, statuses only step as the table says, and each change counts`() throws {
        var random = SeededRandom(seed: 4)
        let people = ["ana", "bob", "eve", "boss", "zoe"]
        func roll(_ sides: Int) -> Int { Int(random.next() % UInt64(sides)) }
        for _ in 0..<500 {
            var approval = try approval(["ExpiresInSeconds": 30, "EscalateTo": ["boss"]])
            for second in 1...30 {
                let (one, other) = (people[roll(5)], people[roll(5)])
                let step: ApprovalStep?
                switch roll(5) {
                case 0, 1: step = vote(one, roll(4) > 0, on: approval, at: later(second))
                // A delegation that is refused is none.
                case 2: step = try? approval.delegated(by: one, to: other, at: later(second))
                case 3: step = approval.expired(at: later(second * 3))
                default: step = roll(20) == 0 ? approval.withdrawn(at: later(second)) : nil
                }
                guard let next = step?.approval else { continue }
                let isLegal = ApprovalStatus.legal[approval.status]?.contains(next.status) == true
                #expect(next.status == approval.status || isLegal)
                #expect(next.version == approval.version + 1)
                #expect(Set(next.votes.map(\.voter)).count == next.votes.count)
                #expect((next.status == .approved) == (next.votes.count { $0.isApproval } >= 2))
                #expect(Set(next.deciders).count == next.deciders.count)
                approval = next
            }
        }
    }
}
