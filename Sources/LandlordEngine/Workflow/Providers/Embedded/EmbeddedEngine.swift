import LandlordDomain
import Logging
public import ServiceLifecycle
import StatesLanguage

/// Keeps the embedded provider's runs moving: fires timers, and sees again to tasks that a dead process left open.
public struct EmbeddedEngine: Service {
    private let provider: EmbeddedWorkflowProvider
    private let changes: ChangeHub?
    private let sweepInterval: Duration

    /// Timers that are fired in one go; a storm leaves room for the rest between two of them.
    private static let timerBatch = 256
    /// Tasks that are seen to at once after a death.
    private static let scanWidth = 1_000
    /// The wait before something is tried again that did not work.
    private static let troublePause = Duration.seconds(1)

    /// An engine for a provider, which hears from `changes` when another process has written something.
    public init(provider: EmbeddedWorkflowProvider, changes: ChangeHub? = nil, sweepInterval: Duration = .seconds(10)) {
        self.provider = provider
        self.changes = changes
        self.sweepInterval = sweepInterval
    }

    /// Runs until the graceful shutdown begins.
    public func run() async throws {
        await withDiscardingTaskGroup { group in
            group.addTask { await drive() }
            // Ends with the shutdown only; a cancelled wait is that shutdown.
            try? await gracefulShutdown()
            group.cancelAll()
        }
    }

    /// Works until its task is cancelled.
    func drive() async {
        provider.beginDriving()
        let subscription = changes?.subscribe()
        await withTaskCancellationHandler {
            await withDiscardingTaskGroup { group in
                group.addTask { await fireTimers(on: provider.surroundings.clock) }
                group.addTask { await lookAtTasks(on: provider.surroundings.clock) }
                group.addTask { await listen(to: subscription) }
            }
        } onCancel: {
            provider.endDriving()
        }
    }

    /// What other processes have written is found by looking; what this one writes it sees to itself.
    private func listen(to subscription: ChangeSubscription?) async {
        guard let subscription else { return }
        for await batch in subscription where batch.contains(.missed) {
            provider.askForScan()
            provider.timers.ring()
        }
    }

    /// Fires timers as they come due, beside whatever else is done.
    private func fireTimers<Ticker: Clock<Duration>>(on clock: Ticker) async {
        while !provider.timers.isClosed && !Task.isCancelled {
            var pause = Self.troublePause
            do throws(RepositoryError) {
                pause = try await min(sweepInterval, pauseAfterTimers())
            } catch {
                provider.logger.error("Timers cannot be read", metadata: [LogKeys.error: "\(error)"])
            }
            await provider.timers.wait(atMost: pause, on: clock)
            provider.sleeping(until: nil)
        }
    }

    /// Looks at all open tasks whenever somebody has asked for that.
    private func lookAtTasks<Ticker: Clock<Duration>>(on clock: Ticker) async {
        var pace = ScanPace(at: clock.now)
        while !provider.scans.isClosed && !Task.isCancelled {
            if pace.isDue(at: clock.now) {
                do throws(RepositoryError) {
                    pace.looked(for: try await scan(on: clock), until: clock.now)
                } catch {
                    provider.logger.error("Runs cannot be read", metadata: [LogKeys.error: "\(error)"])
                    pace.failed(at: clock.now)
                }
            }
            // What could not be seen to now is not tried again at once, or a full disk would keep a core busy.
            if provider.work.takeScan() { pace.ask(at: clock.now) }
            await provider.scans.wait(atMost: pace.wait(at: clock.now).map { max(.milliseconds(1), $0) }, on: clock)
        }
    }

    /// Fires what is due.
    ///
    /// - Returns: How long nothing else is.
    private func pauseAfterTimers() async throws(RepositoryError) -> Duration {
        let fired = try await fireDue()
        let now = provider.surroundings.now()
        let next = try await provider.store.nextTimer()
        provider.sleeping(until: next)
        switch fired {
        case .someLeft: return .milliseconds(1)
        case .stuck: return Self.troublePause
        case .all, .nothing:
            guard let next else { return sweepInterval }
            // A timer that its run does not know would keep the loop turning.
            if fired == .nothing, next <= now { return Self.troublePause }
            return max(.milliseconds(1), next.duration(since: now))
        }
    }

