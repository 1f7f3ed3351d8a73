import CProcess
import Dispatch
import Glibc

/// Waits for the kernel without holding a thread: for a descriptor to have something to read, or room to write.
enum DescriptorEvent {
    /// What is waited for.
    enum Kind: Sendable, Hashable {
        /// Something to read, the end of a stream, or the end of a process.
        case readable
        /// Room to write, or the outcome of a connection.
        case writable
        /// News of a watched file; each is taken off the descriptor before it is reported.
        case news
    }

    /// Reports that a descriptor is ready: once, or with every piece of news.
    ///
    /// The descriptor is duplicated, so that its owner may close it at any time: a number that was closed and given
    /// away again must not be watched by mistake.
    static func events(_ kind: Kind, of descriptor: Int32) -> AsyncStream<Void> {
        AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
            let own = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
            guard own >= 0 else { return continuation.finish() }
            let queue = DispatchQueue(label: "landlord.descriptor")
            let source: any DispatchSourceProtocol =
                kind == .writable
                ? DispatchSource.makeWriteSource(fileDescriptor: own, queue: queue)
                : DispatchSource.makeReadSource(fileDescriptor: own, queue: queue)
            guard let shared = source as? DispatchSource else {
                close(own)
                return continuation.finish()
            }
            source.setEventHandler {
                if kind == .news { _ = cp_watch_drain(own) }
                continuation.yield()
                // A descriptor stays ready until somebody reads; once is enough to hear that.
                if kind != .news { continuation.finish() }
            }
            source.setCancelHandler { close(own) }
            continuation.onTermination = { _ in shared.cancel() }
            source.resume()
        }
    }

    /// Reports every change of a directory's entries; nil where the kernel has no watch left for this user.
    ///
    /// - Parameters:
    ///   - path: The directory.
    ///   - isGrowthIncluded: Also reports every write to a file in it.
    /// - Returns: The changes from now on.
    static func news(ofDirectory path: String, isGrowthIncluded: Bool = false) -> AsyncStream<Void>? {
        let watch = cp_watch_open(path, isGrowthIncluded ? CP_WATCH_GROWTH : CP_WATCH_ENTRIES)
        guard watch >= 0 else { return nil }
        defer { close(watch) }
        return events(.news, of: watch)
    }

    /// Reports the end of a process; nil where it has ended.
    static func end(of identity: ProcessIdentity) -> AsyncStream<Void>? {
        let process = cp_open_process(identity.pid, identity.startTime)
        guard process >= 0 else { return nil }
        defer { close(process) }
        return events(.readable, of: process)
    }

    /// Waits until a descriptor is ready.
    ///
    /// - Returns: False when the time has passed first.
    static func wait(
        for kind: Kind, of descriptor: Int32, within duration: Duration, on clock: any Clock<Duration>
    ) async throws(CancellationError) -> Bool {
        let events = events(kind, of: descriptor)
        let isReady = await withTaskGroup(of: Bool?.self) { group in
            group.addTask {
                for await _ in events { return true }
                return nil
            }
            group.addTask {
                // Only cancellation ends a sleep early, and that is looked at below.
                do { try await clock.sleep(for: duration) } catch { return nil }
                return false
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
        if let isReady { return isReady }
        if Task.isCancelled { throw CancellationError() }
        return false
    }

    /// Runs something that blocks on a thread of its own, not on one that tasks share.
    static func blocking<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: body()) }
        }
    }
}
