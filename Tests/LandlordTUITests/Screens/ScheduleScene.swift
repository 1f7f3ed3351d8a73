import LandlordDomain
import LandlordTestSupport
import StatesLanguage
import Testing

@testable import LandlordTUI

/// The screens of schedules: one that is due soon and has a moment that waits, one that is paused, one that has ended.
enum ScheduleScene {
    static func schedule(
        _ fields: JSONObject, nextIn seconds: Int? = nil, pause: Schedule.Pause? = nil, waiting: Int = 0,
        lastRun: String? = nil
    ) throws -> Schedule {
        let next = seconds.map { Journey.start.advanced(by: .seconds($0)) }
        return Schedule(
            spec: try ScheduleSpec(json: .object(fields)), pause: pause, plannedThrough: Journey.start, nextAt: next,
            starting: [], waiting: (0..<waiting).map { Journey.start.advanced(by: .seconds(-60 * ($0 + 1))) },
            lastRunID: lastRun, startedCount: 1_204, skippedCount: 3,
            createdAt: Journey.start.advanced(by: .seconds(-86_400)), lineCount: 9, version: 9)
    }

    static func all() throws -> [Schedule] {
        [
            try schedule(
                ["name": "quarter-hour", "workflow": "report", "every": "15m", "overlap": "queue"], nextIn: 540,
                waiting: 1, lastRun: "quarter-hour-20260101T150000Z"),
            try schedule(
                ["name": "nightly", "workflow": "report", "cron": "30 2 * * *", "zone": "Europe/Berlin"],
                pause: Schedule.Pause(by: "ana", reason: "the bank is closed")),
            try schedule(["name": "launch", "workflow": "order", "every": "1h"]),
        ]
    }

    static func show(_ scene: String, in journey: inout Journey) throws {
        journey.press(.character("7"))
        let schedules = try all()
        journey.send(
            .loaded(.schedules(journey.model.scheduleQuery, anchors: nil, Page(items: schedules, next: nil))))
        guard scene != "schedules" else { return }
        journey.press(.enter)
        let due = Journey.start.advanced(by: .seconds(-60))
        let history = [
            ScheduleEvent(.queued, moment: due, "run quarter-hour-20260101T150000Z is not over", at: due),
            ScheduleEvent(
                .started, moment: due.advanced(by: .seconds(-900)), runID: "quarter-hour-20260101T150000Z",
                at: due.advanced(by: .seconds(-900))),
            ScheduleEvent(.created, by: "ana", at: Journey.start.advanced(by: .seconds(-86_400))),
        ]
        let upcoming = (0..<2).map { Journey.start.advanced(by: .seconds(540 + 900 * $0)) }
        journey.send(
            .loaded(
                .schedule("quarter-hour", ScheduleFacts(schedule: schedules[0], upcoming: upcoming, history: history))))
        if scene == "schedule-delete" { journey.press(.character("D")) }
    }
}
