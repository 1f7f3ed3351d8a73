import LandlordDomain
import LandlordTestSupport
import StatesLanguage
import Testing

@testable import LandlordEngine

/// `.waitForTaskToken` behind every resource: the answer ends the call, and the token the task.
@Suite(.timeLimit(.minutes(1)))
struct TaskTokenTests {
    private let bench: Bench
    private let approvals: DatabaseApprovalRepository
    private let bell = Alarm()
    private let provider: EmbeddedWorkflowProvider

    init() throws {
        bench = try Bench()
        approvals = DatabaseApprovalRepository(bench.database)
        let worker = ApprovalTaskWorker(approvals: approvals, bell: bell, surroundings: bench.surroundings)
        provider = EmbeddedWorkflowProvider(
            store: bench.runs, workers: [worker], surroundings: bench.surroundings, logger: bench.logger)
    }

    private static let task = TaskReference(runID: "r", taskID: 1)

    private func start(
        _ resource: String, parameters: JSONValue = [:], on provider: EmbeddedWorkflowProvider? = nil
    ) async throws {
        let provider = provider ?? self.provider
        let state: JSONValue = [
            "Type": "Task", "Resource": .string("\(resource).waitForTaskToken"), "Parameters": parameters, "End": true,
        ]
        let spec = WorkflowSpec(
            workflowID: "call", provider: "embedded", name: "Call",
            definition: ["StartAt": "A", "States": ["A": state]])
        _ = try await provider.createWorkflow(spec)
        _ = try await provider.startExecution(
            of: "call", ExecutionInput(executionName: "r", input: [:], triggerSource: "test"))
    }

    private func run() async throws -> WorkflowRun { try #require(try await bench.runs.run("r")) }

    private func isSubmitted() async throws -> Bool {
        try await bench.runs.task(of: "r", id: 1)?.isSubmitted == true
    }

    /// The outputs of the calls that the history says were made.
    private func calls() async throws -> [JSONValue] {
        try await bench.runs.history(of: "r", after: 0, limit: 100).filter { $0.type == .taskSubmitted }.map {
            try JSONValue(parsing: $0.details["output"]?.stringValue ?? "")
        }
    }

    private func expectAnswer(by token: String) async throws {
        #expect(try await run().status == .running)
        #expect(try await DatabaseVerifier(bench.database).verify().findings == [])
        try await provider.succeed(token: token, output: "answered")
        #expect(try await run().output == "answered")
        #expect(try await DatabaseVerifier(bench.database).verify().findings == [])
    }

    // MARK: Activities

    @Test func `a worker makes the call, and the token that it was given answers the task`() async throws {
        try await start("landlord:activity:pack", parameters: ["token.$": "$$.Task.Token"])
        let task = try #require(try await provider.activityTask(of: "pack", for: "bob", leaseSeconds: 10))
        let token = try #require(task.input["token"]?.stringValue)
        try await provider.succeed(token: task.token, output: ["ordered": true])
        #expect(try await calls() == [["ordered": true]])
        bench.clock.advance(by: .seconds(60))
        #expect(try await provider.activityTask(of: "pack", for: "eve") == nil, "it is not handed out again")
        #expect(try await bench.runs.activities(at: bench.clock.wall) == [])
        await #expect(throws: TaskTokenError.taskTimedOut, "the worker's part is done") {
            try await provider.succeed(token: task.token, output: 2)
        }
        await #expect(throws: TaskTokenError.taskTimedOut) { try await provider.heartbeat(token: task.token) }
        try await expectAnswer(by: token)
    }

    @Test func `the token may answer before the worker does, and a worker's error fails the task`() async throws {
        try await start("landlord:activity:pack")
        try await provider.succeed(token: try await provider.token(of: Self.task), output: "early")
        #expect(try await run().output == "early")
        _ = try await provider.startExecution(
            of: "call", ExecutionInput(executionName: "r2", input: [:], triggerSource: "test"))
        let task = try #require(try await provider.activityTask(of: "pack", for: "bob"))
        try await provider.fail(token: task.token, error: "Broken", cause: "no boxes")
        #expect(try await bench.runs.run("r2")?.error?.code == "Broken")
    }

    // MARK: Signals, child runs, approvals

    @Test func `a task takes one signal, and then waits for its token`() async throws {
        func send(_ key: String) async throws {
            let signal = RunSignal(name: "go", correlation: nil, key: key, payload: .string(key), sender: "ana")
            try await provider.send(signal, to: "r")
        }
        try await start("landlord:signal:go")
        try await send("first")
        try await send("second")
        #expect(try await bench.runs.signals(of: "r").map(\.task) == [1, nil])
        #expect(try await bench.runs.tasksWithSignals(after: nil, limit: 10).items == [])
        #expect(try await calls() == ["first"])
        try await expectAnswer(by: try await provider.token(of: Self.task))
    }

    @Test func `a run that was started answers with the token that it was given`() async throws {
        let leaf = WorkflowSpec(
            workflowID: "leaf", provider: "embedded", name: "Leaf",
            definition: ["StartAt": "L", "States": ["L": ["Type": "Succeed"]]])
        _ = try await provider.createWorkflow(leaf)
        try await start(
            "landlord:workflow", parameters: ["Workflow": "leaf", "Input": ["token.$": "$$.Task.Token"]])
        #expect(try await calls() == [["RunId": "r-1"]])
        let token = try #require(try await bench.runs.run("r-1")?.input["token"]?.stringValue)
        try await expectAnswer(by: token)
    }

