import LandlordDomain
import LandlordEngine

/// Waits until no run of a workflow is in flight, and tells how many are left.
///
/// It counts with the beat of its wake-ups and not with each change: counting looks at every run that is not over.
struct DrainFollower: Sendable {
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
    func wait(for workflowID: String, atMost timeout: Duration) async throws {
        let end = try await session.whileDriving {
            let told = ToldCount()
            return try await session.firstAnswer(atMost: timeout, unless: interrupts) { changes in
                guard changes.contains(.missed) else { return Bool?.none }
                let count = try await session.engine.runs.workflow(workflowID)?.inFlightCount ?? 0
                await told.tell(count, of: workflowID)
                return count == 0 ? true : nil
            }
        }
        switch end {
        case .answer: return
        case .outOfTime:
            throw Failure(
                .timeout,
                "runs of \(workflowID) are in flight after \(timeout.inWords); it stays drained, and they go on with "
                    + "whoever drives")
        case .signal(let number):
            throw Failure(
                .signal(number),
                "stopped waiting; \(workflowID) stays drained, and its runs go on with whoever drives")
        }
    }
}

/// Tells a person how many runs are left, each number once.
private actor ToldCount {
    private var last: Int?

    func tell(_ count: Int, of workflowID: String) {
        guard count != last else { return }
        last = count
        StandardStream.progress("\(workflowID): \(count) in flight")
    }
}
