import Foundation
import LandlordDomain
import LandlordTestSupport
import StatesLanguage
import Synchronization
import Testing

@testable import LandlordEngine

/// Runs under schedules that chance has made: answers late, doubled, out of turn and at once, timers, stops, orders of
/// operators, moves to another version, signals, workers that lose their leases, child runs, writes that fail, a second
/// process on the same database, and processes that end.
///
/// `LANDLORD_SCHEDULES` says how many schedules, `LANDLORD_SEED` which is the first. What a schedule does follows from
/// its seed; the order of what it does at once does not.
@Suite(.timeLimit(.minutes(30)))
struct RunScheduleTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let count = environment["LANDLORD_SCHEDULES"].flatMap(Int.init) ?? 40
    private static let seed = environment["LANDLORD_SEED"].flatMap(UInt64.init) ?? 1

    @Test func `every run comes to its end, and its log says how`() async throws {
        for number in 0..<UInt64(Self.count) {
            let schedule = try await RunSchedule(seed: Self.seed + number)
            try await schedule.run()
            await schedule.close()
        }
    }
}

/// One schedule on a database of its own.
private final class RunSchedule {
    private let seed: UInt64
    private var random: SeededRandom
    private let bench: Bench
    private let worker = ChancyWorker()
    private var processes: [EmbeddedWorkflowProvider] = []
    private var started = 0
    private var sent = 0

    private static let runLimit = 6
    private static let actionCount = 60

    init(seed: UInt64) async throws {
        self.seed = seed
        random = SeededRandom(seed: seed)
        bench = try Bench()
        worker.setSeed(seed)
        processes = [process(), process()]
        for (name, document) in RunScheduleMachine.all {
            for version in [document, RunScheduleMachine.turned(document)] {
                let spec = WorkflowSpec(workflowID: name, provider: "embedded", name: name, definition: version)
                _ = try await processes[0].createWorkflow(spec)
            }
        }
    }

    func close() async { await bench.database.close() }

    /// A process of its own: it has nothing in memory.
    private func process() -> EmbeddedWorkflowProvider {
        EmbeddedWorkflowProvider(
            store: DatabaseRunStore(bench.database), workers: [worker], surroundings: bench.surroundings,
            logger: bench.logger)
    }

    private func roll(_ sides: Int) -> Int { Int(random.next() % UInt64(sides)) }

    private var anyProcess: EmbeddedWorkflowProvider { processes[roll(processes.count)] }

    func run() async throws {
        for _ in 0..<Self.actionCount { try await act() }
        try await drain()
        let findings = try await DatabaseVerifier(bench.database).verify().findings
        #expect(findings == [], "seed \(seed)")
        for run in try await bench.runs.page(WorkflowRunQuery(limit: 100)).items {
            #expect(try await RunCheck.violations(of: run, in: bench.runs) == [], "seed \(seed)")
        }
    }

    private func act() async throws {
        switch roll(18) {
        case 12: try await order()
        case 13: try await signal()
        case 14, 15: try await work()
        case 16: try await bench.runs.setCapacity(roll(3), of: "desk", by: "test", at: bench.clock.wall)
        case 17: try await move()
        case 0, 1: try await start()
        case 2, 3, 4: try await answerSome(doubled: 1)
        case 5: try await answerSome(doubled: 3)
        case 6, 7: try await fireTimers()
        case 8: try await failWrites()
        case 9: if roll(4) == 0 { try await stopOne() }
        case 10: try await restart(roll(processes.count))
        default: bench.clock.advance(by: .seconds(roll(20)))
        }
    }

    private func start() async throws {
        guard started < Self.runLimit else { return }
        started += 1
        let machines = RunScheduleMachine.all
        let machine = machines[roll(machines.count)].name
        let input = ExecutionInput(
            executionName: "run-\(started)", input: ["items": [1, 2, 3, 4, 5]], triggerSource: "test")
        // Two at once, as after a start whose answer was lost.
        let (first, second) = (anyProcess, anyProcess)
        async let one = first.startExecution(of: machine, input)
        async let other = second.startExecution(of: machine, input)
        let ids = try await [one.executionID, other.executionID]
        #expect(ids == ["run-\(started)", "run-\(started)"])
    }

