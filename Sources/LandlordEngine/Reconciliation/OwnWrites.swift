import LandlordDomain
import Synchronization

/// The versions that the reconciler made itself, so that hearing of them costs it no look.
///
/// - Why it is safe: after each of its writes the reconciler goes on or decides that there is nothing more to do. A
///   version by anybody else is higher and is looked at; so is everything that is not at rest, at each resync.
final class OwnWrites: Sendable {
    /// At the limit all are forgotten, which costs looks and nothing else.
    static let limit = 16_384

    private let versions = Mutex<[Tenant.ID: Int]>([:])

    /// Remembers a version; called before it is written, because the news may be faster than the answer.
    func note(_ id: Tenant.ID, _ version: Int) {
        versions.withLock { versions in
            if versions.count >= Self.limit { versions.removeAll(keepingCapacity: true) }
            versions[id] = version
        }
    }

    /// Takes back what was noted for a write that did not happen.
    func forget(_ id: Tenant.ID) { versions.withLock { $0[id] = nil } }

    /// Whether the reconciler made this version or a later one.
    func hold(_ id: Tenant.ID, _ version: Int) -> Bool {
        versions.withLock { $0[id].map { version <= $0 } ?? false }
    }
}
