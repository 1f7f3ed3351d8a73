internal import Synchronization

/// Where everybody but the terminal's thread leaves events for the console.
///
/// It is bounded. At the limit, the events that only say what has changed are thrown away together and one event that
/// says "read everything again" stands in their place: data can be read again, and a console that cannot keep up
/// should read the state once instead of every step towards it. Events that are answers are always kept; there are
/// as many of them as effects in flight.
public final class Mailbox<Event: Sendable>: Sendable {
    private struct State {
        var events: [Event] = []
        var droppedCount = 0
        var isResyncQueued = false
    }

    private let state = Mutex(State())
    private let limit: Int
    private let resync: Event
    private let isReplaceable: @Sendable (Event) -> Bool
    private let wake: @Sendable () -> Void

    /// Creates a mailbox.
    ///
    /// - Parameters:
    ///   - limit: The most events that wait before replaceable ones are thrown away.
    ///   - resync: Stands for the events that were thrown away.
    ///   - isReplaceable: Whether reading everything again makes an event unnecessary.
    ///   - wake: Called after an event came into an empty mailbox, on the thread that posted it.
    public init(
        limit: Int = 1024, resync: Event, isReplaceable: @escaping @Sendable (Event) -> Bool,
        wake: @escaping @Sendable () -> Void
    ) {
        precondition(limit > 0, "A mailbox holds at least one event.")
        self.limit = limit
        self.resync = resync
        self.isReplaceable = isReplaceable
        self.wake = wake
    }

    /// How many events were thrown away since the start.
    public var droppedCount: Int { state.withLock { $0.droppedCount } }

    /// Leaves an event; may be called from any thread.
    public func post(_ event: Event) {
        let isReplaceable = isReplaceable(event)
        let wasEmpty = state.withLock { state in
            let wasEmpty = state.events.isEmpty
            if isReplaceable, state.isResyncQueued {
                // Reading everything again is still to come and will see this change too.
                state.droppedCount += 1
            } else if isReplaceable, state.events.count >= limit {
                let count = state.events.count
                state.events.removeAll(where: self.isReplaceable)
                state.droppedCount += count - state.events.count + 1
                state.events.append(resync)
                state.isResyncQueued = true
            } else {
                state.events.append(event)
            }
            return wasEmpty
        }
        if wasEmpty { wake() }
    }

    /// Takes all events, the oldest first.
    public func drain() -> [Event] {
        state.withLock { state in
            defer {
                state.events = []
                state.isResyncQueued = false
            }
            return state.events
        }
    }
}
