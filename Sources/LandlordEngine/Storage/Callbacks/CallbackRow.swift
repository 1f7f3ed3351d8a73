import LandlordDomain
import StatesLanguage

/// A row of `callbacks`, and the way from and to the domain's callback.
enum CallbackRow {
    /// What `callback` reads.
    static let columns = """
        id, execution_id, tenant_id, tenant_name, destination, payload, status, attempts, attempt_limit, \
        next_attempt_at, last_error, created_at, last_attempt_at
        """

    /// Writes a callback unless it is known: a repeated commit gives birth to it once.
    static let insert = """
        INSERT INTO callbacks (id, execution_id, tenant_id, tenant_name, kind, destination, payload, created_at,
            status, attempts, attempt_limit, next_attempt_at, last_error, last_attempt_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING
        """

    static let update = """
        UPDATE callbacks SET status = ?, attempts = ?, attempt_limit = ?, next_attempt_at = ?, last_error = ?,
            last_attempt_at = ? WHERE id = ? AND status = ?
        """

    static func insertValues(_ callback: Callback) -> [SQLValue] {
        let (kind, destination) = stored(callback.destination)
        return [
            .text(callback.id.rawValue), .text(callback.executionID.rawValue), .text(callback.tenantID.rawValue),
            .text(callback.tenantName), .text(kind), .json(destination), .json(callback.payload),
            .timestamp(callback.createdAt),
        ] + changingValues(callback)
    }

    static func changingValues(_ callback: Callback) -> [SQLValue] {
        [
            .text(callback.status.rawValue), .integer(callback.attempts), .integer(callback.attemptLimit),
            .timestamp(callback.nextAttemptAt), .optional(callback.lastError), .optional(callback.lastAttemptAt),
        ]
    }

    static func callback(_ row: SQLRow) throws(RepositoryError) -> Callback {
        Callback(
            id: Callback.ID(try row.text("id")), executionID: ComputeExecution.ID(try row.text("execution_id")),
            tenantID: Tenant.ID(try row.text("tenant_id")), tenantName: try row.text("tenant_name"),
            destination: try destination(row), payload: try row.json("payload"),
            status: try row.enumeration("status"), attempts: try row.count("attempts"),
            attemptLimit: try row.count("attempt_limit"), nextAttemptAt: try row.timestamp("next_attempt_at"),
            lastError: try row.optionalText("last_error"), createdAt: try row.timestamp("created_at"),
            lastAttemptAt: try row.optionalTimestamp("last_attempt_at"))
    }

    static func callbacks(_ rows: [SQLRow]) throws(RepositoryError) -> [Callback] {
        var callbacks: [Callback] = []
        callbacks.reserveCapacity(rows.count)
        for row in rows { callbacks.append(try callback(row)) }
        return callbacks
    }

    private static func stored(_ destination: Callback.Destination) -> (kind: String, JSONValue) {
        switch destination {
        case .workflow(let provider, let executionID, let token):
            (
                "workflow",
                ["provider": .string(provider), "execution_id": .string(executionID), "token": .string(token)]
            )
        case .webhook(let url, let secret):
            ("webhook", ["url": .string(url), "secret": secret.map { .string($0) } ?? .null])
        }
    }

    private static func destination(_ row: SQLRow) throws(RepositoryError) -> Callback.Destination {
        let json = try row.json("destination")
        if let url = json["url"]?.stringValue { return .webhook(url: url, secret: json["secret"]?.stringValue) }
        guard let provider = json["provider"]?.stringValue, let executionID = json["execution_id"]?.stringValue,
            let token = json["token"]?.stringValue
        else { throw .unusable("column 'destination' of callbacks does not name a receiver") }
        return .workflow(provider: provider, executionID: executionID, token: token)
    }
}

/// A row of `callback_attempts`.
enum CallbackAttemptRow {
    static let insert = """
        INSERT INTO callback_attempts (callback_id, attempt, started_at, ended_at, outcome, status_code, error)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """

    static func values(_ attempt: CallbackAttempt) -> [SQLValue] {
        [
            .text(attempt.callbackID.rawValue), .integer(attempt.number), .timestamp(attempt.startedAt),
            .timestamp(attempt.endedAt), .text(attempt.outcome.rawValue), .optional(attempt.statusCode),
            .optional(attempt.error),
        ]
    }

    static func attempt(_ row: SQLRow, of id: Callback.ID) throws(RepositoryError) -> CallbackAttempt {
        CallbackAttempt(
            callbackID: id, number: try row.count("attempt"), startedAt: try row.timestamp("started_at"),
            endedAt: try row.timestamp("ended_at"), outcome: try row.enumeration("outcome"),
            statusCode: try row.optionalCount("status_code"), error: try row.optionalText("error"))
    }
}
