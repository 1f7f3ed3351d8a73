import Synchronization

/// Hands committed changes to whoever listens, without ever waiting for them.
///
/// Each subscription merges what it has not taken yet: the same change twice is one change, and more than its limit
/// becomes the single element `.missed`, which means "load again". So a slow screen costs the writer nothing and
/// memory stays bounded. Changes are published in the order of their commits.
public final class ChangeHub: Sendable {
    private let boxes = Mutex<[Int: ChangeBox]>([:])
    private let nextNumber = Atomic<Int>(0)

    /// A hub without subscribers.
    public init() {}

    /// Starts listening: every change published after this returns is seen by the subscription.
    ///
    /// Subscribe first and load afterwards; the other way round loses what happens in between.
    ///
    /// - Parameter limit: how many different changes wait for the subscriber before they become `.missed`.
    /// - Returns: The subscription, which ends when it is let go.
    public func subscribe(limit: Int = 1024) -> ChangeSubscription {
        precondition(limit > 0, "A subscription needs room for at least one change.")
        let number = nextNumber.add(1, ordering: .relaxed).newValue
        let box = ChangeBox(limit: limit)
        boxes.withLock { $0[number] = box }
        return ChangeSubscription(hub: self, number: number, box: box)
    }

    /// Gives `changes` to every subscriber and returns at once.
    public func publish(_ changes: [Change]) {
        guard !changes.isEmpty else { return }
        for box in boxes.withLock({ Array($0.values) }) { box.add(changes) }
    }

    /// How many subscriptions are listening.
    public var subscriberCount: Int { boxes.withLock { $0.count } }

    func remove(_ number: Int) {
        boxes.withLock { $0[number] = nil }
    }
}
