import LandlordDomain
import LandlordTestSupport
import StatesLanguage
import Testing

@testable import LandlordEngine

@Suite(.timeLimit(.minutes(1)))
struct TenantRepositoryTests {
    private let storage: TemporaryDatabase
    private let tenants: DatabaseTenantRepository

    init() throws {
        storage = try TemporaryDatabase()
        tenants = DatabaseTenantRepository(storage.database)
    }

    @Test func `every field of a tenant survives`() async throws {
        var tenant = Sample.tenant("acme", status: .failed, labels: ["plan": "pro"], at: 5)
        tenant.statusMessage = "it broke\u{7}"
        tenant.observed = Sample.config("old")
        tenant.resourceIDs = ["task": "t-1"]
        tenant.endpoints = [Endpoint(name: "http", kind: .http, address: "127.0.0.1", port: 80)]
        tenant.annotations = ["note": "\"quoted\""]
        tenant.run = TenantRun(
            executionID: "run-1", operation: .update, generation: 2, configHash: "abc", subState: .backingOff,
            retryCount: 3, errorMessage: "later")
        (tenant.attemptEpoch, tenant.retryCount, tenant.failedWhile) = (4, 2, .deleting)
        (tenant.nextAttemptAt, tenant.drift, tenant.driftCheckedAt) = (Sample.time(9), "image", Sample.time(8))
        try await tenants.add(tenant)
        #expect(try await tenants.tenant(tenant.id) == tenant)
        #expect(try await tenants.tenant(named: "acme") == tenant)
        #expect(try await tenants.tenant(Tenant.ID("none")) == nil)
    }

    @Test func `two tenants cannot have one name, but a tombstone gives it back`() async throws {
        let first = try await tenants.add(Sample.tenant("acme", status: .deleting))
        var second = Sample.tenant("acme", at: 1)
        second = Tenant(requested: TenantSpec(second), id: Tenant.ID("other"), at: Sample.time(1))
        await #expect(throws: RepositoryError.conflict("tenants.name")) { try await tenants.add(second) }
        let gone = try TenantLifecycle.move(first, to: .deleted, reason: "", by: "t", at: Sample.time(2))
        _ = try await tenants.save(gone.tenant, [gone.transition])
        #expect(try await tenants.tenant(named: "acme")?.id == first.id)
        try await tenants.add(second)
        #expect(try await tenants.tenant(named: "acme")?.id == second.id)
        #expect(try await tenants.tenant(first.id)?.status == .deleted)
    }

    @Test func `a save that was decided on an old version is stale and writes nothing`() async throws {
        let tenant = try await tenants.add(Sample.tenant("acme"))
        let moved = try TenantLifecycle.move(tenant, to: .planning, reason: "one", by: "t", at: Sample.time(1))
        let saved = try await tenants.save(moved.tenant, [moved.transition])
        #expect(saved.version == 2)
        await #expect(throws: RepositoryError.stale) { try await tenants.save(moved.tenant, [moved.transition]) }
        #expect(try await tenants.tenant(tenant.id) == saved)
        #expect(try await tenants.transitions(of: tenant.id, after: nil, limit: 10).items.count == 2)
    }

    @Test func `history comes oldest first, in windows`() async throws {
        var tenant = try await tenants.add(Sample.tenant("acme"))
        for status in [TenantStatus.planning, .provisioning, .failed] {
            let moved = try TenantLifecycle.move(
                tenant, to: status, reason: status.rawValue, by: "t", at: Sample.time(1))
            tenant = try await tenants.save(moved.tenant, [moved.transition])
        }
        let first = try await tenants.transitions(of: tenant.id, after: nil, limit: 3)
        #expect(first.items.map(\.to) == [.requested, .planning, .provisioning])
        #expect(first.items.map(\.from) == [nil, .requested, .planning])
        let second = try await tenants.transitions(of: tenant.id, after: first.next, limit: 3)
        #expect(second.items.map(\.to) == [.failed])
        #expect(second.next == nil)
    }

    @Test(arguments: [
        (TenantQuery.Order.newest, ["d", "c", "b", "a"]), (.name, ["a", "b", "c", "d"]),
        (.updated, ["d", "c", "b", "a"]), (.longestInStatus, ["a", "b", "c", "d"]),
    ])
    func `pages follow each other without gap or repetition`(order: TenantQuery.Order, names: [String]) async throws {
        for (second, name) in ["a", "b", "c", "d"].enumerated() {
            try await tenants.add(Sample.tenant(name, at: second / 2))
        }
        var seen: [String] = []
        var query = TenantQuery(order: order, limit: 1)
        repeat {
            let page = try await tenants.page(query)
            seen += page.items.map(\.name)
            query.after = page.next.flatMap { PageCursor(text: $0.text) }
        } while query.after != nil
        #expect(seen == names)
    }

