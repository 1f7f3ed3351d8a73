import LandlordDomain
import LandlordEngine

/// Waits for the end of a run, and tells what happens on the way.
struct RunFollower: Sendable {
    private let session: Session
    private let interrupts: AsyncStream<Int32>

    /// A follower with a session; from now on Ctrl-C ends the wait and not the process.
    init(_ session: Session) {
        self.session = session
        interrupts = Interrupts.stream()
    }

    /// Waits while this process drives the database where no other does.
    ///
    /// - Throws: A failure with 124 when the time is over, with 128 and its number for a signal.
    func wait(for id: String, atMost timeout: Duration) async throws -> WorkflowRun {
        let end = try await session.whileDriving {
            let log = RunLine()
            return try await session.firstAnswer(atMost: timeout, unless: interrupts) { changes in
                guard changes.contains(where: { $0.concerns(run: id) }) else { return WorkflowRun?.none }
                guard let run = try await session.engine.runs.run(id) else { return nil }
                await log.show(run)
                return run.status.isTerminal ? run : nil
            }
        }
        switch end {
        case .answer(let run): return run
        case .outOfTime:
            throw Failure(.timeout, "run \(id) is not over after \(timeout.inWords); it goes on with whoever drives")
        case .signal(let number):
            throw Failure(.signal(number), "stopped waiting; run \(id) goes on with whoever drives")
        }
    }
}

extension Change {
    /// Whether a run may stand elsewhere now.
    fileprivate func concerns(run id: String) -> Bool {
        switch self {
        case .run(let runID, _, _): runID == id
        case .missed: true
        case .tenant, .execution, .callback, .approval, .schedule, .lease, .storage, .workflowTask, .workflowTimer:
            false
        }
    }
}

/// Tells a person where a run stands, each step once.
private actor RunLine {
    private var shown = ""

    func show(_ run: WorkflowRun) {
        let doing = run.control?.rawValue ?? run.subState.rawValue
        let line = "\(run.id): \(doing)" + (run.currentState.map { " in '\($0)'" } ?? "")
        guard line != shown else { return }
        shown = line
        StandardStream.progress(line)
    }
}
