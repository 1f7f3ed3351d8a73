import Synchronization

/// Keys that somebody should look at, each at most once, each by at most one worker at a time.
///
/// A key says "look at this one", never what happened to it, so equal keys merge. A key that is added while a worker
/// looks at it is looked at once more afterwards: the worker may have read before the change. At the limit further keys
/// are not kept; `hasOverflowed` then tells the sweep to look at everything stored.
package final class WorkQueue<Key: Hashable & Sendable>: Sendable {
    private struct State {
        var waiting: [Key] = []
        var head = 0
        var known: Set<Key> = []
        var active: Set<Key> = []
        var again: Set<Key> = []
        var workers: [CheckedContinuation<Key?, Never>] = []
        var isClosed = false
        var hasOverflowed = false

        mutating func popFirst() -> Key? {
            guard head < waiting.count else { return nil }
            let key = waiting[head]
            head += 1
            if head == waiting.count {
                waiting.removeAll(keepingCapacity: true)
                head = 0
            } else if head > 1_024, head * 2 > waiting.count {
                waiting.removeFirst(head)
                head = 0
            }
            return key
        }
    }

    private let limit: Int
    private let state = Mutex(State())

    /// An empty queue that keeps at most `limit` keys.
    package init(limit: Int = 65_536) {
        self.limit = limit
    }

    /// Asks for a look at `key`.
    ///
    /// - Returns: Whether there will be one; not where the queue is full or closed.
    @discardableResult
    package func add(_ key: Key) -> Bool {
        let (isKept, worker) = state.withLock { state -> (Bool, CheckedContinuation<Key?, Never>?) in
            guard !state.isClosed else { return (false, nil) }
            if state.active.contains(key) {
                state.again.insert(key)
                return (true, nil)
            }
            guard !state.known.contains(key) else { return (true, nil) }
            guard state.known.count < limit else {
                state.hasOverflowed = true
                return (false, nil)
            }
            guard let worker = state.workers.popLast() else {
                state.known.insert(key)
                state.waiting.append(key)
                return (true, nil)
            }
            state.active.insert(key)
            return (true, worker)
        }
        worker?.resume(returning: key)
        return isKept
    }

    /// The next key, which is this worker's until `finish`; nil when the queue was closed.
    package func next() async -> Key? {
        await withCheckedContinuation { continuation in
            let answer = state.withLock { state -> Key?? in
                if state.isClosed { return .some(nil) }
                guard let key = state.popFirst() else {
                    state.workers.append(continuation)
                    return .none
                }
                state.known.remove(key)
                state.active.insert(key)
                return .some(key)
            }
            if let answer { continuation.resume(returning: answer) }
        }
    }

    /// Gives a key back; if it was added meanwhile, it waits again.
    package func finish(_ key: Key) {
        let isWanted = state.withLock { state in
            state.active.remove(key)
            return state.again.remove(key) != nil
        }
        if isWanted { add(key) }
    }

    /// Takes keys again after `close`, for a process that drives once more.
    package func open() { state.withLock { $0.isClosed = false } }

    /// Lets every worker go, until `open`; keys that are added meanwhile are found again in the database.
    package func close() {
        let workers = state.withLock { state in
            state.isClosed = true
            defer { state.workers.removeAll() }
            return state.workers
        }
        for worker in workers { worker.resume(returning: nil) }
    }

    /// Whether a key was not kept since the last call.
    package func takeOverflow() -> Bool {
        state.withLock { state in
            defer { state.hasOverflowed = false }
            return state.hasOverflowed
        }
    }

    /// How many keys wait or are looked at.
    package var count: Int { state.withLock { $0.known.count + $0.active.count } }
}

/// Looks at keys with a bounded number of workers until the queue is closed; returns when the last look is over.
package func drain<Key>(
    _ queue: WorkQueue<Key>, workers: Int, _ look: @escaping @Sendable (Key) async -> Void
) async {
    await withDiscardingTaskGroup { group in
        for _ in 0..<workers {
            group.addTask {
                while let key = await queue.next() {
                    await look(key)
                    queue.finish(key)
                }
            }
        }
    }
}
