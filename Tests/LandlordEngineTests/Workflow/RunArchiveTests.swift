import Foundation
import LandlordDomain
import LandlordTestSupport
import StatesLanguage
import Synchronization
import Testing

@testable import LandlordEngine

/// Runs as lines, and runs that leave the database, on a real database and real files.
@Suite(.timeLimit(.minutes(1)))
struct RunArchiveTests {
    private let bench: Bench
    private let provider: EmbeddedWorkflowProvider
    private let directory: TemporaryDirectory

    private struct Died: Error {}

    init() async throws {
        bench = try Bench()
        directory = try TemporaryDirectory()
        provider = EmbeddedWorkflowProvider(
            store: bench.runs, workers: [Silence()], surroundings: bench.surroundings, logger: bench.logger)
        let definitions: [(String, JSONValue)] = [
            ("done", ["Type": "Pass", "End": true]),
            (
                "ask",
                [
                    "Type": "Task", "Resource": "test:ask.waitForTaskToken", "End": true,
                    "Parameters": ["Secret.$": "$$.Task.Token"],
                ]
            ),
            (
                "parent",
                ["Type": "Task", "Resource": "landlord:workflow.sync", "Parameters": ["Workflow": "wait"], "End": true]
            ),
            ("wait", ["Type": "Task", "Resource": "landlord:signal:go", "End": true]),
        ]
        for (id, state) in definitions {
            _ = try await provider.createWorkflow(
                WorkflowSpec(
                    workflowID: id, provider: "embedded", name: id,
                    definition: ["StartAt": "S", "States": ["S": state]]))
        }
    }

    private func archive(_ store: (any RunArchiveStore)? = nil) -> RunArchive {
        RunArchive(
            runs: bench.runs, store: store ?? bench.runs, directory: directory.file("archive"),
            surroundings: bench.surroundings, logger: bench.logger)
    }

    /// Archives what has been over for five seconds.
    ///
    /// A process that another test starts has the file of the lock open until it runs its program.
    private func moved() async throws -> Int {
        while true {
            if let count = try await archive().archive(overFor: .seconds(5)) { return count }
            await Task.yield()
        }
    }

    private func start(_ workflow: String, _ name: String) async throws {
        _ = try await provider.startExecution(
            of: workflow, ExecutionInput(executionName: name, input: ["n": 1.5], triggerSource: "test"))
    }

    private func exported(_ ids: [String]) async throws -> [JSONValue] {
        var (lines, workflows) = ([JSONValue](), ExportedWorkflows())
        try await archive().export(ids, &workflows) { lines.append($0) }
        return lines
    }

    private func check(_ lines: [JSONValue]) -> VerificationReport {
        var check = RunLineCheck()
        for line in lines { check.take(line.serializedBytes()) }
        return check.finish()
    }

