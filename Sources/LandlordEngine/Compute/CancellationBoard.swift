package import LandlordDomain
import Synchronization

/// Tells an operation that is under way that it should stop.
///
/// The wish itself is in the database; this is only the bell.
package final class CancellationBoard: Sendable {
    private let bells = Mutex<[ComputeExecution.ID: AsyncStream<String>.Continuation]>([:])

    /// A board with no operation under way.
    package init() {}

    /// Hangs up a bell for an operation that begins; the stream gives the reason when it is rung.
    package func hang(for id: ComputeExecution.ID) -> AsyncStream<String> {
        let (stream, bell) = AsyncStream.makeStream(of: String.self, bufferingPolicy: .bufferingOldest(1))
        bells.withLock { $0[id] = bell }
        return stream
    }

    /// Takes the bell of an operation down.
    package func takeDown(_ id: ComputeExecution.ID) {
        let bell = bells.withLock { $0.removeValue(forKey: id) }
        bell?.finish()
    }

    /// Rings, if the operation is under way in this process.
    package func ring(_ id: ComputeExecution.ID, reason: String) {
        let bell = bells.withLock { $0[id] }
        bell?.yield(reason)
    }
}
