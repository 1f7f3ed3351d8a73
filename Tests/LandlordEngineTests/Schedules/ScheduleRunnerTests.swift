import Foundation
import LandlordDomain
import LandlordTestSupport
import StatesLanguage
import Testing

@testable import LandlordEngine

@Suite(.timeLimit(.minutes(1)))
struct ScheduleRunnerTests {
    private let bench: Bench
    private let schedules: DatabaseScheduleRepository
    private let provider: EmbeddedWorkflowProvider
    private let service: ScheduleService
    private let runner: ScheduleRunner

    init() async throws {
        bench = try Bench()
        schedules = DatabaseScheduleRepository(bench.database)
        provider = EmbeddedWorkflowProvider(
            store: bench.runs, workers: [], surroundings: bench.surroundings, logger: bench.logger)
        let (bell, zones) = (Alarm(), TimeZoneFiles(directory: "/nowhere"))
        service = ScheduleService(
            schedules: schedules, runs: bench.runs, zones: zones, bell: bell, surroundings: bench.surroundings)
        runner = ScheduleRunner(
            schedules: schedules, runs: bench.runs, provider: provider, zones: zones, bell: bell,
            changes: bench.database.hub, surroundings: bench.surroundings, logger: bench.logger)
        // One waits for a word from outside, the other is over at once.
        for (id, state) in [
            ("wait", ["Type": "Task", "Resource": "landlord:signal:go", "End": true]),
            ("done", ["Type": "Pass", "End": true]),
        ] as [(String, JSONValue)] {
            _ = try await provider.createWorkflow(
                WorkflowSpec(
                    workflowID: id, provider: "embedded", name: id,
                    definition: ["StartAt": "S", "States": ["S": state]]))
        }
    }

    private func create(_ name: String, _ workflow: String, _ fields: JSONObject = [:]) async throws {
        var json: JSONObject = ["name": .string(name), "workflow": .string(workflow), "every": "10s"]
        for (field, value) in fields { json[field] = value }
        _ = try await service.create(ScheduleSpec(json: .object(json)), replacing: false, by: "ana")
    }

    private func runIDs() async throws -> [String] {
        try await bench.runs.page(WorkflowRunQuery(limit: 500)).items.map(\.id).sorted()
    }

    private func kinds(_ name: String) async throws -> [ScheduleEvent.Kind] {
        try await service.history(of: name).map(\.kind).reversed()
    }

    /// Moves the clock to the next moment of a schedule and lets the runner look.
    private func turn(_ name: String) async throws {
        let next = try #require(try await service.schedule(name)?.nextAt)
        bench.clock.advance(by: next.duration(since: bench.clock.wall))
        _ = try await runner.turn()
    }

    @Test func `it starts a run for each moment by itself`() async throws {
        try await create("tick", "done")
        try await bench.running(runner) {
            try await bench.move { try await service.schedule("tick")?.startedCount == 3 }
        }
        let ids = try await runIDs()
        #expect(ids.count == 3 && ids.allSatisfy { $0.hasPrefix("tick-20") })
        let run = try #require(try await bench.runs.run(ids[0]))
        #expect(run.status == .succeeded && run.trigger == "schedule tick")
        #expect(try await kinds("tick") == [.created, .started, .started, .started])
        #expect(try await DatabaseVerifier(bench.database).verify().findings == [])
    }

