import LandlordDomain
import LandlordTestSupport
import StatesLanguage
import Testing

@testable import LandlordEngine

/// Workers, signals, named limits and child runs, on a real database and a clock that only the test moves.
@Suite(.timeLimit(.minutes(1)))
struct RunWorkTests {
    private let bench: Bench
    private let provider: EmbeddedWorkflowProvider

    init() throws {
        bench = try Bench()
        provider = EmbeddedWorkflowProvider(
            store: bench.runs, workers: [], surroundings: bench.surroundings, logger: bench.logger)
    }

    private func run(_ name: String) async throws -> WorkflowRun { try #require(try await bench.runs.run(name)) }

    // MARK: Workers

    @Test func `a worker takes a task, and its answer is the state's result`() async throws {
        try await provider.create("pack", ["A": .activity("pack")])
        try await provider.start("pack", "r", input: ["n": 1])
        let task = try #require(try await provider.activityTask(of: "pack", for: "bob"))
        #expect(task.input == ["n": 1])
        #expect(try await provider.activityTask(of: "pack", for: "eve") == nil, "nobody else gets it")
        try await provider.succeed(token: task.token, output: ["done": true])
        #expect(try await run("r").output == ["done": true])
        await #expect(throws: TaskTokenError.taskTimedOut) {
            try await provider.succeed(token: task.token, output: ["done": "twice"])
        }
        let types = try await bench.runs.history(of: "r", after: 0, limit: 100).map(\.type)
        #expect(types.contains(.activityStarted))
    }

