import LandlordDomain
import StatesLanguage

/// A row of `tenants`, and the way from and to the domain's tenant.
enum TenantRow {
    /// What `tenant` reads.
    static let columns = """
        id, name, status, status_message, status_since, desired_config, desired_hash, observed_config, observed_hash, \
        resource_ids, endpoints, labels, annotations, generation, observed_generation, version, \
        workflow_execution_id, workflow_operation, workflow_generation, workflow_config_hash, workflow_sub_state, \
        workflow_retry_count, workflow_error_message, attempt_epoch, retry_count, next_attempt_at, failed_while, \
        drift, drift_checked_at, created_at, updated_at
        """

    static let insert = """
        INSERT INTO tenants (id, created_at, version, \(changing.joined(separator: ", ")))
        VALUES (?, ?, ?, \(changing.map { _ in "?" }.joined(separator: ", ")))
        """

    static let update = """
        UPDATE tenants SET version = version + 1, \(changing.map { "\($0) = ?" }.joined(separator: ", "))
        WHERE id = ? AND version = ?
        """

    /// The columns that `values` fills.
    private static let changing = [
        "name", "status", "status_message", "status_since", "desired_config", "desired_hash", "observed_config",
        "observed_hash", "resource_ids", "endpoints", "labels", "annotations", "generation", "observed_generation",
        "provider", "workflow_execution_id", "workflow_operation", "workflow_generation", "workflow_config_hash",
        "workflow_sub_state", "workflow_retry_count", "workflow_error_message", "attempt_epoch", "retry_count",
        "next_attempt_at", "failed_while", "drift", "drift_checked_at", "updated_at",
    ]

    static func values(_ tenant: Tenant) -> [SQLValue] {
        let run = tenant.run
        return [
            .text(tenant.name), .text(tenant.status.rawValue), .text(tenant.statusMessage),
            .timestamp(tenant.statusSince), .json(tenant.desired.document), .text(tenant.desired.hash),
            .optional(tenant.observed?.document), .optional(tenant.observed?.hash), .strings(tenant.resourceIDs),
            .endpoints(tenant.endpoints), .strings(tenant.labels), .strings(tenant.annotations),
            .integer(tenant.generation), .integer(tenant.observedGeneration), .text(tenant.desired.provider ?? ""),
            .optional(run?.executionID), .optional(run?.operation.rawValue), .optional(run?.generation),
            .optional(run?.configHash), .optional(run?.subState?.rawValue), .optional(run?.retryCount),
            .optional(run?.errorMessage), .integer(tenant.attemptEpoch), .integer(tenant.retryCount),
            .optional(tenant.nextAttemptAt), .optional(tenant.failedWhile?.rawValue), .optional(tenant.drift),
            .optional(tenant.driftCheckedAt), .timestamp(tenant.updatedAt),
        ]
    }

    static func tenant(_ row: SQLRow) throws(RepositoryError) -> Tenant {
        Tenant(
            id: Tenant.ID(try row.text("id")), name: try row.text("name"), status: try row.enumeration("status"),
            statusMessage: try row.text("status_message"), statusSince: try row.timestamp("status_since"),
            desired: TenantConfig(document: try row.json("desired_config"), hash: try row.text("desired_hash")),
            observed: try observed(row), generation: try row.count("generation"),
            observedGeneration: try row.count("observed_generation"), resourceIDs: try row.strings("resource_ids"),
            endpoints: try row.endpoints("endpoints"), labels: try row.strings("labels"),
            annotations: try row.strings("annotations"), run: try run(row),
            attemptEpoch: try row.count("attempt_epoch"), retryCount: try row.count("retry_count"),
            nextAttemptAt: try row.optionalTimestamp("next_attempt_at"),
            failedWhile: try row.optionalEnumeration("failed_while"), drift: try row.optionalText("drift"),
            driftCheckedAt: try row.optionalTimestamp("drift_checked_at"), version: try row.count("version"),
            createdAt: try row.timestamp("created_at"), updatedAt: try row.timestamp("updated_at"))
    }

    static func tenants(_ rows: [SQLRow]) throws(RepositoryError) -> [Tenant] {
        var tenants: [Tenant] = []
        tenants.reserveCapacity(rows.count)
        for row in rows { tenants.append(try tenant(row)) }
        return tenants
    }

    private static func observed(_ row: SQLRow) throws(RepositoryError) -> TenantConfig? {
        guard let document = try row.optionalJSON("observed_config") else { return nil }
        return TenantConfig(document: document, hash: try row.text("observed_hash"))
    }

    private static func run(_ row: SQLRow) throws(RepositoryError) -> TenantRun? {
        guard let executionID = try row.optionalText("workflow_execution_id") else { return nil }
        return TenantRun(
            executionID: executionID, operation: try row.enumeration("workflow_operation"),
            generation: try row.count("workflow_generation"), configHash: try row.text("workflow_config_hash"),
            subState: try row.optionalEnumeration("workflow_sub_state"),
            retryCount: try row.count("workflow_retry_count"),
            errorMessage: try row.optionalText("workflow_error_message"))
    }
}

/// A row of `tenant_transitions`.
enum TenantTransitionRow {
    static let columns = """
        tenant_id, sequence, from_status, to_status, reason, triggered_by, desired_hash, observed_hash, \
        desired_snapshot, observed_snapshot, created_at
        """

    /// Appends a line: the next number of the tenant, then what happened.
    static func append(
        _ transition: TenantTransition, _ transaction: any SQLTransaction
    ) throws(RepositoryError) {
        let tenantID = SQLValue.text(transition.tenantID.rawValue)
        try transaction.execute(
            """
            INSERT INTO tenant_transitions (\(columns))
            VALUES (?, (SELECT coalesce(max(sequence), 0) + 1 FROM tenant_transitions WHERE tenant_id = ?),
                ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                tenantID, tenantID, .optional(transition.from?.rawValue), .text(transition.to.rawValue),
                .text(transition.reason), .text(transition.triggeredBy), .text(transition.desiredHash),
                .optional(transition.observedHash), .json(transition.desired), .optional(transition.observed),
                .timestamp(transition.createdAt),
            ])
    }

    static func transition(_ row: SQLRow) throws(RepositoryError) -> TenantTransition {
        TenantTransition(
            tenantID: Tenant.ID(try row.text("tenant_id")), from: try row.optionalEnumeration("from_status"),
            to: try row.enumeration("to_status"), reason: try row.text("reason"),
            triggeredBy: try row.text("triggered_by"), desiredHash: try row.text("desired_hash"),
            observedHash: try row.optionalText("observed_hash"), desired: try row.json("desired_snapshot"),
            observed: try row.optionalJSON("observed_snapshot"), createdAt: try row.timestamp("created_at"))
    }
}
