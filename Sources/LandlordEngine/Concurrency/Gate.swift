import Synchronization

/// Lets a number of callers through at once; the others wait in the order in which they came.
///
/// A caller that is cancelled while it waits still gets its turn: what is behind the gate sees to that.
final class Gate: Sendable {
    private struct State {
        var freeCount: Int
        var waiting: [UnsafeContinuation<Void, Never>] = []
        /// The first that waits; those before it are through.
        var head = 0

        mutating func popFirst() -> UnsafeContinuation<Void, Never>? {
            guard head < waiting.count else { return nil }
            defer {
                head += 1
                if head * 2 >= waiting.count {
                    waiting.removeFirst(head)
                    head = 0
                }
            }
            return waiting[head]
        }
    }

    private let state: Mutex<State>

    /// A gate for `width` callers, at least one.
    init(width: Int) {
        state = Mutex(State(freeCount: max(1, width)))
    }

    /// How many wait.
    var waitingCount: Int { state.withLock { $0.waiting.count - $0.head } }

    /// Runs `body` once there is room.
    ///
    /// - Throws: What `body` throws.
    func through<Value: Sendable, Failure: Error>(
        _ body: () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        if !enterAtOnce() { await enter() }
        defer { leave() }
        return try await body()
    }

    private func enterAtOnce() -> Bool {
        state.withLock { state in
            guard state.freeCount > 0 else { return false }
            state.freeCount -= 1
            return true
        }
    }

    private func enter() async {
        await withUnsafeContinuation { continuation in
            let isFree = state.withLock { state in
                guard state.freeCount == 0 else {
                    state.freeCount -= 1
                    return true
                }
                state.waiting.append(continuation)
                return false
            }
            if isFree { continuation.resume() }
        }
    }

    /// Gives the place to whoever waits longest.
    private func leave() {
        let next = state.withLock { state in
            let next = state.popFirst()
            if next == nil { state.freeCount += 1 }
            return next
        }
        next?.resume()
    }
}
