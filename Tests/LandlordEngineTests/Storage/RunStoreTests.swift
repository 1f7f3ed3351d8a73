import LandlordDomain
import LandlordTestSupport
import StatesLanguage
import Testing

@testable import LandlordEngine

@Suite(.timeLimit(.minutes(1)))
struct RunStoreTests {
    private let storage: TemporaryDatabase
    private let store: DatabaseRunStore

    init() throws {
        storage = try TemporaryDatabase()
        store = DatabaseRunStore(storage.database)
    }

    @Test func `a definition is kept once, a changed one as a new version, a forgotten one not at all`() async throws {
        let first = try await store.keep(RunSample.spec(), at: Sample.time(0))
        #expect(try await store.keep(RunSample.spec(), at: Sample.time(1)) == first)
        let other: JSONValue = ["StartAt": "Done", "States": ["Done": ["Type": "Succeed"]]]
        let second = try await store.keep(RunSample.spec(other), at: Sample.time(2))
        #expect([first.version, second.version] == [1, 2])
        #expect(try await store.definition(of: "work", version: nil) == second)
        #expect(try await store.definition(of: "work", version: 1) == first)
        #expect(try await store.keep(RunSample.spec(), at: Sample.time(3)).version == 3)
        #expect(try await store.forget("work"))
        #expect(try await store.forget("work") == false)
        #expect(try await store.definition(of: "work", version: nil) == nil)
        #expect(try await store.definition(of: "work", version: 1) == first)
        #expect(try await store.keep(RunSample.spec(), at: Sample.time(4)).version == 4)
    }

    @Test func `a run begins once, with its log and what it waits for`() async throws {
        let tenant = try await DatabaseTenantRepository(storage.database).add(Sample.tenant("acme"))
        _ = try await store.keep(RunSample.spec(), at: Sample.time(0))
        let changes = storage.database.hub.subscribe()
        let begun = try #require(try await store.begin("r", tenantID: tenant.id, at: 3))
        #expect(try await store.run("r") == begun.run, "what is answered is what is stored")
        #expect(begun.run.status == .running)
        #expect(begun.run.currentState == "Work")
        #expect(begun.run.createdAt == Sample.time(3))
        let machine = try StateMachine(definition: RunSample.document)
        let step = RunSample.beginning(
            "r", tenantID: tenant.id, at: 3, of: StoredMachine(workflowID: "work", version: 1, machine: machine)
        ).step
        #expect(try await store.history(of: "r", after: 0, limit: 99) == step.transition.events)
        let tasks = try await store.openTasks(after: nil, limit: 9).items
        #expect(tasks.map(\.tenantID) == [tenant.id])
        #expect(begun.commands?.contains(.scheduleTask(tasks[0].task)) == true)
        #expect(try await store.task(of: "r", id: 1) == tasks[0])
        let token = try #require(tasks[0].task.token)
        #expect(try await store.hasAsked("r", token: token))
        #expect(try await store.hasAsked("r", token: "another") == false)
        #expect(changes.drain() == [.workflowTask, .run(id: "r", tenantID: tenant.id.rawValue, input: 1)])
        let again = try #require(try await store.begin("r", at: 9))
        #expect(!again.isNew)
        #expect(again.run == begun.run)
        #expect(changes.drain().isEmpty)
    }

    @Test func `a run begins on the newest version, also where another process has kept it`() async throws {
        _ = try await store.keep(RunSample.spec(), at: Sample.time(0))
        #expect(try await store.begin("a")?.run.definitionVersion == 1)
        let other = DatabaseRunStore(storage.database)
        let changed: JSONValue = ["StartAt": "Done", "States": ["Done": ["Type": "Succeed"]]]
        _ = try await other.keep(RunSample.spec(changed), at: Sample.time(1))
        let begun = try #require(try await store.begin("b"))
        #expect((begun.run.definitionVersion, begun.run.status) == (2, .succeeded))
        #expect(try await other.forget("work"))
        #expect(try await store.begin("c") == nil)
    }

