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

    /// How many requests are read at once.
    private static let pageLimit = 256

    /// Works until the graceful shutdown begins.
    func run() async throws {
        await Turns(bell: bell, changes: changes, clock: surroundings.clock).run { await turn() }
    }

    /// Sees to what is due and to what was decided.
    ///
    /// - Returns: How long there is nothing to do.
    private func turn() async -> Duration {
        do throws(RepositoryError) {
            let hasMore = try await expire()
            try await answer()
            if hasMore { return .milliseconds(1) }
            guard let next = try await approvals.nextExpiry() else { return Turns.restLimit }
            return max(.milliseconds(1), next.duration(since: surroundings.now()))
        } catch {
            logger.error("Approvals cannot be read", metadata: [LogKeys.error: "\(error)"])
            return .seconds(1)
        }
    }

    /// - Returns: Whether more may be due.
    private func expire() async throws(RepositoryError) -> Bool {
        let now = surroundings.now()
        let due = try await approvals.due(at: now, limit: Self.pageLimit)
        for approval in due {
            guard let step = approval.expired(at: now) else { continue }
            do throws(RepositoryError) {
                try await approvals.save(step)
            } catch .stale {
                // Somebody has decided after all.
                continue
            }
        }
        return due.count == Self.pageLimit
    }

    private func answer() async throws(RepositoryError) {
        var place: PageCursor?
        while true {
            let decided = try await approvals.unanswered(after: place, limit: Self.pageLimit)
            for approval in decided { try await answer(approval) }
            guard decided.count == Self.pageLimit, let last = decided.last else { return }
            place = PageCursor(key: "\(last.createdAt.millisecondsSinceEpoch)", id: last.id)
        }
    }

    private func answer(_ approval: Approval) async throws(RepositoryError) {
        if let result = approval.result {
            let task = TaskReference(runID: approval.runID, taskID: approval.taskID)
            do throws(RepositoryError) {
                try await provider.tell(result, afterCallOf: task)
            } catch .notFound {
                // The run was archived.
            } catch .unusable(let reason) {
                // One run that cannot go on keeps no other from its answer; it is tried again in the next turn.
                logger.error(
                    "A run cannot be told what was decided",
                    metadata: [LogKeys.runID: "\(approval.runID)", LogKeys.error: "\(reason)"])
                return
            }
        }
        try await approvals.markAnswered(approval.id)
    }
}
