public import LandlordDomain

/// Where the process provider's records are kept: one document for each tenant, `ProcessRecord.json`.
public protocol ProcessRecordStore: Sendable {
    /// Writes a record, durably before it returns; replaces the tenant's former one.
    func save(_ record: ProcessRecord) async throws(RepositoryError)

    /// The tenant's record; nil where it has none.
    func record(of tenantID: Tenant.ID) async throws(RepositoryError) -> ProcessRecord?

    /// Removes a tenant's record. One that is not there is no error.
    func delete(_ tenantID: Tenant.ID) async throws(RepositoryError)

    /// At most `limit` records in the order of the tenants' identifiers, behind the given one.
    func records(after tenantID: Tenant.ID?, limit: Int) async throws(RepositoryError) -> [ProcessRecord]
}
