import Synchronization

/// One listener's view of the hub: batches of merged changes, until it is let go or its task is cancelled.
///
/// It has one reader. Letting go of the subscription ends it; the hub keeps nothing for it.
public final class ChangeSubscription: AsyncSequence, Sendable {
    /// The changes that were waiting when the reader came.
    public typealias Element = [Change]

    private let hub: ChangeHub
    private let number: Int
    private let box: ChangeBox

    /// Reads the batches of one subscription.
    public struct Iterator: AsyncIteratorProtocol {
        let subscription: ChangeSubscription

        /// The changes since the last call, waiting for the first one; nil when the task is cancelled.
        public mutating func next() async -> [Change]? { await subscription.box.next() }

        /// The changes since the last call, waiting for the first one; nil when the task is cancelled.
        public mutating func next(isolation actor: isolated (any Actor)?) async -> [Change]? {
            await subscription.box.next()
        }
    }

    init(hub: ChangeHub, number: Int, box: ChangeBox) {
        self.hub = hub
        self.number = number
        self.box = box
    }

    deinit { hub.remove(number) }

    /// The iterator of the one reader.
    public func makeAsyncIterator() -> Iterator { Iterator(subscription: self) }

    /// What is waiting now, without waiting for more.
    public func drain() -> [Change] { box.drain() }
}

/// The bounded, merging buffer behind one subscription.
final class ChangeBox: Sendable {
    private struct State {
        var waiting: [Change] = []
        var known: Set<Change> = []
        var hasOverflowed = false
        var reader: CheckedContinuation<[Change]?, Never>?
    }

    private let limit: Int
    private let state = Mutex(State())

    init(limit: Int) {
        self.limit = limit
    }

    func add(_ changes: [Change]) {
        let (reader, batch) = state.withLock { state in
            for change in changes { Self.add(change, to: &state, limit: limit) }
            guard let reader = state.reader, !state.waiting.isEmpty else {
                return (CheckedContinuation<[Change]?, Never>?.none, [Change]())
            }
            state.reader = nil
            return (reader, Self.take(&state))
        }
        reader?.resume(returning: batch)
    }

    func drain() -> [Change] {
        state.withLock { Self.take(&$0) }
    }

    func next() async -> [Change]? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let (isDone, batch) = state.withLock { state -> (Bool, [Change]?) in
                    precondition(state.reader == nil, "A subscription has one reader.")
                    if Task.isCancelled { return (true, nil) }
                    if !state.waiting.isEmpty { return (true, Self.take(&state)) }
                    state.reader = continuation
                    return (false, nil)
                }
                if isDone { continuation.resume(returning: batch) }
            }
        } onCancel: {
            let reader = state.withLock { state in
                defer { state.reader = nil }
                return state.reader
            }
            reader?.resume(returning: nil)
        }
    }

    private static func add(_ change: Change, to state: inout State, limit: Int) {
        // After an overflow the reader loads everything again, so nothing more need be kept until it comes.
        guard !state.hasOverflowed else { return }
        guard change != .missed, state.known.count < limit || state.known.contains(change) else {
            state.hasOverflowed = true
            state.waiting = [.missed]
            state.known = []
            return
        }
        if state.known.insert(change).inserted { state.waiting.append(change) }
    }

    private static func take(_ state: inout State) -> [Change] {
        defer {
            state.waiting = []
            state.known = []
            state.hasOverflowed = false
        }
        return state.waiting
    }
}
