import StatesLanguage
import Testing

@testable import LandlordDomain

@Suite struct ScheduleTests {
    private let begin = Timestamp("2026-11-26T00:00:30Z")

    private func spec(
        _ cron: String = "0 * * * *", catchUp: CatchUp = .one, overlap: Overlap = .skip, _ fields: JSONObject = [:]
    ) throws -> ScheduleSpec {
        var json: JSONObject = [
            "name": "report", "workflow": "w", "cron": .string(cron), "catch_up": .string(catchUp.rawValue),
            "overlap": .string(overlap.rawValue), "input": ["at": "<schedule.planned_at>", "by": ["<schedule.name>"]],
        ]
        for (name, value) in fields { json[name] = value }
        return try ScheduleSpec(json: .object(json))
    }

    private func schedule(_ spec: ScheduleSpec) throws -> Schedule {
        try Schedule.create(spec, by: "ana", at: begin, in: .utc).schedule
    }

    private func at(_ text: String) -> Timestamp { Timestamp("2026-11-26T\(text)Z") }

    @Test func `a moment starts one run, under the same name each time`() throws {
        let schedule = try schedule(spec())
        #expect(schedule.nextAt == at("01:00:00"))
        #expect(schedule.turn(at: at("00:59:59"), isBusy: false, in: .utc) == nil)
        let step = try #require(schedule.turn(at: at("01:00:00.250"), isBusy: false, in: .utc))
        #expect(step.schedule.starting == [at("01:00:00")])
        #expect(step.schedule.nextAt == at("02:00:00"))
        let start = schedule.start(at: at("01:00:00"))
        #expect(start.executionName == "report-20261126T010000Z")
        #expect(start.input == ["at": "2026-11-26T01:00:00.000Z", "by": ["report"]])
        #expect(Schedule.runID(of: "report", at: at("01:00:00.250")) == "report-20261126T010000250Z")
        let done = try #require(step.schedule.started(at("01:00:00"), runID: start.executionName, at: at("01:00:01")))
        #expect(done.schedule.starting.isEmpty && done.schedule.startedCount == 1)
        #expect(done.schedule.version == 3 && done.schedule.lineCount == 2)
        #expect(done.schedule.started(at("01:00:00"), runID: "again", at: at("01:00:02")) == nil)
    }

