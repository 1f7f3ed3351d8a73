import StatesLanguage
import Testing

/// `landlord workflow drain`, `open`, `definitions` and `move`, as an operator calls them.
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

    private static let longer = """
        {"StartAt":"Z","States":{"Z":{"Type":"Pass","Next":"A"},
        "A":{"Type":"Task","Resource":"landlord:signal:go","Next":"B"},"B":{"Type":"Pass","Result":"new","End":true}}}
        """
    private static let unlike = """
        {"StartAt":"C","States":{"C":{"Type":"Pass","Next":"A"},"A":{"Type":"Task","Resource":"landlord:signal:come",
        "QueryLanguage":"JSONata","End":true}}}
        """

    /// Makes a version known, with a run of it that nobody looks at.
    private func keep(_ text: String, _ home: Home, run: String) async throws {
        let file = try home.write(text, to: "order.json")
        #expect(try await home.run(["workflow", "start", file, "--name", run]).code == 0)
    }

    @Test func `a run is moved to the newest version, which is what it ends on`() async throws {
        let home = try Home()
        try await keep(Self.waiting, home, run: "r")
        try await keep(Self.longer, home, run: "other")
        let plan = try await home.json(["workflow", "move", "r", "--to", "newest", "--dry-run"])
        #expect(
            plan == [
                "run_id": "r", "workflow_id": "order", "from_version": 1, "to_version": 2, "moved": false,
            ])
        #expect(try await home.json(["workflow", "get", "r"])["definition_version"] == 1)
        let moved = try await home.run(["workflow", "move", "r", "--to", "newest", "--reason", "fix"])
        #expect(moved.output == "run r was moved from version 1 to version 2\n")
        let again = try await home.run(["workflow", "move", "r", "--to", "2"])
        #expect(again.output == "run r is on version 2 already\n")
        try await home.run(["workflow", "signal", "r", "go"])
        _ = try await home.run(["workflow", "start", "--workflow", "order", "--name", "r", "--wait"])
        let run = try await home.json(["workflow", "get", "r"])
        #expect(run["output"] == "new")
        #expect(run["definition_version"] == 2)
        let history = try await home.json(["workflow", "history", "r"])["items"]?.arrayValue ?? []
        let event = history.first { $0["type"] == "ExecutionMoved" }
        #expect(event?["details"] == ["actor": "tester", "reason": "fix", "fromVersion": 1, "toVersion": 2])
        #expect(try await home.run(["verify"]).code == 0)
    }

    @Test func `what does not fit is told at once, one problem a line, with 65`() async throws {
        let home = try Home()
        try await keep(Self.waiting, home, run: "r")
        try await keep(Self.unlike, home, run: "other")
        for options in [[], ["--dry-run"]] {
            let end = try await home.run(["workflow", "move", "r", "--to", "2"] + options)
            #expect(end.code == 65)
            #expect(end.output == "")
            #expect(
                end.problemLines == [
                    "run 'r' does not fit version 2 of 'order': state 'A', in which the run is: "
                        + "it is written in JSONPath and would be in JSONata",
                    "run 'r' does not fit version 2 of 'order': state 'A', in which the run is: "
                        + "it asks 'landlord:signal:go' and would ask 'landlord:signal:come'",
                ])
        }
        #expect(try await home.run(["workflow", "move", "r", "--to", "9"]).code == 65)
        #expect(try await home.run(["workflow", "move", "none", "--to", "2"]).code == 66)
        #expect(try await home.run(["workflow", "move", "r", "--to", "old"]).code == 64)
        #expect(try await home.json(["workflow", "get", "r"])["definition_version"] == 1)
    }

    @Test func `the workflows that serve tenants are never drained`() async throws {
        let end = try await Home().run(["workflow", "drain", "tenant-provision"])
        #expect(end.code == 65)
        #expect(end.problems == "landlord: workflow 'tenant-provision' serves tenants and is never drained\n")
    }

    @Test func `a definition is made known without a run, and a name stands for one workflow and one input`()
        async throws
    {
        let home = try Home()
        let file = try home.write(#"{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}"#, to: "report.json")
        #expect(try await home.json(["workflow", "define", file]) == ["workflow_id": "report", "version": 1])
        #expect(try await home.json(["workflow", "define", file, "--workflow", "other"])["workflow_id"] == "other")
        #expect(try await home.json(["workflow", "list"])["items"] == [])
        let start = ["workflow", "start", "--workflow", "report", "--name", "r", "--input", #"{"n":1}"#, "--wait"]
        #expect(try await home.run(start).code == 0)
        #expect(try await home.run(start).code == 0, "the same once more is the same run")
        let input = try await home.run(["workflow", "start", "--workflow", "report", "--name", "r"])
        #expect(input.code == 65 && input.problems.contains("run 'r' is there already, with another input"))
        let workflow = try await home.run(["workflow", "start", "--workflow", "other", "--name", "r"])
        #expect(workflow.code == 65 && workflow.problems.contains("run 'r' is there already, of workflow 'report'"))
    }

    @Test func `a schedule that is triggered says what becomes of this moment, not of another`() async throws {
        let home = try Home()
        let file = try home.write(#"{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}"#, to: "report.json")
        #expect(try await home.run(["workflow", "define", file]).code == 0)
        let yaml = try home.write("name: yearly\nworkflow: report\ncron: '@yearly'\n", to: "yearly.yaml")
        #expect(try await home.run(["schedule", "create", yaml]).code == 0)
        // Nobody drives, so that the first start stays under way.
        let first = try await home.run(["schedule", "trigger", "yearly"])
        #expect(first.output.hasSuffix(" is started by whoever drives the database\n"), "\(first.output)")
        let second = try await home.run(["schedule", "trigger", "yearly"])
        #expect(second.output == "nothing is started: the run before is not over\n", "\(second.output)")
    }

    @Test func `what would prove nothing is refused`() async throws {
        let home = try Home()
        for arguments in [["export", "--workflow", "nope"], ["broadcast", "go", "--workflow", "nope"]] {
            let refused = try await home.run(["workflow"] + arguments)
            #expect(refused.code == 66 && refused.problems.contains("there is no workflow 'nope'"))
        }
        let empty = try await home.run(["verify", "--file", home.write("", to: "empty.ndjson")])
        #expect(empty.code == 65 && empty.problems.contains("holds no run"))
        let none = try await home.run(["verify", "--file", "nowhere.ndjson"])
        #expect(none.code == 66 && none.problems.contains("nowhere.ndjson cannot be read"))
        #expect(!none.problems.contains("database"))
    }

    @Test func `what would drive a terminal is refused as a name`() async throws {
        let home = try Home()
        for arguments in [["semaphore", "set", "\u{1B}[31mred", "1"], ["approval", "delegate", "r.1", "\u{7}bell"]] {
            let refused = try await home.run(arguments)
            #expect(refused.code == 64 && refused.problems.contains("no screen can show"))
            #expect(!(refused.output + refused.problems).contains { $0 == "\u{1B}" || $0 == "\u{7}" })
        }
        for arguments in [["get-task", "a b"], ["fail", String(repeating: "a", count: 64), "--error", ""]] {
            #expect(try await home.run(["activity"] + arguments).code == 64)
        }
    }
}
