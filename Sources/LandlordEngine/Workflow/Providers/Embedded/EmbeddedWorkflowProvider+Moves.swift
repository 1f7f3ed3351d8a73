import LandlordDomain
import Logging
import StatesLanguage

// Moving runs to other versions of their definitions.

extension EmbeddedWorkflowProvider {
    /// How often a move is planned anew because the run has been moved meanwhile.
    private static let moveLimit = 4

    /// What a run would be moved from and to, and everything that is in the way; changes nothing.
    ///
    /// - Parameters:
    ///   - runID: The run.
    ///   - version: The version that it would go on with; nil for the newest.
    /// - Returns: The plan.
    /// - Throws: `.executionNotFound`, or `.refused` where the run is over for good or there is no such version.
    public func movePlan(of runID: String, to version: Int?) async throws(WorkflowError) -> RunMovePlan {
        try await plan(runID, version).plan
    }

    private func plan(
        _ runID: String, _ version: Int?
    ) async throws(WorkflowError) -> (plan: RunMovePlan, goal: StoredMachine) {
        let run = try await run(runID)
        let standing = try await taking(runID) { () throws(RepositoryError) in
            try await self.store.standing(of: runID)
        }
        guard standing.state.isRunning || standing.state.canBeRetried else {
            throw .refused("run '\(runID)' is over and cannot go on: \(run.status.rawValue)")
        }
        let found = try await storing { () throws(RepositoryError) in
            try await self.store.machine(of: run.workflowID, version: version)
        }
        guard let goal = found else {
            throw .refused("workflow '\(run.workflowID)' has no \(version.map { "version \($0)" } ?? "newest version")")
        }
        let isThere = standing.machine.version == goal.version
        let problems =
            isThere ? [] : standing.state.moveProblems(from: standing.machine.machine, to: goal.machine)
        let plan = RunMovePlan(
            runID: runID, workflowID: run.workflowID, from: standing.machine.version, to: goal.version,
            problems: problems)
        return (plan, goal)
    }

    /// Lets a run go on with another version of its definition, in one commit with who and why.
    ///
    /// A run that is on that version already is no error.
    ///
    /// - Parameters:
    ///   - runID: The run.
    ///   - version: The version that it goes on with; nil for the newest.
    ///   - actor: Who does it.
    ///   - reason: Why.
    /// - Returns: What was done.
    /// - Throws: `.executionNotFound`, or `.refused` where the run is over for good, there is no such version, or it
    ///   does not fit the run.
    public func move(
        _ runID: String, to version: Int?, by actor: String, reason: String
    ) async throws(WorkflowError) -> RunMovePlan {
        for _ in 0..<Self.moveLimit {
            let (plan, goal) = try await plan(runID, version)
            guard plan.from != plan.to else { return plan }
            guard plan.problems.isEmpty else {
                throw .refused(plan.problems.map(\.description).joined(separator: "; "))
            }
            let move = RunMove(from: plan.from, to: plan.to, by: actor, reason: reason)
            let advance = try await taking(runID) { () throws(RepositoryError) in
                try await self.store.advance(runID) { _ in
                    RunArrival(.move(move), self.stamp(), with: .version(goal))
                }
            }
            // The run has gone on since it was looked at, and is looked at again.
            guard let advance else { continue }
            logger.info(
                "A run was moved to another version",
                metadata: [
                    LogKeys.runID: "\(runID)", LogKeys.operation: "move \(plan.from) to \(plan.to)",
                    LogKeys.reason: "\(reason)",
                ])
            await follow(advance, of: runID)
            return plan
        }
        throw .unavailable("run '\(runID)' changes too fast to be moved")
    }
}
