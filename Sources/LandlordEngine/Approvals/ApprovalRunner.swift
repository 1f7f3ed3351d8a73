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

    /// Works until the graceful shutdown begins.
    func run() async throws {
        await Turns(bell: bell, changes: changes, clock: surroundings.clock).run { await turn() }
    }

    /// Sees to what is due and to what was decided.
    ///
    /// - Returns: How long there is nothing to do.
    private func turn() async -> Duration {
        do throws(RepositoryError) {
            let count = try await expire() + (try await answer())
            if count == Self.turnLimit { return .milliseconds(1) }
            guard let next = try await approvals.nextExpiry() else { return Turns.restLimit }
            return max(.milliseconds(1), next.duration(since: surroundings.now()))
        } catch {
            logger.error("Approvals cannot be read", metadata: [LogKeys.error: "\(error)"])
            return .seconds(1)
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
            if let result = approval.result {
                let task = TaskReference(runID: approval.runID, taskID: approval.taskID)
                do throws(RepositoryError) {
                    try await provider.tell(result, afterCallOf: task)
                } catch .notFound {
                    // The run was archived.
                }
            }
            try await approvals.markAnswered(approval.id)
        }
        return decided.count
    }
}
