import LandlordDomain
import Logging
public import ServiceLifecycle
import StatesLanguage

/// Keeps the embedded provider's runs moving: fires timers, and sees again to tasks that a dead process left open.
public struct EmbeddedEngine: Service {
    private let provider: EmbeddedWorkflowProvider
    private let sweepInterval: Duration

    /// Timers that are fired in one go; a storm leaves room for the rest between two of them.
    private static let timerBatch = 256
    /// The wait before something is tried again that did not work.
    private static let troublePause = Duration.seconds(1)

    /// An engine for a provider.
    public init(provider: EmbeddedWorkflowProvider, sweepInterval: Duration = .seconds(10)) {
        self.provider = provider
        self.sweepInterval = sweepInterval
    }

    /// Runs until the graceful shutdown begins.
    public func run() async throws {
        provider.timers.open()
        await withDiscardingTaskGroup { group in
            group.addTask { await work() }
            // Ends with the shutdown only; a cancelled wait is that shutdown.
            try? await gracefulShutdown()
            provider.timers.close()
        }
    }

    private func work() async {
        var scanAt: Timestamp? = provider.surroundings.now()
        while !provider.timers.isClosed {
            var pause = sweepInterval
            do throws(RepositoryError) {
                if let due = scanAt, due <= provider.surroundings.now() {
                    try await scan()
                    scanAt = nil
                }
                let fired = try await fireDue()
                let now = provider.surroundings.now()
                let next = try await provider.store.nextTimer()
                provider.sleeping(until: next)
                if let next { pause = min(pause, max(.milliseconds(1), next.duration(since: now))) }
                switch fired {
                case .all: break
                case .nothing:
                    // A timer that its run does not know would keep the loop turning.
                    if let next, next <= now { pause = Self.troublePause }
                case .someLeft: pause = .milliseconds(1)
                case .stuck: pause = Self.troublePause
                }
            } catch {
                provider.logger.error("Runs cannot be read", metadata: [LogKeys.error: "\(error)"])
                scanAt = provider.surroundings.now().advanced(by: Self.troublePause)
                pause = Self.troublePause
            }
            // What could not be seen to now is not tried again at once, or a full disk would keep a core busy.
            if provider.takeRescan(), scanAt == nil {
                scanAt = provider.surroundings.now().advanced(by: Self.troublePause)
            }
            if let scanAt {
                pause = min(pause, max(.milliseconds(1), scanAt.duration(since: provider.surroundings.now())))
            }
            await provider.timers.wait(atMost: pause, on: provider.surroundings.clock)
            provider.sleeping(until: nil)
        }
    }

    /// Sees again to every task that nobody has answered.
    ///
    /// Asking twice is one execution, so this is always safe.
    private func scan() async throws(RepositoryError) {
        var cursor: PageCursor?
        repeat {
            let page = try await provider.store.openTasks(after: cursor, limit: PageLimit.largest)
            await withDiscardingTaskGroup { group in
                for task in page.items {
                    group.addTask {
                        switch task.status {
                        case .open: await provider.resume(task.task, of: task.runID)
                        case .cancelling: await provider.withdraw(task.task.id, of: task.runID)
                        }
                    }
                }
            }
            cursor = page.next
        } while cursor != nil
    }

    private enum Fired {
        case all
        case nothing
        case someLeft
        case stuck
    }

    /// Fires a batch of due timers, earliest first.
    ///
    /// - Returns: Whether more are due, none was fired, or one cannot be; a pause keeps the loop from turning for
    ///   nothing.
    private func fireDue() async throws(RepositoryError) -> Fired {
        var isStuck = false
        var firedCount = 0
        let due = try await provider.store.dueTimers(at: provider.surroundings.now(), limit: Self.timerBatch)
        for timer in due {
            do throws(RepositoryError) {
                if try await provider.advance(timer.runID, with: .timerFired(timer: timer.timerID)) { firedCount += 1 }
            } catch {
                provider.logger.error(
                    "A timer cannot be fired", metadata: [LogKeys.runID: "\(timer.runID)", LogKeys.error: "\(error)"])
                isStuck = true
            }
        }
        if isStuck { return .stuck }
        if firedCount == 0 { return .nothing }
        return due.count < Self.timerBatch ? .all : .someLeft
    }
}
