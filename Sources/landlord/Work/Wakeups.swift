import LandlordEngine

/// Reasons to look again: committed changes, and a coarse beat in case one was missed.
struct Wakeups: Sendable {
    private let stream: AsyncStream<[Change]>
    private let feed: AsyncStream<[Change]>.Continuation
    private let subscription: ChangeSubscription
    private let clock: any Clock<Duration>
    private let beat: Duration

    /// Subscribes at once, so that nothing that happens from now on is missed; read first and wait afterwards.
    init(_ session: Session, beat: Duration = .seconds(2)) {
        subscription = session.engine.changes.subscribe()
        clock = session.surroundings.clock
        self.beat = beat
        (stream, feed) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(64))
    }

    /// Calls `look` now and at every reason to look again, until it answers something.
    func firstAnswer<Value: Sendable>(
        _ look: @escaping @Sendable ([Change]) async throws -> Value?
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask {
                for await changes in subscription { feed.yield(changes) }
                return nil
            }
            group.addTask {
                while true {
                    try await clock.sleep(for: beat)
                    feed.yield([.missed])
                }
            }
            group.addTask {
                if let value = try await look([.missed]) { return value }
                for await changes in stream {
                    if let value = try await look(changes) { return value }
                }
                throw CancellationError()
            }
            defer { group.cancelAll() }
            while let value = try await group.next() {
                if let value { return value }
            }
            throw CancellationError()
        }
    }
}
