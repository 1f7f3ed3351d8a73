import LandlordDomain
import StatesLanguage
import Synchronization

/// A run as it is moved: its row and chain behind the last input that was decided, which may not be durable yet.
struct MovingRun: Sendable {
    let number: Int64
    let id: String
    let tenantID: String?
    /// The task of another run that started this one.
    let parent: RunKey?
    /// The version that it is on; a move changes it.
    var machine: StoredMachine
    /// Nil only while a step has it.
    var state: RunState?
    var head: RunLog.Head
}

/// Runs in memory, so that a step reads nothing, and is decided while the step before it is still being written.
///
/// The database stays the truth: every write names the input that it was decided behind, and one that does not fit is
/// refused. Whoever meets that forgets the run and reads it again. At the limit the runs that were not used for longest
/// are forgotten, half of all at a time.
final class LiveRuns: Sendable {
    /// One run; whoever holds its lock decides and hands over to the writer.
    final class Run: Sendable {
        /// Nil while a step holds it, and after a step that never came to its end.
        let moving: Mutex<MovingRun?>

        init(_ run: MovingRun) { moving = Mutex(run) }
    }

    private struct Generations {
        var young: [String: Run] = [:]
        var old: [String: Run] = [:]
    }

    private let generations = Mutex(Generations())
    private let generationLimit: Int

    /// Keeps at most `limit` runs.
    init(limit: Int = 8192) {
        generationLimit = max(1, limit / 2)
    }

    /// The run, where it is in memory.
    func run(_ id: String) -> Run? {
        generations.withLock { generations in
            if let run = generations.young[id] { return run }
            guard let run = generations.old.removeValue(forKey: id) else { return nil }
            insert(run, id, &generations)
            return run
        }
    }

    /// Keeps a run that was read or begun; where it is there already, answers that one.
    func keep(_ run: MovingRun) -> Run {
        generations.withLock { generations in
            if let known = generations.young[run.id] ?? generations.old[run.id] { return known }
            let kept = Run(run)
            insert(kept, run.id, &generations)
            return kept
        }
    }

    /// Lets go of a run: it has ended, or what memory says of it is not what was stored.
    func forget(_ id: String) {
        generations.withLock { generations in
            generations.young[id] = nil
            generations.old[id] = nil
        }
    }

    private func insert(_ run: Run, _ id: String, _ generations: inout Generations) {
        if generations.young.count >= generationLimit {
            generations.old = generations.young
            generations.young = [:]
        }
        generations.young[id] = run
    }
}
