import LandlordDomain
import LandlordTestSupport
import ServiceLifecycle
import StatesLanguage
import Testing

@testable import LandlordEngine

@Suite(.timeLimit(.minutes(1)))
struct ApprovalRunnerTests {
    private let bench: Bench
    private let approvals: DatabaseApprovalRepository
    private let provider: EmbeddedWorkflowProvider
    private let service: ApprovalService
    private let bell = Alarm()

    init() async throws {
        bench = try Bench()
        approvals = DatabaseApprovalRepository(bench.database)
        let worker = ApprovalTaskWorker(approvals: approvals, bell: bell, surroundings: bench.surroundings)
        provider = EmbeddedWorkflowProvider(
            store: bench.runs, workers: [worker], surroundings: bench.surroundings, logger: bench.logger)
        service = ApprovalService(approvals: approvals, bell: bell, surroundings: bench.surroundings)
        let definition: JSONValue = [
            "StartAt": "Ask",
            "States": [
                "Ask": [
                    "Type": "Task", "Resource": "landlord:approval", "End": true,
                    "Parameters": [
                        "Title.$": "$.what", "Approvers": ["ana", "bob"], "Quorum": 2, "ExpiresInSeconds": 60,
                        "EscalateTo": ["boss"],
                    ],
                    "Catch": [["ErrorEquals": ["Approval.Rejected"], "Next": "Rejected"]],
                ],
                "Rejected": ["Type": "Pass", "End": true],
            ],
        ]
        _ = try await provider.createWorkflow(
            WorkflowSpec(workflowID: "ask", provider: "embedded", name: "Ask", definition: definition))
        _ = try await provider.startExecution(
            of: "ask", ExecutionInput(executionName: "r", input: ["what": "Ship it"], triggerSource: "test"))
    }

    private var runner: ApprovalRunner {
        ApprovalRunner(
            approvals: approvals, provider: provider, bell: bell, changes: bench.database.hub,
            surroundings: bench.surroundings, logger: bench.logger)
    }

    private func ended() async throws -> WorkflowRun {
        try await bench.until { try await bench.runs.run("r")?.status.isTerminal == true }
        return try #require(try await bench.runs.run("r"))
    }

    @Test func `a run goes on when enough people have approved`() async throws {
        try await bench.running(runner) {
            _ = try await service.decide("r.1", isApproval: true, by: "ana", reason: "fine")
            #expect(try await bench.runs.run("r")?.status == .running)
            _ = try await service.decide("r.1", isApproval: true, by: "bob", reason: "")
            let run = try await ended()
            #expect(run.status == .succeeded)
            #expect(run.output?["Approvals"]?.arrayValue?.map { $0["By"] } == ["ana", "bob"])
        }
        #expect(try await service.history(of: "r.1").map(\.action) == [.requested, .approved, .approved])
    }

    @Test func `a rejection is an error that the state may catch`() async throws {
        try await bench.running(runner) {
            _ = try await service.decide("r.1", isApproval: false, by: "bob", reason: "too early")
            #expect(try await ended().output == ["Error": "Approval.Rejected", "Cause": "bob: too early"])
        }
    }

    @Test func `what was decided while nobody drove is told when somebody does`() async throws {
        for person in ["ana", "bob"] { _ = try await service.decide("r.1", isApproval: true, by: person, reason: "") }
        #expect(try await approvals.unanswered(after: nil, limit: 10).count == 1)
        try await bench.running(runner) {
            let run = try await ended()
            #expect(run.status == .succeeded)
        }
        // The end of the run is written before the mark; only the next turn is sure to see both.
        try await bench.running(runner) {
            try await bench.until { try await approvals.unanswered(after: nil, limit: 10).isEmpty }
        }
    }

