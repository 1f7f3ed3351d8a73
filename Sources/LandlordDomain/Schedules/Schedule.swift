public import StatesLanguage

/// A schedule with how far it has come.
public struct Schedule: Sendable, Hashable, Identifiable {
    /// Somebody has paused it.
    public struct Pause: Sendable, Hashable {
        /// Who.
        public let actor: String
        /// Why.
        public let reason: String

        /// Describes a pause.
        public init(by actor: String, reason: String) {
            self.actor = actor
            self.reason = reason
        }
    }

    /// Whether it goes.
    public enum Status: String, Sendable, Hashable, CaseIterable {
        /// Moments count.
        case active
        /// Somebody has paused it.
        case paused
        /// No moment is left.
        case ended
    }

    /// What was asked for.
    public internal(set) var spec: ScheduleSpec
    /// Who has paused it, and why; nil while it goes.
    public internal(set) var pause: Pause?
    /// Every moment up to this one is dealt with.
    public internal(set) var plannedThrough: Timestamp
    /// When it is due next; nil while it is paused, and where no moment is left.
    public internal(set) var nextAt: Timestamp?
    /// Moments whose runs are to be started; each is here until its run is there.
    public internal(set) var starting: [Timestamp]
    /// Moments that wait for the run before to end.
    public internal(set) var waiting: [Timestamp]
    /// The run that it started last.
    public internal(set) var lastRunID: String?
    /// How many runs it has started.
    public internal(set) var startedCount: Int
    /// How many moments passed without a run.
    public internal(set) var skippedCount: Int
    /// When it was made.
    public let createdAt: Timestamp
    /// Counts the lines of its history.
    public internal(set) var lineCount: Int
    /// Counts the steps.
    public internal(set) var version: Int

    /// How many starts may be under way, and how many may wait.
    public static let startLimit = 100
    /// A moment is late, and so to be caught up with, when so much time has passed.
    public static let grace = Duration.seconds(60)

    /// A schedule exactly as it was stored.
    public init(
        spec: ScheduleSpec, pause: Pause?, plannedThrough: Timestamp, nextAt: Timestamp?, starting: [Timestamp],
        waiting: [Timestamp], lastRunID: String?, startedCount: Int, skippedCount: Int, createdAt: Timestamp,
        lineCount: Int, version: Int
    ) {
        self.spec = spec
        self.pause = pause
        self.plannedThrough = plannedThrough
        self.nextAt = nextAt
        self.starting = starting
        self.waiting = waiting
        self.lastRunID = lastRunID
        self.startedCount = startedCount
        self.skippedCount = skippedCount
        self.createdAt = createdAt
        self.lineCount = lineCount
        self.version = version
    }

    /// The schedule's name, under which lists know it.
    public var id: String { spec.name }

    /// Whether it goes; a pause counts before an end.
    public var status: Status {
        if pause != nil { return .paused }
        return nextAt == nil ? .ended : .active
    }

    /// The name of the run for a moment: the same each time, so that a start that is repeated is one run.
    public static func runID(of name: String, at moment: Timestamp) -> String {
        let digits = moment.rfc3339.utf8.filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: ":") }
        let text = String(decoding: digits, as: UTF8.self)
        let isWhole = moment.millisecondsSinceEpoch % 1_000 == 0
        return "\(name)-\(text.prefix(15))\(isWhole ? "" : String(text.dropFirst(16).prefix(3)))Z"
    }

    /// What the run for a moment is started with.
    public func start(at moment: Timestamp) -> ExecutionInput {
        ExecutionInput(
            executionName: Self.runID(of: spec.name, at: moment),
            input: Self.filled(spec.input, name: spec.name, moment),
            tags: ["schedule": spec.name, "planned_at": moment.rfc3339], triggerSource: "schedule \(spec.name)")
    }

    /// Texts that stand for the schedule's name and the moment, wherever they stand in the input.
    private static func filled(_ value: JSONValue, name: String, _ moment: Timestamp) -> JSONValue {
        switch value {
        case .string("<schedule.name>"): .string(name)
        case .string("<schedule.planned_at>"): .string(moment.rfc3339)
        case .array(let items): .array(items.map { filled($0, name: name, moment) })
        case .object(let fields): .object(JSONObject(fields.map { ($0.key, filled($0.value, name: name, moment)) }))
        default: value
        }
    }
}

/// A line of a schedule's history.
public struct ScheduleEvent: Sendable, Hashable {
    /// What happened.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Somebody made it.
        case created
        /// Somebody gave it another spec.
        case changed
        /// Somebody paused it.
        case paused
        /// Somebody let it go on.
        case resumed
        /// Somebody asked for a run now.
        case triggered
        /// Somebody removed it.
        case deleted
        /// A run was started for a moment.
        case started
        /// A moment waits for the run before to end.
        case queued
        /// A moment passed without a run because of the run before.
        case skipped
        /// Moments passed while nobody drove, and were not caught up with.
        case missed
        /// The run for a moment could not be started.
        case refused
    }

    /// What happened.
    public let kind: Kind
    /// For which moment.
    public let moment: Timestamp?
    /// The run that it is about.
    public let runID: String?
    /// Who did it; nil where the schedule itself did.
    public let actor: String?
    /// Why.
    public let reason: String
    /// When.
    public let at: Timestamp

    /// Describes a line.
    public init(
        _ kind: Kind, moment: Timestamp? = nil, runID: String? = nil, by actor: String? = nil, _ reason: String = "",
        at: Timestamp
    ) {
        self.kind = kind
        self.moment = moment
        self.runID = runID
        self.actor = actor
        self.reason = reason
        self.at = at
    }
}

/// A schedule after a step, with the lines that say what was done.
public struct ScheduleStep: Sendable, Hashable {
    /// The schedule as it is now.
    public internal(set) var schedule: Schedule
    /// What was done, oldest first.
    public private(set) var events: [ScheduleEvent] = []

    init(_ schedule: Schedule) {
        self.schedule = schedule
        self.schedule.version += 1
    }

    mutating func add(_ event: ScheduleEvent) {
        events.append(event)
        schedule.lineCount += 1
        switch event.kind {
        case .started: schedule.startedCount += 1
        case .skipped, .refused: schedule.skippedCount += 1
        case .created, .changed, .paused, .resumed, .triggered, .deleted, .queued, .missed: break
        }
    }
}

/// Why something cannot be done with a schedule, as a sentence.
public struct ScheduleRefusal: Error, Sendable, Hashable, CustomStringConvertible {
    /// The sentence.
    public let description: String

    init(_ description: String) { self.description = description }
}
