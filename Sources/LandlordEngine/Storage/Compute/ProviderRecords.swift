public import LandlordDomain
import StatesLanguage

/// One document for each tenant, in a table of its own: what a provider must find again after a crash.
private struct TenantDocuments: Sendable {
    let database: Database
    let upsert: String
    let select: String
    let remove: String
    let window: String

    init(_ database: Database, table: StaticString) {
        self.database = database
        upsert = """
            INSERT INTO \(table) (tenant_id, record) VALUES (?, ?)
            ON CONFLICT (tenant_id) DO UPDATE SET record = excluded.record
            """
        select = "SELECT record FROM \(table) WHERE tenant_id = ?"
        remove = "DELETE FROM \(table) WHERE tenant_id = ?"
        window = "SELECT record FROM \(table) WHERE tenant_id > ? ORDER BY tenant_id LIMIT ?"
    }

    func save(_ document: JSONValue, of tenantID: Tenant.ID) async throws(RepositoryError) {
        let (sql, arguments) = (upsert, [SQLValue.text(tenantID.rawValue), .json(document)])
        try await database.write { transaction throws(RepositoryError) in try transaction.execute(sql, arguments) }
    }

    func delete(_ tenantID: Tenant.ID) async throws(RepositoryError) {
        let (sql, arguments) = (remove, [SQLValue.text(tenantID.rawValue)])
        try await database.write { transaction throws(RepositoryError) in try transaction.execute(sql, arguments) }
    }

    func document(of tenantID: Tenant.ID) async throws(RepositoryError) -> JSONValue? {
        let (sql, arguments) = (select, [SQLValue.text(tenantID.rawValue)])
        return try await database.read { reader throws(RepositoryError) in
            try reader.first(sql, arguments)?.json("record")
        }
    }

    func documents(after tenantID: Tenant.ID?, limit: Int) async throws(RepositoryError) -> [JSONValue] {
        let sql = window
        let arguments: [SQLValue] = [.text(tenantID?.rawValue ?? ""), .integer(PageLimit.clamped(limit))]
        return try await database.read { reader throws(RepositoryError) in
            var documents: [JSONValue] = []
            for row in try reader.query(sql, arguments) { documents.append(try row.json("record")) }
            return documents
        }
    }
}

/// The process provider's records in the database.
public struct DatabaseProcessRecordStore: ProcessRecordStore {
    private let documents: TenantDocuments

    /// Keeps records in `database`.
    public init(_ database: Database) {
        documents = TenantDocuments(database, table: "process_records")
    }

    /// Writes a record, durably before it returns; replaces the tenant's former one.
    public func save(_ record: ProcessRecord) async throws(RepositoryError) {
        try await documents.save(record.json, of: record.tenantID)
    }

    /// The tenant's record; nil where it has none.
    public func record(of tenantID: Tenant.ID) async throws(RepositoryError) -> ProcessRecord? {
        guard let document = try await documents.document(of: tenantID) else { return nil }
        return try Self.record(document)
    }

    /// Removes a tenant's record.
    ///
    /// One that is not there is no error.
    public func delete(_ tenantID: Tenant.ID) async throws(RepositoryError) { try await documents.delete(tenantID) }

    /// At most `limit` records in the order of the tenants' identifiers, behind the given one.
    public func records(
        after tenantID: Tenant.ID?, limit: Int
    ) async throws(RepositoryError) -> [ProcessRecord] {
        var records: [ProcessRecord] = []
        for document in try await documents.documents(after: tenantID, limit: limit) {
            records.append(try Self.record(document))
        }
        return records
    }

    private static func record(_ document: JSONValue) throws(RepositoryError) -> ProcessRecord {
        guard let record = ProcessRecord(json: document) else {
            throw .unusable("column 'record' of process_records holds something else than a record")
        }
        return record
    }
}

/// What the mock provider keeps, in the database.
public struct DatabaseMockResourceStore: MockResourceStore {
    private let documents: TenantDocuments

    /// Keeps resources in `database`.
    public init(_ database: Database) {
        documents = TenantDocuments(database, table: "mock_resources")
    }

    /// What is kept of a tenant; nil for nothing.
    public func resource(of tenantID: Tenant.ID) async throws(RepositoryError) -> MockResource? {
        try await documents.document(of: tenantID).map { MockResource(tenantID: tenantID, json: $0) }
    }

    /// Keeps it, in place of what was kept before.
    public func save(_ resource: MockResource) async throws(RepositoryError) {
        try await documents.save(resource.json, of: resource.tenantID)
    }

    /// Forgets a tenant.
    ///
    /// One that is not kept is no error.
    public func delete(_ tenantID: Tenant.ID) async throws(RepositoryError) { try await documents.delete(tenantID) }
}
