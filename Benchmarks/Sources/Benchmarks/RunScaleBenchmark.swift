import Foundation
import LandlordDomain
import LandlordEngine
import Logging
import StatesLanguage
import Synchronization

/// What the embedded engine does with many runs: behind a long history, in memory, after a death, and with many timers.
struct RunScaleBenchmark {
    let options: Options

    func run() async throws {
        // First, because what a process has once used it keeps.
        try await memory(runs: 1_000)
        try await commits(runs: 100)
        for count in [1_000, 100_000] { try await restart(runs: count) }
        try await steadyTimers(perSecond: 1_000, seconds: 10)
        try await storm(timers: 100_000)
        try await history(runs: options.runs)
    }

    // MARK: History

    /// Runs in a database with so many finished ones, beside the same with a thousand.
    private func history(runs: Int) async throws {
        let big = try await ScaleBench(options)
        let filling = Stopwatch()
        try await big.start(runs, of: "tasks", inFlight: 256)
        Benchmarks.show("runs while \(runs) gather", Double(runs) / filling.seconds)
        var (small, large, ratios) = ([Double](), [Double](), [Double]())
        for _ in 0..<5 {
            let fresh = try await ScaleBench(options)
            try await fresh.start(1_000, of: "tasks", inFlight: 256)
            small.append(try await fresh.rate(seconds: options.seconds, inFlight: 32))
            await fresh.close()
            large.append(try await big.rate(seconds: options.seconds, inFlight: 32))
            ratios.append((large.last ?? 0) / (small.last ?? 1))
        }
        Benchmarks.show("runs behind 1000 finished, 32 in flight", middle(small))
        Benchmarks.show(
            "runs behind \(runs) finished, 32 in flight", middle(large),
            beside: "\(rounded(middle(ratios))) of the other")
        await big.close()
    }

    // MARK: Memory

    /// The most that runs need: so many that wait for an answer, and then as many that are on their way.
    private func memory(runs: Int) async throws {
        let bench = try await ScaleBench(options)
        try await bench.start(100, of: "tasks", inFlight: 1)
        let idle = Self.residentBytes()
        let waiting = try await Self.peak { try await bench.start(runs, of: "silent", inFlight: runs) }
        await bench.close()
        let other = try await ScaleBench(options)
        let moving = try await Self.peak { try await other.start(runs * 20, of: "tasks", inFlight: runs) }
        await other.close()
        for (name, bytes) in [("waiting", waiting), ("moving", moving)] {
            Benchmarks.show(
                "KiB above an idle engine, \(runs) \(name)", Double(bytes - idle) / 1_024,
                beside: "\(rounded(Double(bytes - idle) / 1_048_576)) MiB")
        }
    }

    /// The most that the process had while something was done.
    private static func peak(while body: () async throws -> Void) async throws -> Int {
        let peak = Mutex(residentBytes())
        let sampling = Task {
            while !Task.isCancelled {
                let now = residentBytes()
                peak.withLock { $0 = max($0, now) }
                // A sleep that is cancelled is the end of it.
                try? await Surroundings.benchmark.clock.sleep(for: .milliseconds(5))
            }
        }
        try await body()
        sampling.cancel()
        await sampling.value
        return peak.withLock { $0 }
    }

    private static func residentBytes() -> Int {
        // Without the file there is nothing to show, and a zero says so.
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
        return (line.split(separator: " ").compactMap { Int($0) }.first ?? 0) * 1_024
    }

    // MARK: Commits

    private func commits(runs: Int) async throws {
        for (workflow, expected) in [("quick", 1), ("tasks", 4)] {
            let bench = try await ScaleBench(options)
            let before = bench.commitCount()
            let watch = Stopwatch()
            try await bench.start(runs, of: workflow, inFlight: 1)
            let rate = Double(runs) / watch.seconds
            let commits = Double(bench.commitCount() - before) / Double(runs)
            Benchmarks.show(
                "runs of '\(workflow)', 1 in flight", rate, beside: "\(rounded(commits)) commits a run (\(expected))")
            await bench.close()
        }
    }

    // MARK: Restart

    /// From the opening of a database in which a dead process left runs with open tasks, to the end of all of them.
    func restart(runs: Int) async throws {
        let dead = try await ScaleBench(options)
        try await dead.start(runs, of: "silent", inFlight: 256)
        await dead.close()
        let watch = Stopwatch()
        let bench = try await ScaleBench(options, path: dead.path, isTalkative: true)
        let engine = bench.engine()
        while try await bench.isBusy() {
            try await Surroundings.benchmark.clock.sleep(for: .milliseconds(2))
        }
        Benchmarks.show(
            "runs to their end after a death, \(runs) in flight", Double(runs) / watch.seconds,
            beside: "\(rounded(watch.seconds)) s")
        engine.cancel()
        await bench.close()
    }

