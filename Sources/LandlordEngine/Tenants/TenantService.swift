public import LandlordDomain
import StatesLanguage

/// What operators do to tenants.
///
/// Each verb is one durable write; the reconciler does the rest from what is stored.
public struct TenantService: Sendable {
    private let tenants: any TenantRepository
    private let manager: ComputeManager
    private let defaultComputeProvider: String?
    private let surroundings: Surroundings

    /// How often a verb looks again when somebody else wrote first, before it gives up.
    private static let staleRetryLimit = 8

    /// A service over stored tenants.
    package init(
        tenants: any TenantRepository, manager: ComputeManager, defaultComputeProvider: String?,
        surroundings: Surroundings
    ) {
        self.tenants = tenants
        self.manager = manager
        self.defaultComputeProvider = defaultComputeProvider
        self.surroundings = surroundings
    }

    /// What applying a spec came to.
    public enum Applied: Sendable, Hashable {
        /// There was no tenant of the name; now there is.
        case created(Tenant)
        /// The tenant has the new spec.
        case changed(Tenant)
        /// The tenant had the spec already.
        case unchanged(Tenant)

        /// The tenant as it is stored now.
        public var tenant: Tenant {
            switch self {
            case .created(let tenant), .changed(let tenant), .unchanged(let tenant): tenant
            }
        }
    }

    /// Everything that is wrong with a spec, its provider's rules included; empty for a spec that would be accepted.
    public func violations(of spec: TenantSpec) -> [Violation] {
        do throws(InvalidSpec) {
            let completed = spec.withDefaultProvider(defaultComputeProvider)
            return manager.violations(of: try completed.config.compute())
        } catch {
            return error.violations
        }
    }

    /// Asks for a tenant, or gives the tenant of that name a new spec.
    ///
    /// Checks everything before it writes.
    public func apply(_ spec: TenantSpec, by actor: String) async throws(TenantServiceError) -> Applied {
        let found = violations(of: spec)
        guard found.isEmpty else { throw .invalid(InvalidSpec(found)) }
        let completed = spec.withDefaultProvider(defaultComputeProvider)
        for _ in 0..<Self.staleRetryLimit {
            do throws(TenantServiceError) {
                guard let tenant = try await live(spec.name) else {
                    return .created(try await create(completed, by: actor))
                }
                let change = try decide(
                    { tenant throws(TenantRefusal) in
                        try TenantLifecycle.apply(completed, to: tenant, by: actor, at: surroundings.now())
                    }, tenant)
                guard let change else { return .unchanged(tenant) }
                return .changed(try await saved(change))
            } catch .storage(.stale) {
                continue
            } catch .storage(.conflict) {
                continue
            }
        }
        throw .storage(.busy)
    }

    /// The tenant that has a name now; a tombstone has given its name up.
    private func live(_ name: String) async throws(TenantServiceError) -> Tenant? {
        do throws(RepositoryError) {
            return try await tenants.tenant(named: name).flatMap { $0.status == .deleted ? nil : $0 }
        } catch {
            throw .storage(error)
        }
    }

    private func create(_ spec: TenantSpec, by actor: String) async throws(TenantServiceError) -> Tenant {
        let tenant = Tenant(requested: spec, id: Tenant.ID(surroundings.uuid()), at: surroundings.now())
        do throws(RepositoryError) {
            try await tenants.create(tenant, TenantLifecycle.birth(of: tenant, by: actor))
            surroundings.reached(.requested)
            return tenant
        } catch {
            throw .storage(error)
        }
    }

    /// What applying a spec would change, field by field.
    public func plan(_ spec: TenantSpec) async throws(TenantServiceError) -> Plan {
        let found = violations(of: spec)
        guard found.isEmpty else { throw .invalid(InvalidSpec(found)) }
        let completed = spec.withDefaultProvider(defaultComputeProvider)
        return Plan(desired: completed.config, observed: try await live(spec.name)?.observed)
    }

