public import LandlordDomain
public import StatesLanguage

/// Tenants and their history in the database.
public struct DatabaseTenantRepository: TenantRepository {
    private let database: Database

    /// Keeps tenants in `database`.
    public init(_ database: Database) {
        self.database = database
    }

    /// Writes a new tenant and the first line of its history.
    public func create(_ tenant: Tenant, _ transition: TenantTransition) async throws(RepositoryError) {
        let row: [SQLValue] =
            [.text(tenant.id.rawValue), .timestamp(tenant.createdAt), .integer(tenant.version)]
            + TenantRow.values(tenant)
        try await database.write { transaction throws(RepositoryError) in
            try transaction.execute(TenantRow.insert, row)
            try TenantTransitionRow.append(transition, transaction)
            transaction.publish(.tenant(id: tenant.id.rawValue, version: tenant.version))
        }
    }

    /// Writes `tenant` and its new lines of history, if its stored version is the one that was read.
    public func save(
        _ tenant: Tenant, _ transitions: [TenantTransition]
    ) async throws(RepositoryError) -> Tenant {
        let row: [SQLValue] = TenantRow.values(tenant) + [.text(tenant.id.rawValue), .integer(tenant.version)]
        var saved = tenant
        saved.version += 1
        return try await database.write { [saved] transaction throws(RepositoryError) in
            guard try transaction.execute(TenantRow.update, row) == 1 else { throw .stale }
            for transition in transitions { try TenantTransitionRow.append(transition, transaction) }
            transaction.publish(.tenant(id: saved.id.rawValue, version: saved.version))
            return saved
        }
    }

    /// The tenant with this identifier, tombstones included.
    public func tenant(_ id: Tenant.ID) async throws(RepositoryError) -> Tenant? {
        try await first("SELECT \(TenantRow.columns) FROM tenants WHERE id = ?", [.text(id.rawValue)])
    }

    /// The tenant with this name; where only tombstones have it, the newest of them.
    public func tenant(named name: String) async throws(RepositoryError) -> Tenant? {
        let living = try await first(
            "SELECT \(TenantRow.columns) FROM tenants WHERE name = ? AND status <> 'deleted'", [.text(name)])
        if let living { return living }
        return try await first(
            """
            SELECT \(TenantRow.columns) FROM tenants WHERE name = ? AND status = 'deleted'
            ORDER BY created_at DESC, id DESC LIMIT 1
            """,
            [.text(name)])
    }

    /// A window on the tenants.
    public func page(_ query: TenantQuery) async throws(RepositoryError) -> Page<Tenant> {
        let order = TenantOrder(query.order)
        let filter = Self.filter(query)
        let tenants: [Tenant]
        if query.order == .newest {
            var list = NewestFirstList(
                table: "tenants", columns: TenantRow.columns, id: "id", statuses: query.statuses.map(\.rawValue),
                filter: filter, after: try Paging.time(query.after), limit: query.limit)
            if query.statuses.isEmpty { list.filter.add("status <> 'deleted'") }
            tenants = try await database.read { [list] reader throws(RepositoryError) in
                try list.items(reader, TenantRow.tenant)
            }
        } else {
            let (sql, arguments) = try Self.sorted(query, order, filter)
            tenants = try await database.read { reader throws(RepositoryError) in
                try TenantRow.tenants(try reader.query(sql, arguments))
            }
        }
        return Paging.page(tenants, limit: query.limit) { PageCursor(key: order.key($0), id: $0.id.rawValue) }
    }

    /// How many tenants stand where.
    public func counts() async throws(RepositoryError) -> [TenantStatus: Int] {
        try await database.read { reader throws(RepositoryError) in
            try Paging.counts(try reader.query("SELECT status, count(*) AS count FROM tenants GROUP BY status"))
        }
    }

