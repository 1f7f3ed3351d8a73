import Foundation
import GRDB
import LandlordDomain
import LandlordTestSupport
import StatesLanguage
import Synchronization

@testable import LandlordEngine

/// Processes on one database, and everything that happens to them, one step after the other as a seed says.
///
/// A step is one job of one task, one commit of some of the writes that wait, one snapshot for some of the reads, or
/// something from outside: a request, an answer, a death at any point between two steps, a standstill, a full disk,
/// time that passes, a clock that is set. Nothing else decides what comes next, so that a seed is the same each time.
final class SimulatedWorld {
    /// What is left out, to see that the checks notice.
    enum Weakness {
        /// Nothing.
        case none
        /// A driver that was taken over goes on writing.
        case noFence
        /// Tasks are written in a transaction of their own, behind the step that asks for them.
        case tasksOutsideTheTransaction
    }

    /// What is not as it must be.
    private(set) var violations: [String] = []
    /// A digest of every choice and of what came of it.
    private(set) var digest: UInt64 = 0xcbf2_9ce4_8422_2325

    private let seed: UInt64
    private let weakness: Weakness
    private let machine: SimulatedMachine
    private let directory: TemporaryDirectory
    private let path: String
    private let monitor: DatabaseQueue
    private let outside: SimulatedOutside
    private var random: SeededRandom
    private var processes: [SimulatedProcess] = []
    private var dead: [SimulatedProcess] = []
    private var standing: Set<Int> = []
    private var processCount = 0
    private var startedCount = 0
    private var sentCount = 0

    private static let runLimit = 5
    private static let stepLimit = 400_000

    init(seed: UInt64, weakness: Weakness = .none, template: String) throws {
        self.seed = seed
        self.weakness = weakness
        machine = SimulatedMachine(seed: seed, isFenced: weakness != .noFence)
        random = SeededRandom(seed: seed)
        outside = SimulatedOutside(seed: seed)
        directory = try TemporaryDirectory(inMemory: true)
        path = directory.file("landlord.db")
        try FileManager.default.copyItem(atPath: template, toPath: path)
        monitor = try DatabaseQueue(path: path)
        for _ in 0..<2 { try bootOne() }
    }

    // MARK: Chance

    private func roll(_ sides: Int) -> Int {
        let value = Int(random.next() % UInt64(sides))
        mix(UInt64(value))
        return value
    }

    /// FNV-1a.
    private func mix(_ value: UInt64) { digest = (digest ^ value) &* 0x100_0000_01b3 }

    private var anyProcess: SimulatedProcess { processes[roll(processes.count)] }

    // MARK: Steps

    private enum Step {
        case job(SimulatedProcess)
        case write(SimulatedProcess)
        case read(SimulatedProcess)
        case flush
    }

    /// Does one step.
    ///
    /// - Returns: False where nothing can be done.
    private func step() throws -> Bool {
        var steps: [Step] = []
        for process in processes where !standing.contains(process.number) {
            if process.executor.count > 0 { steps.append(.job(process)) }
            if process.database.stepper?.hasWrites == true { steps.append(.write(process)) }
            if process.database.stepper?.hasReads == true { steps.append(.read(process)) }
        }
        if weakness == .tasksOutsideTheTransaction, try heldTaskCount() > 0 { steps.append(.flush) }
        guard !steps.isEmpty else { return false }
        switch steps[roll(steps.count)] {
        case .job(let process): process.executor.run(roll(process.executor.count))
        case .write(let process): try write(process)
        case .read(let process): process.database.stepper?.read(limit: 1 + roll(8))
        case .flush: try flushTasks()
        }
        return true
    }

    private func write(_ process: SimulatedProcess) throws {
        let epoch = try monitor.read { try Int.fetchOne($0, sql: "SELECT epoch FROM leases") }
        let believed = process.believedEpoch
        process.database.stepper?.write(limit: 1 + roll(8))
        guard !process.committed().isEmpty else { return }
        if let believed, believed != epoch {
            violations.append("process \(process.number) has written under epoch \(believed) when it was \(epoch ?? 0)")
        }
        // The kernel reports the write to the others.
        for other in processes where other.number != process.number { other.database.noticeOtherProcesses() }
    }

    /// Does whatever can be done until nothing can.
    private func rest() throws {
        var count = 0
        while try step() {
            count += 1
            guard count < Self.stepLimit else { return violations.append("the engine does not come to rest") }
        }
    }

