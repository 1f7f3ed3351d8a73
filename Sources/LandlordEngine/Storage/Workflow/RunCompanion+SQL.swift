import LandlordDomain

extension RunCompanion {
    /// Looks whether the step may be written, before anything is.
    ///
    /// - Throws: `.notFound` where the lease is lost, `.stale` where the signal was taken.
    func check(run: Int64, _ transaction: any SQLTransaction) throws(RepositoryError) {
        switch self {
        case .lease(let task, let number):
            let key = try RunKey(run: run, part: task).value
            let row = try transaction.first(
                "SELECT lease FROM workflow_tasks WHERE id = ? AND status = 'open' AND is_submitted = 0",
                [.integer(key)])
            guard try row?.count("lease") == number else { throw .notFound }
        case .signal(let id, _):
            let row = try transaction.first(
                "SELECT id FROM workflow_signals WHERE id = ? AND task IS NULL", [.integer(id)])
            guard row != nil else { throw .stale }
        case .unfinishedCall, .version: break
        }
    }

    /// Writes what belongs to the step.
    func write(run: Int64, at now: SQLValue, _ transaction: any SQLTransaction) throws(RepositoryError) {
        switch self {
        case .lease, .unfinishedCall: break
        case .signal(let id, let task):
            try transaction.execute(
                "UPDATE workflow_signals SET task = ?, taken_at = ? WHERE id = ?", [.integer(task), now, .integer(id)])
        case .version(let machine):
            try transaction.execute(
                "UPDATE workflow_runs SET definition_version = ? WHERE number = ?",
                [.integer(machine.version), .integer(run)])
        }
    }
}
