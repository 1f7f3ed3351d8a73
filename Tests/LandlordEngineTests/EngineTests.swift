import Foundation
import LandlordDomain
import LandlordEngine
import LandlordTestSupport
import Logging
import StatesLanguage
import Testing

@Suite(.timeLimit(.minutes(1)))
struct EngineTests {
    @Test func `a tenant goes from requested to ready, changes and is deleted`() async throws {
        try await withEngine { engine in
            let spec = try TenantSpec.sample("acme")
            _ = try await engine.tenants.apply(spec, by: "operator")
            let ready = try await engine.reaches("acme", .ready)
            #expect(ready.observedGeneration == 1)
            #expect(ready.endpoints.map(\.port) == [8080])
            #expect(ready.resourceIDs == ["web": "mock-\(ready.id)-web"])

            _ = try await engine.tenants.apply(try TenantSpec.sample("acme", image: "app:2"), by: "operator")
            let updated = try await engine.reaches("acme", .ready) { $0.observedGeneration == 2 }
            #expect(Plan(desired: updated.desired, observed: updated.observed).isEmpty)

            _ = try await engine.tenants.delete("acme", by: "operator")
            let deleted = try await engine.reaches(updated.id.rawValue, .deleted)
            let history = try await engine.tenants.history(of: deleted.id).items.map(\.to)
            #expect(
                history == [
                    .requested, .planning, .provisioning, .ready, .planning, .updating, .ready, .deleting, .deleted,
                ])
        }
    }

    @Test func `a tenant whose provider fails says why and can be retried`() async throws {
        try await withEngine { engine in
            let script: JSONValue = ["fail": ["code": "INVALID_CONFIGURATION", "times": 1, "message": "no such image"]]
            _ = try await engine.tenants.apply(try TenantSpec.sample("acme", script: script), by: "operator")
            let failed = try await engine.reaches("acme", .failed)
            #expect(failed.statusMessage.contains("INVALID_CONFIGURATION"))
            _ = try await engine.tenants.retry("acme", by: "operator")
            _ = try await engine.reaches("acme", .ready)
            let executions = try await engine.executions.page(ComputeExecutionQuery(tenantID: failed.id)).items
            #expect(executions.map(\.status) == [.succeeded, .failed])
        }
    }
}

/// Runs an engine on a database of its own for the length of a test.
func withEngine(
    _ body: (Engine) async throws -> Void
) async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("engine-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }  // A leftover folder harms nobody.
    let configuration = try Configuration.resolve(
        flags: [.init(key: "database", name: "--database", value: folder.appendingPathComponent("t.db").path)],
        environment: ["HOME": folder.path])
    let chance = SeededChance(seed: 7)
    let surroundings = Surroundings(
        clock: ContinuousClock(),
        now: { Timestamp(millisecondsSinceEpoch: Int64(Date().timeIntervalSince1970 * 1000)) },
        random: { chance.next() })
    let host = try EngineHost.open(
        configuration, variable: { _ in nil }, surroundings: surroundings, logger: Logger(label: "test"))
    try await withThrowingTaskGroup { group in
        group.addTask { try await host.run() }
        try await body(host.engine)
        group.cancelAll()
    }
}

extension Engine {
    /// Waits until a tenant stands where the test wants it.
    func reaches(
        _ name: String, _ status: TenantStatus, where condition: (Tenant) -> Bool = { _ in true }
    ) async throws -> Tenant {
        let subscription = changes.subscribe()
        var tenant = try await tenants.tenant(name)
        for await _ in subscription where !(tenant.status == status && condition(tenant)) {
            tenant = try await tenants.tenant(name)
            if tenant.status == status, condition(tenant) { return tenant }
        }
        return tenant
    }
}
