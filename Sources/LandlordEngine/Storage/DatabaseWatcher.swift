import Dispatch
import Glibc
public import ServiceLifecycle
import Synchronization

/// Notices what other processes commit, and announces it as `.missed`.
///
/// The kernel reports writes to the write-ahead log (inotify); the writing connection's `PRAGMA data_version` then
/// tells another process's commit from one of our own, which a connection of the watcher's own could not. A report
/// comes when the log is written, which is before the commit can be seen and long before on a slow disk, so each
/// report is followed by a few looks, further and further apart, until the next report begins them anew. Looks, and
/// with them announcements, are some time apart; between them reports are left to the kernel, which merges them, so
/// that a busy writer of our own does not wake the watcher with every page.
public struct DatabaseWatcher<Ticker: Clock<Duration>>: Service {
    /// When to look after a report.
    public struct Options: Sendable, Hashable {
        /// How long a commit usually needs from its last write until it can be seen.
        public var firstWait = Duration.milliseconds(10)
        /// The waits between later looks.
        public var laterWaits: [Duration] = [
            .milliseconds(50), .milliseconds(50), .milliseconds(200), .seconds(1), .seconds(4),
        ]
        /// The shortest time between two looks, however many reports come.
        public var spacing = Duration.milliseconds(50)

        /// The defaults.
        public init() {}
    }

    private let database: Database
    private let clock: Ticker
    private let options: Options

    /// A watcher of `database` that waits on `clock`.
    public init(database: Database, clock: Ticker, options: Options = Options()) {
        self.database = database
        self.clock = clock
        self.options = options
    }

    /// Watches until the service group shuts down.
    public func run() async throws {
        let log = try WriteAheadLogReports(path: database.path + "-wal")
        // What was committed before the watch began.
        database.noticeOtherProcesses()
        do {
            try await cancelWhenGracefulShutdown { try await watch(log) }
        } catch is CancellationError {}
    }

    private func watch(_ log: WriteAheadLogReports) async throws {
        var waits: ArraySlice<Duration> = []
        var earliest = clock.now
        while true {
            log.listen()
            await log.bell.wait(atMost: waits.popFirst(), on: clock)
            try Task.checkCancellation()
            if log.take() {
                waits = options.laterWaits[...]
                try await clock.sleep(until: max(clock.now.advanced(by: options.firstWait), earliest), tolerance: nil)
                _ = log.take()
            }
            database.noticeOtherProcesses()
            earliest = clock.now.advanced(by: options.spacing)
        }
    }
}

/// The kernel's reports about one file.
private final class WriteAheadLogReports: Sendable {
    /// Rings with the first report since `listen`.
    let bell = Alarm()
    private let descriptor: Int32
    private let source: Mutex<(reports: any DispatchSourceRead, isSuspended: Bool)>

    init(path: String) throws(RepositoryError) {
        let descriptor = inotify_init1(Int32(IN_CLOEXEC) | Int32(IN_NONBLOCK))
        guard descriptor >= 0 else { throw .unusable("inotify is not available: \(DatabaseFile.words(errno))") }
        guard inotify_add_watch(descriptor, path, UInt32(IN_MODIFY)) >= 0 else {
            let words = DatabaseFile.words(errno)
            Glibc.close(descriptor)
            throw .unusable("\(path) cannot be watched: \(words)")
        }
        self.descriptor = descriptor
        source = Mutex((DispatchSource.makeReadSource(fileDescriptor: descriptor), true))
        source.withLock { source in
            source.reports.setCancelHandler { Glibc.close(descriptor) }
            source.reports.setEventHandler { [weak self] in
                self?.suspend()
                self?.bell.ring()
            }
        }
    }

    deinit {
        source.withLock { source in
            source.reports.cancel()
            // A source is let go only while it runs.
            if source.isSuspended { source.reports.resume() }
        }
    }

    /// Lets the next report ring.
    func listen() {
        source.withLock { source in
            guard source.isSuspended else { return }
            source.isSuspended = false
            source.reports.resume()
        }
    }

    /// Takes the reports since the last call; false where there were none.
    func take() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 4096)
        var isReported = false
        while read(descriptor, &buffer, buffer.count) > 0 { isReported = true }
        return isReported
    }

    private func suspend() {
        source.withLock { source in
            guard !source.isSuspended else { return }
            source.isSuspended = true
            source.reports.suspend()
        }
    }
}