    // MARK: Timers

    private func steadyTimers(perSecond: Int, seconds: Int) async throws {
        let bench = try await ScaleBench(options)
        let engine = bench.engine()
        let begin = Date().timeIntervalSince1970 + 4
        let count = perSecond * seconds
        try await bench.start(count, of: "wait", inFlight: 256) { number in
            ["at": .string(Self.moment(begin + Double(number) / Double(perSecond)).rfc3339)]
        }
        while try await bench.isBusy() { try await Surroundings.benchmark.clock.sleep(for: .milliseconds(50)) }
        let drift = try await bench.drift()
        Benchmarks.show(
            "timers a second", Double(perSecond),
            beside: "late by p50 \(drift.at(0.5)) ms, p99 \(drift.at(0.99)) ms, at most \(drift.at(1)) ms")
        engine.cancel()
        await bench.close()
    }

    /// Timers that are due at once, and what other runs hear of it.
    private func storm(timers: Int) async throws {
        let quiet = try await ScaleBench(options)
        let alone = try await quiet.latencies(seconds: options.seconds, inFlight: 8)
        await quiet.close()
        let bench = try await ScaleBench(options)
        let due = Date().timeIntervalSince1970 + 30
        try await bench.start(timers, of: "wait", inFlight: 256) { _ in ["at": .string(Self.moment(due).rfc3339)] }
        let engine = bench.engine()
        while Date().timeIntervalSince1970 < due { try await Surroundings.benchmark.clock.sleep(for: .milliseconds(5)) }
        let watch = Stopwatch()
        let isOver = Atomic(false)
        let waiting = Task {
            while try await bench.isBusy(with: "wait-") {
                try await Surroundings.benchmark.clock.sleep(for: .milliseconds(20))
            }
            isOver.store(true, ordering: .relaxed)
            return watch.seconds
        }
        let beside = try await bench.latencies(inFlight: 8) { !isOver.load(ordering: .relaxed) }
        let seconds = try await waiting.value
        Benchmarks.show(
            "timers of a storm of \(timers)", Double(timers) / seconds,
            beside: """
                \(rounded(seconds)) s; other runs meanwhile p50 \(rounded(beside.at(0.5))) ms, \
                p99 \(rounded(beside.at(0.99))) ms, alone \(rounded(alone.at(0.5))) and \(rounded(alone.at(0.99)))
                """)
        engine.cancel()
        await bench.close()
    }

    private static func moment(_ seconds: Double) -> Timestamp {
        Timestamp(millisecondsSinceEpoch: Int64(seconds * 1_000))
    }

    private func middle(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
    private func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }
}

extension [Double] {
    /// A quantile of sorted values.
    fileprivate func at(_ part: Double) -> Double {
        isEmpty ? 0 : self[Swift.min(count - 1, Int(Double(count) * part))]
    }
}

/// An engine on a database of its own, with workflows of every kind that is measured.
private final class ScaleBench: Sendable {
    let path: String
    private let database: Database
    private let store: DatabaseRunStore
    private let provider: EmbeddedWorkflowProvider
    private let numbers = Counter()

    /// - Parameters:
    ///   - path: A database that is there; nil for a new one.
    ///   - isTalkative: Whether tasks that are otherwise kept waiting are answered.
    init(_ options: Options, path: String? = nil, isTalkative: Bool = false) async throws {
        self.path = path ?? options.newDatabase()
        database = try Database(path: self.path)
        store = DatabaseRunStore(database)
        provider = EmbeddedWorkflowProvider(
            store: store, workers: [ScaleWorker(isTalkative: isTalkative)], surroundings: .benchmark,
            logger: Logger(label: "benchmark", factory: { _ in SwiftLogNoOpLogHandler() }))
        for (id, definition) in Self.definitions {
            _ = try await provider.createWorkflow(
                WorkflowSpec(workflowID: id, provider: "embedded", name: id, definition: definition))
        }
    }

    private static let definitions: [(String, JSONValue)] = [
        ("tasks", line("benchmark:nothing")), ("silent", line("benchmark:silent")),
        (
            "quick",
            [
                "StartAt": "A",
                "States": [
                    "A": ["Type": "Pass", "Next": "B"],
                    "B": [
                        "Type": "Choice", "Choices": [["Variable": "$.n", "NumericEquals": 1, "Next": "C"]],
                        "Default": "D",
                    ],
                    "C": ["Type": "Pass", "Next": "D"], "D": ["Type": "Succeed"],
                ],
            ]
        ),
        ("wait", ["StartAt": "A", "States": ["A": ["Type": "Wait", "TimestampPath": "$.at", "End": true]]]),
    ]

