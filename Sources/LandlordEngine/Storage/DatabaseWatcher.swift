import Dispatch
import Glibc
public import ServiceLifecycle
import Synchronization

/// Notices what other processes commit, and announces it as `.missed`.
///
/// The kernel reports writes to the write-ahead log (inotify); the writing connection's `PRAGMA data_version` then
/// tells another process's commit from one of our own, which a connection of the watcher's own could not. A report
/// comes when the log is written, which is before the commit can be seen and long before on a slow disk, so each
/// report is followed by a few looks, further and further apart. Looks, and with them announcements, are at least
/// 50 ms apart.
public struct DatabaseWatcher<Ticker: Clock<Duration>>: Service {
    /// When to look after a report.
    public struct Options: Sendable, Hashable {
        /// How long a commit usually needs from its last write until it can be seen.
        public var firstWait = Duration.milliseconds(10)
        /// The waits between later looks; a new report starts them again.
        public var laterWaits: [Duration] = [
            .milliseconds(50), .milliseconds(50), .milliseconds(200), .seconds(1), .seconds(4),
        ]

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
        for await _ in log.stream.cancelOnGracefulShutdown() {
            do {
                try await cancelWhenGracefulShutdown { try await look(after: log) }
            } catch is CancellationError {
                return
            }
        }
    }

    private func look(after log: WriteAheadLogReports) async throws {
        try await clock.sleep(for: options.firstWait)
        var seen = log.count
        database.noticeOtherProcesses()
        var step = 0
        while step < options.laterWaits.count {
            try await clock.sleep(for: options.laterWaits[step])
            let count = log.count
            database.noticeOtherProcesses()
            step = count == seen ? step + 1 : 0
            seen = count
        }
    }
}

/// The kernel's reports about one file.
private final class WriteAheadLogReports: Sendable {
    /// One element for any number of reports that nobody has taken yet.
    let stream: AsyncStream<Void>
    private let reports = ReportCount()
    private let source: Mutex<any DispatchSourceRead>

    /// How many reports there have been.
    var count: Int { reports.value.load(ordering: .relaxed) }

    init(path: String) throws(RepositoryError) {
        let descriptor = inotify_init1(Int32(IN_CLOEXEC) | Int32(IN_NONBLOCK))
        guard descriptor >= 0 else { throw .unusable("inotify is not available: \(DatabaseFile.words(errno))") }
        guard inotify_add_watch(descriptor, path, UInt32(IN_MODIFY)) >= 0 else {
            let words = DatabaseFile.words(errno)
            Glibc.close(descriptor)
            throw .unusable("\(path) cannot be watched: \(words)")
        }
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        self.stream = stream
        let source = DispatchSource.makeReadSource(fileDescriptor: descriptor)
        source.setEventHandler { [reports] in
            var buffer = [UInt8](repeating: 0, count: 4096)
            while read(descriptor, &buffer, buffer.count) > 0 {}
            reports.value.add(1, ordering: .relaxed)
            continuation.yield()
        }
        source.setCancelHandler { Glibc.close(descriptor) }
        source.resume()
        self.source = Mutex(source)
    }

    deinit { source.withLock { $0.cancel() } }

    private final class ReportCount: Sendable {
        let value = Atomic<Int>(0)
    }
}
