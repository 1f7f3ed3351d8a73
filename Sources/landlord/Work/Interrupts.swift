import Dispatch
import Glibc

/// The wishes of the operator and of the system that this process should end.
enum Interrupts {
    /// `SIGINT` and `SIGTERM` as they come, in place of what they would do otherwise.
    ///
    /// Where nobody listens to the stream any more, because the process is ending already, a signal ends it at once.
    static func stream() -> AsyncStream<Int32> {
        AsyncStream { continuation in
            for number in [SIGINT, SIGTERM] {
                let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
                source.setEventHandler {
                    if case .terminated = continuation.yield(number) { _exit(128 + number) }
                }
                // From here on the system keeps the source.
                source.resume()
            }
        }
    }
}
