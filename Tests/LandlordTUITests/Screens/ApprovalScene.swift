import LandlordDomain
import LandlordTestSupport
import StatesLanguage
import Testing

@testable import LandlordTUI

/// The screens of approvals: one that one of two people has approved, and one that was rejected.
enum ApprovalScene {
    static func approval(_ run: String, title: String, ageSeconds: Int, seconds: Int? = nil) throws -> Approval {
        var parameters: JSONObject = [
            "Title": .string(title), "Approvers": ["ana", "bob"], "Quorum": 2, "Description": "Five thousand to\nacme.",
        ]
        if let seconds { parameters["ExpiresInSeconds"] = .number(JSONNumber(seconds)) }
        return Approval(
            of: 3, in: run, tenantID: nil, try Approval.Request(json: .object(parameters)),
            at: Journey.start.advanced(by: .seconds(-ageSeconds)))
    }

    static func all() throws -> [Approval] {
        let asked = try approval("loan-1", title: "Over the limit", ageSeconds: 120, seconds: 3_600)
        let voted = try #require(
            try asked.decided(
                isApproval: true, by: "ana", reason: "", at: Journey.start.advanced(by: .seconds(-60))))
        let other = try approval("loan-2", title: "A second loan", ageSeconds: 600)
        let rejected = try #require(
            try other.decided(
                isApproval: false, by: "bob", reason: "too much", at: Journey.start.advanced(by: .seconds(-30))))
        return [voted.approval, rejected.approval]
    }

    static func show(_ scene: String, in journey: inout Journey) throws {
        journey.press(.character("6"))
        let approvals = try all()
        journey.send(
            .loaded(
                .approvals(journey.model.approvalQuery, anchors: nil, Page(items: approvals, next: nil))))
        guard scene == "approval" else { return }
        journey.press(.enter)
        let history = [
            ApprovalEvent(.requested, by: Approval.engineActor, at: Journey.start.advanced(by: .seconds(-120))),
            ApprovalEvent(.approved, by: "ana", at: Journey.start.advanced(by: .seconds(-60))),
        ]
        let facts = ApprovalFacts(approval: approvals[0], history: history)
        journey.send(.loaded(.approval(approvals[0].id, facts)))
    }
}
