import Dispatch
import Synchronization

/// A write that waits for its turn: what to do inside the transaction, and how its caller learns the outcome.
struct WriteRequest: Sendable {
    /// Tells the caller that its value is durable.
    typealias Success = @Sendable () -> Void

    /// Runs the body; what it returns is called after the commit.
    let perform: @Sendable (any SQLTransaction) throws(RepositoryError) -> Success
    /// Tells the caller that nothing was written.
    let refuse: @Sendable (RepositoryError) -> Void
}

/// The mailbox of the writer thread.
///
/// It holds at most `limit` requests. A caller that finds it full is suspended until the writer has taken a batch,
/// in the order in which they came; nothing is refused and nothing is dropped.
final class WriteQueue: Sendable {
    /// What the writer thread is to do next.
    enum Work {
        case requests([WriteRequest])
        /// Look whether another process has committed.
        case probe
    }

    private struct State {
        var requests: [WriteRequest] = []
        var freeSlots: Int
        var waiters: [CheckedContinuation<Void, Never>] = []
        var isWriterIdle = false
        var wantsProbe = false
        var isClosed = false
        var isOver = false
        var closers: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Mutex<State>
    private let wakeUp = DispatchSemaphore(value: 0)

    init(limit: Int) {
        precondition(limit > 0, "A queue without room would never pass anything.")
        state = Mutex(State(freeSlots: limit))
    }

    /// Waits until there is room for one request; `submit` must follow.
    func reserve() async {
        await withCheckedContinuation { continuation in
            let hasRoom = state.withLock { state in
                if state.isClosed { return true }
                guard state.freeSlots > 0 else {
                    state.waiters.append(continuation)
                    return false
                }
                state.freeSlots -= 1
                return true
            }
            if hasRoom { continuation.resume() }
        }
    }

    /// Hands over a request for which room was reserved.
    func submit(_ request: WriteRequest) {
        let (isClosed, isIdle) = state.withLock { state in
            if state.isClosed { return (true, false) }
            state.requests.append(request)
            return (false, Self.wake(&state))
        }
        if isClosed { request.refuse(.busy) }
        if isIdle { wakeUp.signal() }
    }

    /// Asks the writer to look for other processes' commits; several askings before it comes are one.
    func requestProbe() {
        let isIdle = state.withLock { state in
            guard !state.isClosed else { return false }
            state.wantsProbe = true
            return Self.wake(&state)
        }
        if isIdle { wakeUp.signal() }
    }

    /// Lets the writer finish what is queued and refuses everything after that.
    func close() {
        let (waiters, isIdle) = state.withLock { state in
            state.isClosed = true
            defer { state.waiters = [] }
            return (state.waiters, Self.wake(&state))
        }
        for waiter in waiters { waiter.resume() }
        if isIdle { wakeUp.signal() }
    }

    /// Whether the queue refuses requests.
    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// Waits until the writer has ended; the queue must have been closed.
    func waitForEnd() async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if !state.isOver { state.closers.append(continuation) }
                return state.isOver
            }
            if isOver { continuation.resume() }
        }
    }

    /// Says that the writer has ended.
    func end() {
        let closers = state.withLock { state in
            state.isOver = true
            defer { state.closers = [] }
            return state.closers
        }
        for closer in closers { closer.resume() }
    }

    /// Blocks the writer thread until there is work; nil once the queue is closed and empty.
    func next(limit: Int) -> Work? {
        while true {
            let (work, waiters, isDone) = state.withLock { take(limit, from: &$0) }
            for waiter in waiters { waiter.resume() }
            if work != nil || isDone { return work }
            wakeUp.wait()
        }
    }

    private func take(
        _ limit: Int, from state: inout State
    ) -> (work: Work?, waiters: [CheckedContinuation<Void, Never>], isDone: Bool) {
        if !state.requests.isEmpty {
            let batch = Array(state.requests.prefix(limit))
            state.requests.removeFirst(batch.count)
            // A slot that becomes free goes straight to whoever has waited longest.
            let waiters = Array(state.waiters.prefix(batch.count))
            state.waiters.removeFirst(waiters.count)
            state.freeSlots += batch.count - waiters.count
            return (.requests(batch), waiters, false)
        }
        if state.wantsProbe {
            state.wantsProbe = false
            return (.probe, [], false)
        }
        if state.isClosed { return (nil, [], true) }
        state.isWriterIdle = true
        return (nil, [], false)
    }

    private static func wake(_ state: inout State) -> Bool {
        defer { state.isWriterIdle = false }
        return state.isWriterIdle
    }
}