    /// Runs something in a process to its end, while everything else goes on as well.
    private func run(
        in process: SimulatedProcess, _ body: @escaping @Sendable (SimulatedProcess) async throws -> Void
    ) throws {
        let outcome = Mutex<Result<Void, any Error>?>(nil)
        process.spawn { process in
            do {
                try await body(process)
                outcome.withLock { $0 = .success(()) }
            } catch {
                outcome.withLock { $0 = .failure(error) }
            }
        }
        for _ in 0..<Self.stepLimit {
            if let outcome = outcome.withLock({ $0 }) { return try outcome.get() }
            if try !step() { machine.clock.advance(by: .seconds(1)) }
        }
        violations.append("a request does not come to its end")
    }

    // MARK: Life and death

    private func bootOne() throws {
        processCount += 1
        let process = try SimulatedProcess(number: processCount, path: path, machine: machine, worker: outside)
        process.boot()
        processes.append(process)
    }

    /// A process ends at this very point: what it has not committed is lost, and what it has committed nobody is told.
    private func kill() throws {
        guard processes.count > 1 || roll(2) == 0 else { return }
        let process = processes.remove(at: roll(processes.count))
        standing.remove(process.number)
        machine.free(process.number)
        dead.append(process)
        if weakness == .tasksOutsideTheTransaction { try dropHeldTasks() }
        if processes.isEmpty { try bootOne() }
    }

    // MARK: From outside

    /// Lets things happen, with everything that follows from them in any order.
    func live(actions: Int) throws {
        try run(in: processes[0]) { process in
            for (name, document) in RunScheduleMachine.all {
                _ = try await process.provider.createWorkflow(
                    WorkflowSpec(workflowID: name, provider: "embedded", name: name, definition: document))
            }
        }
        if weakness == .tasksOutsideTheTransaction { try holdTasks() }
        for _ in 0..<actions {
            try act()
            for _ in 0..<roll(60) where try !step() { break }
        }
    }

    private func act() throws {
        switch roll(24) {
        case 0, 1, 2, 3: start()
        case 4, 5, 6, 7: answer(times: 1 + roll(2))
        case 8, 9: work()
        case 10: signal()
        case 11: order()
        case 12: machine.clock.advance(by: .seconds(roll(20)))
        case 13: machine.clock.advance(by: .seconds(1))
        case 14: machine.jump(by: .seconds([-86_400, -60, 60, 86_400][roll(4)]))
        case 15, 16: try kill()
        case 17, 18: if processes.count < 3 { try bootOne() }
        case 19, 20: standing.insert(anyProcess.number)
        case 21: standing = []
        // A process that has no database any more has no full disk either.
        case 22: try? anyProcess.database.stepper?.configure("PRAGMA max_page_count = 1")
        default: try healDisks()
        }
    }

    private func healDisks() throws {
        for process in processes { try process.database.stepper?.configure("PRAGMA max_page_count = 1073741823") }
    }

    private func start() {
        guard startedCount < Self.runLimit else { return }
        startedCount += 1
        let (name, machines) = ("run-\(startedCount)", RunScheduleMachine.all)
        let workflow = machines[roll(machines.count)].name
        for process in [anyProcess, anyProcess].prefix(1 + roll(2)) {
            process.spawn { [outside] process in
                let input = ExecutionInput(executionName: name, input: ["items": [1, 2, 3]], triggerSource: "test")
                // A start that fails was not acknowledged.
                guard (try? await process.provider.startExecution(of: workflow, input)) != nil else { return }
                outside.acknowledged { $0.starts.insert(name) }
            }
        }
    }

    /// Somebody answers a task that was asked for, perhaps more than once.
    private func answer(times: Int) {
        guard let task = outside.asked(roll(1_000)) else { return }
        for number in 0..<times {
            let result: TaskResult =
                roll(4) == 0
                ? .failed(WorkflowFailure(code: "Boom", message: "by chance"))
                : .succeeded(["number": .number(JSONNumber(number))])
            anyProcess.spawn { process in
                // Who gets no answer asks again.
                _ = try? await process.provider.advance(task.runID, with: result.input(for: task.taskID))
            }
        }
    }

