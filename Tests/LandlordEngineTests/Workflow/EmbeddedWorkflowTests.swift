import LandlordDomain
import LandlordTestSupport
import StatesLanguage
import Synchronization
import Testing

@testable import LandlordEngine

/// A door to compute that a test can shut.
private final class Door: ComputeWorkflowClient {
    private let inner: LocalComputeWorkflowClient
    private let state = Mutex<(trouble: ComputeError?, calls: Int)>((nil, 0))

    init(_ inner: LocalComputeWorkflowClient) { self.inner = inner }

    func shut(_ trouble: ComputeError?) { state.withLock { $0.trouble = trouble } }
    var calls: Int { state.withLock { $0.calls } }

    private func pass() throws(ComputeError) {
        let trouble = state.withLock { state in
            state.calls += 1
            return state.trouble
        }
        if let trouble { throw trouble }
    }

    func begin(
        _ request: ProvisionRequest, attempt: Int, runID: String, token: String
    ) async throws(ComputeError) -> ComputeExecution.ID {
        try pass()
        return try await inner.begin(request, attempt: attempt, runID: runID, token: token)
    }

    func cancel(_ request: ProvisionRequest, attempt: Int, reason: String) async throws(ComputeError) {
        try pass()
        try await inner.cancel(request, attempt: attempt, reason: reason)
    }

    func status(of id: ComputeExecution.ID) async throws(ComputeError) -> ComputeExecution? {
        try await inner.status(of: id)
    }
}

@Suite(.timeLimit(.minutes(1)))
struct EmbeddedWorkflowTests {
    private let bench: Bench
    private let door: Door
    private let provider: EmbeddedWorkflowProvider
    private static let away = ComputeError(.providerUnavailable, "the database is busy")

    init() async throws {
        bench = try Bench()
        let service = ComputeExecutionService(
            executions: bench.executions, queue: WorkQueue<Tenant.ID>(), surroundings: bench.surroundings)
        door = Door(LocalComputeWorkflowClient(service: service))
        provider = EmbeddedWorkflowProvider(
            store: bench.runs, workers: [ComputeTaskWorker(compute: door)], surroundings: bench.surroundings,
            logger: bench.logger)
        for spec in try TenantWorkflows.specs(for: "embedded") { _ = try await provider.createWorkflow(spec) }
        _ = try await bench.add()
    }

    private func request() async throws -> ProvisionRequest {
        let tenant = try await bench.tenant()
        return ProvisionRequest(
            tenantID: tenant.id, tenantName: tenant.name, operation: .provision, generation: 1, attemptEpoch: 0,
            desired: tenant.desired, computeProvider: "mock", timeout: .seconds(60))
    }

    private func start() async throws -> String {
        try await provider.invoke("tenant-provision", try await request()).executionID
    }

    private func executions() async throws -> [ComputeExecution] {
        try await bench.executions.page(ComputeExecutionQuery()).items.sorted {
            $0.subject.attempt < $1.subject.attempt
        }
    }

