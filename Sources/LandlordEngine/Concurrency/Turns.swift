import ServiceLifecycle

/// Work in turns: one whenever a bell rings, another process has written, or the rest is over that the last turn named.
struct Turns: Sendable {
    /// Rings when there may be something to do.
    let bell: Alarm
    let changes: ChangeHub
    let clock: any Clock<Duration>

    /// The longest rest: a ring that was lost, or a clock that was put forward, costs this long.
    static let restLimit = Duration.seconds(10)

    /// Works until the graceful shutdown begins; `turn` says how long it may rest, at most `restLimit`.
    func run(_ turn: @escaping @Sendable () async -> Duration) async {
        bell.open()
        let subscription = changes.subscribe()
        await withDiscardingTaskGroup { group in
            group.addTask {
                while !bell.isClosed {
                    let rest = await turn()
                    await bell.wait(atMost: min(rest, Self.restLimit), on: clock)
                }
            }
            group.addTask {
                // What another process has written is found by looking.
                for await batch in subscription where batch.contains(.missed) { bell.ring() }
            }
            // Ends with the shutdown only; a cancelled wait is that shutdown.
            try? await gracefulShutdown()
            bell.close()
            group.cancelAll()
        }
    }
}