    @Test func `a run that cannot go on keeps no other from its answer`() async throws {
        try await provider.create(
            "other",
            ["A": ["Type": "Task", "Resource": "landlord:approval", "End": true, "Parameters": ["Title": "Other"]]])
        try await provider.start("other", "r2")
        for person in ["ana", "bob"] { _ = try await service.decide("r.1", isApproval: true, by: person, reason: "") }
        _ = try await service.decide("r2.1", isApproval: true, by: "ana", reason: "")
        try await bench.database.write { transaction throws(RepositoryError) in
            try transaction.execute("UPDATE workflow_definitions SET definition = '{}' WHERE workflow_id = 'ask'")
        }
        // Another process, which has not read the definition before.
        let provider = EmbeddedWorkflowProvider(
            store: DatabaseRunStore(bench.database), workers: [], surroundings: bench.surroundings,
            logger: bench.logger)
        let runner = ApprovalRunner(
            approvals: approvals, provider: provider, bell: bell, changes: bench.database.hub,
            surroundings: bench.surroundings, logger: bench.logger)
        try await bench.running(runner) {
            try await bench.until { try await bench.runs.run("r2")?.status == .succeeded }
        }
        #expect(try await approvals.unanswered(after: nil, limit: 10).map(\.runID).contains("r"))
    }

    @Test func `nobody is asked for a task that was given up meanwhile`() async throws {
        try await provider.create(
            "other",
            ["A": ["Type": "Task", "Resource": "landlord:approval", "End": true, "Parameters": ["Title": "Other"]]])
        let command = EmbeddedWorkflowProvider(
            store: bench.runs, workers: [], isDriving: { false }, surroundings: bench.surroundings,
            logger: bench.logger)
        try await command.start("other", "r2")
        let stored = try #require(try await bench.runs.openTasks(of: "r2").first)
        try await command.give(.drill(.terminate), to: "r2")
        await provider.withdraw(stored.task.id, of: "r2")
        await provider.resume(stored)
        #expect(try await service.approval("r2.1") == nil)
    }

    @Test func `a request escalates and expires by itself`() async throws {
        try await bench.running(runner) {
            try await bench.move { try await service.approval("r.1")?.isEscalated == true }
            #expect(try await service.approval("r.1")?.deciders == ["ana", "bob", "boss"])
            try await bench.move { try await bench.runs.run("r")?.status == .failed }
        }
        #expect(try await bench.runs.run("r")?.error?.code == "Approval.Expired")
        #expect(try await service.history(of: "r.1").map(\.action) == [.requested, .escalated, .expired])
    }

    @Test(arguments: [
        ("UPDATE approvals SET status = 'approved', decided_at = 1", VerificationReport.Finding.Kind.unlikeHistory),
        ("UPDATE approvals SET votes = '[]'", .unlikeHistory),
        ("UPDATE approvals SET is_escalated = 1", .unlikeHistory),
        ("DELETE FROM approval_history WHERE action = 'approved'", .missingHistory),
        ("DELETE FROM approval_history WHERE action = 'requested'", .missingHistory),
        ("UPDATE approvals SET request = '{}'", .unreadable),
    ])
    func `a database that was edited behind the engine's back does not verify`(
        sql: String, kind: VerificationReport.Finding.Kind
    ) async throws {
        _ = try await service.decide("r.1", isApproval: true, by: "ana", reason: "")
        let verifier = DatabaseVerifier(bench.database)
        #expect(try await verifier.verify().findings == [])
        try await bench.database.write { transaction throws(RepositoryError) in try transaction.execute(sql) }
        let findings = try await verifier.verify().findings
        #expect(findings.contains { $0.kind == kind && $0.subject == "approval r.1" })
    }

    @Test func `a run that is terminated no longer asks, and asking twice is one request`() async throws {
        let task = try #require(try await bench.runs.openTasks(of: "r").first)
        await provider.resume(task)
        #expect(try await service.page(ApprovalQuery()).items.count == 1)
        try await provider.give(RunOrder(.terminate, by: "ana", reason: ""), to: "r")
        #expect(try await service.approval("r.1")?.status == .withdrawn)
        await #expect(throws: ApprovalServiceError.self) {
            _ = try await service.decide("r.1", isApproval: true, by: "ana", reason: "")
        }
        await #expect(throws: ApprovalServiceError.unknown("x")) {
            _ = try await service.decide("x", isApproval: true, by: "ana", reason: "")
        }
        #expect(try await service.page(ApprovalQuery(statuses: [.pending])).items.isEmpty)
    }
}
