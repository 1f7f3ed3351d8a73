public import LandlordDomain
public import StatesLanguage

/// Where tenants and their history are kept.
public protocol TenantRepository: Sendable {
    /// Writes a new tenant and the first line of its history.
    ///
    /// - Throws: `.conflict` where a tenant that is not deleted has the name.
    func create(_ tenant: Tenant, _ transition: TenantTransition) async throws(RepositoryError)

    /// Writes `tenant` and its new lines of history, if its stored version is the one that was read.
    ///
    /// - Why: two operators may press keys in the same second. The second must be told, not obeyed.
    /// - Returns: The tenant with its new version.
    /// - Throws: `.stale` where somebody else wrote first: read again and decide again.
    func save(_ tenant: Tenant, _ transitions: [TenantTransition]) async throws(RepositoryError) -> Tenant

    /// The tenant with this identifier, tombstones included.
    func tenant(_ id: Tenant.ID) async throws(RepositoryError) -> Tenant?

    /// The tenant with this name; where only tombstones have it, the newest of them.
    func tenant(named name: String) async throws(RepositoryError) -> Tenant?

    /// A window on the tenants.
    func page(_ query: TenantQuery) async throws(RepositoryError) -> Page<Tenant>

    /// How many tenants stand where.
    func counts() async throws(RepositoryError) -> [TenantStatus: Int]

    /// A window on a tenant's history, oldest first.
    func transitions(
        of id: Tenant.ID, after cursor: PageCursor?, limit: Int
    ) async throws(RepositoryError) -> Page<TenantTransition>

    /// The tenants that the engine has something to do for now, in the order of their identifiers.
    ///
    /// A tenant whose next attempt is not due yet is left out: the resync respects the backoff.
    func needingReconciliation(
        after id: Tenant.ID?, limit: Int, now: Timestamp
    ) async throws(RepositoryError) -> [Tenant.ID]

    /// When the next backoff ends after `now`; nil where none runs.
    func nextAttempt(after now: Timestamp) async throws(RepositoryError) -> Timestamp?

    /// Ready tenants without a newer spec, in the order of their identifiers, behind one of them.
    func driftSubjects(after id: Tenant.ID?, limit: Int) async throws(RepositoryError) -> [DriftSubject]

    /// The ready tenant at a part of all of them, from 0 up to 1; nil where there is none.
    func readyTenant(at part: Double) async throws(RepositoryError) -> Tenant.ID?

    /// Writes what drift checks found anew, for the tenants that are still ready.
    func recordDrift(_ checks: [DriftCheck]) async throws(RepositoryError)
}

/// What a drift check needs of a tenant.
public struct DriftSubject: Sendable, Hashable {
    /// Whose live state is compared.
    public let tenantID: Tenant.ID
    /// Who runs it.
    public let provider: String
    /// The hash of the config that was applied.
    public let observedHash: String?
    /// What was found before, for a person; nil for nothing.
    public let drift: String?
}

/// What a drift check found for one tenant, which differs from what was found before.
public struct DriftCheck: Sendable, Hashable {
    /// Whose live state was compared.
    public let tenantID: Tenant.ID
    /// How it differs, for a person; nil where it does not.
    public let drift: String?
    /// When it was compared.
    public let checkedAt: Timestamp

    /// Describes a finding.
    public init(tenantID: Tenant.ID, drift: String?, checkedAt: Timestamp) {
        self.tenantID = tenantID
        self.drift = drift
        self.checkedAt = checkedAt
    }
}
