import LandlordDomain
import LandlordEngine
import LandlordTestSupport
import StatesLanguage
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ProviderRecordTests {
    private let storage: TemporaryDatabase

    init() throws {
        storage = try TemporaryDatabase()
    }

    @Test func `a process record is replaced, listed in order and forgotten`() async throws {
        let store = DatabaseProcessRecordStore(storage.database)
        for id in ["b", "a", "c", "b"] { try await store.save(try record(id, image: id)) }
        #expect(try await store.record(of: Tenant.ID("a")) == record("a", image: "a"))
        #expect(try await store.records(after: nil, limit: 2).map(\.tenantID.rawValue) == ["a", "b"])
        #expect(try await store.records(after: Tenant.ID("b"), limit: 2).map(\.tenantID.rawValue) == ["c"])
        try await store.save(try record("a", image: "other"))
        #expect(try await store.record(of: Tenant.ID("a")) == record("a", image: "other"))
        try await store.delete(Tenant.ID("a"))
        try await store.delete(Tenant.ID("a"))
        #expect(try await store.record(of: Tenant.ID("a")) == nil)
    }

    @Test func `what the mock keeps survives, and a record that cannot be read is an error`() async throws {
        let store = DatabaseMockResourceStore(storage.database)
        var resource = MockResource(tenantID: Tenant.ID("a"), configHash: "h", containers: ["web"], health: .unhealthy)
        resource.failuresPlayed = ["provision": 2]
        resource.readyAt = Timestamp(millisecondsSinceEpoch: 5)
        try await store.save(resource)
        #expect(try await store.resource(of: resource.tenantID) == resource)
        try await store.delete(resource.tenantID)
        #expect(try await store.resource(of: resource.tenantID) == nil)
        try await storage.database.write { transaction throws(RepositoryError) in
            try transaction.execute("INSERT INTO process_records (tenant_id, record) VALUES ('x', '{}')")
        }
        await #expect(throws: RepositoryError.self) {
            try await DatabaseProcessRecordStore(storage.database).record(of: Tenant.ID("x"))
        }
    }

    private func record(_ id: String, image: String) throws -> ProcessRecord {
        let json: JSONValue = [
            "version": 1, "tenant_id": .string(id), "config_hash": nil,
            "containers": [["name": "web", "document": ["image": .string(image)], "ports": []]],
        ]
        return try #require(ProcessRecord(json: json))
    }
}