    private func files(_ suffix: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory.file("archive"))
            .filter { $0.hasSuffix(suffix) }.sorted()
    }

    /// The runs in the archive, as often as they are there.
    private func archived() throws -> [String] {
        var ids: [String] = []
        for file in try files(".ndjson") {
            try LineFile.read(directory.file("archive/\(file)")) { line in
                // What cannot be read is found by the check of the lines.
                guard let json = try? JSONValue(parsing: line), json["kind"] == "run" else { return }
                ids.append(json["run"]?.stringValue ?? "")
            }
        }
        return ids.sorted()
    }

    // MARK: Lines

    @Test func `the chain of a run can be computed again from its lines`() async throws {
        for name in ["a", "b"] { try await start("done", name) }
        try await start("ask", "c")
        try await provider.give(RunOrder(.terminate, by: "ana", reason: "drill"), to: "c")
        let lines = try await exported(["a", "b", "c"])
        let kinds = lines.compactMap { $0["kind"]?.stringValue }
        #expect(kinds == ["workflow", "run", "input", "run", "input", "workflow", "run", "input", "input"])
        let report = check(lines)
        #expect(report.isSound && report.checked.map(\.count) == [3, 0])
        for index in lines.indices where lines[index]["kind"] != "workflow" {
            var cut = lines
            cut.remove(at: index)
            #expect(!check(cut).isSound, "without line \(index)")
            guard case .object(var line) = lines[index], line["kind"] == "input" else { continue }
            line["at"] = "2020-01-01T00:00:00.000Z"
            var changed = lines
            changed[index] = .object(line)
            #expect(check(changed).findings.map(\.kind) == [.hash])
        }
        #expect(check([["kind": "x"]]).findings.map(\.kind) == [.unreadable])
        #expect(check([["kind": "input", "run": "a"]]).findings.map(\.kind) == [.missingHistory])
    }

    /// A run that was moved twice, and the lines of it.
    private func movedTwice() async throws -> [JSONValue] {
        try await start("wait", "m")
        for next in ["X", "Y"] {
            let wait: JSONValue = ["Type": "Task", "Resource": "landlord:signal:go", "Next": .string(next)]
            _ = try await provider.createWorkflow(
                WorkflowSpec(
                    workflowID: "wait", provider: "embedded", name: "wait",
                    definition: ["StartAt": "S", "States": ["S": wait, next: ["Type": "Pass", "End": true]]]))
            _ = try await provider.move("m", to: nil, by: "ana", reason: "fix")
        }
        _ = try await provider.send(RunSignal(name: "go", key: "1", payload: 1, sender: "test"), to: "m")
        #expect(try await bench.runs.run("m")?.status == .succeeded)
        return try await exported(["m"])
    }

    @Test func `a run that was moved has every definition with it, and is taken through all of them`() async throws {
        let lines = try await movedTwice()
        let versions = lines.filter { $0["kind"] == "workflow" }.map { $0["version"] }
        #expect(versions == [1, 2, 3])
        #expect(lines[3]["versions"] == [1, 2, 3])
        #expect(check(lines).isSound)
        for index in 0..<3 {
            var cut = lines
            cut.remove(at: index)
            #expect(check(cut).findings.map(\.kind) == [.missingHistory], "without version \(index + 1)")
        }
        // The second version was left before anything came of it, but the state must be there that the run was in.
        guard case .object(var first) = lines[0] else { return }
        first["definition"] = ["StartAt": "S", "States": ["S": ["Type": "Pass", "End": true]]]
        var changed = lines
        changed[0] = .object(first)
        #expect(check(changed).findings.allSatisfy { $0.subject == "run m" } && !check(changed).isSound)
        first["definition"] = ["StartAt": "S"]
        changed[0] = .object(first)
        #expect(check(changed).findings.map(\.kind) == [.unreadable, .missingHistory])
    }

    @Test func `of a moved run in an older file the chain alone is checked, and the check says so`() async throws {
        var lines = Array(try await movedTwice().dropFirst(2))
        guard case .object(var run) = lines[1] else { return }
        run["versions"] = nil
        lines[1] = .object(run)
        let report = check(lines)
        #expect(report.isSound)
        #expect(report.checked.map(\.count) == [1, 0, 1])
        lines.remove(at: 0)
        #expect(check(lines).findings.map(\.kind) == [.missingHistory], "the last version was always there")
    }

    @Test func `what a run's line says is what its inputs lead to`() async throws {
        try await start("done", "a")
        let lines = try await exported(["a"])
        let changes: [(String, JSONValue)] = [
            ("status", "failed"), ("output", 7), ("error_code", "E"), ("error_message", "no"), ("versions", [1, 2]),
            ("version", 1),
        ]
        for (name, value) in changes {
            guard case .object(var run) = lines[1] else { return }
            run[name] = value
            let report = check([lines[0], .object(run), lines[2]])
            #expect(report.findings.map(\.kind) == (name == "version" ? [] : [.unlikeHistory]), "\(name)")
        }
    }

    @Test func `a run that failed says the error that its inputs lead to`() async throws {
        try await start("ask", "c")
        try await provider.give(RunOrder(.terminate, by: "ana", reason: "drill"), to: "c")
        let lines = try await exported(["c"])
        #expect(check(lines).isSound)
        guard case .object(var run) = lines[1] else { return }
        run["error_message"] = "something else"
        #expect(check([lines[0], .object(run)] + lines[2...]).findings.map(\.kind) == [.unlikeHistory])
    }

    @Test func `a definition that comes twice must be the same`() async throws {
        try await start("done", "a")
        let lines = try await exported(["a"])
        #expect(check([lines[0]] + lines).isSound)
        guard case .object(var other) = lines[0] else { return }
        other["definition"] = ["StartAt": "S", "States": ["S": ["Type": "Succeed"]]]
        #expect(!check([.object(other)] + lines).isSound)
    }

    @Test func `a run that was moved back goes through a file as any other`() async throws {
        _ = try await movedTwice()
        try await start("wait", "back")
        for version in [1, 3] { _ = try await provider.move("back", to: version, by: "ana", reason: "") }
        _ = try await provider.send(RunSignal(name: "go", key: "1", payload: 1, sender: "test"), to: "back")
        bench.clock.advance(by: .seconds(10))
        #expect(try await moved() == 2)
        var check = RunLineCheck()
        for file in try files(".ndjson") {
            try LineFile.read(directory.file("archive/\(file)")) { check.take($0) }
        }
        let report = check.finish()
        #expect(report.isSound && report.checked.first?.count == 2, "\(report.findings)")
    }

    @Test func `a run that is not over gives no token away`() async throws {
        try await start("ask", "c")
        let token = try #require(try await bench.runs.openTasks(of: "c").first?.task.token)
        let lines = try await exported(["c"])
        let text = lines.map { $0.serialized() }.joined()
        #expect(!text.contains(token))
        let service = RunService(store: bench.runs, provider: provider)
        let history = try await service.history(of: "c").map { $0.details.serialized() }.joined()
        #expect(history.contains("Secret") && !history.contains(token))
        #expect(lines.allSatisfy { $0["seed"] == nil || $0["seed"] == .null })
        let report = check(lines)
        #expect(report.isSound && report.checked.map(\.count) == [1, 1])
        await #expect(throws: RepositoryError.notFound) { _ = try await exported(["x"]) }
    }

    @Test func `a run that has the token of another one's open task does not give it away, and stays`() async throws {
        try await provider.create(
            "tree",
            [
                "A": [
                    "Type": "Task", "Resource": "landlord:workflow.waitForTaskToken", "End": true,
                    "Parameters": ["Workflow": "done", "Input": ["key.$": "$$.Task.Token"]],
                ]
            ])
        try await start("tree", "t")
        let token = try #require(try await bench.runs.openTasks(of: "t").first?.task.token)
        #expect(try await bench.runs.run("t-1")?.status == .succeeded)
        bench.clock.advance(by: .seconds(10))
        #expect(try await moved() == 0)
        #expect(try await !exported(["t-1"]).map { $0.serialized() }.joined().contains(token))
        #expect(try await check(exported(["t-1"])).checked.map(\.count) == [1, 1])
        try await provider.succeed(token: token, output: [:])
        bench.clock.advance(by: .seconds(10))
        #expect(try await check(exported(["t-1"])).checked.map(\.count) == [1, 0])
        #expect(try await moved() == 2)
    }

    @Test func `of a run that waits for more tasks than a page has no token is shown`() async throws {
        let (outer, count) = (40, 40 * 40)
        #expect(count > PageLimit.largest)
        let item: JSONValue = [
            "StartAt": "A",
            "States": [
                "A": [
                    "Type": "Task", "Resource": "test:ask.waitForTaskToken", "End": true,
                    "Parameters": ["Url.$": "States.Format('https://x.example/{}?x', $$.Task.Token)"],
                ]
            ],
        ]
        // A Map has 40 items under way at most, and so one stands in another.
        let inner: JSONValue = ["StartAt": "N", "States": ["N": ["Type": "Map", "End": true, "ItemProcessor": item]]]
        let map: JSONValue = ["Type": "Map", "End": true, "ItemProcessor": inner]
        _ = try await provider.createWorkflow(
            WorkflowSpec(
                workflowID: "many", provider: "embedded", name: "many",
                definition: ["StartAt": "M", "States": ["M": map]]))
        _ = try await provider.startExecution(
            of: "many",
            ExecutionInput(
                executionName: "m",
                input: .array((0..<outer).map { _ in .array((0..<outer).map { .number(JSONNumber($0)) }) }),
                triggerSource: "test"))
        let tokens = try await bench.runs.openTokens(of: "m")
        #expect(tokens.count == count)
        let service = RunService(store: bench.runs, provider: provider)
        var (shown, last) = ("", 0)
        while case let events = try await service.history(of: "m", after: last), let end = events.last?.id {
            shown += events.map { $0.details.serialized() }.joined()
            last = end
        }
        shown += try await exported(["m"]).map { $0.serialized() }.joined()
        #expect(shown.components(separatedBy: "https://x.example/********?x").count == 2 * count + 1)
    }

    // MARK: Files

    @Test func `a run that cannot be written stays, and keeps no other`() async throws {
        for (workflow, name) in [("done", "a"), ("other", "b"), ("done", "c")] {
            if workflow == "other" {
                try await provider.create("other", ["A": ["Type": "Pass", "End": true]])
            }
            try await start(workflow, name)
        }
        try await bench.database.editBehindItsBack("DELETE FROM workflow_definitions WHERE workflow_id = 'other'")
        bench.clock.advance(by: .seconds(10))
        #expect(try await moved() == 2)
        #expect(try archived() == ["a", "c"])
        #expect(try await bench.runs.run("b") != nil)
    }

    @Test func `what has been over for long is moved, and nothing else`() async throws {
        try await start("done", "old")
        try await start("wait", "open")
        try await start("parent", "family")
        bench.clock.advance(by: .seconds(3_600))
        try await start("done", "new")
        #expect(try await archive().archivable(overFor: .seconds(1_800)) == 1)
        #expect(try await archive().archive(overFor: .seconds(1_800)) == 1)
        #expect(try await bench.runs.page(WorkflowRunQuery()).items.map(\.id).contains("old") == false)
        #expect(try await bench.runs.page(WorkflowRunQuery()).items.count == 4)
        #expect(try archived() == ["old"])
        #expect(try files(".part") == [])
        var check = RunLineCheck()
        let file = directory.file("archive/\(try #require(files(".ndjson").first))")
        try LineFile.read(file) { check.take($0) }
        #expect(check.finish().isSound)
        let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(try await DatabaseVerifier(bench.database).verify().findings == [])
    }

    @Test func `children go before those who started them`() async throws {
        try await start("parent", "family")
        let child = try #require(try await bench.runs.openChildren(of: "family").first?.id)
        _ = try await provider.send(RunSignal(name: "go", key: "1", payload: 1, sender: "test"), to: child)
        #expect(try await bench.runs.run("family")?.status == .succeeded)
        bench.clock.advance(by: .seconds(10))
        #expect(try await moved() == 1)
        #expect(try archived() == [child])
        #expect(try await moved() == 1)
        #expect(try archived() == [child, "family"].sorted())
        #expect(try await DatabaseVerifier(bench.database).verify().findings == [])
    }

    @Test(arguments: [false, true])
    func `a death between the file and the database leaves each run in one of them`(isRemoved: Bool) async throws {
        for number in 0..<5 { try await start("done", "r\(number)") }
        bench.clock.advance(by: .seconds(10))
        let dying = DyingStore(inner: bench.runs, isRemoved: isRemoved)
        await #expect(throws: RepositoryError.busy) { try await archive(dying).archive(overFor: .seconds(5)) }
        #expect(try files(".part").count == 1)
        #expect(try archived().isEmpty)
        // A file that was cut off in the middle belongs to nobody.
        try Data(#"{"kind":"run","run":"r1","#.utf8).write(to: URL(filePath: directory.file("archive/x.part")))
        try await start("done", "later")
        bench.clock.advance(by: .seconds(10))
        _ = try await archive().archive(overFor: .seconds(5))
        #expect(try files(".part") == [])
        #expect(try archived() == ["later", "r0", "r1", "r2", "r3", "r4"])
        #expect(try await bench.runs.page(WorkflowRunQuery()).items.isEmpty)
    }

    @Test func `a run that goes on while it is written stays, and so do those beside it until the next round`()
        async throws
    {
        for number in 0..<3 { try await start("done", "r\(number)") }
        bench.clock.advance(by: .seconds(10))
        let recorded = try #require(try await bench.runs.recorded("r1"))
        let moved = RecordedRun(run: recorded.run, hash: HashChain.genesis, links: recorded.links, openTokens: [])
        let others = try await [bench.runs.recorded("r0"), bench.runs.recorded("r2")].compactMap { $0 }
        await #expect(throws: RepositoryError.stale) { try await bench.runs.remove(others + [moved]) }
        #expect(try await bench.runs.page(WorkflowRunQuery()).items.count == 3)
    }

    @Test func `many are moved in batches, and only one at a time archives`() async throws {
        let count = RunArchive.batchLimit * 2 + 7
        for number in 0..<count { try await start("done", "r\(number)") }
        bench.clock.advance(by: .seconds(10))
        let told = Mutex<[Int]>([])
        _ = try await archive().archive(overFor: .seconds(5)) { moved in
            told.withLock { $0.append(moved) }
            return true
        }
        #expect(told.withLock { $0 } == [200, 400])
        #expect(try files(".ndjson").count == 3)
        #expect(try archived().count == count)
        let lock = try OpenFileLock.acquire(path: directory.file("archive/.lock"))
        #expect(try await archive().archive(overFor: .seconds(5)) == nil)
        withExtendedLifetime(lock) {}
    }

    @Test func `the housekeeper moves what is over for as long as it is told`() async throws {
        try await start("done", "old")
        let keeper = RunHousekeeper(
            archive: archive(), retention: .seconds(3_600), surroundings: bench.surroundings, logger: bench.logger)
        try await bench.running(keeper) {
            await bench.clock.waitForSleepers()
            #expect(try await bench.runs.run("old") != nil)
            try await bench.move { try await bench.runs.run("old") == nil }
        }
        #expect(try archived() == ["old"])
    }
}

/// A store whose process dies before or behind the removal.
private struct DyingStore: RunArchiveStore {
    let inner: DatabaseRunStore
    let isRemoved: Bool

    func recorded(_ runID: String) async throws(RepositoryError) -> RecordedRun? { try await inner.recorded(runID) }

    func leavable(
        overBefore limit: Timestamp, after cursor: PageCursor?, lookingAt count: Int
    ) async throws(RepositoryError) -> (ids: [String], next: PageCursor?) {
        try await inner.leavable(overBefore: limit, after: cursor, lookingAt: count)
    }

    func holds(_ hashes: [String: [UInt8]]) async throws(RepositoryError) -> Bool { try await inner.holds(hashes) }

    func remove(_ runs: [RecordedRun]) async throws(RepositoryError) {
        if isRemoved { try await inner.remove(runs) }
        throw .busy
    }
}

/// Begins every task and never answers one.
private struct Silence: TaskWorker {
    func serves(_ resource: String) -> Bool { resource.hasPrefix("test:") }
    func begin(_ task: ScheduledTask, of runID: String) async throws(TaskTrouble) -> TaskResult? { nil }
    func cancel(_ task: ScheduledTask, of runID: String) async throws(TaskTrouble) {}
}
