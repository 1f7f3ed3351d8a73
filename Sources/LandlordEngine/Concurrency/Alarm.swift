import Synchronization

/// Something to wait for: a ring, or a time.
///
/// Rings merge; one that comes before the wait is not lost.
package final class Alarm: Sendable {
    private struct State {
        var hasRung = false
        var isClosed = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    /// An alarm that has not rung.
    package init() {}

    /// Ends the wait that is under way, or the next one.
    package func ring() {
        let waiter = state.withLock { state in
            defer { state.waiter = nil }
            if state.waiter == nil { state.hasRung = true }
            return state.waiter
        }
        waiter?.resume()
    }

    /// Makes waits wait again after `close`, for a process that drives once more.
    package func open() {
        state.withLock { state in
            state.isClosed = false
            state.hasRung = false
        }
    }

    /// Ends every wait from now on, until `open`.
    package func close() {
        state.withLock { $0.isClosed = true }
        ring()
    }

    /// Whether `close` was called.
    package var isClosed: Bool { state.withLock { $0.isClosed } }

    /// Waits for a ring.
    package func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.hasRung || state.isClosed || Task.isCancelled {
                        state.hasRung = false
                        return true
                    }
                    precondition(state.waiter == nil, "An alarm wakes one sleeper.")
                    state.waiter = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            ring()
        }
    }

    /// Waits for a ring, but no longer than `limit`; nil waits for the ring alone.
    package func wait(atMost limit: Duration?, on clock: any Clock<Duration>) async {
        guard let limit else { return await wait() }
        await withDiscardingTaskGroup { group in
            group.addTask {
                // A cancelled sleep means that the alarm rang first; ringing again would wake the next wait for
                // nothing.
                guard (try? await clock.sleep(for: limit)) != nil else { return }
                self.ring()
            }
            await wait()
            group.cancelAll()
        }
    }
}
