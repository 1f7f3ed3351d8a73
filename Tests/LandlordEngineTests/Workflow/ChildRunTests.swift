import LandlordDomain
import LandlordTestSupport
import StatesLanguage
import Testing

@testable import LandlordEngine

/// Whose run a run is that another one has asked for.
@Suite(.timeLimit(.minutes(1)))
struct ChildRunTests {
    private let bench: Bench
    private let provider: EmbeddedWorkflowProvider
    /// As a command sees runs, which leaves effects to others.
    private let command: EmbeddedWorkflowProvider

    init() async throws {
        bench = try Bench()
        provider = EmbeddedWorkflowProvider(
            store: bench.runs, workers: [], surroundings: bench.surroundings, logger: bench.logger)
        command = EmbeddedWorkflowProvider(
            store: bench.runs, workers: [], isDriving: { false }, surroundings: bench.surroundings,
            logger: bench.logger)
        for leaf in ["leaf", "other"] { try await provider.create(leaf, ["A": .activity(leaf)]) }
    }

    private func run(_ name: String) async throws -> WorkflowRun { try #require(try await bench.runs.run(name)) }

    @Test func `a task does not wait for a run that somebody else has started, nor ends it`() async throws {
        try await provider.create("tree", ["A": .child("leaf", name: "leaf-1")])
        try await provider.start("leaf", "leaf-1")
        try await provider.start("tree", "r")
        let failed = try await run("r")
        #expect(failed.error?.code == "States.TaskFailed")
        #expect(failed.error?.message == "run 'leaf-1' is there already, and another task or person has started it")
        #expect(try await run("leaf-1").status == .running)
    }

    @Test func `two runs that ask for one name have one child between them, and orders reach its parent's`()
        async throws
    {
        try await provider.create("tree", ["A": .child("leaf", name: "leaf-1")])
        try await provider.start("tree", "r1")
        try await command.start("tree", "r2")
        try await command.give(.drill(.suspend), to: "r2")
        #expect(try await run("leaf-1").control == nil, "it is the child of r1")
        try await command.give(.drill(.terminate), to: "r2")
        #expect(try await run("leaf-1").status == .running)
        try await provider.give(.drill(.cancel), to: "r1")
        #expect(try await run("leaf-1").status == .cancelled)
    }

    @Test func `a name that a run of another workflow has is no answer`() async throws {
        try await provider.create("tree", ["A": .child("leaf", name: "x", waits: false)])
        try await provider.start("other", "x")
        try await provider.start("tree", "r")
        #expect(try await run("r").error?.message == "run 'x' is there already, of workflow 'other'")
        try await provider.start("tree", "again")
        #expect(try await run("again").status == .failed)
    }

    @Test(arguments: [true, false])
    func `a run is not begun for a task that was given up meanwhile`(waits: Bool) async throws {
        try await provider.create("tree", ["A": .child("leaf", waits: waits)])
        try await command.start("tree", "r")
        let stored = try #require(try await bench.runs.openTasks(of: "r").first)
        try await command.give(.drill(.terminate), to: "r")
        await provider.withdraw(stored.task.id, of: "r")
        // Somebody who read the task before that asks for it now.
        await provider.resume(stored)
        #expect(try await bench.runs.page(WorkflowRunQuery()).items.map(\.id) == ["r"])
    }

    @Test func `a child that ends while it is followed leaves nothing to be remembered`() async throws {
        try await provider.create("done", ["A": ["Type": "Pass", "End": true]])
        try await provider.create("quick", ["A": .child("done", waits: false)])
        try await provider.create("tree", ["A": .child("quick")])
        try await provider.start("tree", "r")
        #expect(try await run("r").status == .succeeded)
        #expect(provider.work.askedCount == 0)
    }

    @Test func `a run that starts itself keeps nobody who waits for the first of them`() async throws {
        try await provider.create("again", ["A": .child("again", waits: false)])
        try await provider.start("again", "r")
        let ids = try await bench.runs.page(WorkflowRunQuery(limit: 200)).items.map(\.id)
        #expect(ids.count == EmbeddedWorkflowProvider.Asker.nestingLimit + 1)
        #expect(provider.work.takeScan(), "the rest is left to the next look")
    }

    @Test func `orders reach more children than a page has`() async throws {
        let count = PageLimit.largest + 3
        let item: JSONValue = [
            "ProcessorConfig": ["Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"], "StartAt": "B",
            "States": ["B": .child("leaf")],
        ]
        let map: JSONObject = [
            "Type": "Map", "ItemProcessor": item, "MaxConcurrency": .number(JSONNumber(count)), "End": true,
        ]
        try await provider.create("fork", ["A": .object(map)])
        try await provider.start("fork", "r", input: .array((0..<count).map { .number(JSONNumber($0)) }))
        try await provider.give(.drill(.suspend), to: "r")
        var (suspended, query) = (0, WorkflowRunQuery(workflowID: "leaf", limit: PageLimit.largest))
        repeat {
            let page = try await bench.runs.page(query)
            suspended += page.items.count { $0.control == .suspended }
            query.after = page.next
        } while query.after != nil
        #expect(suspended == count)
    }
}
