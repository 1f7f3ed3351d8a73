import LandlordDomain
import StatesLanguage

/// A row of `callbacks`, and the way from and to the domain's callback.
enum CallbackRow {
    /// What `callback` reads.
    static let columns = """
        id, execution_id, tenant_id, tenant_name, operation_type, destination, payload, status, attempts, \
        attempt_base, attempt_limit, next_attempt_at, error_code, error_status, error_message, created_at, \
        waiting_since, first_attempt_at, last_attempt_at, settled_at
        """

    /// Where the run stands that waits; read beside `columns`.
    static let workflowStatus =
        "(SELECT status FROM workflow_runs WHERE run_id = callbacks.workflow_execution_id) AS workflow_status"

    /// Writes a callback unless it is known: a repeated commit gives birth to it once.
    static let insert = """
        INSERT INTO callbacks (id, execution_id, tenant_id, tenant_name, operation_type, kind, lane, host,
            workflow_execution_id, destination, payload, created_at, status, attempts, attempt_base, attempt_limit,
            next_attempt_at, error_code, error_status, error_message, error_text, fingerprint, waiting_since,
            first_attempt_at, last_attempt_at, settled_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (id) DO NOTHING
        """

    static let update = """
        UPDATE callbacks SET status = ?, attempts = ?, attempt_base = ?, attempt_limit = ?, next_attempt_at = ?,
            error_code = ?, error_status = ?, error_message = ?, error_text = ?, fingerprint = ?, waiting_since = ?,
            first_attempt_at = ?, last_attempt_at = ?, settled_at = ? WHERE id = ? AND status = ?
        """

    static func insertValues(_ callback: Callback) -> [SQLValue] {
        let destination = callback.destination
        let fixed: [SQLValue] = [
            .text(callback.id.rawValue), .text(callback.executionID.rawValue), .text(callback.tenantID.rawValue),
            .text(callback.tenantName), .text(callback.operation.rawValue), .text(destination.kind),
            .text(destination.lane), .text(destination.host), .optional(destination.workflowExecutionID),
            .json(destination.stored), .json(callback.payload), .timestamp(callback.createdAt),
        ]
        return fixed + changingValues(callback)
    }

    static func changingValues(_ callback: Callback) -> [SQLValue] {
        let failure = callback.failure
        let fingerprint = failure.map {
            ErrorFingerprint.of($0, host: callback.destination.host, operation: callback.operation)
        }
        return [
            .text(callback.status.rawValue), .integer(callback.attempts), .integer(callback.attemptBase),
            .integer(callback.attemptLimit), .timestamp(callback.nextAttemptAt), .optional(failure?.code.rawValue),
            .optional(failure?.statusCode), .optional(failure?.message), .optional(failure.map(searchText)),
            .optional(fingerprint),
            .timestamp(callback.waitingSince), .optional(callback.firstAttemptAt), .optional(callback.lastAttemptAt),
            .optional(callback.settledAt),
        ]
    }

    /// What a filter looks for words in: code, status and message, in lowercase, so that the database need not do
    /// that for each row that it looks at.
    private static func searchText(_ failure: DeliveryFailure) -> String {
        let status = failure.statusCode.map { "\($0) " } ?? ""
        return SQLFilter.lowercased("\(failure.code.rawValue) \(status)\(failure.message)")
    }

    static func callback(_ row: SQLRow) throws(RepositoryError) -> Callback {
        var callback = Callback(
            id: Callback.ID(try row.text("id")), executionID: ComputeExecution.ID(try row.text("execution_id")),
            tenantID: Tenant.ID(try row.text("tenant_id")), tenantName: try row.text("tenant_name"),
            operation: try row.enumeration("operation_type"), destination: try destination(row),
            payload: try row.json("payload"), status: try row.enumeration("status"),
            attempts: try row.count("attempts"), attemptBase: try row.count("attempt_base"),
            attemptLimit: try row.count("attempt_limit"), nextAttemptAt: try row.timestamp("next_attempt_at"),
            failure: try failure(row), createdAt: try row.timestamp("created_at"),
            waitingSince: try row.timestamp("waiting_since"),
            firstAttemptAt: try row.optionalTimestamp("first_attempt_at"),
            lastAttemptAt: try row.optionalTimestamp("last_attempt_at"),
            settledAt: try row.optionalTimestamp("settled_at"))
        if row.columns.last == "workflow_status" {
            callback.workflowStatus = try row.optionalEnumeration("workflow_status")
        }
        return callback
    }