    @Test func `a start that was written down and not done is done once, by whoever drives next`() async throws {
        try await create("tick", "done")
        let schedule = try #require(try await service.schedule("tick"))
        let moment = try #require(schedule.nextAt)
        bench.clock.advance(by: .seconds(10))
        // One dies behind the decision, another one behind the start.
        try await schedules.save(try #require(schedule.turn(at: bench.clock.wall, isBusy: false, in: .utc)))
        #expect(try await runIDs().isEmpty)
        _ = try await provider.startExecution(of: "done", schedule.start(at: moment))
        _ = try await runner.turn()
        #expect(try await runIDs() == [Schedule.runID(of: "tick", at: moment)])
        #expect(try await service.schedule("tick")?.startedCount == 1)
        #expect(try await service.schedule("tick")?.starting == [])
    }

    @Test func `what somebody else has changed meanwhile is not written over`() async throws {
        try await create("tick", "done")
        let schedule = try #require(try await service.schedule("tick"))
        let step = try #require(
            schedule.turn(at: bench.clock.wall.advanced(by: .seconds(10)), isBusy: false, in: .utc))
        _ = try await service.trigger("tick", by: "bob", reason: "now")
        await #expect(throws: RepositoryError.stale) { try await schedules.save(step) }
        await #expect(throws: RepositoryError.stale) {
            try await schedules.delete(try schedule.deleted(by: "x", reason: "", at: bench.clock.wall))
        }
    }

    @Test func `a queue starts one after the other`() async throws {
        try await create("tick", "wait", ["overlap": "queue"])
        for _ in 0..<3 { try await turn("tick") }
        #expect(try await runIDs().count == 1)
        #expect(try await service.schedule("tick")?.waiting.count == 2)
        for count in 2...3 {
            let last = try #require(try await service.schedule("tick")?.lastRunID)
            _ = try await provider.send(
                RunSignal(name: "go", key: "k\(count)", payload: .null, sender: "test"), to: last)
            #expect(try await bench.runs.run(last)?.status == .succeeded)
            _ = try await runner.turn()
            #expect(try await runIDs().count == count)
        }
        #expect(try await kinds("tick") == [.created, .started, .queued, .queued, .started, .started])
    }

    @Test func `the run before is cancelled where that is asked for`() async throws {
        try await create("tick", "wait", ["overlap": "cancel"])
        try await turn("tick")
        let first = try #require(try await service.schedule("tick")?.lastRunID)
        try await turn("tick")
        #expect(try await bench.runs.run(first)?.status == .cancelled)
        _ = try await runner.turn()
        let second = try #require(try await service.schedule("tick")?.lastRunID)
        #expect(second != first)
        #expect(try await bench.runs.run(second)?.status == .running)
    }

    @Test func `a workflow that is gone is a line of the history`() async throws {
        try await create("tick", "done")
        _ = try await bench.runs.forget("done")
        try await turn("tick")
        #expect(try await kinds("tick") == [.created, .refused])
        #expect(try await service.schedule("tick")?.skippedCount == 1)
        #expect(try await service.schedule("tick")?.starting == [])
    }

    @Test func `a drained workflow is a line of the history, and starts again when it is opened`() async throws {
        try await create("tick", "done")
        try await provider.admit(.drain, to: "done", by: "ana", reason: "release")
        try await turn("tick")
        #expect(try await kinds("tick") == [.created, .refused])
        let line = try await service.history(of: "tick").first
        #expect(line?.reason.contains("is drained since") == true)
        #expect(line?.reason.hasSuffix("by ana: release") == true)
        try await provider.admit(.open, to: "done", by: "ana", reason: "")
        try await turn("tick")
        #expect(try await kinds("tick") == [.created, .refused, .started])
    }

    @Test func `many that are due together all start`() async throws {
        for number in 0..<(ScheduleRunner.pageLimit + 50) { try await create("s\(number)", "done") }
        bench.clock.advance(by: .seconds(10))
        while try await runIDs().count < ScheduleRunner.pageLimit + 50 { _ = try await runner.turn() }
        #expect(try await runner.turn() > .seconds(1))
    }

    @Test func `verbs say what they refuse, and a deleted schedule keeps its history`() async throws {
        try await create("tick", "done")
        await #expect(throws: ScheduleServiceError.exists("tick")) {
            try await create("tick", "done", ["every": "11s"])
        }
        await #expect(throws: ScheduleServiceError.unknownWorkflow("x")) { try await create("other", "x") }
        await #expect(throws: ScheduleServiceError.unknown("x")) {
            _ = try await service.pause("x", by: "ana", reason: "")
        }
        await #expect(throws: ScheduleServiceError.self) {
            try await create("zone", "done", ["every": nil, "cron": "* * * * *", "zone": "Europe/Berlin"])
        }
        _ = try await service.pause("tick", by: "ana", reason: "holiday")
        #expect(try await service.schedule("tick")?.nextAt == nil)
        _ = try await service.resume("tick", by: "bob", reason: "")
        try await service.delete("tick", by: "ana", reason: "done with it")
        #expect(try await service.schedule("tick") == nil)
        try await create("tick", "done")
        #expect(try await kinds("tick") == [.created, .paused, .resumed, .deleted, .created])
        #expect(try await DatabaseVerifier(bench.database).verify().findings == [])
    }

    @Test func `a list is narrowed by status, workflow and words, and comes in windows`() async throws {
        for (name, workflow) in [("nightly", "done"), ("hourly", "wait"), ("weekly", "done")] {
            try await create(name, workflow)
        }
        let end = bench.surroundings.now().advanced(by: .seconds(90)).rfc3339
        try await create("once", "done", ["end_at": .string(end)])
        _ = try await service.pause("weekly", by: "ana", reason: "")
        bench.clock.advance(by: .seconds(100))
        _ = try await runner.turn()
        func names(_ text: String) async throws -> [String] {
            try await service.page(ScheduleFilter.parse(text)).items.map(\.spec.name)
        }
        #expect(try await Set(names("")) == ["nightly", "hourly", "weekly", "once"])
        #expect(try await names("status:paused") == ["weekly"])
        #expect(try await names("status:ended") == ["once"])
        #expect(try await Set(names("status:active,paused")) == ["nightly", "hourly", "weekly"])
        #expect(try await names("workflow:wait") == ["hourly"])
        #expect(try await Set(names("LY don")) == ["nightly", "weekly"])
        var query = ScheduleQuery(limit: 3)
        let first = try await service.page(query)
        query.after = first.next
        let rest = try await service.page(query)
        #expect(Set((first.items + rest.items).map(\.spec.name)).count == 4)
        #expect(rest.next == nil)
    }

    @Test func `a schedule that cannot go on delays no other`() async throws {
        let lost = try ScheduleSpec(
            json: ["name": "lost", "workflow": "done", "cron": "* * * * *", "zone": "Europe/Berlin"])
        // As one whose zone was there when it was made.
        try await schedules.create(Schedule.create(lost, by: "ana", at: bench.clock.wall, in: .utc))
        try await create("tick", "done", ["every": "1s"])
        bench.clock.advance(by: .seconds(61))
        #expect(try await runner.turn() <= .seconds(1))
        #expect(try await service.schedule("tick")?.startedCount ?? 0 > 0)
        #expect(try await service.schedule("lost")?.startedCount == 0)
        #expect(try await schedules.due(at: bench.clock.wall, after: nil, limit: 10).map(\.spec.name) == ["lost"])
    }

    @Test func `histories keep their newest thousand lines`() async throws {
        try await create("tick", "done")
        for _ in 0..<501 {
            _ = try await service.pause("tick", by: "ana", reason: "")
            _ = try await service.resume("tick", by: "ana", reason: "")
        }
        #expect(try await service.history(of: "tick", limit: 500).count == 500)
        #expect(try await DatabaseVerifier(bench.database).verify().findings == [])
    }

    @Test(arguments: [
        ("UPDATE schedules SET last_run_id = 'other'", VerificationReport.Finding.Kind.unlikeHistory),
        ("UPDATE schedules SET pause_actor = 'eve', pause_reason = '', next_at = NULL", .unlikeHistory),
        ("DELETE FROM schedule_history WHERE line = 1", .missingHistory),
        ("UPDATE schedules SET line_count = 9", .missingHistory),
        ("UPDATE schedules SET spec = '{}'", .unreadable),
        ("UPDATE schedules SET starting = '[true]'", .unreadable),
    ])
    func `a database that was edited behind the engine's back does not verify`(
        sql: String, kind: VerificationReport.Finding.Kind
    ) async throws {
        try await create("tick", "done")
        try await turn("tick")
        try await bench.database.write { transaction throws(RepositoryError) in try transaction.execute(sql) }
        let findings = try await DatabaseVerifier(bench.database).verify().findings
        #expect(findings.contains { $0.kind == kind && $0.subject == "schedule tick" })
    }

    @Test func `the examples are legal schedules`() throws {
        let guide = try Guide("schedules.md").blocks(of: "yaml").map { ($0, "schedules.md") }
        let files = try ["nightly", "every-quarter-hour"].map {
            (try Guide.source("examples/schedules/\($0).yaml"), $0)
        }
        for (text, name) in guide + files {
            #expect(throws: Never.self) { try ScheduleDocument.read(Array(text.utf8), file: name) }
        }
        #expect(guide.first.map { files[0].0.hasSuffix($0.0) } == true)
    }
}

