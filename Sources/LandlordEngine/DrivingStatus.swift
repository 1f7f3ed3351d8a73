import Synchronization

/// Who drives the database at the moment, for whoever shows it.
public final class DrivingStatus: Sendable {
    /// Who drives.
    public enum Driver: Sendable, Hashable {
        /// Not known yet: this process has not asked for the lock so far.
        case unknown
        /// Nobody that this process knows of.
        case nobody
        /// This process.
        case thisProcess
        /// Another process; the text says which.
        case other(String)
    }

    private let state = Mutex(Driver.unknown)

    /// Starts with not knowing, until `EngineHost` has asked for the lock.
    package init() {}

    /// Who drives.
    public var driver: Driver { state.withLock { $0 } }

    /// Tells everybody who shows it; called by `EngineHost` alone.
    package func set(_ driver: Driver) { state.withLock { $0 = driver } }
}