    static func callbacks(_ rows: [SQLRow]) throws(RepositoryError) -> [Callback] {
        var callbacks: [Callback] = []
        callbacks.reserveCapacity(rows.count)
        for row in rows { callbacks.append(try callback(row)) }
        return callbacks
    }

    /// The last failure that a row of `callbacks` holds.
    static func failure(_ row: SQLRow) throws(RepositoryError) -> DeliveryFailure? {
        guard let code = try row.optionalEnumeration("error_code", DeliveryFailure.Code.self) else { return nil }
        return DeliveryFailure(
            code, try row.optionalText("error_message") ?? "", statusCode: try row.optionalCount("error_status"))
    }

    private static func destination(_ row: SQLRow) throws(RepositoryError) -> Callback.Destination {
        let json = try row.json("destination")
        if let url = json["url"]?.stringValue {
            return .webhook(url: url, secrets: json["secrets"]?.arrayValue?.compactMap(\.stringValue) ?? [])
        }
        guard let provider = json["provider"]?.stringValue, let executionID = json["execution_id"]?.stringValue,
            let token = json["token"]?.stringValue
        else { throw .unusable("column 'destination' of callbacks does not name a receiver") }
        return .workflow(provider: provider, executionID: executionID, token: token)
    }
}

extension Callback.Destination {
    fileprivate var kind: String {
        switch self {
        case .workflow: "workflow"
        case .webhook: "webhook"
        }
    }

    fileprivate var workflowExecutionID: String? {
        switch self {
        case .workflow(_, let executionID, _): executionID
        case .webhook: nil
        }
    }

    fileprivate var stored: JSONValue {
        switch self {
        case .workflow(let provider, let executionID, let token):
            ["provider": .string(provider), "execution_id": .string(executionID), "token": .string(token)]
        case .webhook(let url, let secrets):
            ["url": .string(url), "secrets": .array(secrets.map { .string($0) })]
        }
    }
}

/// A row of `callback_attempts`.
enum CallbackAttemptRow {
    /// What `attempt` reads.
    static let columns = """
        attempt, started_at, ended_at, outcome, status_code, error_code, error, response_excerpt
        """

    static let insert = """
        INSERT INTO callback_attempts (callback_id, \(columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """

    static func values(_ attempt: CallbackAttempt) -> [SQLValue] {
        [
            .text(attempt.callbackID.rawValue), .integer(attempt.number), .timestamp(attempt.startedAt),
            .timestamp(attempt.endedAt), .text(attempt.outcome.rawValue), .optional(attempt.statusCode),
            .optional(attempt.errorCode?.rawValue), .optional(attempt.error), .optional(attempt.responseExcerpt),
        ]
    }

    static func attempt(_ row: SQLRow, of id: Callback.ID) throws(RepositoryError) -> CallbackAttempt {
        CallbackAttempt(
            callbackID: id, number: try row.count("attempt"), startedAt: try row.timestamp("started_at"),
            endedAt: try row.timestamp("ended_at"), outcome: try row.enumeration("outcome"),
            statusCode: try row.optionalCount("status_code"), errorCode: try row.optionalEnumeration("error_code"),
            error: try row.optionalText("error"), responseExcerpt: try row.optionalText("response_excerpt"))
    }

    static func attempts(
        of id: Callback.ID, limit: Int, _ reader: any SQLReader
    ) throws(RepositoryError) -> [CallbackAttempt] {
        let rows = try reader.query(
            "SELECT \(columns) FROM callback_attempts WHERE callback_id = ? ORDER BY attempt LIMIT ?",
            [.text(id.rawValue), .integer(limit)])
        var attempts: [CallbackAttempt] = []
        for row in rows { attempts.append(try attempt(row, of: id)) }
        return attempts
    }
}
