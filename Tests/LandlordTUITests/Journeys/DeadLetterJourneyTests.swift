import LandlordDomain
import LandlordTestSupport
import StatesLanguage
import Testing

@testable import LandlordTUI

/// Keys in, effects and frames out.
@Suite("Journeys through dead letters")
struct DeadLetterJourneyTests {
    @Test func `the screen opens by cause and reads causes and one letter only`() throws {
        var journey = try Journey.fleet()
        journey.press(.character("4"))
        #expect(journey.takeEffects() == [.load(.fleet), .load(.causes(CallbackQuery()))])
        journey.send(.loaded(.causes(journey.model.causeQuery, Journey.causes())))
        let first = try #require(journey.model.causes.selected)
        #expect(journey.takeEffects() == [.load(.sample(cause: first.id))])
        #expect(first.count == 1_205)
        #expect(journey.screen.contains("2 causes, 1,301 dead"))
        #expect(journey.lines[5].contains("NO"))
        #expect(journey.lines[6].contains("yes"))
        journey.press(.down)
        #expect(journey.takeEffects() == [.load(.sample(cause: Journey.causes()[0].id))])
    }

    @Test func `enter opens the letters of a cause, and escape goes back to the causes`() throws {
        var journey = try Journey.atCauses()
        journey.press(.enter)
        let id = Journey.causes()[1].id
        #expect(journey.model.callbackQuery.fingerprint == id)
        #expect(journey.takeEffects().contains(.load(.callbacks(journey.model.callbackQuery, toEnd: false))))
        journey.show(try Journey.callbacks())
        #expect(journey.screen.contains("Dead letters > UNKNOWN_TASK embedded delete"))
        journey.press(.escape)
        #expect(journey.model.scope == .causes)
        journey.press(.character("t"))
        #expect(journey.model.scope == .callbacks)
        #expect(journey.model.callbackQuery.fingerprint == nil)
        journey.press(.character("2"), .character("4"))
        #expect(journey.model.scope == .callbacks)
    }

    @Test func `the list shows what is dead first and asks for everything that is not settled`() throws {
        let journey = try Journey.atCallbacks(columns: 160)
        #expect(journey.model.callbackQuery.statuses == [.dead, .delivering, .pending])
        #expect(journey.model.callbackQuery.order == .attention)
        #expect(journey.lines[5].contains("! dead"))
        #expect(journey.lines[8].contains("% pending"))
        #expect(journey.lines[8].contains("42s"))
        #expect(journey.lines[5].contains("4/4"))
    }

    @Test func `a filter narrows both views, and one that is wrong keeps the last good one`() throws {
        var journey = try Journey.atCallbacks()
        journey.press(.character("/"))
        journey.type("status:dead destination:hooks.acme.io attempts>=3")
        #expect(journey.model.callbackQuery.statuses == [.dead])
        #expect(journey.model.callbackQuery.host == "hooks.acme.io")
        #expect(journey.model.causeQuery.attempts == 3...Int.max)
        journey.type(" agee<1h")
        #expect(journey.screen.contains("did you mean 'age'?"))
        #expect(journey.model.callbackQuery.host == "hooks.acme.io")
        journey.press(.escape)
        #expect(journey.model.callbackQuery.host == nil)
    }

    @Test func `one letter is redriven with a line and y`() throws {
        var journey = try Journey.atCallbacks()
        journey.press(.character("R"))
        #expect(journey.screen.contains("Redrive cb-0000000000000001"))
        journey.press(.enter)
        #expect(journey.submissions.isEmpty)
        journey.press(.character("R"), .character("y"))
        let id = try #require(journey.model.callbacks.selected?.id)
        #expect(journey.submissions == [.settle(.redrive, [id], reason: nil)])
    }

