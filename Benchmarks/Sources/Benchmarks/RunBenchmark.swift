import Foundation
import LandlordDomain
import LandlordEngine
import Logging
import StatesLanguage
import Synchronization

/// Durable runs of three tasks that do nothing, on the embedded engine, beside `RawRuns` in the same run.
struct RunBenchmark {
    let options: Options

    func run() async throws {
        for inFlight in options.inFlight {
            if options.isAlone {
                show("runs, \(inFlight) in flight", try await measure(inFlight: inFlight))
                continue
            }
            // Side by side, and twice in turn: the disk of one second is not the disk of the next.
            var raw: [RunRate] = []
            var engine: [RunRate] = []
            for _ in 0..<3 {
                raw.append(RawRuns(path: options.newDatabase()).measure(inFlight: inFlight, seconds: options.seconds))
                engine.append(try await measure(inFlight: inFlight))
            }
            show("runs of the C API, \(inFlight) in flight", middle(raw))
            show("runs, \(inFlight) in flight", middle(engine), beside: middle(raw))
        }
    }

    private func middle(_ rates: [RunRate]) -> RunRate {
        rates.sorted { $0.perSecond < $1.perSecond }[rates.count / 2]
    }

    private func show(_ name: String, _ rate: RunRate, beside raw: RunRate? = nil) {
        let times = "p50 \(rounded(rate.median)) ms, p99 \(rounded(rate.p99)) ms"
        let ratio = raw.map { "\(rounded(rate.perSecond / $0.perSecond)) of the C API, " } ?? ""
        Benchmarks.show(name, rate.perSecond, beside: ratio + times)
    }

    private func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }

    private func measure(inFlight: Int) async throws -> RunRate {
        let database = try Database(path: options.newDatabase())
        let store = DatabaseRunStore(database)
        let provider = EmbeddedWorkflowProvider(
            store: store, workers: [Nothing()], surroundings: .benchmark,
            logger: Logger(label: "benchmark", factory: { _ in SwiftLogNoOpLogHandler() }))
        _ = try await provider.createWorkflow(Self.workflow)
        let numbers = Counter()
        let watch = Stopwatch(seconds: options.seconds)
        let latencies = try await withThrowingTaskGroup(of: [Double].self, returning: [Double].self) { group in
            for _ in 0..<inFlight {
                group.addTask {
                    var own: [Double] = []
                    while watch.isRunning {
                        let start = ContinuousClock.now
                        let number = numbers.next()
                        _ = try await provider.startExecution(
                            of: "order",
                            ExecutionInput(
                                executionName: "benchmark-run-\(number)", input: ["n": 1], triggerSource: "benchmark"))
                        own.append(milliseconds(ContinuousClock.now - start))
                    }
                    return own
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        let rate = RunRate(latencies: latencies, seconds: watch.seconds)
        let ended = try await store.page(WorkflowRunQuery(statuses: [.succeeded], limit: 1)).items.count
        precondition(ended == 1, "The runs have not come to their end.")
        await database.close()
        return rate
    }

    private static let workflow = WorkflowSpec(
        workflowID: "order", provider: "embedded", name: "Order",
        definition: [
            "StartAt": "One",
            "States": [
                "One": ["Type": "Task", "Resource": "benchmark:nothing", "Next": "Two"],
                "Two": ["Type": "Task", "Resource": "benchmark:nothing", "Next": "Three"],
                "Three": ["Type": "Task", "Resource": "benchmark:nothing", "End": true],
            ],
        ])

    /// Answers each task at once with what it was given.
    private struct Nothing: TaskWorker {
        func serves(_ resource: String) -> Bool { resource == "benchmark:nothing" }

        func begin(_ task: ScheduledTask, of runID: String) async throws(TaskTrouble) -> TaskResult? {
            .succeeded(task.parameters)
        }

        func cancel(_ task: ScheduledTask, of runID: String) async throws(TaskTrouble) {}
    }
}

extension Surroundings {
    /// The system's clocks and chance.
    static var benchmark: Surroundings {
        Surroundings(
            clock: ContinuousClock(),
            now: { Timestamp(millisecondsSinceEpoch: Int64(Date().timeIntervalSince1970 * 1000)) },
            random: { UInt64.random(in: .min ... .max) })
    }
}
