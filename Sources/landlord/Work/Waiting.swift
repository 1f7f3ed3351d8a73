import LandlordEngine

/// How a wait has ended.
enum WaitEnd<Value: Sendable>: Sendable {
    /// With what was waited for.
    case answer(Value)
    /// The time is over.
    case outOfTime
    /// The operator or the system wants the process to end.
    case signal(Int32)
}

extension Session {
    /// Calls `look` now and at every reason to look again, until it answers something, the time is over or a signal
    /// comes.
    func firstAnswer<Value: Sendable>(
        atMost timeout: Duration, unless interrupts: AsyncStream<Int32>,
        _ look: @escaping @Sendable ([Change]) async throws -> Value?
    ) async throws -> WaitEnd<Value> {
        let wakeups = Wakeups(self)
        let clock = surroundings.clock
        return try await withThrowingTaskGroup(of: WaitEnd<Value>.self) { group in
            group.addTask { .answer(try await wakeups.firstAnswer(look)) }
            group.addTask {
                try await clock.sleep(for: timeout)
                return .outOfTime
            }
            group.addTask {
                for await number in interrupts { return .signal(number) }
                throw CancellationError()
            }
            defer { group.cancelAll() }
            guard let end = try await group.next() else { throw CancellationError() }
            return end
        }
    }
}