    private func run(_ id: String) async throws -> WorkflowRun { try #require(try await bench.runs.run(id)) }

    private func answer(_ id: String, _ attempt: Int = 1, code: ComputeError.Code? = nil) async throws
        -> DeliveryOutcome
    {
        let execution = try #require(try await executions().first { $0.subject.attempt == attempt })
        let outcome: ComputeOutcome =
            code.map { .failed(ComputeError($0, "no"), ComputeResult()) }
            ?? .succeeded(ComputeResult(resourceIDs: ["web": "1"]))
        let ended = try execution.started(at: bench.clock.wall).0.ended(outcome, at: bench.clock.wall).0
        return await provider.postComputeCallback(
            to: id, token: try #require(execution.taskToken), payload: CallbackPayload(ended).json)
    }

    @Test func `starting twice is one run and one execution`() async throws {
        let id = try await start()
        #expect(try await start() == id)
        #expect(try await executions().count == 1)
        #expect(try await bench.runs.page(WorkflowRunQuery()).items.map(\.id) == [id])
        #expect(try await run(id).inputCount == 1)
        #expect(try await run(id).subState == .running)
    }

    @Test func `a result that is delivered twice is one input`() async throws {
        let id = try await start()
        for _ in 0..<2 { #expect(try await answer(id) == .accepted) }
        let run = try await run(id)
        #expect((run.status, run.inputCount) == (.succeeded, 2))
        #expect(run.output?["result"]?["resource_ids"]?["web"] == "1")
        #expect(ProvisionRequest(json: run.output ?? .null)?.generation == 1)
        #expect(try await bench.runs.nextTimer() == nil, "an ended run waits for nothing")
    }

    @Test func `a result of many at once is one input`() async throws {
        let id = try await start()
        let outcomes = try await withThrowingTaskGroup(of: DeliveryOutcome.self) { group in
            for _ in 0..<32 { group.addTask { try await answer(id) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.allSatisfy { $0 == .accepted })
        #expect(try await run(id).inputCount == 2)
    }

    @Test func `a wrong token moves nothing`() async throws {
        let id = try await start()
        for token in ["", "wrong", String(repeating: "a", count: 64)] {
            let outcome = await provider.postComputeCallback(to: id, token: token, payload: ["status": "succeeded"])
            guard case .failed(let failure) = outcome, failure.code == .unknownTask else {
                Issue.record("\(outcome)")
                continue
            }
        }
        let unknown = await provider.postComputeCallback(to: "nobody", token: "t", payload: [:])
        #expect(unknown != .accepted)
        #expect(try await run(id).inputCount == 1)
    }

    @Test func `stopping a run stops its operation, and stopping again changes nothing`() async throws {
        let id = try await start()
        for _ in 0..<2 { try await provider.stopExecution(id, reason: "enough") }
        #expect(try await run(id).status == .cancelled)
        #expect(try await executions()[0].cancelRequestedAt != nil)
        #expect(try await bench.runs.openTasks(after: nil, limit: 10).items.isEmpty)
        #expect(try await answer(id) == .accepted, "a late result has nobody to tell, and is no dead letter")
        #expect(try await run(id).status == .cancelled)
        await #expect(throws: WorkflowError.executionNotFound("nobody")) {
            try await provider.stopExecution("nobody", reason: "")
        }
    }

    @Test func `what may be tried again backs off and gets an execution of its own`() async throws {
        try await bench.running(EmbeddedEngine(provider: provider)) {
            let id = try await start()
            for attempt in 1...3 {
                #expect(try await answer(id, attempt, code: .providerUnavailable) == .accepted)
                let run = try await run(id)
                #expect((run.subState, run.retryCount) == (.backingOff, attempt))
                try await bench.move { try await executions().count == attempt + 1 }
            }
            #expect(try await answer(id, 4, code: .providerUnavailable) == .accepted)
            #expect(try await run(id).status == .failed)
            #expect(try await run(id).error?.code == "PROVIDER_UNAVAILABLE")
        }
    }

    @Test func `what cannot help again fails at once`() async throws {
        let id = try await start()
        #expect(try await answer(id, code: .resourceExhausted) == .accepted)
        #expect(try await run(id).status == .failed)
        #expect(try await executions().count == 1)
    }

    @Test func `a run that nobody answers gives up its task and stops the operation`() async throws {
        try await bench.running(EmbeddedEngine(provider: provider)) {
            let id = try await start()
            let begin = bench.clock.wall
            try await bench.move { try await run(id).subState == .backingOff }
            // Twice the operation's own limit, and a minute.
            #expect(bench.clock.wall.duration(since: begin) >= .seconds(180))
            try await bench.until { try await executions()[0].cancelRequestedAt != nil }
        }
    }

    @Test func `a task that a dead process left open is asked for again`() async throws {
        door.shut(Self.away)
        let id = try await start()
        #expect(try await executions().isEmpty)
        door.shut(nil)
        let next = EmbeddedWorkflowProvider(
            store: bench.runs, workers: [ComputeTaskWorker(compute: door)], surroundings: bench.surroundings,
            logger: bench.logger)
        try await bench.running(EmbeddedEngine(provider: next)) {
            try await bench.until { try await !executions().isEmpty }
        }
        #expect(try await executions().map(\.workflowExecutionID) == [id])
    }

    @Test func `what cannot be asked for is tried again each second, and not in a loop`() async throws {
        door.shut(Self.away)
        try await bench.running(EmbeddedEngine(provider: provider)) {
            _ = try await start()
            await bench.clock.waitForSleepers()
            // A loop that turned for nothing would get as many looks at the database as this.
            for _ in 0..<300 { _ = try await executions() }
            let calls = door.calls
            #expect(calls <= 3)
            try await bench.move { door.calls > calls }
            door.shut(nil)
            try await bench.move { try await !executions().isEmpty }
        }
    }

    @Test func `an operation that could not be told to stop is told later`() async throws {
        try await bench.running(EmbeddedEngine(provider: provider)) {
            let id = try await start()
            door.shut(Self.away)
            try await provider.stopExecution(id, reason: "enough")
            #expect(try await executions()[0].cancelRequestedAt == nil)
            door.shut(nil)
            try await bench.move { try await executions()[0].cancelRequestedAt != nil }
            try await bench.move { try await bench.runs.openTasks(after: nil, limit: 1).items.isEmpty }
        }
    }

    @Test func `a definition that nobody could run is refused with every reason`() async throws {
        let spec = WorkflowSpec(
            workflowID: "w", provider: "embedded", name: "W",
            definition: [
                "StartAt": "A",
                "States": [
                    "A": ["Type": "Task", "Resource": "arn:aws:lambda", "End": true], "B": ["Type": "Nonsense"],
                ],
            ])
        await #expect(throws: WorkflowError.self) { try await provider.createWorkflow(spec) }
        #expect(provider.violations(of: spec).count >= 1)
        await #expect(throws: WorkflowError.workflowNotFound("w")) {
            try await provider.startExecution(
                of: "w", ExecutionInput(executionName: "r", input: [:], triggerSource: "test"))
        }
    }

    @Test func `a shipped workflow is legal and its version does not change by itself`() async throws {
        for spec in try TenantWorkflows.specs(for: "embedded") {
            #expect(spec.violations.isEmpty && provider.violations(of: spec).isEmpty)
            #expect(try await provider.createWorkflow(spec).version == 1)
        }
    }
}
