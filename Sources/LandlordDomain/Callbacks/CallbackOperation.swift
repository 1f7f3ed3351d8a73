public import StatesLanguage

/// Where a bulk operation stands.
///
/// The raw value is what the database and every listing show.
public enum CallbackOperationStatus: String, Sendable, Hashable, CaseIterable {
    /// The driving process works it off.
    case running
    /// Its operator stopped it for now.
    case paused
    /// Too much failed; its operator decides.
    case halted
    /// Every item was looked at.
    case done
    /// Its operator stopped it for good; what is left stays dead.
    case abandoned

    /// Every legal step.
    ///
    /// `docs/state-machines.md` is checked against this table.
    public static let legal: [CallbackOperationStatus: Set<CallbackOperationStatus>] = [
        .running: [.paused, .halted, .done, .abandoned],
        .paused: [.running, .abandoned],
        .halted: [.running, .abandoned],
        .done: [],
        .abandoned: [],
    ]

    /// It will not go on by itself or by anybody's word.
    public var isOver: Bool { self == .done || self == .abandoned }
}

/// A redrive or discard of many dead letters: a frozen set, worked off by whichever process drives the database.
///
/// It is a row of its own, so it survives the console that began it, and it can be stopped and taken up again.
public struct CallbackOperation: Sendable, Hashable, Identifiable {
    /// Names an operation.
    public typealias ID = Identifier<CallbackOperation>

    /// What every identifier begins with, so that a change tells operations from callbacks.
    public static let idPrefix = "op-"

    /// What an operator asks for.
    public struct Request: Sendable, Hashable {
        /// What is done to each.
        public var verb: CallbackVerb
        /// The filter as it was typed; empty for every dead letter.
        public var filter: String
        /// Who asks.
        public var actor: String
        /// Why.
        public var reason: String
        /// Tries after the first that each gets; nil for those of the configuration.
        public var retryLimit: Int?
        /// How many a second, at most; nil for as fast as it goes.
        public var rate: Int?
        /// First one, then a tenth, then the rest, and stop where too many fail.
        public var isCanary: Bool

        /// Describes a wish.
        public init(
            _ verb: CallbackVerb, filter: String = "", by actor: String, reason: String = "", retryLimit: Int? = nil,
            rate: Int? = nil, isCanary: Bool = false
        ) {
            self.verb = verb
            self.filter = filter
            self.actor = actor
            self.reason = reason
            self.retryLimit = retryLimit
            self.rate = rate
            self.isCanary = isCanary
        }
    }

    /// Names the operation.
    public let id: ID
    /// What was asked for.
    public var request: Request
    /// Where it stands.
    public var status: CallbackOperationStatus
    /// How many dead letters the set holds; it was frozen when the operation began.
    public let total: Int
    /// How many of them the verb was applied to.
    public var applied: Int
    /// How many of them it did not apply to any more.
    public var skipped: Int
    /// Why it stands where it stands.
    public var note: String
    /// When it began.
    public let createdAt: Timestamp
    /// When it last moved.
    public var updatedAt: Timestamp
    /// When it ended.
    public var endedAt: Timestamp?

    /// An operation exactly as it was stored.
    public init(
        id: ID, request: Request, status: CallbackOperationStatus, total: Int, applied: Int, skipped: Int, note: String,
        createdAt: Timestamp, updatedAt: Timestamp, endedAt: Timestamp?
    ) {
        self.id = id
        self.request = request
        self.status = status
        self.total = total
        self.applied = applied
        self.skipped = skipped
        self.note = note
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.endedAt = endedAt
    }

    /// How many dead letters were looked at.
    public var processed: Int { applied + skipped }

    /// The operation in another status; nil where the step is not legal.
    public func moved(
        to status: CallbackOperationStatus, note: String = "", at now: Timestamp
    ) -> CallbackOperation? {
        guard CallbackOperationStatus.legal[self.status, default: []].contains(status) else { return nil }
        var moved = self
        moved.status = status
        moved.note = note
        moved.updatedAt = now
        moved.endedAt = status.isOver ? now : nil
        return moved
    }
}

/// One dead letter of a bulk operation, and what became of it there.
public struct CallbackOperationItem: Sendable, Hashable {
    /// What became of it.
    ///
    /// The raw value is what the database holds.
    public enum Status: String, Sendable, Hashable, CaseIterable {
        /// Not looked at yet.
        case waiting
        /// The verb was applied.
        case applied
        /// The verb did not apply any more.
        case skipped
    }

    /// Its place in the set, from 1, the oldest callback first.
    public let number: Int
    /// Which dead letter.
    public let callbackID: Callback.ID
    /// What became of it.
    public let status: Status
    /// Why it was skipped.
    public let note: String

    /// Describes an item.
    public init(number: Int, callbackID: Callback.ID, status: Status, note: String) {
        self.number = number
        self.callbackID = callbackID
        self.status = status
        self.note = note
    }
}

/// What came of the callbacks that an operation has redriven last.
public struct RedriveOutcomes: Sendable, Hashable {
    /// The receiver has them.
    public var delivered: Int
    /// They are dead again.
    public var dead: Int
    /// They are on their way.
    public var onTheirWay: Int

    /// Counts outcomes.
    public init(delivered: Int = 0, dead: Int = 0, onTheirWay: Int = 0) {
        self.delivered = delivered
        self.dead = dead
        self.onTheirWay = onTheirWay
    }
}

/// Decides how a bulk operation goes on.
public enum CallbackOperationPace {
    /// The next step of an operation.
    public enum Step: Sendable, Hashable {
        /// Look at so many more dead letters.
        case apply(Int)
        /// See what comes of those that were redriven.
        case wait
        /// Too much failed.
        case halt(String)
        /// There is nothing left.
        case finish
    }

    /// The most dead letters of one step, so that nobody else waits long for the writer.
    public static let batchLimit = 500
    /// The share of failures above which a canary stops its operation.
    public static let failureShareLimit = 0.1
    /// How many of the last redriven callbacks a canary looks at.
    public static let sampleSize = 1_000

    /// Decides.
    ///
    /// - Parameters:
    ///   - operation: A running operation.
    ///   - outcomes: What came of the last `sampleSize` that it redrove; asked for by a canary only.
    /// - Returns: The next step.
    public static func step(_ operation: CallbackOperation, _ outcomes: RedriveOutcomes) -> Step {
        let left = operation.total - operation.processed
        guard operation.request.isCanary, operation.request.verb == .redrive else {
            return left > 0 ? .apply(min(left, batchLimit)) : .finish
        }
        let settled = outcomes.delivered + outcomes.dead
        if operation.applied == 1, outcomes.dead > 0 { return .halt("the first one failed again") }
        if settled > 0, Double(outcomes.dead) > Double(settled) * failureShareLimit,
            outcomes.onTheirWay == 0 || operation.applied > stageEnds(operation.total)[1]
        {
            return .halt("\(outcomes.dead) of the last \(settled) failed again")
        }
        guard left > 0 else { return .finish }
        let ends = stageEnds(operation.total)
        if ends.contains(operation.processed), outcomes.onTheirWay > 0 { return .wait }
        let end = ends.first { $0 > operation.processed } ?? operation.total
        return .apply(min(end - operation.processed, batchLimit))
    }

    /// Where the stages of a canary end: one, a tenth, all.
    static func stageEnds(_ total: Int) -> [Int] { [1, max(2, (total + 9) / 10), total] }
}
