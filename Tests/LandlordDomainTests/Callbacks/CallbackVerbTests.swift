import LandlordDomain
import StatesLanguage
import Testing

struct CallbackVerbTests {
    @Test(arguments: CallbackStatus.allCases)
    func `only a dead letter is redriven or discarded`(status: CallbackStatus) {
        let callback = Callback.sample(status)
        #expect((callback.refusal(of: .redrive) == nil) == (status == .dead))
        #expect((callback.refusal(of: .discard) == nil) == (status == .dead))
    }

    @Test func `what is done already is told apart from what cannot be done`() {
        #expect(Callback.sample(.pending).refusal(of: .redrive) == .alreadyDone(.pending))
        #expect(Callback.sample(.delivering).refusal(of: .redrive) == .alreadyDone(.delivering))
        #expect(Callback.sample(.discarded).refusal(of: .discard) == .alreadyDone(.discarded))
        #expect(Callback.sample(.discarded).refusal(of: .redrive) == .notDead(.discarded))
        #expect(Callback.sample(.delivered).refusal(of: .discard) == .notDead(.delivered))
        let words = CallbackRefusal.notDead(.discarded).words(for: .redrive)
        #expect(words == "is discarded; only a dead letter is redriven")
    }

    @Test func `a dead letter whose workflow has ended cannot wake the dead`() {
        for status in WorkflowExecutionStatus.allCases {
            let dead = Callback.sample(.dead, workflow: status)
            #expect((dead.refusal(of: .redrive) == .workflowEnded(status)) == status.isTerminal)
            #expect(dead.refusal(of: .discard) == nil)
        }
        #expect(CallbackRefusal.workflowEnded(.failed).words(for: .redrive).contains("workflow has ended"))
    }
}

struct CallbackOperationTests {
    private static func operation(
        total: Int, applied: Int, skipped: Int = 0, isCanary: Bool = true, _ verb: CallbackVerb = .redrive
    ) -> CallbackOperation {
        CallbackOperation(
            id: CallbackOperation.ID("op-1"),
            request: CallbackOperation.Request(verb, by: "tester", isCanary: isCanary), status: .running, total: total,
            applied: applied, skipped: skipped, note: "", createdAt: Case.now, updatedAt: Case.now, endedAt: nil)
    }

    private static let canary: [(CallbackOperation, RedriveOutcomes, CallbackOperationPace.Step)] = [
        (operation(total: 1_000, applied: 0), RedriveOutcomes(), .apply(1)),
        (operation(total: 1_000, applied: 1), RedriveOutcomes(onTheirWay: 1), .wait),
        (operation(total: 1_000, applied: 1), RedriveOutcomes(dead: 1), .halt("the first one failed again")),
        (operation(total: 1_000, applied: 1), RedriveOutcomes(delivered: 1), .apply(99)),
        (operation(total: 1_000, applied: 0, skipped: 1), RedriveOutcomes(), .apply(99)),
        (operation(total: 1_000, applied: 100), RedriveOutcomes(delivered: 60, dead: 20, onTheirWay: 20), .wait),
        (operation(total: 1_000, applied: 100), RedriveOutcomes(delivered: 90, dead: 10), .apply(500)),
        (
            operation(total: 1_000, applied: 100), RedriveOutcomes(delivered: 89, dead: 11),
            .halt("11 of the last 100 failed again")
        ),
        (
            operation(total: 1_000, applied: 600), RedriveOutcomes(delivered: 100, dead: 50, onTheirWay: 450),
            .halt("50 of the last 150 failed again")
        ),
        (operation(total: 1_000, applied: 600), RedriveOutcomes(delivered: 100, onTheirWay: 500), .apply(400)),
        (operation(total: 1_000, applied: 1_000), RedriveOutcomes(onTheirWay: 1_000), .finish),
        (operation(total: 0, applied: 0), RedriveOutcomes(), .finish),
    ]

    @Test func `a canary sends one, then a tenth, then the rest, and stops when too much fails`() {
        for (operation, outcomes, step) in Self.canary {
            #expect(CallbackOperationPace.step(operation, outcomes) == step, "\(operation.applied) \(outcomes)")
        }
    }

    @Test func `without a canary it goes on in batches to its end`() {
        let none = RedriveOutcomes(dead: 9)
        #expect(
            CallbackOperationPace.step(Self.operation(total: 700, applied: 0, isCanary: false), none) == .apply(500))
        #expect(
            CallbackOperationPace.step(Self.operation(total: 700, applied: 500, isCanary: false), none) == .apply(200))
        #expect(CallbackOperationPace.step(Self.operation(total: 9, applied: 5, skipped: 4, .discard), none) == .finish)
    }

    @Test(arguments: CallbackOperationStatus.allCases, CallbackOperationStatus.allCases)
    func `an operation moves as the table says`(from: CallbackOperationStatus, to: CallbackOperationStatus) {
        var operation = Self.operation(total: 1, applied: 0)
        operation.status = from
        let moved = operation.moved(to: to, note: "why", at: Case.later)
        #expect((moved != nil) == (CallbackOperationStatus.legal[from]?.contains(to) == true))
        #expect(moved.map { $0.endedAt != nil } ?? to.isOver == to.isOver)
    }
}