    private var runner: ApprovalRunner {
        ApprovalRunner(
            approvals: approvals, provider: provider, bell: bell, changes: bench.database.hub,
            surroundings: bench.surroundings, logger: bench.logger)
    }

    @Test func `what people approve is told once, and a rejection fails the task`() async throws {
        let service = ApprovalService(approvals: approvals, bell: bell, surroundings: bench.surroundings)
        try await start("landlord:approval", parameters: ["Title": "Ship it"])
        _ = try await service.decide("r.1", isApproval: true, by: "ana", reason: "fine")
        try await bench.running(runner) { try await bench.until { try await isSubmitted() } }
        // Whoever drives next finds the task, and asks nobody again.
        await provider.resume(try #require(try await bench.runs.task(of: "r", id: 1)))
        #expect(try await calls().map { $0["Decision"] } == ["approved"])
        try await expectAnswer(by: try await provider.token(of: Self.task))

        _ = try await provider.startExecution(
            of: "call", ExecutionInput(executionName: "r2", input: [:], triggerSource: "test"))
        _ = try await service.decide("r2.1", isApproval: false, by: "bob", reason: "too early")
        try await bench.running(runner) {
            try await bench.until { try await bench.runs.run("r2")?.status == .failed }
        }
        #expect(try await bench.runs.run("r2")?.error?.code == "Approval.Rejected")
    }

    @Test func `a request for approval is withdrawn when the token answers before people do`() async throws {
        try await start("landlord:approval", parameters: ["Title": "Ship it"])
        try await expectAnswer(by: try await provider.token(of: Self.task))
        #expect(try await approvals.approval("r.1")?.status == .withdrawn)
        #expect(try await bench.runs.task(of: "r", id: 1) == nil)
    }

    @Test func `a token that answers early gives the task's place in a limit to the next`() async throws {
        let state: JSONValue = [
            "Type": "Task", "Resource": "landlord:approval.waitForTaskToken", "End": true,
            "Parameters": ["Title": "Ship it"], "Extensions": ["Semaphore": "desk"],
        ]
        _ = try await provider.createWorkflow(
            WorkflowSpec(
                workflowID: "desk", provider: "embedded", name: "Desk",
                definition: ["StartAt": "A", "States": ["A": state]]))
        for name in ["r", "next"] {
            _ = try await provider.startExecution(
                of: "desk", ExecutionInput(executionName: name, input: [:], triggerSource: "test"))
        }
        #expect(try await approvals.approval("next.1") == nil, "one at a time")
        try await provider.succeed(token: try await provider.token(of: Self.task), output: 1)
        #expect(try await approvals.approval("next.1")?.status == .pending)
    }

    // MARK: Requests

    @Test func `a request that was accepted is not made again by whoever drives next`() async throws {
        let endpoint = WebhookEndpoint()
        endpoint.answer { _ in .status(202, headers: [:], body: "") }
        let port = try await endpoint.open()
        let surroundings = Surroundings(clock: ContinuousClock(), now: { .sample }, random: { 7 })
        let connections = WebhookConnections(connectTimeout: .seconds(5), connectionLimit: 4)
        func driver() -> (EmbeddedWorkflowProvider, HTTPTaskWorker) {
            let requests = CheckedRequests(
                policy: WebhookPolicy(allowsLoopback: true), resolver: SystemAddressResolver(now: surroundings.now),
                connections: connections, surroundings: surroundings)
            let worker = HTTPTaskWorker(requests: requests) { _ in nil }
            let provider = EmbeddedWorkflowProvider(
                store: bench.runs, workers: [worker], surroundings: surroundings, logger: bench.logger)
            return (provider, worker)
        }
        let (first, worker) = driver()
        try await bench.running(HTTPTaskService(worker: worker, provider: first)) {
            try await start(
                "landlord:http",
                parameters: [
                    "Method": "POST", "ApiEndpoint": .string("http://127.0.0.1:\(port)/orders"),
                    "RequestBody": ["token.$": "$$.Task.Token"],
                ], on: first)
            try await bench.until { try await isSubmitted() }
        }
        let (second, successor) = driver()
        try await bench.running(HTTPTaskService(worker: successor, provider: second)) {
            await second.resume(try #require(try await bench.runs.task(of: "r", id: 1)))
            try await expectAnswer(by: try await second.token(of: Self.task))
        }
        #expect(endpoint.requests.count == 1)
        #expect(try await calls().map { $0["StatusCode"] } == [202])
        await connections.close()
        await endpoint.close()
    }

    // MARK: Looking a token up

    @Test func `only a task that waits for its token has one to look up`() async throws {
        await #expect(throws: WorkflowError.executionNotFound("r")) { try await provider.token(of: Self.task) }
        try await start("landlord:activity:pack")
        await #expect(throws: WorkflowError.refused("run 'r' has no task 9 that waits for a token")) {
            try await provider.token(of: TaskReference(runID: "r", taskID: 9))
        }
        try await provider.give(RunOrder(.terminate, by: "ana", reason: ""), to: "r")
        await #expect(throws: WorkflowError.refused("run 'r' has no task 1 that waits for a token")) {
            try await provider.token(of: Self.task)
        }
    }
}
