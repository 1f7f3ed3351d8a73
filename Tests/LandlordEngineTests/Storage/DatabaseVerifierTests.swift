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
        var tenant = try await tenants.add(Sample.tenant("acme"))
        for status in [TenantStatus.planning, .provisioning, .ready] {
            let moved = try TenantLifecycle.move(tenant, to: status, reason: "", by: "t", at: Sample.time(1))
            tenant = try await tenants.save(moved.tenant, [moved.transition])
        }
        let born = try await executions.add(Sample.execution(tenant))
        let (running, began) = try born.started(at: Sample.time(1))
        try await executions.save(running, from: .pending, began, callbacks: [])
        let (ended, end) = try running.ended(.succeeded(ComputeResult()), at: Sample.time(2))
        let destination = Callback.Destination.webhook(url: "https://a.example/", secrets: [])
        let callback = Callback(of: ended, to: destination, attemptLimit: 3, at: Sample.time(2))
        try await executions.save(ended, from: .running, end, callbacks: [callback])
        let outbox = DatabaseCallbackOutbox(storage.database)
        for (second, failure) in [(3, DeliveryFailure(.httpStatus, "410", statusCode: 410)), (5, nil)] {
            let claimed = try await outbox.claim([LaneWish(lane: destination.lane, count: 1)], at: Sample.time(second))
            let sending = try #require(claimed.first)
            let outcome = failure.map { DeliveryOutcome.failed($0) } ?? .accepted
            let policy = DeliveryPolicy(backoff: Backoff(delayBase: .seconds(1), delayLimit: .seconds(1)))
            let next = CallbackDelivery.after(
                sending, outcome, policy: policy, jitter: 0, at: Sample.time(second))
            try await outbox.record(
                next, CallbackAttempt(of: sending, DeliveryReport(outcome), at: Sample.time(second)))
            guard next.status == .dead else { continue }
            let operations = DatabaseCallbackOperationRepository(storage.database)
            let id = CallbackOperation.ID("op-1")
            _ = try await operations.begin(
                CallbackOperation.Request(.redrive, by: "ada"), CallbackQuery(), id: id, at: Sample.time(4))
            let after = try await operations.advance(id, by: 9, retryLimit: 3, at: Sample.time(4))
            let done = try #require(after.moved(to: .done, at: Sample.time(4)))
            try await operations.save(done, from: .running)
        }
    }

    @Test func `an untouched database is sound`() async throws {
        let report = try await DatabaseVerifier(storage.database).verify()
        #expect(report.findings == [])
        #expect(report.isSound)
        #expect(
            report.checked.map(\.name) == [
                "file", "tenants", "executions", "callbacks", "bulk operations", "runs", "approvals", "schedules",
            ])
        #expect(report.checked.map(\.count) == [1, 1, 1, 1, 1, 0, 0, 0])
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
        ("UPDATE callbacks SET status = 'pending', settled_at = NULL", .unlikeHistory, "callback "),
        ("UPDATE callbacks SET status = 'dead'", .unlikeHistory, "callback "),
        ("UPDATE callbacks SET host = 'b.example'", .unlikeHistory, "callback "),
        ("UPDATE callbacks SET attempts = 3", .missingHistory, "callback "),
        ("UPDATE callbacks SET status = 'discarded'", .missingHistory, "callback "),
        ("UPDATE callbacks SET error_code = 'ODD'", .unreadable, "callback "),
        ("DELETE FROM callback_attempts", .missingHistory, "callback "),
        ("DELETE FROM callback_attempts WHERE attempt = 1", .missingHistory, "callback "),
        ("DELETE FROM callback_attempts WHERE attempt = 2", .missingHistory, "callback "),
        ("DELETE FROM callback_audit", .missingHistory, "callback "),
        ("DELETE FROM callback_operation_items", .unlikeHistory, "bulk operation op-1"),
        ("UPDATE callback_operations SET applied = 0", .unlikeHistory, "bulk operation op-1"),
        ("DELETE FROM tenants", .foreignKey, "tenant_transitions"),
    ])
    func `each edit is named`(sql: String, kind: VerificationReport.Finding.Kind, subject: String) async throws {
        try await storage.database.editBehindItsBack(sql)
        let report = try await DatabaseVerifier(storage.database).verify()
        let matches = report.findings.filter { $0.kind == kind && $0.subject.hasPrefix(subject) }
        #expect(!matches.isEmpty, "found \(report.findings)")
    }
}
