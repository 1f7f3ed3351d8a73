import LandlordDomain
import StatesLanguage
import Testing

struct CircuitBreakerTests {
    private enum Event { case began, succeeded, failed, abandoned }

    private static let policy = CircuitBreaker.Policy(
        failureLimit: 3, pauseBase: .seconds(5), pauseLimit: .seconds(15), probeLimit: 2)
    private static func later(_ seconds: Int) -> Timestamp { Case.now.advanced(by: .seconds(seconds)) }

    private static let steps: [(CircuitBreaker.State, Event, CircuitBreaker.State)] = [
        (.closed(failures: 0), .began, .closed(failures: 0)),
        (.closed(failures: 0), .failed, .closed(failures: 1)),
        (.closed(failures: 1), .failed, .closed(failures: 2)),
        (.closed(failures: 2), .failed, .open(until: later(5), openings: 1)),
        (.closed(failures: 2), .succeeded, .closed(failures: 0)),
        (.closed(failures: 2), .abandoned, .closed(failures: 2)),
        (.open(until: later(5), openings: 1), .failed, .open(until: later(5), openings: 1)),
        (.open(until: later(5), openings: 1), .succeeded, .closed(failures: 0)),
        (.open(until: later(5), openings: 1), .abandoned, .open(until: later(5), openings: 1)),
        (.open(until: later(0), openings: 1), .began, .probing(openings: 1, inFlight: 1)),
        (.probing(openings: 1, inFlight: 1), .began, .probing(openings: 1, inFlight: 2)),
        (.probing(openings: 1, inFlight: 2), .abandoned, .probing(openings: 1, inFlight: 1)),
        (.probing(openings: 1, inFlight: 0), .abandoned, .probing(openings: 1, inFlight: 0)),
        (.probing(openings: 1, inFlight: 2), .succeeded, .closed(failures: 0)),
        (.probing(openings: 1, inFlight: 1), .failed, .open(until: later(10), openings: 2)),
        (.probing(openings: 2, inFlight: 1), .failed, .open(until: later(15), openings: 3)),
        (.probing(openings: 9, inFlight: 1), .failed, .open(until: later(15), openings: 10)),
    ]

    @Test func `every event leads where the table says`() {
        for (state, event, next) in Self.steps {
            var breaker = CircuitBreaker(policy: Self.policy, state: state)
            switch event {
            case .began: breaker.began()
            case .succeeded: breaker.succeeded()
            case .failed: breaker.failed(at: Case.now)
            case .abandoned: breaker.abandoned()
            }
            #expect(breaker.state == next, "\(state) and \(event)")
        }
    }

    @Test func `an open breaker lets nobody through until its time, and then a few`() {
        let open = CircuitBreaker(policy: Self.policy, state: .open(until: Self.later(5), openings: 1))
        #expect(open.allowance(at: Self.later(4)) == 0)
        #expect(open.allowance(at: Self.later(5)) == 2)
        #expect(open.opensAt == Self.later(5))
        let probing = CircuitBreaker(policy: Self.policy, state: .probing(openings: 1, inFlight: 1))
        #expect(probing.allowance(at: Case.now) == 1)
        #expect(CircuitBreaker(policy: Self.policy).allowance(at: Case.now) == .max)
    }
}

struct DeliveryScheduleTests {
    private static let limits = DeliverySchedule.Limits(webhooks: 6, lane: 3, workflows: 2)
    private static let failure = DeliveryFailure(.timeout, "it hangs")
    private static func demand(_ lane: String, in seconds: Int = 0) -> LaneDemand {
        LaneDemand(lane: lane, nextAttemptAt: Case.now.advanced(by: .seconds(seconds)))
    }
    private static func schedule(_ failureLimit: Int = 2) -> DeliverySchedule {
        DeliverySchedule(
            limits: limits, breaker: .init(failureLimit: failureLimit, pauseBase: .seconds(5), probeLimit: 1))
    }

    @Test func `places are dealt out one by one, and no destination gets more than its limit`() {
        let schedule = Self.schedule()
        let few = schedule.plan([Self.demand("a")], at: Case.now)
        #expect(few.wishes == [LaneWish(lane: "a", count: 3)])
        #expect(!few.isCrowded)
        let many = schedule.plan(["a", "b", "c", "d"].map { Self.demand($0) }, at: Case.now)
        #expect(many.wishes.map(\.count) == [2, 2, 1, 1])
        #expect(many.isCrowded)
    }

