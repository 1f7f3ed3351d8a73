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
///
/// The writer's thread only hangs its batch behind the others; whoever reads merges them. Only where more wait than the
/// limit are they merged before, so that twice the limit is the most that is kept.
final class ChangeBox: Sendable {
    private struct State {
        var batches: [[Change]] = []
        /// How many changes the batches hold, merged or not.
        var count = 0
        /// How many there may be before they are merged.
        var mergeAt: Int
        var hasOverflowed = false
        var reader: CheckedContinuation<[Change]?, Never>?
    }

    private let limit: Int
    private let state: Mutex<State>

    init(limit: Int) {
        self.limit = limit
        state = Mutex(State(mergeAt: limit))
    }

    func add(_ changes: [Change]) {
        let (reader, batch) = state.withLock { state in
            add(changes, to: &state)
            guard let reader = state.reader else { return (CheckedContinuation<[Change]?, Never>?.none, [Change]()) }
            state.reader = nil
            return (reader, take(&state))
        }
        reader?.resume(returning: batch)
    }

    func drain() -> [Change] {
        state.withLock { take(&$0) }
    }

    func next() async -> [Change]? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let (isDone, batch) = state.withLock { state -> (Bool, [Change]?) in
                    precondition(state.reader == nil, "A subscription has one reader.")
                    if Task.isCancelled { return (true, nil) }
                    if !state.batches.isEmpty { return (true, take(&state)) }
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

    private func add(_ changes: [Change], to state: inout State) {
        // After an overflow the reader loads everything again, so nothing more need be kept until it comes.
        guard !state.hasOverflowed else { return }
        state.batches.append(changes)
        state.count += changes.count
        guard state.count > state.mergeAt else { return }
        let merged = merged(state.batches)
        state.batches = [merged]
        state.count = merged.count
        state.mergeAt = merged.count + limit
        state.hasOverflowed = merged == [.missed]
    }

    private func take(_ state: inout State) -> [Change] {
        defer { state = State(mergeAt: limit, reader: state.reader) }
        return merged(state.batches)
    }

    /// The later of the changes of each subject, in the order in which the subjects came; `.missed` alone where
    /// something was missed or there are too many.
    private func merged(_ batches: [[Change]]) -> [Change] {
        var merged: [Change] = []
        var positions: [Change: Int] = [:]
        for change in batches.joined() {
            if change == .missed { return [.missed] }
            if let position = positions[change.subject] {
                merged[position] = change
            } else {
                guard merged.count < limit else { return [.missed] }
                positions[change.subject] = merged.count
                merged.append(change)
            }
        }
        return merged
    }
}
