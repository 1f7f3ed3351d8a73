import LandlordDomain
import Logging
import ServiceLifecycle
import StatesLanguage

/// Tells runs what was decided, and lets requests escalate and expire; in the process that drives.
struct ApprovalRunner: Service {
    let approvals: any ApprovalRepository
    let provider: EmbeddedWorkflowProvider
    let bell: Alarm
    let changes: ChangeHub
    let surroundings: Surroundings
    let logger: Logger

    /// How many requests are seen to in one turn.
    private static let turnLimit = 256
    /// The longest rest: a ring that was lost costs this long.
    private static let restLimit = Duration.seconds(10)

    /// Works until the graceful shutdown begins.
    func run() async throws {
        bell.open()
        let subscription = changes.subscribe()
        await withDiscardingTaskGroup { group in
            group.addTask { await work() }
            group.addTask {
                // What another process has decided is found by looking.
                for await batch in subscription where batch.contains(.missed) { bell.ring() }
            }
            // Ends with the shutdown only; a cancelled wait is that shutdown.
            try? await gracefulShutdown()
            bell.close()
            group.cancelAll()
        }
    }

    private func work() async {
        while !bell.isClosed {
            var rest = Self.restLimit
            do throws(RepositoryError) {
                let count = try await expire() + (try await answer())
                if let next = try await approvals.nextExpiry() {
                    rest = min(rest, max(.milliseconds(1), next.duration(since: surroundings.now())))
                }
                if count == Self.turnLimit { rest = .milliseconds(1) }
            } catch {
                logger.error("Approvals cannot be read", metadata: [LogKeys.error: "\(error)"])
                rest = .seconds(1)
            }
            await bell.wait(atMost: rest, on: surroundings.clock)
        }
    }

    private func expire() async throws(RepositoryError) -> Int {
        let now = surroundings.now()
        let due = try await approvals.due(at: now, limit: Self.turnLimit)
        for approval in due {
            guard let step = approval.expired(at: now) else { continue }
            do throws(RepositoryError) {
                try await approvals.save(step)
            } catch .stale {
                // Somebody has decided after all.
                continue
            }
        }
        return due.count
    }

    private func answer() async throws(RepositoryError) -> Int {
        let decided = try await approvals.unanswered(limit: Self.turnLimit)
        for approval in decided {
            if let input = approval.result?.input(for: approval.taskID) {
                do throws(RepositoryError) {
                    try await provider.advance(approval.runID, with: input)
                } catch .notFound {
                    // The run was archived.
                }
            }
            try await approvals.markAnswered(approval.id)
        }
        return decided.count
    }
}
