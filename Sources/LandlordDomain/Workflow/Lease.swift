public import StatesLanguage

/// Who drives a database at the moment, and until when it may be believed.
public struct Lease: Sendable, Hashable {
    /// The process that drives.
    public let holder: String
    /// Counts the holders; a write with an older epoch comes from a holder that was replaced.
    public let epoch: Int
    /// When the holder began.
    public let acquiredAt: Timestamp
    /// When a holder that says nothing more counts as gone.
    public let expiresAt: Timestamp

    /// Describes a lease.
    public init(holder: String, epoch: Int, acquiredAt: Timestamp, expiresAt: Timestamp) {
        self.holder = holder
        self.epoch = epoch
        self.acquiredAt = acquiredAt
        self.expiresAt = expiresAt
    }

    /// The lease that follows, for a holder that takes over.
    public func next(holder: String, at now: Timestamp, for duration: Duration) -> Lease {
        Lease(holder: holder, epoch: epoch + 1, acquiredAt: now, expiresAt: now.advanced(by: duration))
    }
}
