import LandlordDomain
import StatesLanguage
import Testing

extension Callback {
    /// A callback for a webhook that names only what a test cares about.
    static func sample(
        _ status: CallbackStatus = .pending, attempts: Int = 0, base: Int = 0, limit: Int = 4,
        failure: DeliveryFailure? = nil, workflow: WorkflowExecutionStatus? = nil
    ) -> Callback {
        Callback(
            id: Callback.ID("cb"), executionID: ComputeExecution.ID("x"), tenantID: Tenant.ID("t"), tenantName: "acme",
            operation: .provision, destination: .webhook(url: "https://a.example/hook", secrets: []), payload: [:],
            status: status, attempts: attempts, attemptBase: base, attemptLimit: limit, nextAttemptAt: Case.now,
            failure: failure, createdAt: Case.now, waitingSince: Case.now, firstAttemptAt: nil, lastAttemptAt: nil,
            settledAt: nil, workflowStatus: workflow)
    }
}

struct CallbackDeliveryTests {
    private static let unavailable = DeliveryFailure(.httpStatus, "503", statusCode: 503)
    private static let gone = DeliveryFailure(.httpStatus, "410", statusCode: 410)

    private static func after(_ callback: Callback, _ outcome: DeliveryOutcome, jitter: Double = 1) -> Callback {
        let policy = DeliveryPolicy(
            backoff: Backoff(delayBase: .seconds(1), delayLimit: .seconds(60), certainPart: 0),
            retryAfterLimit: .seconds(100))
        return CallbackDelivery.after(callback, outcome, policy: policy, jitter: jitter, at: Case.now)
    }

    @Test func `an attempt is counted when it begins`() {
        let begun = CallbackDelivery.beginning(.sample(), at: Case.later)
        #expect((begun.status, begun.attempts, begun.lastAttemptAt) == (.delivering, 1, Case.later))
        #expect(begun.firstAttemptAt == Case.later)
        let again = CallbackDelivery.beginning(begun, at: Case.now)
        #expect((again.firstAttemptAt, again.lastAttemptAt) == (Case.later, Case.now))
    }

    @Test func `what was taken is delivered and what was refused is dead`() {
        let begun = CallbackDelivery.beginning(.sample(failure: Self.unavailable), at: Case.now)
        let taken = Self.after(begun, .accepted)
        #expect((taken.status, taken.failure, taken.settledAt) == (.delivered, nil, Case.now))
        let refused = Self.after(begun, .failed(Self.gone))
        #expect((refused.status, refused.failure, refused.settledAt) == (.dead, Self.gone, Case.now))
    }

    @Test(arguments: [(1, 1), (2, 2), (3, 4)])
    func `what failed is tried again later and later`(attempts: Int, seconds: Int) {
        let next = Self.after(.sample(.delivering, attempts: attempts), .failed(Self.unavailable))
        #expect((next.status, next.settledAt) == (.pending, nil))
        #expect(next.nextAttemptAt == Case.now.advanced(by: .seconds(seconds)))
        #expect(next.failure == Self.unavailable)
    }

    @Test func `of a wait nothing is certain`() {
        let next = Self.after(.sample(.delivering, attempts: 3), .failed(Self.unavailable), jitter: 0)
        #expect(next.nextAttemptAt == Case.now)
    }

    @Test func `the last attempt's failure is a dead letter`() {
        let outcome = DeliveryOutcome.failed(Self.unavailable)
        #expect(Self.after(.sample(.delivering, attempts: 3), outcome).status == .pending)
        #expect(Self.after(.sample(.delivering, attempts: 4), outcome).status == .dead)
        #expect(Self.after(.sample(.delivering, attempts: 5), outcome).status == .dead)
    }

    @Test(arguments: [(20, 20), (1, 4), (100, 100), (101, 100), (1_000_000, 100)])
    func `a receiver that says when is not asked before, within a limit`(wish: Int, seconds: Int) {
        let failure = DeliveryFailure(.httpStatus, "429", statusCode: 429, retryAfter: .seconds(wish))
        let next = Self.after(.sample(.delivering, attempts: 3), .failed(failure))
        #expect(next.nextAttemptAt == Case.now.advanced(by: .seconds(seconds)))
    }

    @Test func `a redrive gives a new budget and begins the waits anew`() {
        let dead = Callback.sample(.dead, attempts: 4, failure: Self.unavailable)
        let pending = CallbackDelivery.redriven(dead, retryLimit: 2, at: Case.later)
        #expect((pending.status, pending.attempts, pending.attemptLimit) == (.pending, 4, 7))
        #expect((pending.nextAttemptAt, pending.waitingSince, pending.id) == (Case.later, Case.later, dead.id))
        let failed = Self.after(CallbackDelivery.beginning(pending, at: Case.now), .failed(Self.unavailable))
        #expect(failed.nextAttemptAt == Case.now.advanced(by: .seconds(1)))
        let once = CallbackDelivery.redriven(dead, retryLimit: 0, at: Case.later)
        #expect(Self.after(CallbackDelivery.beginning(once, at: Case.now), .failed(Self.unavailable)).status == .dead)
    }