    private static func line(_ resource: String) -> JSONValue {
        let task: JSONObject = ["Type": "Task", "Resource": .string(resource)]
        func state(_ fields: JSONObject) -> JSONValue {
            .object(JSONObject(task.map { ($0.key, $0.value) } + fields.map { ($0.key, $0.value) }))
        }
        return [
            "StartAt": "One",
            "States": ["One": state(["Next": "Two"]), "Two": state(["Next": "Three"]), "Three": state(["End": true])],
        ]
    }

    func close() async { await database.close() }

    /// Drives, until it is cancelled.
    func engine() -> Task<Void, any Error> {
        Task { [provider, database] in try await EmbeddedEngine(provider: provider, changes: database.hub).run() }
    }

    // MARK: Runs

    private func start(_ workflow: String, _ input: JSONValue = ["n": 1]) async throws {
        _ = try await provider.startExecution(
            of: workflow,
            ExecutionInput(executionName: "\(workflow)-\(numbers.next())", input: input, triggerSource: "benchmark"))
    }

    /// Starts so many runs, so many at once.
    func start(
        _ count: Int, of workflow: String, inFlight: Int,
        input: @escaping @Sendable (Int) -> JSONValue = { _ in ["n": 1] }
    ) async throws {
        let next = Counter()
        try await withThrowingDiscardingTaskGroup { group in
            for _ in 0..<inFlight {
                group.addTask {
                    while case let number = next.next(), number <= count {
                        try await self.start(workflow, input(number))
                    }
                }
            }
        }
    }

    /// Runs of three tasks a second.
    func rate(seconds: Double, inFlight: Int) async throws -> Double {
        Double(try await latencies(seconds: seconds, inFlight: inFlight).count) / seconds
    }

    func latencies(seconds: Double, inFlight: Int) async throws -> [Double] {
        let watch = Stopwatch(seconds: seconds)
        return try await latencies(inFlight: inFlight) { watch.isRunning }
    }

    /// How long runs of three tasks take, in milliseconds, sorted.
    func latencies(inFlight: Int, while goesOn: @escaping @Sendable () -> Bool) async throws -> [Double] {
        try await withThrowingTaskGroup(of: [Double].self, returning: [Double].self) { group in
            for _ in 0..<inFlight {
                group.addTask {
                    var own: [Double] = []
                    while goesOn() {
                        let start = ContinuousClock.now
                        try await self.start("tasks")
                        own.append(milliseconds(ContinuousClock.now - start))
                    }
                    return own
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }.sorted()
        }
    }

    /// Whether a run is not over.
    func isBusy(with prefix: String = "") async throws -> Bool {
        let runs = try await store.page(WorkflowRunQuery(statuses: [.running], limit: prefix.isEmpty ? 1 : 50)).items
        return runs.contains { $0.id.hasPrefix(prefix) }
    }

    /// By how much runs of 'wait' have ended after their moments, in milliseconds, sorted.
    func drift() async throws -> [Double] {
        var (late, query) = ([Double](), WorkflowRunQuery(limit: PageLimit.largest))
        repeat {
            let page = try await store.page(query)
            for run in page.items {
                guard let at = run.input["at"]?.stringValue.flatMap(Timestamp.init(rfc3339:)), let end = run.endedAt
                else {
                    continue
                }
                late.append(Double(end.millisecondsSinceEpoch - at.millisecondsSinceEpoch))
            }
            query.after = page.next
        } while query.after != nil
        return late.sorted()
    }

    // MARK: Commits

    /// The frames of the write-ahead log that end a transaction (SQLite's file format, section 4.1).
    func commitCount() -> Int {
        guard let bytes = FileManager.default.contents(atPath: path + "-wal"), bytes.count > 32 else { return 0 }
        func number(_ place: Int) -> UInt32 { bytes[place..<place + 4].reduce(0) { $0 << 8 | UInt32($1) } }
        let frame = 24 + Int(number(8))
        return stride(from: 32, through: bytes.count - frame, by: frame).count { place in
            number(place + 4) != 0 && bytes[place + 8..<place + 16] == bytes[16..<24]
        }
    }
}

/// Answers some tasks at once and keeps others waiting.
private struct ScaleWorker: TaskWorker {
    let isTalkative: Bool

    func serves(_ resource: String) -> Bool { resource.hasPrefix("benchmark:") }

    func begin(_ task: ScheduledTask, of runID: String) async throws(TaskTrouble) -> TaskResult? {
        task.resource == "benchmark:nothing" || isTalkative ? .succeeded(task.parameters) : nil
    }

    func cancel(_ task: ScheduledTask, of runID: String) async throws(TaskTrouble) {}
}
