import Glibc
import Synchronization

/// Ends the process at a durable step, as a power cut would, so that a test can aim a kill where chance seldom hits.
///
/// `LANDLORD_CRASH_AT=process.spawned` kills at the first time that the step is reached, `process.spawned:3` at the
/// third. `LANDLORD_STEP_LOG=FILE` appends the name of each step that was reached, so that a kill from outside can be
/// named. Without these variables nothing happens and nothing is paid.
enum CrashPoints {
    /// What to do at each step.
    static func handler(variable: (String) -> String?) -> @Sendable (DurableStep) -> Void {
        let target = variable("LANDLORD_CRASH_AT").flatMap(Target.init)
        let log = variable("LANDLORD_STEP_LOG").map { open($0, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600) }
        if target == nil, log == nil { return { _ in } }
        let count = Counter()
        return { step in
            if let log { write(step, to: log) }
            guard let target, step == target.step, count.next() == target.time else { return }
            kill(getpid(), SIGKILL)
        }
    }

    private struct Target {
        let step: DurableStep
        let time: Int

        init?(_ text: String) {
            let words = text.split(separator: ":", maxSplits: 1)
            guard let name = words.first, let step = DurableStep(rawValue: String(name)) else { return nil }
            self.step = step
            time = words.count > 1 ? Int(words[1]) ?? 1 : 1
        }
    }

    private final class Counter: Sendable {
        private let value = Atomic<Int>(0)

        func next() -> Int { value.add(1, ordering: .relaxed).newValue }
    }

    private static func write(_ step: DurableStep, to descriptor: Int32) {
        let line = Array((step.rawValue + "\n").utf8)
        // A short line to a file in append mode is written whole; a full disk only loses the name of a step.
        _ = line.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    }
}
