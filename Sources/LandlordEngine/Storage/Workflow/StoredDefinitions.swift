public import LandlordDomain
public import StatesLanguage

/// Definitions as a reader sees them.
struct StoredDefinitions {
    let reader: any SQLReader

    func document(of workflowID: String, version: Int) throws(RepositoryError) -> JSONValue {
        let row = try reader.first(
            "SELECT definition FROM workflow_definitions WHERE workflow_id = ? AND version = ?",
            [.text(workflowID), .integer(version)])
        guard let row else { throw .unusable("workflow '\(workflowID)' has no version \(version)") }
        return try row.json("definition")
    }

    /// Whether there is such a version, forgotten or not.
    func has(_ workflowID: String, version: Int) throws(RepositoryError) -> Bool {
        try reader.first(
            "SELECT version FROM workflow_definitions WHERE workflow_id = ? AND version = ?",
            [.text(workflowID), .integer(version)]) != nil
    }

    /// The number of the newest version of a workflow that was not forgotten.
    func newestVersion(of workflowID: String) throws(RepositoryError) -> Int? {
        try reader.first(
            """
            SELECT version FROM workflow_definitions WHERE workflow_id = ? AND is_forgotten = 0
            ORDER BY version DESC LIMIT 1
            """,
            [.text(workflowID)])?.count("version")
    }

    /// The number of the newest version of a workflow that was not forgotten, and whether new runs of it are kept out:
    /// both in one statement, for each run that begins asks.
    func standing(of workflowID: String) throws(RepositoryError) -> (version: Int, isDrained: Bool)? {
        let row = try reader.first(
            """
            SELECT version, (SELECT verb FROM workflow_admissions AS admission
                WHERE admission.workflow_id = definition.workflow_id ORDER BY line DESC LIMIT 1) AS verb
            FROM workflow_definitions AS definition WHERE workflow_id = ? AND is_forgotten = 0
            ORDER BY version DESC LIMIT 1
            """,
            [.text(workflowID)])
        guard let row else { return nil }
        let verb = try row.optionalEnumeration("verb", WorkflowAdmission.Verb.self)
        return (try row.count("version"), verb == .drain)
    }

    /// The newest version of a workflow that was not forgotten, with its digest.
    func newest(_ workflowID: String) throws(RepositoryError) -> (definition: StoredDefinition, sha256: String)? {
        let row = try reader.first(
            """
            SELECT version, definition, sha256 FROM workflow_definitions
            WHERE workflow_id = ? AND is_forgotten = 0 ORDER BY version DESC LIMIT 1
            """,
            [.text(workflowID)])
        guard let row else { return nil }
        let definition = StoredDefinition(
            workflowID: workflowID, version: try row.count("version"), document: try row.json("definition"))
        return (definition, try row.text("sha256"))
    }
}

extension DatabaseRunStore {
    /// Keeps a definition: the newest version where it is the same, or a new one.
    public func keep(_ spec: WorkflowSpec, at now: Timestamp) async throws(RepositoryError) -> StoredDefinition {
        let sha256 = SHA256Digest.hex(of: spec.definition.canonical())
        return try await database.write { transaction throws(RepositoryError) in
            // Only the newest counts: an older definition that comes back must become the newest again.
            if let known = try StoredDefinitions(reader: transaction).newest(spec.workflowID), known.sha256 == sha256 {
                return known.definition
            }
            let version =
                try transaction.count(
                    "SELECT coalesce(max(version), 0) FROM workflow_definitions WHERE workflow_id = ?",
                    [.text(spec.workflowID)]) + 1
            try transaction.execute(
                """
                INSERT INTO workflow_definitions (workflow_id, version, definition, sha256, provider, name,
                    description, created_at, is_forgotten)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)
                """,
                [
                    .text(spec.workflowID), .integer(version), .json(spec.definition), .text(sha256),
                    .text(spec.provider), .text(spec.name), .text(spec.description), .timestamp(now),
                ])
            return StoredDefinition(workflowID: spec.workflowID, version: version, document: spec.definition)
        }
    }

    /// A version of a definition, or its newest; nil where there is none.
    public func definition(
        of workflowID: String, version: Int?
    ) async throws(RepositoryError) -> StoredDefinition? {
        try await database.read { reader throws(RepositoryError) in
            guard let version else { return try StoredDefinitions(reader: reader).newest(workflowID)?.definition }
            let row = try reader.first(
                "SELECT definition FROM workflow_definitions WHERE workflow_id = ? AND version = ?",
                [.text(workflowID), .integer(version)])
            guard let row else { return nil }
            return StoredDefinition(workflowID: workflowID, version: version, document: try row.json("definition"))
        }
    }

    /// Forgets a workflow, so that no further run starts.
    public func forget(_ workflowID: String) async throws(RepositoryError) -> Bool {
        try await database.write { transaction throws(RepositoryError) in
            try transaction.execute(
                "UPDATE workflow_definitions SET is_forgotten = 1 WHERE workflow_id = ? AND is_forgotten = 0",
                [.text(workflowID)]) > 0
        }
    }
}
