import LandlordDomain
import LandlordTestSupport
import StatesLanguage
import Synchronization

@testable import LandlordEngine

/// Those outside of the engine: who is asked for tasks, and what they were told was done.
final class SimulatedOutside: TaskWorker {
    /// What was acknowledged, and so must be there whatever happens.
    struct Acknowledgements {
        var starts: Set<String> = []
        /// The run and the key of each.
        var signals: Set<String> = []
        /// A mark of each.
        var answers: [String] = []
    }

    private struct State {
        var asked: [TaskReference] = []
        var known: Set<TaskReference> = []
        var acknowledged = Acknowledgements()
    }

    private let seed: UInt64
    private let state = Mutex(State())

    init(seed: UInt64) { self.seed = seed }

    var acknowledgements: Acknowledgements { state.withLock { $0.acknowledged } }

    /// Every task that was ever asked for, in the order in which they were.
    var allAsked: [TaskReference] { state.withLock { $0.asked } }

    /// One of the tasks that were asked for.
    func asked(_ number: Int) -> TaskReference? {
        state.withLock { $0.asked.isEmpty ? nil : $0.asked[number % $0.asked.count] }
    }

    func acknowledged(_ change: (inout Acknowledgements) -> Void) { state.withLock { change(&$0.acknowledged) } }

    func serves(_ resource: String) -> Bool { resource.hasPrefix("test:") }

    func begin(_ task: ScheduledTask, of runID: String) async throws(TaskTrouble) -> TaskResult? {
        if task.resource == "test:quick" { return .succeeded(["quick": true]) }
        var random = SeededRandom(seed: seed ^ UInt64(task.id) << 32 ^ UInt64(runID.utf8.last ?? 0))
        switch random.next() % 8 {
        case 0: return .succeeded(["at once": true])
        case 1: return .failed(WorkflowFailure(code: "Boom", message: "at once"))
        default:
            let reference = TaskReference(runID: runID, taskID: task.id)
            state.withLock { state in
                if state.known.insert(reference).inserted { state.asked.append(reference) }
            }
            return nil
        }
    }

    func cancel(_ task: ScheduledTask, of runID: String) async throws(TaskTrouble) {}
}
