public import StatesLanguage

/// What of the outbox is due at one destination.
public struct LaneDemand: Sendable, Hashable {
    /// Which destination: `Callback.Destination.lane`.
    public let lane: String
    /// When its first waiting callback is due.
    public let nextAttemptAt: Timestamp

    /// Names what is due.
    public init(lane: String, nextAttemptAt: Timestamp) {
        self.lane = lane
        self.nextAttemptAt = nextAttemptAt
    }
}

/// How many callbacks of one destination are to be taken from the outbox.
public struct LaneWish: Sendable, Hashable {
    /// Which destination.
    public let lane: String
    /// How many, at most.
    public let count: Int

    /// Names a wish.
    public init(lane: String, count: Int) {
        self.lane = lane
        self.count = count
    }
}

/// One destination as the deliverer sees it: how much is under way, and whether it answers.
public struct DeliveryLane: Sendable, Hashable {
    /// What the lanes of workflow providers begin with.
    public static let workflowPrefix = "workflow:"

    /// How many attempts are under way.
    public internal(set) var inFlight = 0
    /// Whether it may be asked.
    public internal(set) var breaker: CircuitBreaker
}

/// Decides whose turn it is: which destinations are asked next, and for how many callbacks.
///
/// Each destination has a limit of its own and a circuit breaker, so one that hangs holds its few places and no others.
/// The places that are left are dealt out one by one, a destination at a time, so that one with ten thousand callbacks
/// does not go before one with a single one. Runs and webhooks have places of their own: no webhook ever delays a run.
public struct DeliverySchedule: Sendable {
    /// How much is under way at once.
    public struct Limits: Sendable, Hashable {
        /// Attempts to reach webhooks.
        public var webhooks: Int
        /// Attempts to reach one webhook destination.
        public var lane: Int
        /// Attempts to reach runs, each workflow provider by itself.
        public var workflows: Int

        /// Describes limits.
        public init(webhooks: Int = 256, lane: Int = 16, workflows: Int = 64) {
            self.webhooks = webhooks
            self.lane = lane
            self.workflows = workflows
        }
    }

    /// What to do now.
    public struct Plan: Sendable, Hashable {
        /// What to take from the outbox.
        public var wishes: [LaneWish]
        /// When to look again at the latest if nothing else happens; nil where only the end of an attempt can help.
        public var lookAgainAt: Timestamp?
        /// Something is due for which there was no place: the end of an attempt makes one.
        public var isCrowded: Bool
    }

    /// The destinations that are busy or unwell; every other one is as if it were new.
    public private(set) var lanes: [String: DeliveryLane] = [:]
    private let limits: Limits
    private let breaker: CircuitBreaker.Policy
    private var webhooksInFlight = 0

    /// A schedule of which nothing is under way.
    public init(limits: Limits, breaker: CircuitBreaker.Policy) {
        self.limits = limits
        self.breaker = breaker
    }

    /// How many attempts are under way.
    public var inFlight: Int { lanes.values.reduce(0) { $0 + $1.inFlight } }

    /// Decides whose turn it is.
    public func plan(_ demands: [LaneDemand], at now: Timestamp) -> Plan {
        var plan = Plan(wishes: [], lookAgainAt: nil, isCrowded: false)
        var webhooks: [(lane: String, room: Int)] = []
        for demand in demands {
            let lane = lanes[demand.lane]
            let from = max(demand.nextAttemptAt, lane?.breaker.opensAt ?? demand.nextAttemptAt)
            guard from <= now else {
                plan.lookAgainAt = min(plan.lookAgainAt ?? from, from)
                continue
            }
            let isWorkflow = Self.isWorkflow(demand.lane)
            let free = (isWorkflow ? limits.workflows : limits.lane) - (lane?.inFlight ?? 0)
            let room = min(max(0, free), lane?.breaker.allowance(at: now) ?? .max)
            guard room > 0 else {
                plan.isCrowded = true
                continue
            }
            if isWorkflow {
                plan.wishes.append(LaneWish(lane: demand.lane, count: room))
            } else {
                webhooks.append((demand.lane, room))
            }
        }
        let places = limits.webhooks - webhooksInFlight
        plan.isCrowded = plan.isCrowded || webhooks.reduce(0) { $0 + $1.room } > places
        plan.wishes += Self.deal(places, to: webhooks)
        return plan
    }

    /// An attempt begins.
    public mutating func began(_ name: String) {
        var lane = lanes[name] ?? DeliveryLane(breaker: CircuitBreaker(policy: breaker))
        lane.inFlight += 1
        lane.breaker.began()
        lanes[name] = lane
        if !Self.isWorkflow(name) { webhooksInFlight += 1 }
    }

    /// An attempt has ended.
    public mutating func ended(_ name: String, _ outcome: DeliveryOutcome, at now: Timestamp) {
        guard var lane = lanes[name] else { return }
        lane.inFlight -= 1
        switch outcome {
        case .accepted: lane.breaker.succeeded()
        case .failed(let failure) where failure.isDestinationUnwell: lane.breaker.failed(at: now)
        case .failed(let failure) where failure.code == .interrupted: lane.breaker.abandoned()
        // Whoever refuses is there.
        case .failed: lane.breaker.succeeded()
        }
        // What is well and at rest need not be remembered, so that memory does not grow with every host ever asked.
        let isAtRest = lane.inFlight == 0 && lane.breaker.state == .closed(failures: 0)
        lanes[name] = isAtRest ? nil : lane
        if !Self.isWorkflow(name) { webhooksInFlight -= 1 }
    }

    private static func isWorkflow(_ lane: String) -> Bool { lane.hasPrefix(DeliveryLane.workflowPrefix) }

    /// Deals places out one by one, a lane at a time.
    private static func deal(_ places: Int, to lanes: [(lane: String, room: Int)]) -> [LaneWish] {
        var counts = [Int](repeating: 0, count: lanes.count)
        var left = places
        var open = Array(lanes.indices)
        while left > 0, !open.isEmpty {
            for index in open.prefix(left) { counts[index] += 1 }
            left -= min(left, open.count)
            open.removeAll { counts[$0] >= lanes[$0].room }
        }
        return lanes.indices.filter { counts[$0] > 0 }.map { LaneWish(lane: lanes[$0].lane, count: counts[$0]) }
    }
}
