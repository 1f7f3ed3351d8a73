import Synchronization

/// Keeps the jobs of tasks until somebody says which of them comes next.
final class SimulatedExecutor: TaskExecutor {
    private let ready = Mutex<[UnownedJob]>([])

    /// How many jobs could come next.
    var count: Int { ready.withLock { $0.count } }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        ready.withLock { $0.append(job) }
    }

    /// Runs one of the jobs up to where its task waits next.
    func run(_ index: Int) {
        let job = ready.withLock { $0.remove(at: index) }
        job.runSynchronously(on: asUnownedTaskExecutor())
    }
}