    @Test(arguments: [
        (CatchUp.skip, [] as [String], 3), (.one, ["03:00:00"], 2), (.all, ["01:00:00", "02:00:00", "03:00:00"], 0),
    ])
    func `what passed while nobody drove is caught up with as it says`(
        catchUp: CatchUp, starts: [String], missed: Int
    ) throws {
        let schedule = try schedule(spec(catchUp: catchUp, overlap: .allow))
        let step = try #require(schedule.turn(at: at("03:30:00"), isBusy: false, in: .utc))
        #expect(step.schedule.starting == starts.map(at))
        #expect(step.schedule.nextAt == at("04:00:00"))
        #expect(step.events.map(\.kind) == (missed > 0 ? [.missed] : []))
        if missed > 0 { #expect(step.events[0].reason.contains("\(missed) moment")) }
    }

    @Test func `moments that are not late all count, and no window reaches further than it says`() throws {
        let often = try schedule(spec(catchUp: .skip, overlap: .allow, ["cron": nil, "every": "20s"]))
        let step = try #require(often.turn(at: at("01:00:10"), isBusy: false, in: .utc))
        #expect(step.schedule.starting == [at("00:59:20"), at("00:59:40"), at("01:00:00")])
        #expect(step.events[0].reason.hasPrefix("176 moments since"))
        let windowed = try schedule(spec(catchUp: .all, overlap: .allow, ["catch_up_window": "90m"]))
        let late = try #require(windowed.turn(at: at("05:00:30"), isBusy: false, in: .utc))
        #expect(late.schedule.starting == [at("04:00:00"), at("05:00:00")])
        #expect(late.events.map(\.kind) == [.missed])
        #expect(late.events[0].reason.hasPrefix("every moment up to"))
    }

    @Test func `no more than a hundred are made up for, the newest`() throws {
        let often = try schedule(spec("* * * * *", catchUp: .all, overlap: .allow))
        let step = try #require(often.turn(at: at("10:00:00"), isBusy: false, in: .utc))
        #expect(step.schedule.starting.count == Schedule.startLimit)
        #expect(step.schedule.starting.last == at("10:00:00"))
        #expect(step.events[0].reason.contains("500 moments"))
    }

    @Test func `a day forth catches up, and a day back starts nothing twice`() throws {
        let schedule = try schedule(spec(catchUp: .one, overlap: .allow))
        let tomorrow = at("00:30:30").advanced(by: .seconds(86_400))
        let forth = try #require(schedule.turn(at: tomorrow, isBusy: false, in: .utc)).schedule
        #expect(forth.starting == [at("00:00:00").advanced(by: .seconds(86_400))])
        for hour in 1...23 {
            let time = at("00:00:10").advanced(by: .seconds(hour * 3_600))
            #expect(forth.turn(at: time, isBusy: false, in: .utc) == nil)
        }
        let after = try #require(forth.turn(at: tomorrow.advanced(by: .seconds(1_800)), isBusy: false, in: .utc))
        #expect(after.schedule.starting.last == at("01:00:00").advanced(by: .seconds(86_400)))
    }

    @Test(arguments: Overlap.allCases) func `a run that is not over meets the next one as it says`(overlap: Overlap)
        throws
    {
        var schedule = try schedule(spec(overlap: overlap))
        schedule.lastRunID = "before"
        let first = try #require(schedule.turn(at: at("01:00:00"), isBusy: true, in: .utc))
        let second = try #require(first.schedule.turn(at: at("02:00:00"), isBusy: true, in: .utc))
        let events = first.events + second.events
        switch overlap {
        case .skip:
            #expect(second.schedule.starting.isEmpty && second.schedule.waiting.isEmpty)
            #expect(events.map(\.kind) == [.skipped, .skipped])
            #expect(events[0].reason == "run before is not over")
            #expect(second.schedule.skippedCount == 2)
        case .allow:
            #expect(second.schedule.starting == [at("01:00:00"), at("02:00:00")])
            #expect(events.isEmpty)
        case .queue:
            #expect(second.schedule.waiting == [at("01:00:00"), at("02:00:00")])
            #expect(!second.schedule.wantsCancellation)
            let free = try #require(second.schedule.turn(at: at("02:10:00"), isBusy: false, in: .utc))
            #expect(free.schedule.starting == [at("01:00:00")])
            // Until that start is confirmed, nothing follows it.
            #expect(free.schedule.turn(at: at("02:11:00"), isBusy: false, in: .utc) == nil)
        case .cancel:
            #expect(second.schedule.waiting == [at("02:00:00")])
            #expect(second.schedule.wantsCancellation)
            #expect(events.map(\.kind) == [.queued, .skipped, .queued])
        }
    }

    @Test func `a queue has an end`() throws {
        var schedule = try schedule(spec("* * * * *", catchUp: .all, overlap: .queue))
        schedule = try #require(schedule.turn(at: at("01:40:00"), isBusy: true, in: .utc)).schedule
        #expect(schedule.waiting.count == Schedule.startLimit)
        let step = try #require(schedule.turn(at: at("01:41:00"), isBusy: true, in: .utc))
        #expect(step.schedule.waiting.count == Schedule.startLimit)
        #expect(step.events.map(\.reason) == ["100 wait already"])
    }

    @Test func `a pause passes moments over, and what follows goes on from its end`() throws {
        let schedule = try schedule(spec(catchUp: .all))
        let paused = try schedule.paused(by: "bob", reason: "holiday", at: at("01:00:05"))
        #expect(paused.events.map(\.kind) == [.missed, .paused])
        #expect(paused.schedule.turn(at: at("05:00:00"), isBusy: false, in: .utc) == nil)
        #expect(throws: ScheduleRefusal.self) { try paused.schedule.paused(by: "x", reason: "", at: begin) }
        let resumed = try paused.schedule.resumed(by: "bob", reason: "", at: at("05:30:00"), in: .utc)
        #expect(resumed.schedule.nextAt == at("06:00:00"))
        #expect(throws: ScheduleRefusal.self) { try resumed.schedule.resumed(by: "x", reason: "", at: begin, in: .utc) }
        #expect(throws: ScheduleRefusal.self) {
            try schedule.paused(by: "bob", reason: String(repeating: "x", count: 1_025), at: begin)
        }
    }

