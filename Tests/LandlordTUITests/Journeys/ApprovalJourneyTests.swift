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

    @Test func `a key that does nothing here says so, and what it would do elsewhere`() throws {
        var journey = try journey()
        journey.press(.character("U"))
        #expect(journey.model.toast?.text.string == "'U' (update) does nothing on this screen; ? shows what does")
        journey.press(.function(9))
        #expect(journey.model.toast?.text.string.contains("does nothing on this screen") == true)
        journey.press(.enter)
        #expect(journey.model.toast == nil, "it spoke of the screen that was left")
    }

    @Test func `what stands behind a command is in its prompt, and refused where nothing is asked for`() throws {
        var journey = try journey()
        journey.press(.character("5"))
        func type(_ text: String) {
            journey.press(.character(":"))
            for character in text { journey.press(.character(character)) }
            journey.press(.enter)
        }
        type("start-run order o-1 {\"n\":1}")
        guard case .prompt(let state) = journey.model.modal else {
            Issue.record("Nothing is asked.")
            return
        }
        #expect(state.prompt.editor.text == "order o-1 {\"n\":1}")
        journey.press(.escape)
        journey.press(.character("B"), .paste(String(repeating: "x", count: LineEditor.limit + 1)))
        guard case .prompt(let full) = journey.model.modal else {
            Issue.record("Nothing is asked.")
            return
        }
        #expect(full.prompt.editor.isEmpty && full.prompt.problem.string.hasPrefix("longer than 4096 characters"))
        journey.press(.escape)
        type("refresh now")
        #expect(journey.model.toast?.text.string == "'refresh' takes nothing behind it")
    }

    @Test func `enter shows the history, w the run that asked, and escape leads back`() throws {
        var journey = try journey()
        journey.press(.enter)
        #expect(journey.model.scope == .approval)
        journey.press(.enter)
        #expect(journey.model.scope == .run, "enter goes on to the run as well")
        journey.press(.escape, .character("w"))
        #expect(journey.model.scope == .run)
        journey.press(.escape, .escape)
        #expect(journey.model.scope == .approvals)
    }
}
