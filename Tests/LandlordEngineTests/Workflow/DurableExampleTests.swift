import Foundation
import LandlordDomain
import LandlordTestSupport
import StatesLanguage
import Testing

@testable import LandlordEngine

/// The worked examples of `docs/workflows.md`, each on services that the test starts.
@Suite(.timeLimit(.minutes(1)))
struct DurableExampleTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../examples/durable")

    /// An engine with everything that the examples ask of it.
    private struct Engine: Sendable {
        let bench: Bench
        let provider: EmbeddedWorkflowProvider
        let approvals: ApprovalService
        let runner: ApprovalRunner
        let requests: HTTPTaskWorker
        let connections = WebhookConnections(connectTimeout: .seconds(5), connectionLimit: 4)
        let surroundings: Surroundings

        init() async throws {
            bench = try Bench()
            surroundings = Surroundings(
                clock: ContinuousClock(),
                now: { Timestamp(millisecondsSinceEpoch: Int64(Date().timeIntervalSince1970 * 1_000)) },
                random: { .random(in: .min ... .max) })
            let repository = DatabaseApprovalRepository(bench.database)
            let bell = Alarm()
            requests = HTTPTaskWorker(
                requests: CheckedRequests(
                    policy: WebhookPolicy(allowsLoopback: true),
                    resolver: SystemAddressResolver(now: surroundings.now), connections: connections,
                    surroundings: surroundings), variable: { _ in nil })
            provider = EmbeddedWorkflowProvider(
                store: bench.runs,
                workers: [
                    requests, ApprovalTaskWorker(approvals: repository, bell: bell, surroundings: surroundings),
                ], surroundings: surroundings, logger: bench.logger)
            approvals = ApprovalService(approvals: repository, bell: bell, surroundings: surroundings)
            runner = ApprovalRunner(
                approvals: repository, provider: provider, bell: bell, changes: bench.database.hub,
                surroundings: surroundings, logger: bench.logger)
            for name in ["order", "equipment", "onboarding", "loan"] {
                let data = try Data(contentsOf: DurableExampleTests.folder.appending(path: "\(name).json"))
                _ = try await provider.createWorkflow(
                    WorkflowSpec(
                        workflowID: name, provider: "embedded", name: name,
                        definition: try JSONValue(parsing: Array(data))))
            }
        }

        func running(_ body: () async throws -> Void) async throws {
            try await bench.running(
                EmbeddedEngine(provider: provider, changes: bench.database.hub),
                HTTPTaskService(worker: requests, provider: provider), runner, body: body)
            await connections.close()
        }

        func start(_ workflow: String, _ input: JSONValue) async throws {
            _ = try await provider.startExecution(
                of: workflow, ExecutionInput(executionName: "r", input: input, triggerSource: "test"))
        }

        func run(_ id: String = "r") async throws -> WorkflowRun { try #require(try await bench.runs.run(id)) }

        func wait(for state: String) async throws {
            try await bench.until { try await bench.runs.run("r")?.currentState == state }
        }

        func ended() async throws -> WorkflowRun {
            try await bench.until { try await bench.runs.run("r")?.status.isTerminal == true }
            return try await run()
        }

        /// A worker that answers the next task of an activity.
        func work(_ activity: String, _ output: JSONValue) async throws {
            var task: ActivityTask?
            try await bench.until {
                task = try await provider.activityTask(of: activity, for: "worker")
                return task != nil
            }
            try await provider.succeed(token: try #require(task).token, output: output)
        }
    }

    private let services = WebhookEndpoint { request in
        switch request.target.split(separator: "?")[0] {
        case "/credit": Self.answer(#"{"score":700}"#)
        case "/income": Self.answer(#"{"income":5000}"#)
        default: Self.answer(#"{"id":"id-7"}"#)
        }
    }

    private static func answer(_ body: String) -> WebhookEndpoint.Answer {
        .status(200, headers: ["content-type": "application/json"], body: body)
    }

    private func open() async throws -> JSONValue { .string("http://127.0.0.1:\(try await services.open())") }

    @Test func `an order is packed and shipped`() async throws {
        let address = try await open()
        let engine = try await Engine()
        try await engine.running {
            try await engine.start("order", ["services": address, "order": ["id": "o-1", "amount": 30]])
            try await engine.work("pack", ["boxes": 1])
            try await engine.provider.send(
                RunSignal(
                    name: "shipped", correlation: "o-1", key: "carrier-1", payload: ["tracking": "T1"],
                    sender: "carrier"), to: "r")
            let run = try await engine.ended()
            #expect(run.status == .succeeded)
            #expect(run.output?["shipment"]?["tracking"] == "T1")
        }
        #expect(services.requests.map(\.target) == ["/stock/reservations", "/payments", "/letters"])
        await services.close()
    }

    @Test func `an order that is cancelled gives money and stock back`() async throws {
        let address = try await open()
        let engine = try await Engine()
        try await engine.running {
            try await engine.start("order", ["services": address, "order": ["id": "o-1", "amount": 30]])
            try await engine.wait(for: "Pack")
            try await engine.provider.give(RunOrder(.cancel, by: "ana", reason: "sold out"), to: "r")
            let run = try await engine.ended()
            #expect(run.status == .cancelled)
            #expect(run.error?.message == "cancelled by ana: sold out")
        }
        #expect(
            services.requests.suffix(2).map(\.target) == ["/payments/id-7", "/stock/reservations/id-7"])
        await services.close()
    }

    @Test func `somebody new gets in when two people agree`() async throws {
        let address = try await open()
        let engine = try await Engine()
        try await engine.running {
            try await engine.start("onboarding", ["services": address, "name": "Zoe"])
            try await engine.bench.until { try await engine.approvals.page(ApprovalQuery()).items.count == 1 }
            let id = try #require(try await engine.approvals.page(ApprovalQuery()).items.first).id
            for person in ["manager", "security"] {
                _ = try await engine.approvals.decide(id, isApproval: true, by: person, reason: "")
            }
            try await engine.work("handout", ["laptop": "L1"])
            let run = try await engine.ended()
            #expect(run.status == .succeeded)
            #expect(run.output?["equipment"]?["handout"]?["laptop"] == "L1")
        }
        await services.close()
    }

    @Test func `somebody new does not get in when one refuses`() async throws {
        let address = try await open()
        let engine = try await Engine()
        try await engine.running {
            try await engine.start("onboarding", ["services": address, "name": "Zoe"])
            try await engine.bench.until { try await engine.approvals.page(ApprovalQuery()).items.count == 1 }
            let id = try #require(try await engine.approvals.page(ApprovalQuery()).items.first).id
            _ = try await engine.approvals.decide(id, isApproval: false, by: "security", reason: "no papers")
            #expect(try await engine.ended().error == WorkflowFailure(code: "Refused", message: "security: no papers"))
        }
        await services.close()
    }

    @Test func `a loan that is not signed is clawed back`() async throws {
        let address = try await open()
        let engine = try await Engine()
        try await engine.running {
            try await engine.start("loan", ["services": address, "customer": "c-1", "amount": 20_000])
            try await engine.bench.until { try await engine.approvals.page(ApprovalQuery()).items.count == 1 }
            let id = try #require(try await engine.approvals.page(ApprovalQuery()).items.first).id
            _ = try await engine.approvals.decide(id, isApproval: true, by: "underwriter", reason: "good for it")
            try await engine.wait(for: "Signed?")
            let task = try #require(try await engine.bench.runs.openTasks(of: "r").first)
            // The two weeks are over.
            try await engine.provider.advance(
                "r", with: .taskFailed(task: task.task.id, error: "States.Timeout", cause: ""))
            #expect(try await engine.ended().error?.code == "States.Timeout")
        }
        #expect(services.requests.map(\.target).last == "/payouts/id-7")
        await services.close()
    }
}
