import LandlordDomain
import LandlordTestSupport
import StatesLanguage
import Testing

@testable import LandlordTUI

@Suite("Approvals in the console") struct ApprovalJourneyTests {
    private func journey() throws -> Journey {
        var journey = try Journey.fleet()
        try ApprovalScene.show("approvals", in: &journey)
        return journey
    }

    @Test func `what waits for people is listed, and the rest by its status`() throws {
        var journey = try journey()
        #expect(journey.model.approvalQuery.statuses == [.pending])
        journey.press(.character("/"))
        for character in "status:rejected loan" { journey.press(.character(character)) }
        #expect(journey.model.approvalQuery.statuses == [.rejected])
        #expect(journey.model.approvalQuery.words == ["loan"])
        journey.press(.escape)
        #expect(journey.model.approvalQuery.statuses == [.pending])
        #expect(journey.model.approvalQuery.words.isEmpty)
    }

    @Test func `one that waits is answered after a question, one that is over says why not`() throws {
        var journey = try journey()
        journey.press(.character("N"))
        guard case .confirm(let change) = journey.model.modal, case .submit(let verbs) = change.consequence else {
            Issue.record("Nothing was asked.")
            return
        }
        #expect(verbs == [.decide("loan-1.3", isApproval: false, reason: nil)])
        journey.press(.escape)
        #expect(journey.model.modal == nil)
        journey.press(.down, .character("Y"))
        #expect(journey.model.modal == nil)
        #expect(journey.model.selectedApproval?.status == .rejected)
        #expect(journey.model.toast?.text.string.contains("rejected") == true)
    }

    @Test func `enter shows the history, w the run that asked, and escape leads back`() throws {
        var journey = try journey()
        journey.press(.enter)
        #expect(journey.model.scope == .approval)
        journey.press(.character("w"))
        #expect(journey.model.scope == .run)
        journey.press(.escape, .escape)
        #expect(journey.model.scope == .approvals)
    }
}