    @Test func `what cannot be redriven says why`() throws {
        var journey = try Journey.atCallbacks()
        journey.press(.down, .character("R"))
        #expect(journey.model.modal == nil)
        #expect(
            journey.model.toast?.text.string
                == "cb-0000000000000002 cannot be delivered any more: workflow has ended (cancelled)")
        journey.press(.down, .character("D"))
        #expect(
            journey.model.toast?.text.string
                == "cb-0000000000000003 is delivering; only a dead letter is discarded")
        journey.press(.down, .character("R"))
        #expect(journey.model.toast?.text.string == "cb-0000000000000004 is on its way already (pending)")
        #expect(journey.submissions.isEmpty)
    }

    @Test func `a discard asks for its reason first and wants one`() throws {
        var journey = try Journey.atCallbacks()
        journey.press(.character("D"), .enter, .character("y"))
        #expect(journey.submissions.isEmpty)
        #expect(journey.screen.contains("a reason is required"))
        journey.type("customer left")
        journey.press(.enter, .character("y"))
        let id = try #require(journey.model.callbacks.selected?.id)
        #expect(journey.submissions == [.settle(.discard, [id], reason: "customer left")])
    }

    @Test func `marked letters change together, and those that cannot are named`() throws {
        var journey = try Journey.atCallbacks()
        journey.press(.space, .space, .space, .character("D"))
        #expect(journey.screen.contains("Discard 2 dead letters"))
        #expect(journey.screen.contains("cb-0000000000000003 is delivering"))
        journey.type("done by hand")
        journey.press(.enter, .character("y"))
        #expect(
            journey.submissions == [
                .settle(
                    .discard, ["cb-0000000000000001", "cb-0000000000000002"].map { Callback.ID($0) },
                    reason: "done by hand")
            ])
        #expect(!journey.model.hasCallbackMarks)
    }

    @Test(arguments: [(10, ConfirmationLevel.dialog), (11, .count)])
    func `more than ten letters ask for their count`(count: Int, level: ConfirmationLevel) throws {
        var journey = try Journey.atCallbacks(try (1...count).map { try Journey.callback($0) })
        for _ in 0..<count { journey.press(.space) }
        journey.press(.character("R"))
        guard case .confirm(let change)? = journey.model.modal else {
            Issue.record("there is no question")
            return
        }
        #expect(change.dialog.level == level)
        journey.press(.character("y"))
        #expect(journey.submissions.count == (level == .dialog ? 1 : 0))
    }

    @Test func `a cause is redriven after its count was typed`() throws {
        var journey = try Journey.atCauses()
        journey.press(.down, .character("R"))
        journey.answerPreview(count: 96, ended: 3)
        #expect(journey.screen.contains("Redrive 93 dead letters"))
        #expect(journey.screen.contains("3: workflow has ended"))
        #expect(journey.screen.contains("landlord callback retry --all --filter 'cause:00000000000000a1'"))
        journey.type("92")
        journey.press(.enter)
        #expect(journey.submissions.isEmpty)
        journey.press(.backspace, .character("3"), .enter)
        let verb = try #require(journey.submissions.first)
        guard case .begin(let request, let confirmed, _) = verb else {
            Issue.record("\(verb)")
            return
        }
        #expect(confirmed == 96)
        #expect(request.query.fingerprint == "00000000000000a1")
        #expect(!request.options.isCanary)
    }

    @Test func `all that match are redriven with the canary and the rate that were typed`() throws {
        var journey = try Journey.atCallbacks(columns: 120)
        journey.press(.character("/"))
        journey.type("tenant:corvid")
        journey.press(.enter, .character("*"))
        journey.show(try Journey.callbacks())
        #expect(journey.screen.contains("all that match marked"))
        #expect(journey.lines[5].hasPrefix(">*"))
        journey.type(":redrive --rate 10 --canary")
        journey.press(.enter)
        journey.answerPreview(count: 5)
        #expect(journey.screen.contains("10 a second at most; canary"))
        #expect(journey.screen.contains("--filter 'tenant:corvid' --rate 10 --canary"))
        journey.type("5")
        journey.press(.enter)
        guard case .begin(let request, _, _)? = journey.submissions.first else {
            Issue.record("nothing was begun")
            return
        }
        #expect(request.filter == "tenant:corvid")
        #expect(request.options == RedriveOptions(rate: 10, isCanary: true))
        #expect(!journey.model.deadLetters.areAllMarked)
    }

    @Test(arguments: [
        ("--rate", "--rate takes how many a second, from 1 to 1000000"),
        ("--rate 0", "--rate takes how many a second, from 1 to 1000000"),
        ("--fast", "'--fast' is not known here; there is --rate N and --canary"),
    ])
    func `options that are wrong change nothing`(text: String, problem: String) throws {
        var journey = try Journey.atCauses()
        journey.type(":redrive \(text)")
        journey.press(.enter)
        #expect(journey.model.toast?.text.string == problem)
        #expect(!journey.takeEffects().contains { if case .load(.preview) = $0 { true } else { false } })
    }

    @Test func `nothing is asked where nothing matches or workflow has ended for all`() throws {
        var journey = try Journey.atCauses()
        journey.press(.character("R"))
        journey.answerPreview(count: 0)
        #expect(journey.model.toast?.text.string == "no dead letter matches")
        journey.press(.character("R"))
        journey.answerPreview(count: 4, ended: 4)
        #expect(journey.model.toast?.text.string.contains("workflow has ended for all 4") == true)
        #expect(journey.model.modal == nil)
    }

    @Test func `the detail shows who waits, every attempt, the payload and who did what`() throws {
        var journey = try Journey.atCallbacks()
        journey.press(.down, .enter)
        let callback = try #require(journey.model.selectedCallback)
        #expect(journey.takeEffects().contains(.load(.callback(callback.id))))
        #expect(journey.screen.contains("workflow has ended (cancelled)"))
        #expect(!journey.screen.contains("secret-token"))
        journey.send(
            .loaded(
                .callback(
                    callback.id, Journey.facts(of: try Journey.callback(2, tenant: "corvid", workflow: .cancelled)))))
        journey.press(.character("l"))
        #expect(journey.screen.contains("#1"))
        #expect(journey.screen.contains("waited"))
        #expect(journey.screen.contains("> upstream connect error"))
        journey.press(.character("]"))
        #expect(journey.screen.contains("\"execution_id\": "))
        journey.press(.character("]"))
        #expect(journey.screen.contains("redriven by ana  with op-00000000000007c0"))
        #expect(journey.screen.contains("INC-4412 is over"))
        _ = journey.takeEffects()
        journey.press(.character("o"))
        #expect(journey.takeEffects().contains(.load(.execution(callback.executionID))))
        #expect(journey.model.scope == .execution)
    }
}

