import LandlordDomain
import StatesLanguage
import Synchronization

/// What the process that drives knows of tasks beside what is stored, so that nothing is asked for twice in vain.
///
/// All of it is a saving: a process that forgets it asks again, which is one effect all the same.
final class WorkInHand: Sendable {
    /// That a task was asked for.
    private struct Asking {
        /// When.
        let at: Timestamp
        /// The look at all open tasks in which the task was there last, or in which it was asked for.
        var look: Int
    }

    private struct State {
        var asked: [TaskReference: Asking] = [:]
        var look = 0
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

    /// How many tasks were asked for and not forgotten.
    var askedCount: Int { state.withLock { $0.asked.count } }

    /// Remembers that a task was asked for and that the answer comes later.
    func wasAsked(_ task: TaskReference, at now: Timestamp) {
        state.withLock { $0.asked[task] = Asking(at: now, look: $0.look) }
    }

    /// Whether an open task was asked for by this process.
    ///
    /// One that is younger than that was asked for by another run that has the name now.
    func hasAsked(_ task: StoredTask) -> Bool {
        state.withLock { state in
            guard let asking = state.asked[task.reference], task.askedAt <= asking.at else { return false }
            state.asked[task.reference]?.look = state.look
            return true
        }
    }

    /// Forgets a task: it was answered or given up, or must be asked for again.
    func forget(_ task: TaskReference) {
        state.withLock { state in
            if !state.asked.isEmpty { state.asked[task] = nil }
        }
    }

    /// Begins a look at all open tasks.
    func beginLook() { state.withLock { $0.look += 1 } }

    /// Forgets the tasks that the look has not found, because another process has answered them.
    func endLook() {
        state.withLock { state in
            guard state.asked.contains(where: { $0.value.look < state.look }) else { return }
            state.asked = state.asked.filter { $0.value.look == state.look }
        }
    }

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