    /// Tries again what failed.
    public func retry(_ name: String, by actor: String) async throws(TenantServiceError) -> Tenant {
        try await perform(on: name) { tenant throws(TenantRefusal) in
            try TenantLifecycle.retry(tenant, by: actor, at: surroundings.now())
        }
    }

    /// Removes a tenant's compute and keeps its record listed.
    ///
    /// Repeating it is harmless.
    public func archive(_ name: String, by actor: String) async throws(TenantServiceError) -> Tenant {
        try await perform(on: name) { tenant throws(TenantRefusal) in
            try TenantLifecycle.archive(tenant, by: actor, at: surroundings.now())
        }
    }

    /// Removes a tenant's compute and leaves a tombstone.
    ///
    /// Repeating it is harmless.
    public func delete(_ name: String, by actor: String) async throws(TenantServiceError) -> Tenant {
        try await perform(on: name) { tenant throws(TenantRefusal) in
            try TenantLifecycle.delete(tenant, by: actor, at: surroundings.now())
        }
    }

    /// Decides from what is stored and writes; where somebody else wrote first, reads again and decides again.
    private func perform(
        on name: String, _ verb: (Tenant) throws(TenantRefusal) -> TenantLifecycle.Change?
    ) async throws(TenantServiceError) -> Tenant {
        for _ in 0..<Self.staleRetryLimit {
            do throws(TenantServiceError) {
                let tenant = try await tenant(name)
                guard let change = try decide(verb, tenant) else { return tenant }
                return try await saved(change)
            } catch .storage(.stale) {
                continue
            }
        }
        throw .storage(.busy)
    }

    private func decide(
        _ verb: (Tenant) throws(TenantRefusal) -> TenantLifecycle.Change?, _ tenant: Tenant
    ) throws(TenantServiceError) -> TenantLifecycle.Change? {
        do throws(TenantRefusal) {
            return try verb(tenant)
        } catch {
            throw .refused(error)
        }
    }

    private func saved(_ change: TenantLifecycle.Change) async throws(TenantServiceError) -> Tenant {
        do throws(RepositoryError) {
            let tenant = try await tenants.save(change.tenant, change.transitions)
            surroundings.reached(.requested)
            return tenant
        } catch {
            throw .storage(error)
        }
    }

    /// The tenant with this name or identifier, tombstones included.
    ///
    /// - Throws: `.unknown` where there is none.
    public func tenant(_ nameOrID: String) async throws(TenantServiceError) -> Tenant {
        do throws(RepositoryError) {
            if let tenant = try await tenants.tenant(named: nameOrID) { return tenant }
            if let tenant = try await tenants.tenant(Tenant.ID(nameOrID)) { return tenant }
        } catch {
            throw .storage(error)
        }
        throw .unknown(nameOrID)
    }

    /// A window on the tenants.
    public func page(_ query: TenantQuery) async throws(RepositoryError) -> Page<Tenant> {
        try await tenants.page(query)
    }

    /// How many tenants stand where.
    public func counts() async throws(RepositoryError) -> [TenantStatus: Int] {
        try await tenants.counts()
    }

    /// A window on a tenant's history, oldest first.
    public func history(
        of id: Tenant.ID, after cursor: PageCursor? = nil, limit: Int = PageLimit.largest
    ) async throws(RepositoryError) -> Page<TenantTransition> {
        try await tenants.transitions(of: id, after: cursor, limit: limit)
    }
}

/// Why a verb did nothing.
public enum TenantServiceError: Error, Sendable, Hashable, CustomStringConvertible {
    /// No tenant has this name or identifier.
    case unknown(String)
    /// The spec breaks rules.
    case invalid(InvalidSpec)
    /// The tenant does not allow it.
    case refused(TenantRefusal)
    /// The database did not take it.
    case storage(RepositoryError)

    /// The refusal as a sentence.
    public var description: String {
        switch self {
        case .unknown(let name): "there is no tenant '\(name)'"
        case .invalid(let spec): spec.description
        case .refused(let refusal): refusal.description
        case .storage(let error): error.description
        }
    }
}