@Suite("Journeys with bulk operations")
struct BulkOperationJourneyTests {
    @Test func `a bulk operation is shown on every screen and told when it is over`() throws {
        var journey = try Journey.fleet()
        journey.press(.character("O"))
        #expect(journey.model.toast?.text.string == "no bulk operation has been begun")
        journey.send(.tick, after: .seconds(20))
        journey.send(.loaded(.operations([Journey.operation()])))
        #expect(journey.lines.last?.hasPrefix("redrive 43/96 running, 2 dead again  O controls it") == true)
        journey.send(.changed(ChangeBatch(hasOperations: true)))
        #expect(journey.takeEffects().contains(.load(.operations)))
        journey.send(.loaded(.operations([Journey.operation(.done, applied: 93)])))
        #expect(
            journey.model.toast?.text.string == "op-00000000000007c0 is done: 93 of 96 redriven, 3 skipped")
        #expect(journey.model.openOperations.isEmpty)
    }

    @Test(arguments: [
        (Key.character("p"), OperationControl.pause, CallbackOperationStatus.running),
        (.character("r"), .resume, .paused), (.character("r"), .resume, .halted), (.character("a"), .abort, .paused),
    ])
    func `it is paused, resumed and aborted after a question`(
        key: Key, control: OperationControl, status: CallbackOperationStatus
    ) throws {
        var journey = try Journey.fleet()
        let progress = Journey.operation(status)
        journey.send(.loaded(.operations([progress])))
        journey.press(.character("O"), key)
        #expect(journey.submissions.isEmpty)
        journey.press(.character("y"))
        #expect(journey.submissions == [.control(progress.id, control)])
    }

    @Test func `what it cannot be told is refused in words`() throws {
        var journey = try Journey.fleet()
        journey.send(.loaded(.operations([Journey.operation(.done)])))
        journey.press(.character("O"), .character("p"))
        #expect(
            journey.model.toast?.text.string == "op-00000000000007c0 is done and cannot be told to pause")
        journey.press(.escape)
        journey.send(.loaded(.operations([Journey.operation(.paused)])))
        journey.press(.character("O"), .character("p"))
        #expect(journey.model.toast?.text.string == "op-00000000000007c0 is paused already")
        #expect(journey.submissions.isEmpty)
    }

    @Test func `the same redrive is not begun twice`() throws {
        var journey = try Journey.atCauses()
        journey.send(.loaded(.operations([Journey.operation(.halted)])))
        journey.press(.down, .character("R"))
        journey.answerPreview(count: 96)
        #expect(
            journey.model.toast?.text.string
                == "op-00000000000007c0 does this already and is halted; O controls it")
        #expect(journey.model.modal == nil)
    }
}
