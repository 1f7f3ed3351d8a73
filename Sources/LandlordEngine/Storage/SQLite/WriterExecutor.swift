import Glibc
import Synchronization

/// Lets a task go on where its write was committed: on the writer's own thread, while nobody else waits for that.
///
/// A run with nothing beside it would otherwise change threads twice for each step, which takes longer than the step.
/// Under load every job goes to the pool, so that the next batch is decided while this one is written.
final class WriterExecutor: TaskExecutor {
    private struct State {
        var writer: pthread_t?
        /// The jobs that became ready while the writer lets them come to itself; nil while it does not.
        var kept: [UnownedJob]?
    }

    /// Jobs that the writer runs after one commit; what becomes ready beyond goes to the pool.
    private static let jobLimit = 4

    private let state = Mutex(State())

    /// Takes a job: for the writer where its thread offers itself, else for the pool.
    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let isKept = state.withLock { state in
            guard let writer = state.writer, pthread_equal(writer, pthread_self()) != 0,
                let count = state.kept?.count, count < Self.jobLimit
            else { return false }
            state.kept?.append(job)
            return true
        }
        if !isKept { globalConcurrentExecutor.enqueue(job) }
    }

    /// Says that the calling thread is the writer's.
    func adopt() { state.withLock { $0.writer = pthread_self() } }

    /// Calls `answer`, and then runs on this thread what became ready by it.
    func runAfter(_ answer: () -> Void) {
        state.withLock { $0.kept = [] }
        answer()
        let jobs = state.withLock { state in
            defer { state.kept = nil }
            return state.kept ?? []
        }
        for job in jobs { job.runSynchronously(on: asUnownedTaskExecutor()) }
    }
}