    /// Answers open tasks of all runs at once, each so many times, by processes that do not know of each other.
    private func answerSome(doubled: Int) async throws {
        let tasks = try await bench.runs.openTasks(after: nil, limit: 200).items
        let chosen = tasks.filter { $0.status == .open && roll(2) == 0 }
        let answers = chosen.flatMap { task in
            (0..<doubled).map { _ in (task, anyProcess, roll(4) == 0) }
        }
        await withDiscardingTaskGroup { group in
            for (task, process, fails) in answers {
                group.addTask {
                    let result: TaskResult =
                        fails
                        ? .failed(WorkflowFailure(code: "Boom", message: "by chance")) : .succeeded(["ok": true])
                    // A write that fails is a write that the next answer makes up for.
                    _ = try? await process.advance(task.runID, with: result.input(for: task.task.id))
                }
            }
        }
    }

    private func fireTimers() async throws {
        let due = try await bench.runs.dueTimers(at: bench.clock.wall, limit: 200)
        let firings = due.flatMap { timer in (0..<1 + roll(2)).map { _ in (timer, anyProcess) } }
        await withDiscardingTaskGroup { group in
            for (timer, process) in firings {
                group.addTask {
                    // As above.
                    _ = try? await process.advance(timer.runID, with: .timerFired(timer: timer.timerID))
                }
            }
        }
    }

    /// For a while no step can be stored.
    private func failWrites() async throws {
        try await execute(
            "CREATE TRIGGER broken BEFORE INSERT ON workflow_events BEGIN SELECT raise(ABORT, 'by chance'); END")
        try await answerSome(doubled: 2)
        try await fireTimers()
        try await execute("DROP TRIGGER broken")
    }

    private func execute(_ sql: String) async throws {
        try await bench.database.write { transaction throws(RepositoryError) in try transaction.execute(sql) }
    }

    private func stopOne() async throws {
        guard started > 0 else { return }
        let id = "run-\(1 + roll(started))"
        let (first, second) = (anyProcess, anyProcess)
        async let one: Void = first.stopExecution(id, reason: "by chance")
        async let other: Void = second.stopExecution(id, reason: "by chance")
        _ = try await (one, other)
    }

    /// An operator does something to a run, at two processes at once.
    private func order() async throws {
        guard started > 0 else { return }
        let verb = [RunOrder.Verb.suspend, .resume, .resume, .cancel, .terminate, .retry][roll(6)]
        guard verb != .cancel && verb != .terminate || roll(3) == 0 else { return }
        let (id, order) = ("run-\(1 + roll(started))", RunOrder(verb, by: "test", reason: "by chance"))
        let (first, second) = (anyProcess, anyProcess)
        await withDiscardingTaskGroup { group in
            for process in [first, second] {
                // A run that is over, or goes on, is beyond some orders.
                group.addTask { try? await process.give(order, to: id) }
            }
        }
    }

    /// A run is moved to the other version of its definition and back, at two processes at once.
    private func move() async throws {
        guard started > 0 else { return }
        let id = "run-\(1 + roll(started))"
        let moves = [(anyProcess, 1 + roll(2)), (anyProcess, 1 + roll(2))]
        await withDiscardingTaskGroup { group in
            for (process, version) in moves {
                // One that is over for good is not moved.
                group.addTask { _ = try? await process.move(id, to: version, by: "test", reason: "by chance") }
            }
        }
    }

    /// Sends a signal twice, which is one.
    private func signal() async throws {
        guard started > 0 else { return }
        sent += 1
        let id = "run-\(1 + roll(started))"
        let signal = RunSignal(
            name: "go", key: "key-\(sent)", payload: ["number": .number(JSONNumber(sent))], sender: "test")
        for process in [anyProcess, anyProcess] {
            // A run that is over takes no signals.
            _ = try? await process.send(signal, to: id)
        }
    }