@Suite struct TimeZoneFilesTests {
    @Test func `a name never leads out of the directory, and UTC needs no file`() throws {
        let files = TimeZoneFiles(directory: "/nowhere")
        #expect(try files.rules(named: "UTC") == .utc)
        for name in ["../../etc/passwd", "/etc/passwd", "", "a//b", ".", "a/b/c/d", "Europe/Ber lin", "x\0y"] {
            let problem = #expect(throws: TimeZoneProblem.self) { try files.rules(named: name) }
            #expect(problem?.description.contains("is no time zone") == true)
        }
        let problem = #expect(throws: TimeZoneProblem.self) { try files.rules(named: "Europe/Berlin") }
        #expect(problem?.description.contains("install tzdata") == true)
    }

    @Test func `a zone that is not there, and a file that is none, are told by name`() throws {
        let directory = NSTemporaryDirectory() + "zones-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        // Temporary: what stays of it does no harm.
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let files = TimeZoneFiles { _ in directory }
        try Data("no zone".utf8).write(to: URL(filePath: directory + "/Bad"))
        let zone = TZifFile.bytes(footer: "CET-1CEST,M3.5.0,M10.5.0/3")
        try Data(zone).write(to: URL(filePath: directory + "/Good"))
        #expect(throws: TimeZoneProblem("there is no time zone 'None' in \(directory)")) {
            try files.rules(named: "None")
        }
        #expect(throws: TimeZoneProblem.self) { try files.rules(named: "Bad") }
        #expect(try files.rules(named: "Good").name == "Good")
    }

    /// Foundation reads the same files in its own way.
    @Test(
        .enabled(if: FileManager.default.fileExists(atPath: TimeZoneFiles.standardDirectory + "/Europe/Berlin")),
        arguments: [
            "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Europe/Dublin", "Asia/Kolkata",
            "America/Sao_Paulo", "Pacific/Apia", "Africa/Casablanca", "America/St_Johns", "Asia/Tehran",
        ])
    func `the machine's zones are read as others read them`(name: String) throws {
        let rules = try TimeZoneFiles().rules(named: name)
        let zone = try #require(TimeZone(identifier: name))
        let every = try CronExpression(parsing: "30 1,2,3 * * *")
        var moment = Timestamp(millisecondsSinceEpoch: 1_577_836_800_000)
        for _ in 0..<7_000 {
            moment = try #require(every.next(after: moment, in: rules))
            let date = Date(timeIntervalSince1970: Double(moment.millisecondsSinceEpoch) / 1_000)
            let local = moment.advanced(by: .seconds(zone.secondsFromGMT(for: date)))
            let minute = local.millisecondsSinceEpoch / 60_000 % 1_440
            // At the end of a gap the clocks show its end.
            let isChange = zone.secondsFromGMT(for: date) != zone.secondsFromGMT(for: date.addingTimeInterval(-1))
            #expect(isChange || [90, 150, 210].contains(minute), "\(moment) in \(name)")
        }
    }
}
