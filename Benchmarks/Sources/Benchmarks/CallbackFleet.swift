import Foundation
import LandlordDomain
import LandlordEngine
import Logging
import StatesLanguage

/// A database with many callbacks, made with plain SQL, and an engine on it.
struct CallbackFleet {
    let host: EngineHost

    init(_ options: Options, settings: [String: String]) throws {
        let flags = settings.map { Configuration.Flag(key: $0.key, name: "--\($0.key)", value: $0.value) }
        let configuration = try Configuration.resolve(
            flags: flags + [
                .init(key: "database", name: "--database", value: options.newDatabase()),
                .init(key: "callbacks.allow_loopback_http", name: "--loopback", value: "true"),
            ],
            environment: ["HOME": options.directory])
        let surroundings = Surroundings(
            clock: ContinuousClock(), now: { Self.now }, random: { UInt64.random(in: .min ... .max) })
        host = try EngineHost.open(
            configuration, variable: { $0 == "HOOK_SECRET" ? "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" : nil },
            surroundings: surroundings, logger: Logger(label: "benchmark") { _ in SwiftLogNoOpLogHandler() })
    }

    private static var now: Timestamp {
        Timestamp(millisecondsSinceEpoch: Int64(Date().timeIntervalSince1970 * 1_000))
    }

    /// A callback like those of the fleet.
    static func sample(port: Int) -> Callback {
        let born = ComputeExecution(
            subject: .init(tenantID: Tenant.ID("t"), operation: .provision, generation: 1, attemptEpoch: 0, attempt: 1),
            tenantName: "t-1", workflowExecutionID: "t-provision-g1-e0", taskToken: nil, provider: "mock",
            config: TenantConfig(document: ["compute": ["provider": "mock"]]), at: now)
        let destination = Callback.Destination.webhook(
            url: "http://127.0.0.1:\(port)/hooks/1", secrets: ["env:HOOK_SECRET"])
        return Callback(of: born, to: destination, attemptLimit: 4, at: now)
    }

    /// Writes so many callbacks for a receiver on this port: due now, or dead for a handful of causes.
    func fill(_ count: Int, port: Int, isDead: Bool = false) async throws {
        let spec = TenantSpec(
            name: "t-1", labels: [:], annotations: [:],
            config: TenantConfig(document: ["compute": ["provider": "mock", "containers": []]]))
        let tenant = Tenant(requested: spec, id: Tenant.ID("t"), at: Self.now)
        try await DatabaseTenantRepository(host.database).create(
            tenant, TenantLifecycle.birth(of: tenant, by: "benchmark"))
        // At rest, so that nothing but callbacks is to be done.
        let born = ComputeExecution(
            subject: .init(tenantID: tenant.id, operation: .provision, generation: 1, attemptEpoch: 0, attempt: 1),
            tenantName: "t-1", workflowExecutionID: nil, taskToken: nil, provider: "mock", config: tenant.desired,
            at: Self.now)
        let executions = DatabaseComputeExecutionRepository(host.database)
        _ = try await executions.create(born, born.birth())
        let (ended, line) = try born.ended(.cancelled(reason: "benchmark"), at: Self.now)
        try await executions.save(ended, from: .pending, line, callbacks: [])
        let sample = Self.sample(port: port)
        let destination = "{\"url\":\"http://127.0.0.1:\(port)/hooks/1\",\"secrets\":[\"env:HOOK_SECRET\"]}"
        let now = Self.now.millisecondsSinceEpoch
        try await host.database.write { transaction throws(RepositoryError) in
            try transaction.execute("UPDATE tenants SET status = 'archived'", [])
            try transaction.execute(
                Self.insert,
                [
                    .integer(count), .text(ended.id.rawValue), .text(isDead ? "dead" : "pending"),
                    .integer(isDead ? 4 : 0),
                    .integer(now), .text(sample.destination.lane), .text(sample.destination.host), .text(destination),
                    .text(sample.payload.serialized()), .flag(isDead),
                ])
        }
    }

    private static let insert = """
        WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?1)
        INSERT INTO callbacks (id, execution_id, tenant_id, tenant_name, operation_type, kind, lane, host, status,
            attempts, attempt_base, attempt_limit, next_attempt_at, error_code, error_status, error_message,
            error_text, fingerprint, created_at, waiting_since, first_attempt_at, last_attempt_at, settled_at,
            destination, payload)
        SELECT 'cb-bench-' || n, ?2, 't', 't-' || (n % 1000), 'provision', 'webhook', ?6, ?7, ?3, ?4, 0, 4, ?5,
            CASE WHEN ?10 THEN 'HTTP_STATUS' END, CASE WHEN ?10 THEN 500 + n % 5 END,
            CASE WHEN ?10 THEN 'the receiver answered ' || (500 + n % 5) || ' Service Unavailable' END,
            CASE WHEN ?10 THEN 'http_status ' || (500 + n % 5) || ' the receiver answered ' || (500 + n % 5) END,
            CASE WHEN ?10 THEN 'cause-' || (n % 7) END, ?5 - n, ?5 - n, CASE WHEN ?10 THEN ?5 END,
            CASE WHEN ?10 THEN ?5 END, CASE WHEN ?10 THEN ?5 - n % 1000 END, ?8, ?9 FROM numbers
        """

    /// Drives the engine for the length of `body`.
    func driving<Value: Sendable>(
        _ body: @escaping @Sendable (Engine) async throws -> Value
    ) async throws -> Value {
        let host = host
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await host.run() }
            let value = try await body(host.engine)
            group.cancelAll()
            // The services end by being cancelled, which is what we asked for.
            while await group.nextResult() != nil {}
            return value
        }
    }
}
