import Dispatch
import Glibc
import Synchronization

/// The wishes of the operator and of the system that this process should end.
enum Interrupts {
    /// `SIGINT` and `SIGTERM` as they come, in place of what they would do otherwise.
    ///
    /// Where nobody listens to the stream any more, because the process is ending already, a signal ends it at once.
    static func stream() -> AsyncStream<Int32> {
        AsyncStream { continuation in
            for number in [SIGINT, SIGTERM] {
                SignalListener().listen(to: number) {
                    if case .terminated = continuation.yield(number) { _exit(128 + number) }
                }
            }
        }
    }
}

/// Keeps a source of signals, which would end when nobody held it.
private final class SignalListener: Sendable {
    private let source = Mutex<(any DispatchSourceSignal)?>(nil)

    /// Calls `heard` at each signal, to the end of the process: one that was taken once must never be lost.
    func listen(to number: Int32, heard: @escaping @Sendable () -> Void) {
        source.withLock { source in
            source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            // The handler and the listener hold each other.
            source?.setEventHandler { withExtendedLifetime(self) { heard() } }
            source?.resume()
        }
    }
}
