import LandlordDomain
import Synchronization

/// What the process that drives knows of tasks beside what is stored, so that nothing is asked for twice in vain.
///
/// All of it is a saving: a process that forgets it asks again, which is one effect all the same.
final class WorkInHand: Sendable {
    private struct State {
        var asked: Set<TaskReference> = []
        var needsScan = false
        /// Semaphores in which somebody waited when last looked.
        var waited: Set<String> = []
        /// Those that somebody is seeing to, and whether he is to look once more.
        var admitting: [String: Bool] = [:]
    }

    private let state = Mutex(State())

    /// Forgets all, because a process begins to drive.
    func forgetAll() { state.withLock { $0 = State() } }

    // MARK: Tasks

    /// Remembers that a task was asked for and that the answer comes later.
    func wasAsked(_ task: TaskReference) { state.withLock { _ = $0.asked.insert(task) } }

    /// Whether a task was asked for by this process.
    func hasAsked(_ task: TaskReference) -> Bool { state.withLock { $0.asked.contains(task) } }

    /// Forgets a task: it was answered or given up, or must be asked for again.
    func forget(_ task: TaskReference) { state.withLock { _ = $0.asked.remove(task) } }

    /// Has all open tasks looked at that were not asked for.
    func askForScan() { state.withLock { $0.needsScan = true } }

    /// Whether a scan was asked for since the last call.
    func takeScan() -> Bool {
        state.withLock { state in
            defer { state.needsScan = false }
            return state.needsScan
        }
    }

    // MARK: Semaphores

    /// Semaphores in which somebody may wait for a place.
    var waitedSemaphores: Set<String> { state.withLock { $0.waited } }

    /// Begins to see to a semaphore.
    ///
    /// - Returns: False where somebody does already; he looks once more.
    func beginAdmitting(_ semaphore: String) -> Bool {
        state.withLock { state in
            guard state.admitting[semaphore] == nil else {
                state.admitting[semaphore] = true
                return false
            }
            state.admitting[semaphore] = false
            return true
        }
    }

    /// Ends it, unless there is to be one more look.
    ///
    /// - Returns: Whether it has ended.
    func endAdmitting(_ semaphore: String, isWaited: Bool) -> Bool {
        state.withLock { state in
            if isWaited { state.waited.insert(semaphore) } else { state.waited.remove(semaphore) }
            if state.admitting[semaphore] == true {
                state.admitting[semaphore] = false
                return false
            }
            state.admitting[semaphore] = nil
            return true
        }
    }
}
