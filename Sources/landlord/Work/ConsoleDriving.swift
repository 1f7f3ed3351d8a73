import Dispatch
import LandlordEngine
import Logging

extension Session {
    /// How long the operator waits for the prompt after leaving; what is not drained by then, the next driver takes up.
    private static let leaveLimit = DispatchTimeInterval.seconds(5)

    /// Runs `body` on the calling thread while the engine works on others, and lets the engine drain afterwards.
    func drivenBeside<Value>(_ body: () throws -> Value) rethrows -> Value {
        let (open, door) = AsyncStream<Never>.makeStream()
        let drained = DispatchSemaphore(value: 0)
        Task {
            do {
                try await whileDriving {
                    for await _ in open {}
                }
            } catch {
                logger.error("The engine has stopped", metadata: [LogKeys.error: "\(error)"])
            }
            await host.database.close()
            drained.signal()
        }
        defer {
            door.finish()
            _ = drained.wait(timeout: .now() + Self.leaveLimit)
        }
        return try body()
    }
}