    /// A window on a tenant's history, oldest first.
    public func transitions(
        of id: Tenant.ID, after cursor: PageCursor?, limit: Int
    ) async throws(RepositoryError) -> Page<TenantTransition> {
        let limit = PageLimit.clamped(limit)
        let after = try Paging.time(cursor)?.key ?? .integer(0)
        let numbered = try await database.read { reader throws(RepositoryError) in
            let rows = try reader.query(
                """
                SELECT \(TenantTransitionRow.columns) FROM tenant_transitions
                WHERE tenant_id = ? AND sequence > ? ORDER BY sequence LIMIT ?
                """,
                [.text(id.rawValue), after, .integer(limit + 1)])
            var numbered: [(number: Int, transition: TenantTransition)] = []
            for row in rows {
                numbered.append((try row.count("sequence"), try TenantTransitionRow.transition(row)))
            }
            return numbered
        }
        let page = Paging.page(numbered, limit: limit) { PageCursor(key: "\($0.number)", id: id.rawValue) }
        return Page(items: page.items.map(\.transition), next: page.next)
    }

    /// The tenants that the engine has something to do for now, in the order of their identifiers.
    public func needingReconciliation(
        after id: Tenant.ID?, limit: Int, now: Timestamp
    ) async throws(RepositoryError) -> [Tenant.ID] {
        try await database.read { reader throws(RepositoryError) in
            let rows = try reader.query(
                """
                SELECT id FROM tenants INDEXED BY tenants_attention WHERE \(Migration.attention) AND id > ?
                AND (next_attempt_at IS NULL OR next_attempt_at <= ?) ORDER BY id LIMIT ?
                """,
                [.text(id?.rawValue ?? ""), .timestamp(now), .integer(PageLimit.clamped(limit))])
            var ids: [Tenant.ID] = []
            for row in rows { ids.append(Tenant.ID(try row.text("id"))) }
            return ids
        }
    }

    /// When the next backoff ends after `now`; nil where none runs.
    public func nextAttempt(after now: Timestamp) async throws(RepositoryError) -> Timestamp? {
        try await database.read { reader throws(RepositoryError) in
            try reader.first(
                """
                SELECT next_attempt_at FROM tenants INDEXED BY tenants_backoff
                WHERE next_attempt_at IS NOT NULL AND next_attempt_at > ? AND \(Migration.attention)
                ORDER BY next_attempt_at LIMIT 1
                """,
                [.timestamp(now)])?.timestamp("next_attempt_at")
        }
    }

    /// Ready tenants without a newer spec, in the order of their identifiers, behind one of them.
    public func driftSubjects(
        after id: Tenant.ID?, limit: Int
    ) async throws(RepositoryError) -> [DriftSubject] {
        try await database.read { reader throws(RepositoryError) in
            let rows = try reader.query(
                """
                SELECT id, provider, observed_hash, drift FROM tenants INDEXED BY tenants_ready
                WHERE status = 'ready' AND id > ? AND generation = observed_generation ORDER BY id LIMIT ?
                """,
                [.text(id?.rawValue ?? ""), .integer(PageLimit.clamped(limit))])
            var subjects: [DriftSubject] = []
            for row in rows {
                subjects.append(
                    DriftSubject(
                        tenantID: Tenant.ID(try row.text("id")), provider: try row.text("provider"),
                        observedHash: try row.optionalText("observed_hash"), drift: try row.optionalText("drift")))
            }
            return subjects
        }
    }

    /// The ready tenant at a part of all of them, from 0 up to 1; nil where there is none.
    public func readyTenant(at part: Double) async throws(RepositoryError) -> Tenant.ID? {
        try await database.read { reader throws(RepositoryError) in
            let count = try reader.count("SELECT count(*) FROM tenants WHERE status = 'ready'")
            return try reader.first(
                "SELECT id FROM tenants INDEXED BY tenants_ready WHERE status = 'ready' ORDER BY id LIMIT 1 OFFSET ?",
                [.integer(Int(Double(count) * part))]
            ).map { row throws(RepositoryError) in Tenant.ID(try row.text("id")) }
        }
    }