    @Test func `a destination that holds all its places leaves those of the others alone`() {
        var schedule = Self.schedule()
        for _ in 0..<3 { schedule.began("hangs") }
        let plan = schedule.plan([Self.demand("hangs"), Self.demand("well")], at: Case.now)
        #expect(plan.wishes == [LaneWish(lane: "well", count: 3)])
        #expect(plan.isCrowded)
    }

    @Test func `runs have places of their own`() {
        var schedule = Self.schedule()
        for lane in ["a", "b"] { for _ in 0..<3 { schedule.began(lane) } }
        let plan = schedule.plan([Self.demand("c"), Self.demand("workflow:embedded")], at: Case.now)
        #expect(plan.wishes == [LaneWish(lane: "workflow:embedded", count: 2)])
    }

    @Test func `what is not due yet is looked at when it is`() {
        let plan = Self.schedule().plan([Self.demand("a", in: 9), Self.demand("b", in: 4)], at: Case.now)
        #expect(plan.wishes.isEmpty)
        #expect(plan.lookAgainAt == Case.now.advanced(by: .seconds(4)))
    }

    @Test func `a destination that fails is left alone, then probed, then trusted`() {
        var schedule = Self.schedule()
        for _ in 0..<2 {
            schedule.began("a")
            schedule.ended("a", .failed(Self.failure), at: Case.now)
        }
        let open = schedule.plan([Self.demand("a")], at: Case.now)
        #expect(open.wishes.isEmpty)
        #expect(open.lookAgainAt == Case.now.advanced(by: .seconds(5)))
        let later = Case.now.advanced(by: .seconds(5))
        #expect(schedule.plan([Self.demand("a")], at: later).wishes == [LaneWish(lane: "a", count: 1)])
        schedule.began("a")
        #expect(schedule.plan([Self.demand("a")], at: later).isCrowded)
        schedule.ended("a", .accepted, at: later)
        #expect(schedule.plan([Self.demand("a")], at: later).wishes == [LaneWish(lane: "a", count: 3)])
    }

    @Test func `a refusal is an answer`() {
        var schedule = Self.schedule(1)
        schedule.began("a")
        schedule.ended("a", .failed(DeliveryFailure(.httpStatus, "410", statusCode: 410)), at: Case.now)
        #expect(schedule.plan([Self.demand("a")], at: Case.now).wishes == [LaneWish(lane: "a", count: 3)])
    }

    @Test func `what is well and at rest is forgotten`() {
        var schedule = Self.schedule()
        schedule.began("a")
        #expect(schedule.inFlight == 1)
        schedule.ended("a", .accepted, at: Case.now)
        #expect(schedule.lanes.isEmpty)
        schedule.began("a")
        schedule.ended("a", .failed(Self.failure), at: Case.now)
        #expect(schedule.lanes.count == 1)
    }

    @Test func `whatever happens, the limits hold and nobody due is forgotten`() {
        let dice = Dice(11)
        var schedule = Self.schedule(3)
        var inFlight: [String] = []
        var now = Case.now
        let lanes = ["a", "b", "c", "d", "workflow:w"]
        for _ in 0..<3_000 {
            now = now.advanced(by: .milliseconds(dice.below(900)))
            let plan = schedule.plan(lanes.map { LaneDemand(lane: $0, nextAttemptAt: now) }, at: now)
            for wish in plan.wishes {
                for _ in 0..<wish.count {
                    schedule.began(wish.lane)
                    inFlight.append(wish.lane)
                }
            }
            for lane in lanes {
                let count = inFlight.count { $0 == lane }
                #expect(count <= (lane == "workflow:w" ? 2 : 3))
                #expect(count == schedule.lanes[lane]?.inFlight ?? 0)
            }
            #expect(inFlight.count { !$0.hasPrefix("workflow:") } <= 6)
            // Something is under way, or there is a time at which there will be.
            #expect(!inFlight.isEmpty || plan.lookAgainAt != nil)
            for _ in 0..<dice.below(4) where !inFlight.isEmpty {
                let lane = inFlight.remove(at: dice.below(inFlight.count))
                schedule.ended(lane, dice.below(3) == 0 ? .accepted : .failed(Self.failure), at: now)
            }
        }
    }
}