    @Test func `inputs of two stores that both have the run in memory are one after the other`() async throws {
        try await store.waitingRun("r")
        let other = DatabaseRunStore(storage.database)
        let timer = try await store.dueTimers(at: Sample.time(67), limit: 9)[0].timerID
        // The other store reads the run, and this one then moves it behind the other's back.
        #expect(try await other.advance("r") { _ in nil } == nil)
        #expect(try await store.take(.timerFired(timer: timer), to: "r", at: 67) != nil)
        #expect(try await other.take(.stop(error: "E", cause: ""), to: "r", at: 68) == nil)
        #expect(try await other.run("r")?.status == .succeeded)
        #expect(try await DatabaseVerifier(storage.database).verify().findings == [])
    }

    @Test func `a step that could not be stored is forgotten`() async throws {
        try await store.waitingRun("r")
        let timer = try await store.dueTimers(at: Sample.time(67), limit: 9)[0].timerID
        try await storage.database.write { transaction throws(RepositoryError) in
            try transaction.execute(
                "CREATE TRIGGER no BEFORE INSERT ON workflow_events BEGIN SELECT raise(ABORT, 'no'); END")
        }
        await #expect(throws: RepositoryError.self) { try await store.take(.timerFired(timer: timer), to: "r", at: 67) }
        try await storage.database.write { transaction throws(RepositoryError) in
            try transaction.execute("DROP TRIGGER no")
        }
        #expect(try await store.take(.timerFired(timer: timer), to: "r", at: 68) != nil)
        #expect(try await store.run("r")?.endedAt == Sample.time(68))
        #expect(try await DatabaseVerifier(storage.database).verify().findings == [])
    }

    @Test func `a run goes on through failure, retry, timer and end, and the fold agrees`() async throws {
        try await store.waitingRun("r")
        let waiting = try #require(try await store.run("r"))
        #expect(waiting.subState == .waiting)
        #expect(waiting.wakeAt == Sample.time(67))
        #expect(try await store.nextTimer() == Sample.time(67))
        #expect(try await store.task(of: "r", id: 1) == nil)
        #expect(try await store.openTasks(after: nil, limit: 9).items.isEmpty)
        let timer = try await store.dueTimers(at: Sample.time(67), limit: 9)[0]
        #expect(try await store.dueTimers(at: Sample.time(66), limit: 9).isEmpty)
        try await store.take(.timerFired(timer: timer.timerID), to: "r", at: 67)
        let ended = try #require(try await store.run("r"))
        #expect(ended.status == .succeeded)
        #expect(ended.endedAt == Sample.time(67))
        #expect(ended.inputCount == 5)
        #expect(try await store.nextTimer() == nil)
        #expect(try await store.take(.timerFired(timer: timer.timerID), to: "r", at: 68) == nil)
        let history = try await store.history(of: "r", after: 2, limit: 99)
        #expect(history.map(\.id) == Array(3...ended.eventCount))
        #expect(try await DatabaseVerifier(storage.database).verify().findings == [])
    }

    @Test func `stopping a run gives up its task, and says when that was told`() async throws {
        _ = try await store.keep(RunSample.spec(), at: Sample.time(0))
        _ = try await store.begin("r")
        let task = try await store.openTasks(after: nil, limit: 9).items[0].task
        try await store.take(.stop(error: "CANCELLED", cause: "by hand"), to: "r", at: 1)
        #expect(try await store.run("r")?.status == .cancelled)
        #expect(try await store.openTasks(after: nil, limit: 9).items.map(\.status) == [.cancelling])
        try await store.confirmCancelled(runID: "r", taskID: task.id)
        #expect(try await store.task(of: "r", id: task.id) == nil)
        #expect(try await store.openTasks(after: nil, limit: 9).items.isEmpty)
        #expect(try await DatabaseVerifier(storage.database).verify().findings == [])
    }