    /// A worker takes a task and answers it; his answer may come when the lease is lost.
    private func work() {
        let (isSlow, other) = (roll(3) == 0, anyProcess)
        sentCount += 1
        let number = sentCount
        anyProcess.spawn { [machine, outside] process in
            // A worker whose request fails comes again.
            guard let task = try? await process.provider.activityTask(of: "pack", for: "w\(number)", leaseSeconds: 5)
            else {
                return
            }
            // A sleep that is cancelled is the end of the world.
            if isSlow { try? await machine.clock.sleep(for: .seconds(7)) }
            other.spawn { other in
                // As above.
                guard
                    // As above: who gets no answer asks again.
                    (try? await other.provider.succeed(token: task.token, output: ["answer": .string("<\(number)>")]))
                        != nil
                else { return }
                outside.acknowledged { $0.answers.append("<\(number)>") }
            }
        }
    }

    private func signal() {
        guard startedCount > 0 else { return }
        sentCount += 1
        let (run, key) = ("run-\(1 + roll(startedCount))", "key-\(sentCount)")
        for process in [anyProcess, anyProcess] {
            process.spawn { [outside] process in
                let signal = RunSignal(name: "go", key: key, payload: [:], sender: "test")
                // A run that is over takes no signals.
                guard (try? await process.provider.send(signal, to: run)) != nil else { return }
                outside.acknowledged { $0.signals.insert("\(run) \(key)") }
            }
        }
    }

    private func order() {
        guard startedCount > 0 else { return }
        let verb = [RunOrder.Verb.suspend, .resume, .resume, .cancel, .terminate, .retry][roll(6)]
        let (run, order) = ("run-\(1 + roll(startedCount))", RunOrder(verb, by: "test", reason: "by chance"))
        anyProcess.spawn { process in
            // A run that is over, or goes on, is beyond some orders.
            try? await process.provider.give(order, to: run)
        }
    }

    // MARK: The end

    /// Heals everything, lets every run come to its end, and looks at what has come of it.
    func settle() throws {
        standing = []
        try healDisks()
        for round in 0..<60 {
            try rest()
            let process = processes[0]
            let isOver = Mutex(false)
            sentCount += 1
            let number = sentCount
            try run(in: process) { [outside] process in
                do {
                    let isDone = try await Self.push(process, outside, number)
                    isOver.withLock { $0 = isDone }
                } catch RepositoryError.fenced, WorkflowError.unavailable, TaskTokenError.unavailable {
                    // It has lost its lease and has not noticed; it is asked again when it has.
                }
            }
            if isOver.withLock({ $0 }) { return try look(process) }
            // A clock that was put back makes what was set before late by as much.
            machine.clock.advance(by: .seconds(round < 10 ? 40 : 90_000))
        }
        violations.append("runs are left that nothing moves: \(try whatIsLeft())")
    }

    /// What is not over, for whoever reads of it.
    private func whatIsLeft() throws -> String {
        try monitor.read { database in
            let runs = try Row.fetchAll(
                database,
                sql: "SELECT run_id, control, current_state, wake_at FROM workflow_runs WHERE ended_at IS NULL")
            let tasks = try Row.fetchAll(
                database,
                sql:
                    "SELECT id >> 24 AS run, id & 16777215 AS id, resource, status FROM workflow_tasks"
            )
            let timers = try Row.fetchAll(database, sql: "SELECT id, fire_at FROM workflow_timers")
            return "\(runs) \(tasks) \(timers), now \(machine.now.millisecondsSinceEpoch)"
        }
    }

    /// Gives every run what it waits for.
    private static func push(
        _ process: SimulatedProcess, _ outside: SimulatedOutside, _ number: Int
    ) async throws -> Bool {
        let (store, provider) = (process.store, process.provider)
        let running = try await store.page(WorkflowRunQuery(statuses: [.running], limit: 100)).items
        let open = try await store.openTasks(after: nil, limit: 200).items
        if running.isEmpty && open.isEmpty { return true }
        try await store.setCapacity(5, of: "desk", by: "test", at: provider.surroundings.now())
        await provider.admit(to: "desk")
        for run in running {
            // Orders and signals come too late where the run has ended meanwhile.
            if run.control == .suspended {
                // As above: who gets no answer asks again.
                try? await provider.give(RunOrder(.resume, by: "test", reason: ""), to: run.id)
            }
            let signal = RunSignal(name: "go", key: "last-\(number)", payload: [:], sender: "test")
            // As above.
            _ = try? await provider.send(signal, to: run.id)
        }
        // Only what was asked for is answered: an engine that forgets to ask is found out.
        for task in outside.allAsked {
            _ = try await provider.advance(task.runID, with: .taskSucceeded(task: task.taskID, output: [:]))
        }
        while let task = try await provider.activityTask(of: "pack", for: "last", leaseSeconds: 100) {
            // Its state may have been given up meanwhile, or a worker who had it before has answered.
            try? await provider.succeed(token: task.token, output: [:])
        }
        return false
    }