    @Test func `filters combine, and tombstones are shown only when asked for`() async throws {
        try await tenants.add(Sample.tenant("alpha", status: .ready, labels: ["plan": "pro", "zone": "eu"]))
        try await tenants.add(Sample.tenant("beta", status: .failed, labels: ["plan": "pro"]))
        try await tenants.add(Sample.tenant("gamma", status: .deleted, labels: ["plan": "Pro"]))
        func names(_ query: TenantQuery) async throws -> [String] { try await tenants.page(query).items.map(\.name) }
        #expect(try await names(TenantQuery(order: .name)) == ["alpha", "beta"])
        #expect(try await names(TenantQuery(statuses: [.deleted])) == ["gamma"])
        #expect(try await names(TenantQuery(statuses: [.failed, .deleted], order: .name)) == ["beta", "gamma"])
        #expect(try await names(TenantQuery(labels: ["plan": "pro"], order: .name)) == ["alpha", "beta"])
        #expect(try await names(TenantQuery(labels: ["plan": "pro", "zone": "eu"])) == ["alpha"])
        #expect(try await names(TenantQuery(labels: ["plan": "pr"])) == [])
        #expect(try await names(TenantQuery(words: ["LPH"])) == ["alpha"])
        #expect(try await names(TenantQuery(words: ["%"])) == [])
        #expect(try await names(TenantQuery(provider: "docker")) == [])
        #expect(try await tenants.counts() == [.ready: 1, .failed: 1, .deleted: 1])
    }

    @Test func `reconciliation respects the backoff and finds unapplied specs`() async throws {
        try await tenants.add(Sample.tenant("a", status: .requested))
        try await tenants.add(Sample.tenant("b", status: .provisioning, nextAttemptAt: Sample.time(10)))
        try await tenants.add(Sample.tenant("c", status: .ready, observedGeneration: 1))
        try await tenants.add(Sample.tenant("d", status: .ready, generation: 2, observedGeneration: 1))
        try await tenants.add(Sample.tenant("e", status: .failed, nextAttemptAt: Sample.time(11)))
        func ids(_ after: Tenant.ID?, _ now: Int) async throws -> [String] {
            try await tenants.needingReconciliation(after: after, limit: 10, now: Sample.time(now)).map(\.rawValue)
        }
        #expect(try await ids(nil, 9) == ["id-a", "id-d"])
        #expect(try await ids(nil, 10) == ["id-a", "id-b", "id-d"])
        #expect(try await ids(Tenant.ID("id-a"), 10) == ["id-b", "id-d"])
        #expect(try await tenants.nextAttempt(after: Sample.time(9)) == Sample.time(10))
        #expect(try await tenants.nextAttempt(after: Sample.time(10)) == nil)
    }

    @Test func `drift is checked by identifier and recorded without a new version`() async throws {
        try await tenants.add(Sample.tenant("b", status: .ready, observedGeneration: 1))
        try await tenants.add(Sample.tenant("a", status: .ready, observedGeneration: 1))
        try await tenants.add(Sample.tenant("c", status: .ready, observedGeneration: 0))
        try await tenants.add(Sample.tenant("d", status: .failed))
        let subjects = try await tenants.driftSubjects(after: nil, limit: 10)
        #expect(subjects.map(\.tenantID.rawValue) == ["id-a", "id-b"])
        #expect(try await tenants.driftSubjects(after: subjects[0].tenantID, limit: 1) == [subjects[1]])
        #expect(try await tenants.readyTenant(at: 0)?.rawValue == "id-a")
        #expect(try await tenants.readyTenant(at: 0.99)?.rawValue == "id-c")
        let changes = storage.database.hub.subscribe()
        let ids = ["id-a", "id-b", "id-d"].map(Tenant.ID.init)
        try await tenants.recordDrift(
            zip(ids, [nil, "image", "x"]).map { DriftCheck(tenantID: $0, drift: $1, checkedAt: Sample.time(20)) })
        let second = try await tenants.tenant(ids[1])
        #expect(second?.drift == "image")
        #expect(second?.driftCheckedAt == Sample.time(20))
        #expect(second?.version == 1)
        #expect(try await tenants.tenant(ids[2])?.drift == nil)
        #expect(changes.drain() == [.tenant(id: "id-b", version: 1)])
    }

    @Test func `a column that cannot be read is an error with its name`() async throws {
        let tenant = try await tenants.add(Sample.tenant("acme"))
        try await storage.database.write { transaction throws(RepositoryError) in
            try transaction.execute("UPDATE tenants SET labels = 'no JSON'")
        }
        await #expect(throws: RepositoryError.unusable("column 'labels' holds 'no JSON' where JSON belongs")) {
            try await tenants.tenant(tenant.id)
        }
    }
}

extension TenantSpec {
    fileprivate init(_ tenant: Tenant) {
        self.init(name: tenant.name, labels: tenant.labels, annotations: tenant.annotations, config: tenant.desired)
    }
}
