import LandlordDomain
import LandlordTestSupport
import StatesLanguage
import Testing

@testable import LandlordTUI

@Suite("Schedules in the console") struct ScheduleJourneyTests {
    private func journey(_ scene: String = "schedules") throws -> Journey {
        var journey = try Journey.fleet()
        try ScheduleScene.show(scene, in: &journey)
        journey.effects = []
        return journey
    }

    private func asked(_ journey: Journey) -> [ConsoleVerb] {
        guard case .confirm(let change) = journey.model.modal, case .submit(let verbs) = change.consequence else {
            return []
        }
        return verbs
    }

    @Test func `one is paused with a reason, resumed, triggered, each after a question`() throws {
        var journey = try journey()
        journey.press(.character("S"))
        #expect(asked(journey) == [.schedule(.pause, "quarter-hour", reason: nil)])
        journey.press(.character("r"))
        for character in "holiday" { journey.press(.character(character)) }
        journey.press(.enter, .character("y"))
        #expect(journey.effects.contains(.submit(.schedule(.pause, "quarter-hour", reason: "holiday"))))
        journey.press(.down, .character("S"))
        #expect(asked(journey) == [.schedule(.resume, "nightly", reason: nil)])
        journey.press(.escape, .character("B"), .character("y"))
        #expect(journey.effects.contains(.submit(.schedule(.trigger, "nightly", reason: nil))))
    }

    @Test func `a deletion wants the name`() throws {
        var journey = try journey("schedule-delete")
        #expect(asked(journey) == [.schedule(.delete, "quarter-hour", reason: nil)])
        journey.press(.character("y"), .enter)
        #expect(journey.model.modal != nil)
        journey.press(.control("u"))
        for character in "quarter-hour" { journey.press(.character(character)) }
        journey.press(.enter)
        #expect(journey.effects.contains(.submit(.schedule(.delete, "quarter-hour", reason: nil))))
    }

    @Test func `enter shows one, enter and w its last run, and escape leads back`() throws {
        var journey = try journey()
        journey.press(.character("w"))
        #expect(journey.model.scope == .run)
        journey.press(.escape, .enter)
        #expect(journey.model.scope == .schedule)
        journey.press(.enter)
        #expect(journey.model.scope == .run)
        journey.press(.escape, .escape)
        #expect(journey.model.scope == .schedules)
        journey.press(.down, .character("w"))
        #expect(journey.model.scope == .schedules && journey.model.toast?.level == .warning, "it has started none")
        journey.press(.enter)
        journey.press(.enter)
        #expect(journey.model.scope == .schedule && journey.model.toast?.text.string == "there is no run behind it")
    }

    @Test func `the list is narrowed, and what cannot be understood says why`() throws {
        var journey = try journey()
        journey.press(.character("/"))
        for character in "status:paused night" { journey.press(.character(character)) }
        #expect(journey.model.scheduleQuery.statuses == [.paused])
        #expect(journey.model.scheduleQuery.words == ["night"])
        journey.press(.escape)
        #expect(journey.model.scheduleQuery == ScheduleQuery(limit: journey.model.scheduleQuery.limit))
    }

    @Test func `a filter that is given up leaves the cursor on the row where it was`() throws {
        var journey = try journey()
        let all = try ScheduleScene.all()
        func answer(_ schedules: [Schedule]) {
            let query = journey.model.scheduleQuery
            journey.send(.loaded(.schedules(query, anchors: nil, Page(items: schedules, next: nil))))
        }
        journey.press(.down, .character("/"), .character("l"))
        answer([all[2]])
        #expect(journey.model.selectedSchedule?.id == "launch")
        journey.press(.escape)
        answer(all)
        #expect(journey.model.selectedSchedule?.id == "nightly")
        journey.press(.character("/"), .character("l"))
        answer([all[2]])
        journey.press(.enter)
        #expect(journey.model.selectedSchedule?.id == "launch", "one that is kept keeps its own")
    }

    @Test func `only what concerns schedules loads them again`() throws {
        var journey = try journey()
        journey.send(.changed(ChangeBatch(hasRuns: true)))
        #expect(!journey.effects.contains { if case .load(.schedules) = $0 { true } else { false } })
        journey.send(.changed(ChangeBatch(hasSchedules: true)))
        #expect(journey.effects.contains { if case .load(.schedules) = $0 { true } else { false } })
    }
}
