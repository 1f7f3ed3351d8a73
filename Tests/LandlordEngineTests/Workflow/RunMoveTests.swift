import LandlordDomain
import LandlordTestSupport
import StatesLanguage
import Testing

@testable import LandlordEngine

/// Runs that go on with another version of their definition, on a real database.
@Suite(.timeLimit(.minutes(1)))
struct RunMoveTests {
    private let bench: Bench
    private let provider: EmbeddedWorkflowProvider

    init() throws {
        bench = try Bench()
        provider = EmbeddedWorkflowProvider(
            store: bench.runs, workers: [], surroundings: bench.surroundings, logger: bench.logger)
    }

    /// One more process on the database.
    private func another() -> EmbeddedWorkflowProvider {
        EmbeddedWorkflowProvider(
            store: DatabaseRunStore(bench.database), workers: [], surroundings: bench.surroundings,
            logger: bench.logger)
    }

    private func create(_ states: JSONObject, startAt: String = "A") async throws {
        let definition: JSONValue = ["StartAt": .string(startAt), "States": .object(states)]
        _ = try await provider.createWorkflow(
            WorkflowSpec(workflowID: "w", provider: "embedded", name: "w", definition: definition))
    }

    private func start(_ name: String = "r") async throws {
        _ = try await provider.startExecution(
            of: "w", ExecutionInput(executionName: name, input: [:], triggerSource: "test"))
    }

    private func signal(_ name: String, with provider: EmbeddedWorkflowProvider? = nil) async throws {
        try await (provider ?? self.provider).send(
            RunSignal(name: name, key: name, payload: .string(name), sender: "test"), to: "r")
    }

    private func run(_ name: String = "r") async throws -> WorkflowRun { try #require(try await bench.runs.run(name)) }

    private func expectSound() async throws {
        let report = try await DatabaseVerifier(bench.database).verify()
        #expect(report.findings.isEmpty, "\(report.findings)")
    }

    private func waiting(_ signal: String, then next: String? = nil) -> JSONValue {
        var state: JSONObject = ["Type": "Task", "Resource": .string("landlord:signal:\(signal)")]
        if let next { state["Next"] = .string(next) } else { state["End"] = true }
        return .object(state)
    }

    /// Two versions that differ in what comes behind their first state, which is the second in the other.
    private func createBoth() async throws {
        try await create(["A": waiting("go")])
        try await start()
        try await create(["Z": waiting("last"), "A": waiting("go", then: "Z")])
    }

    @Test func `a moved run goes on with the other version, and its history verifies`() async throws {
        try await createBoth()
        let plan = try await provider.move("r", to: nil, by: "ana", reason: "fix")
        #expect((plan.from, plan.to) == (1, 2))
        #expect(try await run().definitionVersion == 2)
        try await expectSound()
        try await signal("go")
        #expect(try await run().currentState == "Z")
        try await expectSound()
        try await signal("last")
        #expect(try await run().status == .succeeded)
        try await expectSound()
        let event = try #require(
            try await bench.runs.history(of: "r", after: 0, limit: 100).first { $0.type == .executionMoved })
        #expect(event.details == ["actor": "ana", "reason": "fix", "fromVersion": 1, "toVersion": 2])
    }

    @Test func `a run is moved on from where it was moved to, and back`() async throws {
        try await createBoth()
        try await create(["A": waiting("go", then: "B"), "B": waiting("other")])
        for (version, count) in [(3, 2), (2, 3), (3, 4), (3, 4)] {
            _ = try await provider.move("r", to: version, by: "ana", reason: "")
            #expect(try await run().definitionVersion == version)
            #expect(try await run().inputCount == count, "a move to where it is writes nothing")
        }
        try await signal("go")
        #expect(try await run().currentState == "B")
        try await expectSound()
    }

    @Test func `a process that still has the run on the old version reads it again`() async throws {
        try await createBoth()
        let other = another()
        _ = try await other.move("r", to: 2, by: "ana", reason: "")
        // This process holds the run in memory on version 1.
        try await signal("go")
        #expect(try await run().currentState == "Z")
        try await signal("last", with: other)
        #expect(try await run().output == "last")
        try await expectSound()
    }

    @Test func `of two moves that were planned from one version the second changes nothing`() async throws {
        try await createBoth()
        try await create(["A": waiting("go", then: "B"), "B": waiting("other")])
        let goal = try #require(try await bench.runs.machine(of: "w", version: 3))
        _ = try await another().move("r", to: 2, by: "ana", reason: "")
        let late = RunMove(from: 1, to: 3, by: "bob", reason: "")
        let advance = try await bench.runs.advance("r") { _ in
            RunArrival(.move(late), Stamp(now: bench.clock.wall, seed: 1), with: .version(goal))
        }
        #expect(advance == nil)
        #expect(try await run().definitionVersion == 2)
        try await expectSound()
    }