    /// A worker takes a task and answers it, dies with it, or answers when another has it.
    private func work() async throws {
        guard let task = try await anyProcess.activityTask(of: "pack", for: "worker-\(roll(3))", leaseSeconds: 10)
        else {
            return
        }
        switch roll(4) {
        case 0: break
        case 1:
            bench.clock.advance(by: .seconds(11))
            let other = try await anyProcess.activityTask(of: "pack", for: "other", leaseSeconds: 10)
            let isTaken = other.map { $0.token.prefix(64) == task.token.prefix(64) } ?? false
            do {
                try await anyProcess.succeed(token: task.token, output: ["late": true])
                #expect(!isTaken, "seed \(seed): an answer counts whose lease is lost")
            } catch {
                #expect(isTaken || error == .taskTimedOut, "seed \(seed): \(error)")
            }
            if let other, isTaken { try await anyProcess.succeed(token: other.token, output: ["other": true]) }
        default:
            let (first, second) = (anyProcess, anyProcess)
            // Of two answers one is refused.
            async let one: Void? = try? first.succeed(token: task.token, output: ["packed": true])
            // As above.
            async let two: Void? = try? second.fail(token: task.token, error: "Boom", cause: "twice")
            let counted = await [one, two].compactMap(\.self).count
            #expect(counted <= 1, "seed \(seed): a task was answered twice")
        }
    }

    /// A process ends and another one takes its place, which sees again to what is open.
    private func restart(_ place: Int) async throws {
        processes[place] = process()
        for task in try await bench.runs.openTasks(after: nil, limit: 200).items {
            switch task.status {
            case .open: await processes[place].resume(task)
            case .cancelling: await processes[place].withdraw(task.task.id, of: task.runID)
            }
        }
    }

    /// Answers and fires whatever is left, until nothing is.
    private func drain() async throws {
        for _ in 0..<400 {
            try await bench.runs.setCapacity(5, of: "desk", by: "test", at: bench.clock.wall)
            for run in try await bench.runs.page(WorkflowRunQuery(statuses: [.running], limit: 100)).items {
                if run.control == .suspended {
                    try await processes[0].give(RunOrder(.resume, by: "test", reason: "at the end"), to: run.id)
                }
                sent += 1
                let last = RunSignal(name: "go", key: "key-\(sent)", payload: [:], sender: "test")
                // A run that has ended meanwhile takes no signals.
                _ = try? await processes[0].send(last, to: run.id)
            }
            await processes[0].admit(to: "desk")
            try await restart(0)
            try await answerSome(doubled: 1)
            bench.clock.advance(by: .seconds(30))
            try await fireTimers()
            let running = try await bench.runs.page(WorkflowRunQuery(statuses: [.running], limit: 1)).items
            let open = try await bench.runs.openTasks(after: nil, limit: 1).items
            if running.isEmpty && open.isEmpty { return }
        }
        Issue.record("seed \(seed): runs are left that nothing moves")
    }
}

/// Answers some tasks at once, refuses some for now, and keeps the rest waiting, as follows from their names.
private final class ChancyWorker: TaskWorker {
    private let seed = Mutex<UInt64>(0)

    func setSeed(_ value: UInt64) { seed.withLock { $0 = value } }

    func serves(_ resource: String) -> Bool { resource.hasPrefix("test:") }

    func begin(_ task: ScheduledTask, of runID: String) async throws(TaskTrouble) -> TaskResult? {
        if task.resource == "test:quick" { return .succeeded(["quick": true]) }
        var random = SeededRandom(seed: seed.withLock { $0 } ^ UInt64(task.id) << 32 ^ UInt64(runID.utf8.last ?? 0))
        switch random.next() % 8 {
        case 0: return .succeeded(["at once": true])
        case 1: return .failed(WorkflowFailure(code: "Boom", message: "at once"))
        case 2: throw .later("not now")
        default: return nil
        }
    }

    func cancel(_ task: ScheduledTask, of runID: String) async throws(TaskTrouble) {}
}