    /// Sees to every task that nobody has answered and that this process has not asked for.
    ///
    /// Asking twice is one effect, so this is always safe.
    ///
    /// - Returns: How long the looking took, without what was done about it.
    private func scan<Ticker: Clock<Duration>>(on clock: Ticker) async throws(RepositoryError) -> Duration {
        provider.work.beginLook()
        var spent = try await all(provider.store.openTasks, on: clock, where: needsLook) { stored in
            switch stored.status {
            case .open: await provider.resume(stored)
            case .cancelling: await provider.withdraw(stored.task.id, of: stored.runID)
            }
        }
        provider.work.endLook()
        spent += try await all(provider.store.tasksWithSignals, on: clock) { await provider.resume($0) }
        // Who ends a run without driving leaves it to the driver to tell the run above.
        spent += try await all(provider.store.tasksWithEndedChildren, on: clock) { await provider.resume($0) }
        for semaphore in provider.work.waitedSemaphores { await provider.admit(to: semaphore) }
        return spent
    }

    private func needsLook(_ stored: StoredTask) -> Bool {
        // Nothing new begins for a run that is suspended; its tasks are looked at again when it is resumed.
        stored.status == .cancelling || !provider.work.hasAsked(stored) && !stored.isSuspended
    }

    /// Does something for each task of a list, many at once, so that their commits are shared.
    ///
    /// - Returns: How long the reading of the list took.
    private func all<Ticker: Clock<Duration>>(
        _ list: (PageCursor?, Int) async throws(RepositoryError) -> Page<StoredTask>, on clock: Ticker,
        where isWanted: (StoredTask) -> Bool = { _ in true },
        _ body: @escaping @Sendable (StoredTask) async -> Void
    ) async throws(RepositoryError) -> Duration {
        let outcome = await withTaskGroup(of: Void.self) { group -> Result<Duration, RepositoryError> in
            var (cursor, underWayCount, spent) = (PageCursor?.none, 0, Duration.zero)
            repeat {
                let page: Page<StoredTask>
                let begin = clock.now
                do throws(RepositoryError) {
                    page = try await list(cursor, PageLimit.largest)
                } catch {
                    return .failure(error)
                }
                spent += begin.duration(to: clock.now)
                for stored in page.items where isWanted(stored) {
                    if underWayCount == Self.scanWidth { await group.next() } else { underWayCount += 1 }
                    group.addTask { await body(stored) }
                }
                cursor = page.next
            } while cursor != nil
            return .success(spent)
        }
        return try outcome.get()
    }

    private enum Fired {
        case all
        case nothing
        case someLeft
        case stuck
    }

    /// Fires a batch of due timers beside each other, so that they share commits.
    ///
    /// - Returns: Whether more are due, none was fired, or one cannot be; a pause keeps the loop from turning for
    ///   nothing.
    private func fireDue() async throws(RepositoryError) -> Fired {
        let due = try await provider.store.dueTimers(at: provider.surroundings.now(), limit: Self.timerBatch)
        let outcomes = await withTaskGroup(of: Bool?.self) { group in
            for timer in due { group.addTask { await fire(timer) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        if outcomes.contains(nil) { return .stuck }
        if !outcomes.contains(true) { return .nothing }
        return due.count < Self.timerBatch ? .all : .someLeft
    }

    /// - Returns: Whether the run has moved; nil where it cannot be written.
    private func fire(_ timer: StoredTimer) async -> Bool? {
        do throws(RepositoryError) {
            return try await provider.advance(timer.runID, with: .timerFired(timer: timer.timerID))
        } catch {
            provider.logger.error(
                "A timer cannot be fired", metadata: [LogKeys.runID: "\(timer.runID)", LogKeys.error: "\(error)"])
            return nil
        }
    }
}
