import StatesLanguage
import Testing

/// `landlord workflow drain`, `open` and `definitions`, as an operator calls them.
@Suite(.timeLimit(.minutes(3)))
struct WorkflowOperationTests {
    private static let waiting =
        #"{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"landlord:signal:go","End":true}}}"#

    @Test func `a drained workflow refuses runs with 65 until it is opened`() async throws {
        let home = try Home()
        let file = try home.write(Self.waiting, to: "order.json")
        #expect(try await home.run(["workflow", "drain", "order"]).code == 66)
        #expect(try await home.run(["workflow", "start", file, "--name", "a"]).code == 0)
        let drained = try await home.run(["workflow", "drain", "order", "--reason", "release"])
        #expect(drained.code == 0)
        #expect(drained.output == "workflow order is drained; 1 run is in flight\n")
        let refused = try await home.run(["workflow", "start", "--workflow", "order", "--name", "b"])
        #expect(refused.code == 65)
        #expect(refused.output == "")
        #expect(refused.problemLines.count == 1)
        #expect(refused.problems.hasSuffix("by tester: release\n"))
        #expect(try await home.run(["workflow", "start", "--workflow", "order", "--name", "a"]).code == 0)
        let listed = try await home.json(["workflow", "definitions"])["items"]?.arrayValue ?? []
        let order = listed.first { $0["workflow_id"] == "order" }
        #expect(order?["newest_version"] == 1)
        #expect(order?["runs_in_flight"] == 1)
        #expect(order?["drained_by"] == "tester")
        #expect(order?["drain_reason"] == "release")
        #expect(order?["drained_at"]?.stringValue != nil)
        #expect(try await home.run(["workflow", "open", "order"]).code == 0)
        #expect(try await home.run(["workflow", "start", "--workflow", "order", "--name", "b"]).code == 0)
        let history = try await home.json(["workflow", "definitions", "order"])["history"]?.arrayValue ?? []
        #expect(history.map { $0["verb"] } == ["drain", "open"])
        #expect(try await home.run(["verify"]).code == 0)
    }

    @Test func `waiting for a drain ends with the last run, or with 124`() async throws {
        let home = try Home()
        let file = try home.write(Self.waiting, to: "order.json")
        try await home.run(["workflow", "start", file, "--name", "a"])
        let late = try await home.run(["workflow", "drain", "order", "--wait", "--timeout", "100ms"])
        #expect(late.code == 124)
        #expect(late.problems.contains("it stays drained"))
        try await home.run(["workflow", "signal", "a", "go"])
        let end = try await home.run(["workflow", "drain", "order", "--wait"])
        #expect(end.code == 0, "\(end.problems)")
        #expect(end.output == "workflow order is drained; 0 runs are in flight\n")
    }

    @Test func `the workflows that serve tenants are never drained`() async throws {
        let end = try await Home().run(["workflow", "drain", "tenant-provision"])
        #expect(end.code == 65)
        #expect(end.problems == "landlord: workflow 'tenant-provision' serves tenants and is never drained\n")
    }
}