    /// Writes what drift checks found anew, for the tenants that are still ready.
    ///
    /// The version stays: a check is no change of the tenant, and must not make an operator's write stale.
    public func recordDrift(_ checks: [DriftCheck]) async throws(RepositoryError) {
        guard !checks.isEmpty else { return }
        try await database.write { transaction throws(RepositoryError) in
            for check in checks {
                let row = try transaction.first(
                    "SELECT drift, version FROM tenants WHERE id = ? AND status = 'ready'",
                    [.text(check.tenantID.rawValue)])
                guard let row else { continue }
                try transaction.execute(
                    "UPDATE tenants SET drift = ?, drift_checked_at = ? WHERE id = ?",
                    [.optional(check.drift), .timestamp(check.checkedAt), .text(check.tenantID.rawValue)])
                if try row.optionalText("drift") != check.drift {
                    transaction.publish(.tenant(id: check.tenantID.rawValue, version: try row.count("version")))
                }
            }
        }
    }

    private func first(_ sql: String, _ arguments: [SQLValue]) async throws(RepositoryError) -> Tenant? {
        try await database.read { reader throws(RepositoryError) in
            guard let row = try reader.first(sql, arguments) else { return nil }
            return try TenantRow.tenant(row)
        }
    }

    private static func nameCursor(_ cursor: PageCursor) -> SQLCursor {
        SQLCursor(key: .text(cursor.key), id: cursor.id)
    }

    /// A list in another order than that of time.
    ///
    /// Nearly all tenants are ready. A list with those is read in the order of its index; one of the few others is
    /// found by status and sorted.
    private static func sorted(
        _ query: TenantQuery, _ order: TenantOrder, _ filter: SQLFilter
    ) throws(RepositoryError) -> (sql: String, arguments: [SQLValue]) {
        var filter = filter
        if !query.statuses.contains(.deleted) { filter.add("status <> 'deleted'") }
        if !query.statuses.isEmpty { filter.add("status", isOneOf: query.statuses.map(\.rawValue)) }
        let cursor = query.order == .name ? query.after.map(nameCursor) : try Paging.time(query.after)
        filter.add(behind: cursor, key: order.column, id: "id", isDescending: order.isDescending)
        let isMost = query.statuses.isEmpty || query.statuses.contains(.ready)
        let hint = isMost && !query.statuses.contains(.deleted) ? "INDEXED BY \(order.index)" : ""
        let sql = """
            SELECT \(TenantRow.columns) FROM tenants \(hint) \(filter.clause)
            ORDER BY \(order.column) \(order.direction), id \(order.direction) LIMIT ?
            """
        return (sql, filter.arguments + [.integer(query.limit + 1)])
    }

    private static func filter(_ query: TenantQuery) -> SQLFilter {
        var filter = SQLFilter()
        if let provider = query.provider { filter.add("provider = ?", .text(provider)) }
        for (key, value) in query.labels.sorted(by: { $0.key < $1.key }) {
            filter.add("replace(labels, ?, '') <> labels", .text(member(key, value)))
        }
        filter.add(words: query.words, in: ["name", "status_message", "id"])
        return filter
    }

    /// One member of an object as it stands in the stored text; quotes within texts are escaped there, so it stands
    /// nowhere else.
    private static func member(_ key: String, _ value: String) -> String {
        JSONValue.string(key).serialized() + ":" + JSONValue.string(value).serialized()
    }
}

/// How a list of tenants is sorted.
private struct TenantOrder {
    let column: StaticString
    /// The index that ends in this order.
    let index: StaticString
    let isDescending: Bool
    let key: @Sendable (Tenant) -> String

    var direction: String { isDescending ? "DESC" : "ASC" }

    init(_ order: TenantQuery.Order) {
        switch order {
        case .newest:
            (column, index, isDescending) = ("created_at", "tenants_newest", true)
            key = { "\($0.createdAt.millisecondsSinceEpoch)" }
        case .name:
            (column, index, isDescending) = ("name", "tenants_name", false)
            key = { $0.name }
        case .updated:
            (column, index, isDescending) = ("updated_at", "tenants_updated", true)
            key = { "\($0.updatedAt.millisecondsSinceEpoch)" }
        case .longestInStatus:
            (column, index, isDescending) = ("status_since", "tenants_since", false)
            key = { "\($0.statusSince.millisecondsSinceEpoch)" }
        }
    }
}