    private func look(_ process: SimulatedProcess) throws {
        let found = Mutex<[String]>([])
        let heads = Mutex<[UInt8]>([])
        let acknowledged = outside.acknowledgements
        try run(in: process) { process in
            var wrong = try await DatabaseVerifier(process.database).verify().findings.map(\.description)
            let runs = try await process.store.page(WorkflowRunQuery(limit: 200)).items
            var texts = ""
            for run in runs.sorted(by: { $0.id < $1.id }) {
                wrong += try await RunCheck.violations(of: run, in: process.store)
                let recorded = try await process.store.recorded(run.id)
                heads.withLock { $0 += recorded?.hash ?? [] }
                texts += recorded?.links.map(\.link.input).joined() ?? ""
            }
            let ids = Set(runs.map(\.id))
            wrong += acknowledged.starts.filter { !ids.contains($0) }.map { "\($0) was acknowledged and is not there" }
            for signal in acknowledged.signals {
                let parts = signal.split(separator: " ").map(String.init)
                let keys = try await process.store.signals(of: parts[0]).map(\.signal.key)
                if !keys.contains(parts[1]) { wrong.append("signal \(signal) was acknowledged and is not there") }
            }
            for answer in acknowledged.answers where texts.components(separatedBy: answer).count != 2 {
                wrong.append("answer \(answer) was acknowledged and does not count once")
            }
            found.withLock { $0 = wrong }
        }
        violations += found.withLock { $0 }
        for byte in heads.withLock({ $0 }) { mix(UInt64(byte)) }
    }

    /// Lets go of everything; what is left of the tasks sees that the database is closed, and ends.
    func close() throws {
        let all = processes + dead
        for process in all { process.cancelAll() }
        for process in all { try process.database.stepper?.close() }
        var isMoving = true
        while isMoving {
            isMoving = false
            for process in all where process.executor.count > 0 {
                process.executor.run(0)
                isMoving = true
            }
        }
        try monitor.close()
    }

    // MARK: Weaknesses

    private func holdTasks() throws {
        try monitor.write { database in
            try database.execute(
                sql: """
                    CREATE TABLE held AS SELECT * FROM workflow_tasks WHERE 0;
                    CREATE TABLE holding (is_on INTEGER);
                    INSERT INTO holding VALUES (1);
                    CREATE TRIGGER hold BEFORE INSERT ON workflow_tasks WHEN (SELECT is_on FROM holding) BEGIN
                        INSERT INTO held (\(Self.taskColumns)) VALUES (\(Self.newTaskColumns));
                        SELECT RAISE(IGNORE);
                    END
                    """)
        }
    }

    private func heldTaskCount() throws -> Int {
        try monitor.read { database in
            guard try database.tableExists("held") else { return 0 }
            return try Int.fetchOne(database, sql: "SELECT count(*) FROM held") ?? 0
        }
    }

    private func flushTasks() throws {
        try monitor.write { database in
            try database.execute(
                sql: """
                    UPDATE holding SET is_on = 0;
                    INSERT OR IGNORE INTO workflow_tasks (\(Self.taskColumns)) SELECT \(Self.taskColumns) FROM held;
                    UPDATE holding SET is_on = 1;
                    DELETE FROM held
                    """)
        }
        for process in processes { process.database.noticeOtherProcesses() }
    }

    private func dropHeldTasks() throws {
        guard try heldTaskCount() > 0 else { return }
        try monitor.write { try $0.execute(sql: "DELETE FROM held") }
    }

    private static let columnNames = [
        "id", "state_name", "resource", "token", "timeout_seconds", "heartbeat_seconds", "attempt", "status",
        "created_at", "parameters", "priority", "semaphore", "is_admitted", "activity", "is_external", "lease",
    ]
    private static let taskColumns = columnNames.joined(separator: ", ")
    private static let newTaskColumns = columnNames.map { "NEW.\($0)" }.joined(separator: ", ")
}