    @Test func `a version that does not fit is refused with everything that is in the way`() async throws {
        try await create(["A": waiting("go")])
        try await start()
        try await create(["B": waiting("go")], startAt: "B")
        let plan = try await provider.movePlan(of: "r", to: 2)
        #expect(plan.problems.map(\.description) == ["state 'A', in which the run is: there is no such state"])
        await #expect(throws: WorkflowError.refused(plan.problems[0].description)) {
            _ = try await provider.move("r", to: 2, by: "ana", reason: "")
        }
        #expect(try await run().inputCount == 1)
        await #expect(throws: WorkflowError.refused("workflow 'w' has no version 3")) {
            _ = try await provider.move("r", to: 3, by: "ana", reason: "")
        }
        await #expect(throws: WorkflowError.executionNotFound("none")) {
            _ = try await provider.move("none", to: 2, by: "ana", reason: "")
        }
        try await signal("go")
        await #expect(throws: WorkflowError.refused("run 'r' is over and cannot go on: succeeded")) {
            _ = try await provider.move("r", to: 2, by: "ana", reason: "")
        }
    }

    @Test func `a run that failed is retried on the version with the repair, and has ended when it did`() async throws {
        try await create(["A": ["Type": "Pass", "Parameters": ["n.$": "$.none"], "End": true]])
        try await start()
        let failed = try await run()
        #expect(failed.status == .failed)
        try await create(["A": ["Type": "Pass", "Result": "well", "End": true]])
        bench.clock.advance(by: .seconds(60))
        _ = try await provider.move("r", to: nil, by: "ana", reason: "fix")
        let moved = try await run()
        #expect(moved.definitionVersion == 2)
        #expect(moved.status == .failed)
        #expect(moved.error == failed.error)
        #expect(moved.endedAt == failed.endedAt)
        #expect(moved.updatedAt > failed.updatedAt)
        try await expectSound()
        try await provider.give(RunOrder(.retry, by: "ana", reason: ""), to: "r")
        #expect(try await run().output == "well")
        // The retry ends in the step in which it begins.
        #expect(try await run().endedAt == bench.clock.wall)
        try await expectSound()
    }

    @Test func `a run in branches is moved in pieces`() async throws {
        func branches(_ names: [String], then next: String) -> JSONObject {
            [
                "A": [
                    "Type": "Parallel", "Next": .string(next),
                    "Branches": .array(
                        names.map { ["StartAt": .string($0), "States": [$0: waiting($0)]] }),
                ], next: ["Type": "Succeed"],
            ]
        }
        try await create(branches(["b1", "b2"], then: "End"))
        try await start()
        var other: JSONObject = ["0": ["Type": "Pass", "Next": "A"]]
        for (name, state) in branches(["b1", "b2"], then: "Z") { other[name] = state }
        try await create(other, startAt: "0")
        _ = try await provider.move("r", to: 2, by: "ana", reason: "")
        try await signal("b2", with: another())
        try await expectSound()
        try await signal("b1", with: another())
        #expect(try await run().output == ["b1", "b2"])
        #expect(try await run().currentState == "Z")
        try await expectSound()
    }

    @Test func `a token from before the move is known, although its state is gone`() async throws {
        _ = try await bench.runs.keep(RunSample.spec(), at: Sample.time(0))
        _ = try await bench.runs.begin("r")
        let task = try #require(try await bench.runs.openTasks(of: "r").first).task
        let token = try #require(task.token)
        try await bench.runs.take(.taskSucceeded(task: task.id, output: [:]), to: "r", at: 1)
        _ = try await bench.runs.keep(
            RunSample.spec(["StartAt": "Rest", "States": ["Rest": ["Type": "Wait", "Seconds": 1, "End": true]]]),
            at: Sample.time(2))
        _ = try await provider.move("r", to: nil, by: "ana", reason: "")
        #expect(try await bench.runs.hasAsked("r", token: token))
        #expect(try await bench.runs.hasAsked("r", token: "another") == false)
        try await expectSound()
    }

    @Test(arguments: [
        "UPDATE workflow_runs SET definition_version = 1",
        "UPDATE workflow_runs SET definition_version = 3",
    ])
    func `a row that names another version than its inputs lead to does not verify`(sql: String) async throws {
        try await createBoth()
        try await create(["A": waiting("go", then: "B"), "B": waiting("other")])
        _ = try await provider.move("r", to: 2, by: "ana", reason: "")
        try await bench.database.editBehindItsBack(sql)
        let report = try await DatabaseVerifier(bench.database).verify()
        #expect(report.findings.map(\.kind) == [.unlikeHistory])
        #expect(report.findings.map(\.message) == ["its definition_version is not what its inputs lead to"])
    }
}
