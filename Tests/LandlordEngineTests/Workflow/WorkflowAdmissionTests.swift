import LandlordDomain
import LandlordTestSupport
import StatesLanguage
import Testing

@testable import LandlordEngine

/// Draining and opening workflows, on a real database.
@Suite(.timeLimit(.minutes(1)))
struct WorkflowAdmissionTests {
    private let bench: Bench
    private let provider: EmbeddedWorkflowProvider

    init() throws {
        bench = try Bench()
        provider = EmbeddedWorkflowProvider(
            store: bench.runs, workers: [], surroundings: bench.surroundings, logger: bench.logger)
    }

    private func create(_ id: String, _ states: JSONObject) async throws {
        let definition: JSONValue = ["StartAt": "A", "States": .object(states)]
        _ = try await provider.createWorkflow(
            WorkflowSpec(workflowID: id, provider: "embedded", name: id, definition: definition))
    }

    private static let waiting: JSONObject = ["A": ["Type": "Task", "Resource": "landlord:signal:go", "End": true]]

    @discardableResult
    private func start(
        _ workflow: String, _ name: String, with provider: EmbeddedWorkflowProvider? = nil
    ) async throws(WorkflowError) -> WorkflowStatus {
        try await (provider ?? self.provider).startExecution(
            of: workflow, ExecutionInput(executionName: name, input: [:], triggerSource: "test"))
    }

    private func drain(_ workflow: String) async throws(WorkflowError) {
        try await provider.admit(.drain, to: workflow, by: "ana", reason: "release")
    }

    private var refusal: WorkflowError {
        WorkflowAdmission(.drain, by: "ana", reason: "release", at: bench.clock.wall).refusal(of: "w").asRefused
    }

    @Test func `no new run of a drained workflow starts, and those in flight finish`() async throws {
        try await create("w", Self.waiting)
        try await create("other", Self.waiting)
        try await start("w", "before")
        try await drain("w")
        await #expect(throws: refusal) { try await start("w", "after") }
        #expect(try await bench.runs.run("after") == nil)
        try await start("other", "elsewhere")
        try await provider.send(RunSignal(name: "go", key: "k", payload: 1, sender: "test"), to: "before")
        #expect(try await bench.runs.run("before")?.status == .succeeded)
        #expect(try await bench.runs.workflow("w")?.inFlightCount == 0)
    }

    @Test func `a name that is known is answered with its run while the workflow is drained`() async throws {
        try await create("w", Self.waiting)
        try await start("w", "r")
        try await drain("w")
        #expect(try await start("w", "r").executionID == "r")
        #expect(try await bench.runs.run("r")?.inputCount == 1)
    }

    @Test func `another process sees the drain in the transaction of the start, whatever it remembers`() async throws {
        let other = EmbeddedWorkflowProvider(
            store: DatabaseRunStore(bench.database), workers: [], surroundings: bench.surroundings,
            logger: bench.logger)
        try await create("w", Self.waiting)
        try await start("w", "a", with: other)
        try await drain("w")
        await #expect(throws: refusal) { try await start("w", "b", with: other) }
        try await other.admit(.open, to: "w", by: "bob", reason: "")
        try await start("w", "b")
        #expect(try await bench.runs.run("b")?.status == .running)
    }

    @Test func `a new version of a drained workflow is drained too`() async throws {
        try await create("w", Self.waiting)
        try await drain("w")
        try await create("w", ["A": ["Type": "Pass", "End": true]])
        #expect(try await bench.runs.workflow("w")?.newestVersion == 2)
        await #expect(throws: refusal) { try await start("w", "r") }
    }

    @Test func `a run that starts a drained workflow gets an error that Catch can take`() async throws {
        try await create("w", Self.waiting)
        try await create(
            "tree",
            [
                "A": [
                    "Type": "Task", "Resource": "landlord:workflow.sync", "Parameters": ["Workflow": "w"],
                    "Catch": [["ErrorEquals": ["States.TaskFailed"], "ResultPath": "$.error", "Next": "B"]],
                    "End": true,
                ], "B": ["Type": "Pass", "OutputPath": "$.error.Cause", "End": true],
            ])
        try await drain("w")
        try await start("tree", "r")
        let run = try #require(try await bench.runs.run("r"))
        #expect(run.status == .succeeded)
        #expect(run.output?.stringValue?.contains("workflow 'w' is drained since") == true)
    }

    @Test func `what is so already is not written again, and who did what stays`() async throws {
        try await create("w", Self.waiting)
        try await provider.admit(.open, to: "w", by: "eve", reason: "nothing to do")
        try await drain("w")
        let first = bench.clock.wall
        bench.clock.advance(by: .seconds(5))
        try await provider.admit(.drain, to: "w", by: "bob", reason: "again")
        #expect(
            try await bench.runs.workflow("w")?.drain
                == WorkflowAdmission(.drain, by: "ana", reason: "release", at: first))
        try await provider.admit(.open, to: "w", by: "bob", reason: "done")
        #expect(try await bench.runs.workflow("w")?.drain == nil)
        try await drain("w")
        let lines = try await bench.runs.admissions(of: "w")
        #expect(lines.map(\.verb) == [.drain, .open, .drain])
        #expect(lines.map(\.actor) == ["ana", "bob", "ana"])
    }

    @Test func `the latest hundred lines are kept`() async throws {
        try await create("w", Self.waiting)
        for number in 0...PageLimit.standard {
            let verb = number.isMultiple(of: 2) ? WorkflowAdmission.Verb.drain : .open
            try await provider.admit(verb, to: "w", by: "ana", reason: "\(number)")
        }
        #expect(try await bench.runs.admissions(of: "w").map(\.reason) == (1...PageLimit.standard).map { "\($0)" })
        #expect(try await bench.runs.workflow("w")?.drain?.reason == "\(PageLimit.standard)")
    }

    @Test func `what is not known, and what tenants are served by, is refused`() async throws {
        await #expect(throws: WorkflowError.workflowNotFound("none")) { try await drain("none") }
        try await create("w", Self.waiting)
        _ = try await bench.runs.forget("w")
        await #expect(throws: WorkflowError.workflowNotFound("w")) { try await drain("w") }
        for spec in try TenantWorkflows.specs(for: "embedded") {
            let refusal = "workflow '\(spec.workflowID)' serves tenants and is never drained"
            await #expect(throws: WorkflowError.refused(refusal)) { try await drain(spec.workflowID) }
        }
    }

    @Test func `windows on the workflows join to all of them`() async throws {
        for id in ["a", "b", "c", "d", "e"] { try await create(id, Self.waiting) }
        try await create("b", ["A": ["Type": "Pass", "End": true]])
        _ = try await bench.runs.forget("d")
        for name in ["1", "2"] { try await start("c", name) }
        try await start("b", "3")
        try await drain("e")
        var seen: [WorkflowSummary] = []
        var cursor: PageCursor?
        repeat {
            let page = try await bench.runs.workflows(after: cursor, limit: 2)
            #expect(page.items.count <= 2)
            seen += page.items
            cursor = page.next
        } while cursor != nil
        #expect(seen.map(\.workflowID) == ["a", "b", "c", "e"])
        #expect(seen.map(\.newestVersion) == [1, 2, 1, 1])
        #expect(seen.map(\.inFlightCount) == [0, 0, 2, 0])
        #expect(seen.map { $0.drain?.actor } == [nil, nil, nil, "ana"])
    }
}

extension String {
    fileprivate var asRefused: WorkflowError { .refused(self) }
}