    @Test func `another spec counts from now on`() throws {
        let schedule = try schedule(spec())
        #expect(try schedule.changed(to: spec(), by: "ana", at: begin, in: .utc) == nil)
        let changed = try #require(
            try schedule.changed(to: spec("30 * * * *"), by: "ana", at: at("03:40:00"), in: .utc))
        #expect(changed.schedule.nextAt == at("04:30:00"))
        #expect(changed.events.map(\.kind) == [.missed, .changed])
    }

    @Test func `a schedule has a first and a last moment`() throws {
        let bounds: JSONObject = ["start_at": "2026-11-26T03:00:00Z", "end_at": "2026-11-26T04:00:00Z"]
        let schedule = try schedule(spec(catchUp: .all, overlap: .allow, bounds))
        #expect(schedule.nextAt == at("03:00:00"))
        let step = try #require(schedule.turn(at: at("09:00:00"), isBusy: false, in: .utc))
        #expect(step.schedule.starting == [at("03:00:00"), at("04:00:00")])
        #expect(step.schedule.nextAt == nil)
        #expect(throws: ScheduleRefusal.self) {
            try Schedule.create(spec("0 * * * *", bounds), by: "ana", at: at("05:00:00"), in: .utc)
        }
    }

    @Test func `somebody may ask for a run now`() throws {
        let schedule = try schedule(spec())
        let step = try schedule.triggered(by: "ana", reason: "test", isBusy: false, at: at("00:10:00"))
        #expect(step.schedule.starting == [at("00:10:00")] && step.schedule.nextAt == at("01:00:00"))
        #expect(throws: ScheduleRefusal.self) {
            try step.schedule.triggered(by: "ana", reason: "", isBusy: false, at: at("00:10:00"))
        }
        let busy = try schedule.triggered(by: "ana", reason: "", isBusy: true, at: at("00:10:00"))
        #expect(busy.events.map(\.kind) == [.triggered, .skipped])
        let refused = try #require(step.schedule.refused(at("00:10:00"), "there is no workflow", at: at("00:10:01")))
        #expect(refused.schedule.starting.isEmpty && refused.schedule.skippedCount == 1)
    }

    @Test(arguments: 0..<40) func `whatever the clock does, no moment starts twice and each is accounted for`(seed: Int)
        throws
    {
        let dice = Dice(seed)
        let (catchUp, overlap) = (dice.pick(CatchUp.allCases), dice.pick(Overlap.allCases))
        var schedule = try schedule(spec("*/10 * * * *", catchUp: catchUp, overlap: overlap))
        var (now, started, lastNow) = (begin, [Timestamp](), begin)
        for _ in 0..<200 {
            now = now.advanced(by: .seconds(dice.oneIn(20) ? dice.below(200_000) - 100_000 : dice.below(900)))
            let isBusy = dice.oneIn(2)
            if let step = schedule.turn(at: now, isBusy: isBusy, in: .utc) {
                #expect(step.schedule.version == schedule.version + 1)
                #expect(step.schedule.lineCount == schedule.lineCount + step.events.count)
                schedule = step.schedule
            }
            #expect(schedule.starting.count <= Schedule.startLimit && schedule.waiting.count <= Schedule.startLimit)
            #expect(try #require(schedule.nextAt) > lastNow || now < lastNow)
            lastNow = max(lastNow, now)
            for moment in schedule.starting where !dice.oneIn(3) {
                started.append(moment)
                schedule = try #require(schedule.started(moment, runID: "r", at: now)).schedule
            }
        }
        #expect(Set(started).count == started.count)
        #expect(schedule.startedCount == started.count)
    }
}