    @Test func `a lost lease is taken over, and the answer of who lost it does not count`() async throws {
        try await provider.create("pack", ["A": .activity("pack")])
        try await provider.start("pack", "r")
        let first = try #require(try await provider.activityTask(of: "pack", for: "bob", leaseSeconds: 10))
        bench.clock.advance(by: .seconds(6))
        try await provider.heartbeat(token: first.token)
        bench.clock.advance(by: .seconds(6))
        #expect(try await provider.activityTask(of: "pack", for: "eve", leaseSeconds: 10) == nil, "it was renewed")
        bench.clock.advance(by: .seconds(5))
        let second = try #require(try await provider.activityTask(of: "pack", for: "eve", leaseSeconds: 10))
        await #expect(throws: TaskTokenError.taskTimedOut) { try await provider.heartbeat(token: first.token) }
        await #expect(throws: TaskTokenError.taskTimedOut) {
            try await provider.fail(token: first.token, error: "Late", cause: "")
        }
        try await provider.succeed(token: second.token, output: 2)
        #expect(try await run("r").output == 2)
    }

    @Test func `a clock that goes back leaves no task with a worker that is gone`() async throws {
        try await provider.create("pack", ["A": .activity("pack")])
        try await provider.start("pack", "r")
        _ = try await provider.activityTask(of: "pack", for: "bob", leaseSeconds: 10)
        let dayBefore = bench.clock.wall.advanced(by: .seconds(-86_400))
        let again = try await bench.runs.leaseTask(of: "pack", for: "eve", seconds: 10, at: dayBefore)
        #expect(again?.lease == 2)
    }

    @Test func `tasks of a higher priority go first, then the oldest; those of suspended runs wait`() async throws {
        try await provider.create("low", ["A": .activity("pack")])
        try await provider.create("high", ["A": .activity("pack", extensions: ["Priority": 7])])
        for (workflow, name) in [("low", "l1"), ("low", "l2"), ("high", "h1"), ("high", "h2")] {
            try await provider.start(workflow, name)
        }
        try await provider.give(.drill(.suspend), to: "h1")
        var order: [String] = []
        while let task = try await provider.activityTask(of: "pack", for: "bob") { order.append(task.runID) }
        #expect(order == ["h2", "l1", "l2"])
    }

    @Test(arguments: ["", "x", "abc.1", String(repeating: "g", count: 64), String(repeating: "a", count: 64) + ".x"])
    func `what is no token is said to be none`(token: String) async throws {
        await #expect(throws: TaskTokenError.invalidToken) { try await provider.succeed(token: token, output: 1) }
    }

    @Test func `a token that nobody has, and a result that is too large, have their names`() async throws {
        await #expect(throws: TaskTokenError.taskTimedOut) {
            try await provider.heartbeat(token: String(repeating: "a", count: 64))
        }
        try await provider.create("pack", ["A": .activity("pack")])
        try await provider.start("pack", "r")
        let task = try #require(try await provider.activityTask(of: "pack", for: "bob"))
        let large = JSONValue.string(String(repeating: "x", count: 262_144))
        await #expect(throws: TaskTokenError.self) { try await provider.succeed(token: task.token, output: large) }
        await #expect(throws: TaskTokenError.invalidToken, "only who has taken the task may answer it") {
            try await provider.succeed(token: String(task.token.prefix(64)), output: 1)
        }
        #expect(try await run("r").status == .running)
    }

    @Test func `what has come in for a suspended run is kept, and the database is sound meanwhile`() async throws {
        try await provider.create("pack", ["A": .activity("pack")])
        try await provider.start("pack", "r")
        let task = try #require(try await provider.activityTask(of: "pack", for: "bob"))
        try await provider.give(.drill(.suspend), to: "r")
        try await provider.succeed(token: task.token, output: 7)
        #expect(try await run("r").status == .running)
        #expect(try await DatabaseVerifier(bench.database).verify().findings == [])
        try await provider.give(.drill(.resume), to: "r")
        #expect(try await run("r").output == 7)
        #expect(try await DatabaseVerifier(bench.database).verify().findings == [])
    }

    @Test func `a failed run is retried from the state that failed, and the database is sound`() async throws {
        try await provider.create("pack", ["A": ["Type": "Pass", "Next": "B"], "B": .activity("pack")])
        try await provider.start("pack", "r")
        let first = try #require(try await provider.activityTask(of: "pack", for: "bob"))
        try await provider.fail(token: first.token, error: "Broken", cause: "no boxes")
        #expect(try await run("r").status == .failed)
        #expect(try await DatabaseVerifier(bench.database).verify().findings == [])
        try await provider.give(.drill(.retry), to: "r")
        let second = try #require(try await provider.activityTask(of: "pack", for: "bob"))
        try await provider.succeed(token: second.token, output: 7)
        #expect(try await run("r").output == 7)
        #expect(try await DatabaseVerifier(bench.database).verify().findings == [])
        await #expect(throws: WorkflowError.self) { try await provider.give(.drill(.retry), to: "r") }
    }

    @Test func `a lease is not shorter than the time in which the state misses no heartbeat`() async throws {
        try await provider.create("pack", ["A": .activity("pack", heartbeat: 3_600)])
        try await provider.start("pack", "r")
        let task = try #require(try await provider.activityTask(of: "pack", for: "bob", leaseSeconds: 10))
        #expect(task.leaseUntil == bench.clock.wall.advanced(by: .seconds(3_600)))
        bench.clock.advance(by: .seconds(1_800))
        #expect(try await provider.activityTask(of: "pack", for: "eve", leaseSeconds: 10) == nil)
        try await provider.succeed(token: task.token, output: 1)
    }

    @Test func `a run that serves a tenant is retried with its tenant alone`() async throws {
        try await provider.create("tenant-provision", ["A": ["Type": "Fail", "Error": "Broken"]])
        try await provider.start("tenant-provision", "r")
        await #expect(
            throws: WorkflowError.refused("run 'r' serves a tenant, who is retried as a tenant, with a run of its own")
        ) {
            try await provider.give(.drill(.retry), to: "r")
        }
    }

    // MARK: Signals

    @Test func `signals that wait are found in windows, without a look at every task for each`() async throws {
        try await provider.create("w", ["A": ["Type": "Task", "Resource": "landlord:signal:go", "End": true]])
        for name in ["r1", "r2", "r3"] {
            try await provider.start("w", name)
            _ = try await bench.runs.keep(
                RunSignal(name: "go", key: "k", payload: 0, sender: "ana"), for: name, at: bench.clock.wall)
        }
        let first = try await bench.runs.tasksWithSignals(after: nil, limit: 2)
        #expect(first.items.map(\.runID) == ["r1", "r2"])
        let rest = try await bench.runs.tasksWithSignals(after: first.next, limit: 2)
        #expect(rest.items.map(\.runID) == ["r3"] && rest.next == nil)
        let plan = try await bench.database.read { reader throws(RepositoryError) in
            var lines: [String] = []
            let rows = try reader.query(
                "EXPLAIN QUERY PLAN \(RunWaits.selectTask) WHERE \(DatabaseRunStore.tasksWithSignals)", [])
            for row in rows { lines.append(try row.text("detail")) }
            return lines
        }
        #expect(plan.contains { $0.hasPrefix("SEARCH waiting USING INTEGER PRIMARY KEY") }, "\(plan)")
        #expect(!plan.contains { $0.contains("AUTOMATIC") }, "\(plan)")
    }

    @Test func `signals wait for the state that takes them, each for one, in their order`() async throws {
        let wait: (String?) -> JSONValue = { next in
            var state: JSONObject = ["Type": "Task", "Resource": "landlord:signal:go", "ResultPath": nil]
            if let next { state["Next"] = .string(next) } else { state["End"] = true }
            return .object(state)
        }
        try await provider.create(
            "w",
            ["A": wait("B"), "B": wait("C"), "C": ["Type": "Task", "Resource": "landlord:signal:go", "End": true]])
        try await provider.start("w", "r")
        for (key, data) in [("k1", 1), ("k1", 9), ("k2", 2)] as [(String, JSONValue)] {
            let isNew = try await provider.send(RunSignal(name: "go", key: key, payload: data, sender: "ana"), to: "r")
            #expect(isNew == (data != 9))
        }
        #expect(try await run("r").currentState == "C")
        try await provider.send(RunSignal(name: "other", key: "k3", payload: 0, sender: "ana"), to: "r")
        #expect(try await run("r").currentState == "C")
        try await provider.send(RunSignal(name: "go", key: "k4", payload: 3, sender: "ana"), to: "r")
        #expect(try await run("r").output == 3)
        #expect(try await bench.runs.signals(of: "r").map(\.task) == [1, 2, nil, 3])
        await #expect(throws: WorkflowError.self, "it is over") {
            try await provider.send(RunSignal(name: "go", key: "k5", payload: 3, sender: "ana"), to: "r")
        }
    }

    @Test func `a state that asks for a correlation takes no other`() async throws {
        try await provider.create(
            "w",
            [
                "A": [
                    "Type": "Task", "Resource": "landlord:signal:paid", "End": true,
                    "Parameters": ["Correlation.$": "$.order"],
                ]
            ])
        try await provider.start("w", "r", input: ["order": "o-7"])
        for (key, correlation) in [("1", nil), ("2", "o-8")] as [(String, String?)] {
            try await provider.send(
                RunSignal(name: "paid", correlation: correlation, key: key, payload: 0, sender: "ana"), to: "r")
        }
        #expect(try await run("r").status == .running)
        try await provider.send(
            RunSignal(name: "paid", correlation: "o-7", key: "3", payload: "yes", sender: "ana"), to: "r")
        #expect(try await run("r").output == "yes")
    }

    @Test func `so many signals wait for a run, and no more`() async throws {
        try await provider.create("w", ["A": ["Type": "Task", "Resource": "landlord:signal:go", "End": true]])
        try await provider.start("w", "r")
        for number in 0..<RunSignal.waitingLimit {
            _ = try await bench.runs.keep(
                RunSignal(name: "x", key: "\(number)", payload: 0, sender: "ana"), for: "r", at: bench.clock.wall)
        }
        await #expect(throws: WorkflowError.self) {
            try await provider.send(RunSignal(name: "x", key: "more", payload: 0, sender: "ana"), to: "r")
        }
    }

    // MARK: Named limits

    @Test func `a task waits for a place in its limit, and the next gets it when one is free`() async throws {
        try await provider.create("pack", ["A": .activity("pack", extensions: ["Semaphore": "desk"])])
        try await bench.runs.setCapacity(2, of: "desk", by: "ana", at: bench.clock.wall)
        for name in ["r1", "r2", "r3", "r4"] { try await provider.start("pack", name) }
        let first = try #require(try await provider.activityTask(of: "pack", for: "bob"))
        #expect(try await provider.activityTask(of: "pack", for: "bob") != nil)
        #expect(try await provider.activityTask(of: "pack", for: "bob") == nil)
        let summary = try await bench.runs.semaphores()
        #expect(summary == [SemaphoreSummary(name: "desk", capacity: 2, heldCount: 2, waitingCount: 2)])
        try await provider.succeed(token: first.token, output: 1)
        #expect(try await provider.activityTask(of: "pack", for: "bob")?.runID == "r3")
        try await provider.give(.drill(.terminate), to: "r2")
        #expect(try await provider.activityTask(of: "pack", for: "bob")?.runID == "r4", "what is given up makes room")
    }

    @Test func `a task of a suspended run gets no place until the run is resumed`() async throws {
        try await provider.create("pack", ["A": .activity("pack", extensions: ["Semaphore": "desk"])])
        for name in ["r1", "r2", "r3"] { try await provider.start("pack", name) }
        let first = try #require(try await provider.activityTask(of: "pack", for: "bob"))
        try await provider.give(.drill(.suspend), to: "r2")
        try await bench.running(EmbeddedEngine(provider: provider, changes: bench.database.hub)) {
            try await provider.succeed(token: first.token, output: 1)
            var next: ActivityTask?
            try await bench.move {
                next = try await provider.activityTask(of: "pack", for: "bob")
                return next != nil
            }
            let third = try #require(next)
            #expect(third.runID == "r3")
            try await provider.give(.drill(.resume), to: "r2")
            #expect(try await provider.activityTask(of: "pack", for: "bob") == nil, "r3 has the place")
            try await provider.succeed(token: third.token, output: 1)
            try await bench.move { try await provider.activityTask(of: "pack", for: "bob")?.runID == "r2" }
        }
    }

    // MARK: What runs wait for

    @Test func `what each of some runs waits for is told in short`() async throws {
        let item: JSONValue = ["StartAt": "B", "States": ["B": .activity("pack")]]
        try await provider.create("fork", ["A": ["Type": "Map", "ItemProcessor": item, "End": true]])
        try await provider.create("none", ["A": ["Type": "Pass", "End": true]])
        try await provider.start("fork", "r1", input: [1, 2, 3])
        try await provider.start("none", "r2")
        let open = try await bench.runs.openTasks(ofEach: ["r1", "r2", "unknown"])
        #expect(open.count == 1)
        #expect(open["r1"]?.count == 3)
        #expect(open["r1"]?.first == (try await bench.runs.openTasks(of: "r1").first))
        #expect(try await bench.runs.openTasks(ofEach: []).isEmpty)
    }

    // MARK: Child runs

    @Test func `the end of a child run answers the task that started it`() async throws {
        try await provider.create("leaf", ["A": .activity("leaf")])
        try await provider.create(
            "tree",
            [
                "A": [
                    "Type": "Task", "Resource": "landlord:workflow.sync", "End": true,
                    "Parameters": ["Workflow": "leaf", "Input": ["n": 1]], "ResultSelector": ["got.$": "$.Output"],
                ]
            ])
        try await provider.start("tree", "r")
        let task = try #require(try await provider.activityTask(of: "leaf", for: "bob"))
        #expect(task.runID == "r-1")
        #expect(task.input == ["n": 1])
        try await provider.succeed(token: task.token, output: "leafed")
        #expect(try await run("r").output == ["got": "leafed"])
    }

    @Test func `a child that fails fails its task with what happened to it`() async throws {
        try await provider.create("leaf", ["A": ["Type": "Fail", "Error": "Frost", "Cause": "too cold"]])
        try await provider.create(
            "tree",
            [
                "A": [
                    "Type": "Task", "Resource": "landlord:workflow.sync", "End": true,
                    "Parameters": ["Workflow": "leaf"],
                ]
            ])
        try await provider.start("tree", "r")
        #expect(try await run("r").error == WorkflowFailure(code: "Frost", message: "run r-1: too cold"))
    }

    @Test func `a child that another process has led to its end is heard of`() async throws {
        try await provider.create("leaf", ["A": .activity("leaf")])
        try await provider.create(
            "tree",
            [
                "A": [
                    "Type": "Task", "Resource": "landlord:workflow.sync", "End": true,
                    "Parameters": ["Workflow": "leaf"],
                ]
            ])
        try await provider.start("tree", "r")
        let command = EmbeddedWorkflowProvider(
            store: DatabaseRunStore(bench.database), workers: [], isDriving: { false },
            surroundings: bench.surroundings, logger: bench.logger)
        try await bench.running(EmbeddedEngine(provider: provider, changes: bench.database.hub)) {
            await bench.clock.waitForSleepers()
            let task = try #require(try await command.activityTask(of: "leaf", for: "bob"))
            try await command.succeed(token: task.token, output: ["done": true])
            #expect(try await run("r").status == .running)
            bench.database.hub.publish([.missed])
            try await bench.move { try await run("r").status == .succeeded }
        }
    }

    @Test(arguments: [RunOrder.Verb.cancel, .terminate])
    func `what ends a run ends the runs that it waits for`(verb: RunOrder.Verb) async throws {
        try await provider.create(
            "leaf",
            [
                "A": [
                    "Type": "Pass", "Next": "B",
                ], "B": .activity("leaf"),
            ])
        try await provider.create(
            "tree",
            [
                "A": [
                    "Type": "Task", "Resource": "landlord:workflow.sync", "End": true,
                    "Parameters": ["Workflow": "leaf"],
                ]
            ])
        try await provider.start("tree", "r")
        try await provider.give(.drill(.suspend), to: "r")
        #expect(try await run("r-1").control == .suspended)
        try await provider.give(.drill(.resume), to: "r")
        #expect(try await run("r-1").control == nil)
        try await provider.give(.drill(verb), to: "r")
        #expect(try await run("r").status == .cancelled)
        let child = try await run("r-1")
        #expect(child.status == .cancelled)
        #expect(child.error?.message.hasPrefix(verb == .terminate ? "terminated by ana" : "cancelled by run r") == true)
    }

    @Test func `runs that start runs without end are stopped`() async throws {
        try await provider.create(
            "deep",
            [
                "A": [
                    "Type": "Task", "Resource": "landlord:workflow.sync", "End": true,
                    "Parameters": ["Workflow": "deep"],
                ]
            ])
        try await provider.start("deep", "r")
        #expect(try await run("r").error?.message.contains("more than 32 deep") == true)
        #expect(try await bench.runs.page(WorkflowRunQuery(limit: 200)).items.count == 33)
    }

    @Test func `a spawned run goes on by itself`() async throws {
        try await provider.create("leaf", ["A": .activity("leaf")])
        try await provider.create(
            "tree",
            [
                "A": [
                    "Type": "Task", "Resource": "landlord:workflow", "End": true,
                    "Parameters": ["Workflow": "leaf", "Name": "leaf-of-r"],
                ]
            ])
        try await provider.start("tree", "r")
        #expect(try await run("r").output == ["RunId": "leaf-of-r"])
        #expect(try await run("leaf-of-r").status == .running)
    }

    // MARK: Two processes

    @Test func `what another process has written is found and seen to`() async throws {
        try await provider.create("leaf", ["A": .activity("leaf")])
        try await provider.create(
            "tree",
            [
                "A": ["Type": "Task", "Resource": "landlord:signal:go", "Next": "B"],
                "B": [
                    "Type": "Task", "Resource": "landlord:workflow.sync", "End": true,
                    "Parameters": ["Workflow": "leaf"],
                ],
            ])
        let command = EmbeddedWorkflowProvider(
            store: DatabaseRunStore(bench.database), workers: [], isDriving: { false },
            surroundings: bench.surroundings,
            logger: bench.logger)
        try await bench.running(EmbeddedEngine(provider: provider, changes: bench.database.hub)) {
            _ = try await command.startExecution(
                of: "tree", ExecutionInput(executionName: "r", input: [:], triggerSource: "test"))
            try await command.send(RunSignal(name: "go", key: "k", payload: [:], sender: "ana"), to: "r")
            #expect(try await run("r").currentState == "A", "only the driver sees to effects")
            bench.database.hub.publish([.missed])
            try await bench.move { try await bench.runs.run("r-2") != nil }
        }
    }
}
