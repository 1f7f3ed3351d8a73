import LandlordDomain
import LandlordTestSupport
import Logging
import StatesLanguage
import Synchronization

@testable import LandlordEngine

/// What the processes of a simulation share: the machine's clock and the lock on the file beside the database.
final class SimulatedMachine: Sendable {
    let clock = ManualClock()
    private let skew = Mutex(Duration.zero)
    private let lockHolder = Mutex<Int?>(nil)
    let seed: UInt64
    /// Whether the database refuses the writes of a driver that was taken over.
    let isFenced: Bool

    init(seed: UInt64, isFenced: Bool) {
        self.seed = seed
        self.isFenced = isFenced
    }

    /// The time as the machine tells it.
    var now: Timestamp { clock.wall.advanced(by: skew.withLock { $0 }) }

    /// Sets the machine's clock forth or back, while the time that passes goes on.
    func jump(by duration: Duration) { skew.withLock { $0 += duration } }

    /// Whether a process has the lock, which only a death frees.
    func takesLock(_ process: Int) -> Bool {
        lockHolder.withLock { holder in
            if holder == nil { holder = process }
            return holder == process
        }
    }

    func free(_ process: Int) { lockHolder.withLock { if $0 == process { $0 = nil } } }
}

/// A process: a database of its own on the common file, an engine with nothing in memory, and tasks that only the
/// simulation runs.
final class SimulatedProcess: Sendable {
    let number: Int
    let database: LandlordEngine.Database
    let store: DatabaseRunStore
    let provider: EmbeddedWorkflowProvider
    let executor = SimulatedExecutor()
    private let machine: SimulatedMachine
    private let tasks = Mutex<[Task<Void, Never>]>([])
    private let lease = Mutex<Lease?>(nil)
    private let epoch: BelievedEpoch
    private let listener: ChangeSubscription

    init(number: Int, path: String, machine: SimulatedMachine, worker: any TaskWorker) throws {
        self.number = number
        self.machine = machine
        let epoch = BelievedEpoch()
        self.epoch = epoch
        database = try LandlordEngine.Database(path: path, options: .init(), isStepped: true)
        store = DatabaseRunStore(database)
        let chance = SeededChance(seed: machine.seed &* 1_000 &+ UInt64(number))
        provider = EmbeddedWorkflowProvider(
            store: store, workers: [worker], isDriving: { epoch.value != nil },
            surroundings: Surroundings(
                clock: machine.clock, now: { machine.now }, random: { chance.next() }),
            logger: Logger(label: "simulation") { _ in SwiftLogNoOpLogHandler() })
        listener = database.hub.subscribe(limit: 100_000)
    }

    /// The epoch under which it believes to drive.
    var believedEpoch: Int? { epoch.value }

    /// Starts a task in this process.
    func spawn(_ body: @escaping @Sendable (SimulatedProcess) async -> Void) {
        let task = Task(executorPreference: executor) { await body(self) }
        tasks.withLock { $0.append(task) }
    }

    /// What was committed here since the last call, but for what other processes have written.
    func committed() -> [Change] { listener.drain().filter { $0 != .missed && $0 != .lease } }

    /// Tries to drive, and drives while it may, as a process does from its start on.
    func boot() {
        spawn { process in
            var engine: Task<Void, Never>?
            while !Task.isCancelled {
                if await process.holds() {
                    if engine == nil {
                        engine = Task(executorPreference: process.executor) {
                            await EmbeddedEngine(
                                provider: process.provider, changes: process.database.hub, sweepInterval: .seconds(5)
                            ).drive()
                        }
                    }
                } else {
                    engine?.cancel()
                    engine = nil
                }
                // A sleep that is cancelled ends the loop at its head.
                try? await process.machine.clock.sleep(for: .seconds(3))
            }
            engine?.cancel()
            await engine?.value
        }
    }

    /// Takes the lease, or renews it.
    private func holds() async -> Bool {
        let attempt = LeaseAttempt(
            holder: DrivingLock.Holder(pid: number, host: "simulated"), hasFile: machine.takesLock(number),
            now: machine.now, duration: .seconds(10))
        let believed = lease.withLock { $0 }
        do {
            if let believed {
                let renewed = try await database.write { transaction throws(RepositoryError) in
                    try attempt.renew(believed, transaction)
                }
                lease.withLock { $0 = renewed }
                return true
            }
            let outcome = try await database.write { transaction throws(RepositoryError) in
                try attempt.take(transaction)
            }
            guard case .acquired(let taken) = outcome else { return false }
            lease.withLock { $0 = taken }
            epoch.value = taken.epoch
            if machine.isFenced { database.fence.set(taken.epoch) }
            return true
        } catch RepositoryError.fenced {
            lease.withLock { $0 = nil }
            epoch.value = nil
            database.fence.set(nil)
            return false
        } catch {
            // What cannot be written now is tried again; until then it goes on as it was.
            return believed != nil
        }
    }

    /// Ends every task; they must be run to see it.
    func cancelAll() {
        for task in tasks.withLock({ $0 }) { task.cancel() }
    }
}

/// The epoch under which a process believes to drive; its engine asks for it while it is being made.
private final class BelievedEpoch: Sendable {
    private let stored = Mutex<Int?>(nil)

    var value: Int? {
        get { stored.withLock { $0 } }
        set { stored.withLock { $0 = newValue } }
    }
}
