import LandlordDomain
import StatesLanguage
import Testing

@Suite struct ScheduleSpecTests {
    @Test func `what is left out is filled in`() throws {
        let spec = try ScheduleSpec(json: ["name": "nightly", "workflow": "report", "cron": "0 2 * * *"])
        #expect(spec.recurrence == .cron(try CronExpression(parsing: "0 2 * * *"), zone: "UTC"))
        #expect(spec.catchUp == .one && spec.overlap == .skip && spec.catchUpWindow == .seconds(86_400))
        #expect(spec.input == [:])
        let every = try ScheduleSpec(json: ["name": "poll", "workflow": "p", "every": "15m"])
        #expect(every.recurrence == .interval(milliseconds: 900_000, anchor: Timestamp(millisecondsSinceEpoch: 0)))
    }

    @Test func `everything that is wrong is said at once`() throws {
        let problem = #expect(throws: InvalidSpec.self) {
            try ScheduleSpec(json: [
                "name": "Night", "workflow": "Re port", "cron": "0 25 * * *", "every": "1ms", "anchor": "soon",
                "start_at": "2026-01-02T00:00:00Z", "end_at": "2026-01-01T00:00:00Z", "catch_up": "some",
                "catch_up_window": "999d", "overlap": "crash", "imput": [:],
            ])
        }
        #expect(
            problem?.violations.map(\.field) == [
                "imput", "name", "workflow", "every", "anchor", "every", "cron", "end_at", "catch_up",
                "catch_up_window",
                "overlap",
            ])
        #expect(problem?.violations.first?.message.contains("did you mean 'input'?") == true)
    }

    @Test(
        arguments: [
            (["every": "1s", "zone": "Europe/Berlin"], "zone"), ([:], "cron"),
            (["cron": "* * * * *", "anchor": "2026-01-01T00:00:00Z"], "anchor"), (["every": 5], "every"),
        ] as [(JSONObject, String)])
    func `what does not go together is refused`(fields: JSONObject, field: String) throws {
        var json: JSONObject = ["name": "n", "workflow": "w"]
        for (name, value) in fields { json[name] = value }
        let problem = #expect(throws: InvalidSpec.self) { try ScheduleSpec(json: .object(json)) }
        #expect(problem?.violations.map(\.field) == [field])
    }
}
