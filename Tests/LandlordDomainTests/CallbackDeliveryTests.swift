import LandlordDomain
import StatesLanguage
import Testing

struct CallbackDeliveryTests {
    private static func callback(attempts: Int = 0, limit: Int = 4) -> Callback {
        Callback(
            id: Callback.ID("cb"), executionID: ComputeExecution.ID("x"), tenantID: Tenant.ID("t"), tenantName: "acme",
            destination: .webhook(url: "https://a.example", secret: nil), payload: [:], status: .pending,
            attempts: attempts, attemptLimit: limit, nextAttemptAt: Case.now, lastError: nil, createdAt: Case.now,
            lastAttemptAt: nil)
    }

    private static func after(_ callback: Callback, _ outcome: DeliveryOutcome, jitter: Double = 1) -> Callback {
        CallbackDelivery.after(callback, outcome, backoff: Case.backoff, jitter: jitter, at: Case.now)
    }

    @Test func `an attempt is counted when it begins`() {
        let begun = CallbackDelivery.beginning(Self.callback(), at: Case.later)
        #expect((begun.status, begun.attempts, begun.lastAttemptAt) == (.delivering, 1, Case.later))
    }

    @Test func `what was taken is delivered and what was refused is dead`() {
        let begun = CallbackDelivery.beginning(Self.callback(), at: Case.now)
        #expect(Self.after(begun, .accepted).status == .delivered)
        let refused = Self.after(begun, .refused(reason: "410"))
        #expect((refused.status, refused.lastError) == (.dead, "410"))
    }

    @Test(arguments: [(1, 1), (2, 2), (3, 4)])
    func `what failed is tried again later and later`(attempts: Int, seconds: Int) {
        let next = Self.after(Self.callback(attempts: attempts), .failed(reason: "503", retryAfter: nil))
        #expect(next.status == .pending)
        #expect(next.nextAttemptAt == Case.now.advanced(by: .seconds(seconds)))
        #expect(next.lastError == "503")
    }

    @Test func `the last attempt's failure is a dead letter`() {
        let outcome = DeliveryOutcome.failed(reason: "503", retryAfter: nil)
        #expect(Self.after(Self.callback(attempts: 3), outcome).status == .pending)
        #expect(Self.after(Self.callback(attempts: 4), outcome).status == .dead)
        #expect(Self.after(Self.callback(attempts: 5), outcome).status == .dead)
    }

    @Test func `a receiver that says when is not asked before, nor sooner than the backoff`() {
        let patient = Self.after(Self.callback(attempts: 1), .failed(reason: "429", retryAfter: .seconds(20)))
        #expect(patient.nextAttemptAt == Case.now.advanced(by: .seconds(20)))
        let hasty = Self.after(Self.callback(attempts: 3), .failed(reason: "429", retryAfter: .seconds(1)))
        #expect(hasty.nextAttemptAt == Case.now.advanced(by: .seconds(4)))
    }

    @Test func `every step of a delivery is in the table`() {
        let begun = CallbackDelivery.beginning(Self.callback(attempts: 3), at: Case.now)
        #expect(CallbackStatus.legal[.pending]?.contains(begun.status) == true)
        for outcome in [DeliveryOutcome.accepted, .refused(reason: ""), .failed(reason: "", retryAfter: nil)] {
            #expect(CallbackStatus.legal[.delivering]?.contains(Self.after(begun, outcome).status) == true)
        }
        #expect(Set(CallbackStatus.legal.keys) == Set(CallbackStatus.allCases))
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
