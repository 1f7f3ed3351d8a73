import Dispatch
import Synchronization

/// The mailbox of the threads that talk to the database: tasks put requests in, threads take them out in batches.
///
/// It holds at most `limit` requests. A caller that finds it full is suspended until a thread has taken a batch, in the
/// order in which they came; nothing is refused and nothing is dropped. A thread that finds it empty sleeps, and is
/// woken by one signal however many requests follow: while it works the next batch gathers.
final class RequestQueue<Request: Sendable>: Sendable {
    private struct State {
        var requests: [Request] = []
        var freeSlots: Int
        var waiters: [CheckedContinuation<Void, Never>] = []
        var idleThreads = 0
        var isRung = false
        var isClosed = false
        var liveThreads: Int
        var closers: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Mutex<State>
    private let wakeUp = DispatchSemaphore(value: 0)

    /// A queue of at most `limit` requests, served by so many threads.
    init(limit: Int, threads: Int = 1) {
        precondition(limit > 0, "A queue without room would never pass anything.")
        precondition(threads > 0, "A queue without a thread would never pass anything.")
        state = Mutex(State(freeSlots: limit, liveThreads: threads))
    }

    /// Waits until there is room for one request; `submit` must follow.
    func reserve() async {
        let hasRoom = state.withLock { Self.takeSlot(&$0) }
        guard !hasRoom else { return }
        await withCheckedContinuation { continuation in
            let hasRoom = state.withLock { state in
                if Self.takeSlot(&state) { return true }
                state.waiters.append(continuation)
                return false
            }
            if hasRoom { continuation.resume() }
        }
    }

    /// Gives back the room that was reserved for a request that does not come.
    func giveBack() {
        let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard !state.isClosed else { return nil }
            guard state.waiters.isEmpty else { return state.waiters.removeFirst() }
            state.freeSlots += 1
            return nil
        }
        waiter?.resume()
    }

    /// Hands over a request for which room was reserved.
    ///
    /// - Returns: Whether it was taken; a closed queue takes nothing.
    func submit(_ request: Request) -> Bool {
        let (isTaken, wakes) = state.withLock { state in
            if state.isClosed { return (false, false) }
            state.requests.append(request)
            return (true, Self.wakeOne(&state))
        }
        if wakes { wakeUp.signal() }
        return isTaken
    }

    /// Makes the next thread that finds no requests take an empty batch; several rings before it comes are one.
    func ring() {
        let wakes = state.withLock { state in
            guard !state.isClosed else { return false }
            state.isRung = true
            return Self.wakeOne(&state)
        }
        if wakes { wakeUp.signal() }
    }

    /// Lets the threads finish what is queued and takes nothing after that.
    func close() {
        let (waiters, idle) = state.withLock { state in
            state.isClosed = true
            defer {
                state.waiters = []
                state.idleThreads = 0
            }
            return (state.waiters, state.idleThreads)
        }
        for waiter in waiters { waiter.resume() }
        for _ in 0..<idle { wakeUp.signal() }
    }

    /// Whether nothing waits at this moment.
    var isEmpty: Bool { state.withLock { $0.requests.isEmpty && !$0.isRung } }

    /// Whether the queue takes nothing more.
    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// Waits until every thread has ended; the queue must have been closed.
    func waitForEnd() async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if state.liveThreads > 0 { state.closers.append(continuation) }
                return state.liveThreads == 0
            }
            if isOver { continuation.resume() }
        }
    }

    /// Says that a thread has ended.
    func end() {
        let closers = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            state.liveThreads -= 1
            guard state.liveThreads == 0 else { return [] }
            defer { state.closers = [] }
            return state.closers
        }
        for closer in closers { closer.resume() }
    }

    /// Blocks the calling thread until there is work: a batch, which is empty after a ring; nil once the queue is
    /// closed and empty.
    func next(limit: Int) -> [Request]? {
        while true {
            let (batch, waiters, isDone) = state.withLock { take(limit, from: &$0) }
            for waiter in waiters { waiter.resume() }
            if batch != nil || isDone { return batch }
            wakeUp.wait()
        }
    }

    /// A batch of what waits, without waiting for more; nil where nothing does.
    func poll(limit: Int) -> [Request]? {
        let (batch, waiters) = state.withLock { state -> ([Request]?, [CheckedContinuation<Void, Never>]) in
            guard !state.requests.isEmpty || state.isRung else { return (nil, []) }
            let taken = take(limit, from: &state)
            return (taken.batch, taken.waiters)
        }
        for waiter in waiters { waiter.resume() }
        return batch
    }

    private func take(
        _ limit: Int, from state: inout State
    ) -> (batch: [Request]?, waiters: [CheckedContinuation<Void, Never>], isDone: Bool) {
        if !state.requests.isEmpty {
            let batch = Array(state.requests.prefix(limit))
            state.requests.removeFirst(batch.count)
            // A slot that becomes free goes straight to whoever has waited longest.
            let waiters = Array(state.waiters.prefix(batch.count))
            state.waiters.removeFirst(waiters.count)
            state.freeSlots += batch.count - waiters.count
            return (batch, waiters, false)
        }
        if state.isRung {
            state.isRung = false
            return ([], [], false)
        }
        if state.isClosed { return (nil, [], true) }
        state.idleThreads += 1
        return (nil, [], false)
    }

    private static func takeSlot(_ state: inout State) -> Bool {
        if state.isClosed { return true }
        guard state.freeSlots > 0 else { return false }
        state.freeSlots -= 1
        return true
    }

    private static func wakeOne(_ state: inout State) -> Bool {
        guard state.idleThreads > 0 else { return false }
        state.idleThreads -= 1
        return true
    }
}