    @Test func `an interrupted attempt counts and is never the last`() {
        let next = CallbackDelivery.interrupted(.sample(.delivering, attempts: 4), at: Case.later)
        #expect((next.status, next.attempts, next.attemptLimit) == (.pending, 4, 5))
        #expect(next.nextAttemptAt == Case.later)
        #expect(CallbackDelivery.interrupted(.sample(.delivering, attempts: 1), at: Case.later).attemptLimit == 4)
        let reported = Self.after(
            .sample(.delivering, attempts: 4), .failed(DeliveryFailure(.interrupted, "the process ended")))
        #expect(reported.status == .pending)
    }

    @Test func `who has waited too long is dead, and says what the last try said`() {
        let dead = CallbackDelivery.gaveUp(
            .sample(attempts: 2, failure: Self.unavailable), after: .seconds(60), at: Case.now)
        #expect((dead.status, dead.failure?.code, dead.settledAt) == (.dead, .gaveUp, Case.now))
        #expect(dead.failure?.message == "not delivered within 1m; the last try: 503")
    }

    @Test func `every step of a delivery is in the table`() {
        let legal = CallbackStatus.legal
        let begun = CallbackDelivery.beginning(.sample(attempts: 3), at: Case.now)
        #expect(legal[.pending]?.contains(begun.status) == true)
        for outcome in [DeliveryOutcome.accepted, .failed(Self.gone), .failed(Self.unavailable)] {
            #expect(legal[.delivering]?.contains(Self.after(begun, outcome).status) == true)
        }
        #expect(legal[.delivering]?.contains(CallbackDelivery.interrupted(begun, at: Case.now).status) == true)
        #expect(
            legal[.pending]?.contains(CallbackDelivery.gaveUp(.sample(), after: .zero, at: Case.now).status) == true)
        let dead = Callback.sample(.dead)
        #expect(legal[.dead]?.contains(CallbackDelivery.redriven(dead, retryLimit: 0, at: Case.now).status) == true)
        #expect(legal[.dead]?.contains(CallbackDelivery.discarded(dead, at: Case.now).status) == true)
        #expect(Set(legal.keys) == Set(CallbackStatus.allCases))
    }

    @Test(arguments: [
        (200, true), (308, false), (400, false), (401, false), (404, false), (408, true), (409, false), (410, false),
        (422, false), (425, true), (429, true), (499, false), (500, true), (501, true), (503, true), (599, true),
    ])
    func `which statuses are tried again`(code: Int, isRetriable: Bool) {
        #expect(DeliveryFailure(.httpStatus, "", statusCode: code).isRetriable == isRetriable)
    }

    @Test func `a receiver that refuses is well, one that does not answer is not`() {
        #expect(!Self.gone.isDestinationUnwell)
        #expect(Self.unavailable.isDestinationUnwell)
        for code in DeliveryFailure.Code.allCases where DeliveryFailure(code, "").isDestinationUnwell {
            #expect(DeliveryFailure(code, "").isRetriable)
        }
    }
}

struct BackoffTests {
    private static let backoff = Backoff(delayBase: .seconds(1), delayLimit: .seconds(60))

    @Test(arguments: [(1, 1), (2, 2), (3, 4), (6, 32), (7, 60), (8, 60), (1_000_000, 60), (0, 1), (-5, 1)])
    func `a wait doubles up to its limit`(failures: Int, seconds: Int) {
        #expect(Self.backoff.delay(afterFailures: failures, jitter: 1) == .seconds(seconds))
    }

    @Test func `chance moves a wait between its half and the whole of it`() {
        for jitter in stride(from: -1.0, through: 2.0, by: 0.25) {
            let delay = Self.backoff.delay(afterFailures: 4, jitter: jitter)
            #expect(delay >= .seconds(4) && delay <= .seconds(8))
        }
        #expect(Self.backoff.delay(afterFailures: 4, jitter: 0) == .seconds(4))
        #expect(Self.backoff.delay(afterFailures: 4, jitter: 1) == .seconds(8))
    }

    @Test func `with full jitter nothing of a wait is certain`() {
        let backoff = Backoff(delayBase: .seconds(1), delayLimit: .seconds(60), certainPart: 0)
        #expect(backoff.delay(afterFailures: 4, jitter: 0) == .zero)
        #expect(backoff.delay(afterFailures: 4, jitter: 0.25) == .seconds(2))
        #expect(backoff.delay(afterFailures: 4, jitter: 1) == .seconds(8))
    }

    @Test func `more failures never mean a shorter wait`() {
        let dice = Dice(3)
        for _ in 0..<500 {
            let backoff = Backoff(
                delayBase: .milliseconds(1 + dice.below(5_000)), delayLimit: .milliseconds(1 + dice.below(900_000)),
                rate: 1 + Double(dice.below(400)) / 100)
            let jitter = Double(dice.below(101)) / 100
            let waits = (1...40).map { backoff.delay(afterFailures: $0, jitter: jitter) }
            for (shorter, longer) in zip(waits, waits.dropFirst()) { #expect(shorter <= longer) }
            #expect(waits.allSatisfy { $0 <= backoff.delayLimit && $0 > .zero })
        }
    }
}
