import LandlordDomain
import LandlordTestSupport
import StatesLanguage
import Testing

@testable import LandlordEngine

/// Verifies databases that were edited behind the engine's back, with plain SQL.
@Suite(.timeLimit(.minutes(1)))
struct DatabaseVerifierTests {
    private let storage: TemporaryDatabase

    init() async throws {
        storage = try TemporaryDatabase()
        let tenants = DatabaseTenantRepository(storage.database)
        let executions = DatabaseComputeExecutionRepository(storage.database)
        let callbacks = DatabaseCallbackRepository(storage.database)
        var tenant = try await tenants.add(Sample.tenant("acme"))
        for status in [TenantStatus.planning, .provisioning, .ready] {
            let moved = try TenantLifecycle.move(tenant, to: status, reason: "", by: "t", at: Sample.time(1))
            tenant = try await tenants.save(moved.tenant, [moved.transition])
        }
        let born = try await executions.add(Sample.execution(tenant))
        let (running, began) = try born.started(at: Sample.time(1))
        try await executions.save(running, from: .pending, began, callbacks: [])
        let (ended, end) = try running.ended(.succeeded(ComputeResult()), at: Sample.time(2))
        let callback = Callback(of: ended, to: .webhook(url: "u", secret: nil), attemptLimit: 3, at: Sample.time(2))
        try await executions.save(ended, from: .running, end, callbacks: [callback])
        let sending = CallbackDelivery.beginning(callback, at: Sample.time(3))
        try await callbacks.save(sending, from: .pending, attempt: nil)
        let attempt = CallbackAttempt(
            callbackID: callback.id, number: 1, startedAt: Sample.time(3), endedAt: Sample.time(3), outcome: .accepted)
        var delivered = sending
        delivered.status = .delivered
        try await callbacks.save(delivered, from: .delivering, attempt: attempt)
    }

    @Test func `an untouched database is sound`() async throws {
        let report = try await DatabaseVerifier(storage.database).verify()
        #expect(report.findings == [])
        #expect(report.isSound)
        #expect(report.checked.map(\.name) == ["file", "tenants", "executions", "callbacks", "runs"])
        #expect(report.checked.map(\.count) == [1, 1, 1, 1, 0])
    }

    @Test(arguments: [
        (
            "UPDATE tenants SET status = 'failed'", VerificationReport.Finding.Kind.unlikeHistory,
            "tenant acme (id-acme)"
        ),
        ("DELETE FROM tenant_transitions", .missingHistory, "tenant acme (id-acme)"),
        ("DELETE FROM tenant_transitions WHERE sequence = 1", .missingHistory, "tenant acme (id-acme)"),
        ("DELETE FROM tenant_transitions WHERE sequence = 2", .missingHistory, "tenant acme (id-acme)"),
        ("DELETE FROM tenant_transitions WHERE sequence = 4", .unlikeHistory, "tenant acme (id-acme)"),
        (
            "UPDATE tenant_transitions SET to_status = 'archived' WHERE sequence = 4", .illegalStep,
            "tenant acme (id-acme)"
        ),
        (
            "UPDATE tenants SET desired_config = replace(desired_config, 'nginx', 'nginy')", .hash,
            "tenant acme (id-acme)"
        ),
        (
            "UPDATE tenant_transitions SET desired_snapshot = '{}' WHERE sequence = 2", .hash, "tenant acme (id-acme)"
        ),
        ("UPDATE tenants SET endpoints = '{'", .unreadable, "tenant acme (id-acme)"),
        ("UPDATE compute_executions SET status = 'failed'", .unlikeHistory, "execution "),
        ("UPDATE compute_executions SET ended_at = NULL", .unlikeHistory, "execution "),
        ("DELETE FROM compute_execution_history", .missingHistory, "execution "),
        ("DELETE FROM compute_execution_history WHERE sequence = 2", .missingHistory, "execution "),
        ("DELETE FROM compute_execution_history WHERE sequence = 3", .unlikeHistory, "execution "),
        ("UPDATE compute_executions SET generation = 9", .unreadable, "execution "),
        ("UPDATE callbacks SET status = 'pending'", .unlikeHistory, "callback "),
        ("DELETE FROM callback_attempts", .unlikeHistory, "callback "),
        ("DELETE FROM tenants", .foreignKey, "tenant_transitions"),
    ])
    func `each edit is named`(sql: String, kind: VerificationReport.Finding.Kind, subject: String) async throws {
        try await storage.database.editBehindItsBack(sql)
        let report = try await DatabaseVerifier(storage.database).verify()
        let matches = report.findings.filter { $0.kind == kind && $0.subject.hasPrefix(subject) }
        #expect(!matches.isEmpty, "found \(report.findings)")
    }
}