    @Test func `a run that is not there is not found, and nothing that comes in writes nothing`() async throws {
        await #expect(throws: RepositoryError.notFound) { try await store.take(.timerFired(timer: 1), to: "x", at: 0) }
        _ = try await store.keep(RunSample.spec(), at: Sample.time(0))
        let run = try #require(try await store.begin("r")).run
        #expect(try await store.advance("r") { _ in nil } == nil)
        #expect(try await store.run("r") == run)
    }

    @Test func `lists are newest first and in windows; open tasks in the order of their runs`() async throws {
        _ = try await store.keep(RunSample.spec(), at: Sample.time(0))
        for (second, id) in ["b", "c", "a"].enumerated() {
            _ = try await store.begin(id, at: second)
        }
        try await store.take(.stop(error: "E", cause: ""), to: "c", at: 9)
        let first = try await store.page(WorkflowRunQuery(limit: 2))
        #expect(first.items.map(\.id) == ["a", "c"])
        #expect(try await store.page(WorkflowRunQuery(after: first.next, limit: 2)).items.map(\.id) == ["b"])
        #expect(try await store.page(WorkflowRunQuery(statuses: [.cancelled])).items.map(\.id) == ["c"])
        #expect(try await store.page(WorkflowRunQuery(words: ["C"])).items.map(\.id) == ["c"])
        let both = WorkflowRunQuery(statuses: [.running], workflowID: first.items[0].workflowID)
        #expect(try await store.page(both).items.map(\.id) == ["a", "b"])
        #expect(try await store.page(WorkflowRunQuery(workflowID: "other")).items.isEmpty)
        let open = try await store.openTasks(after: nil, limit: 2)
        #expect(open.items.map(\.runID) == ["b", "c"])
        #expect(try await store.openTasks(after: open.next, limit: 2).items.map(\.runID) == ["a"])
    }

    @Test(arguments: [
        (
            "UPDATE workflow_events SET input = replace(input, 'Boom', 'Bang')",
            VerificationReport.Finding.Kind.hash
        ),
        ("UPDATE workflow_events SET seed = seed + 1 WHERE id & 255 = 2", .hash),
        ("UPDATE workflow_events SET at = at + 1 WHERE id & 255 = 2", .hash),
        ("DELETE FROM workflow_events WHERE id & 255 = 2", .missingHistory),
        ("DELETE FROM workflow_events WHERE id & 255 = 4", .missingHistory),
        ("UPDATE workflow_events SET events = replace(events, 'Boom', 'Bang')", .hash),
        ("UPDATE workflow_events SET last_event = last_event + 1 WHERE id & 255 = 2", .hash),
        ("UPDATE workflow_runs SET head = zeroblob(32)", .hash),
        ("DELETE FROM workflow_events", .unreadable),
        ("UPDATE workflow_runs SET status = 'succeeded', ended_at = 1", .unlikeHistory),
        ("UPDATE workflow_runs SET wake_at = wake_at + 1", .unlikeHistory),
        ("UPDATE workflow_runs SET state = replace(state, 'Rest', 'Work')", .unlikeHistory),
        ("UPDATE workflow_runs SET state = '{'", .unreadable),
        ("UPDATE workflow_definitions SET definition = replace(definition, '60', '61')", .hash),
        ("DELETE FROM workflow_timers", .unlikeHistory),
        (
            """
            INSERT INTO workflow_tasks (id, state_name, resource, attempt, status, created_at, parameters)
            SELECT (number << 24) + 9, 'Work', 'r', 1, 'open', 0, '{}' FROM workflow_runs
            """, .unlikeHistory
        ),
    ])
    func `each edit of a run is named`(sql: String, kind: VerificationReport.Finding.Kind) async throws {
        try await store.waitingRun("r")
        #expect(try await DatabaseVerifier(storage.database).verify().findings == [])
        try await storage.database.editBehindItsBack(sql)
        let found = try await DatabaseVerifier(storage.database).verify().findings
        #expect(found.contains { $0.kind == kind }, "found \(found)")
    }
}
