import LandlordDomain
import StatesLanguage

/// The screen of one schedule.
struct ScheduleDetail: Hashable, Sendable {
    let name: String
    var facts: ScheduleFacts?
    /// Whether the schedule was looked for and is not there.
    var isGone = false
    var scrolledRows = 0

    mutating func take(_ facts: ScheduleFacts?) {
        isGone = facts == nil
        if let facts { self.facts = facts }
    }
}

/// A schedule with its coming moments and its history, newest first.
struct ScheduleFacts: Hashable, Sendable {
    /// How many coming moments are shown.
    static let momentLimit = 5

    var schedule: Schedule
    var upcoming: [Timestamp] = []
    var history: [ScheduleEvent] = []
}

/// What an operator does with a schedule.
enum ScheduleVerb: String, Hashable, Sendable {
    case pause, resume, trigger, delete
}
