import LandlordDomain
import StatesLanguage

extension DatabaseRunStore {
    /// Where a run stands in the database, with the definition that it is on.
    public func standing(of runID: String) async throws(RepositoryError) -> RunStanding {
        try await database.read { [machines] reader throws(RepositoryError) in
            let row = try reader.first(
                "SELECT \(RunRow.movingColumns) FROM workflow_runs WHERE run_id = ?", [.text(runID)])
            guard let row else { throw .notFound }
            let run = try RunRow.moving(row, machines, reader)
            guard let state = run.state else { throw .notFound }
            return RunStanding(machine: run.machine, state: state)
        }
    }

    /// A version of a definition, or its newest, compiled.
    public func machine(
        of workflowID: String, version: Int?
    ) async throws(RepositoryError) -> StoredMachine? {
        try await database.read { [machines] reader throws(RepositoryError) in
            let definitions = StoredDefinitions(reader: reader)
            guard let version else {
                guard let newest = try definitions.newestVersion(of: workflowID) else { return nil }
                return try machines.machine(workflowID, version: newest, reader)
            }
            guard try definitions.has(workflowID, version: version) else { return nil }
            return try machines.machine(workflowID, version: version, reader)
        }
    }
}
