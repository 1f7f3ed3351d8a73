public import LandlordDomain
public import StatesLanguage

/// What the mock keeps of a tenant, so that it survives a restart as a real provider's containers do.
public struct MockResource: Sendable, Hashable {
    /// Whose.
    public let tenantID: Tenant.ID
    /// The hash of the config that "runs"; nil where nothing does.
    public var configHash: String?
    /// The containers that "run".
    public var containers: [String]
    /// Their endpoints.
    public var endpoints: [Endpoint]
    /// The health that the script wants.
    public var health: ComputeStatus.Health
    /// When an asynchronous operation is over; nil where none is under way.
    public var readyAt: Timestamp?
    /// Scripted failures that were played, by operation.
    public var failuresPlayed: [String: Int]
    /// The script that the tenant was made with; a removal comes without a spec and plays this one.
    public var script: JSONValue

    /// Describes what is kept.
    public init(
        tenantID: Tenant.ID, configHash: String? = nil, containers: [String] = [], endpoints: [Endpoint] = [],
        health: ComputeStatus.Health = .healthy, readyAt: Timestamp? = nil, failuresPlayed: [String: Int] = [:],
        script: JSONValue = [:]
    ) {
        self.tenantID = tenantID
        self.configHash = configHash
        self.containers = containers
        self.endpoints = endpoints
        self.health = health
        self.readyAt = readyAt
        self.failuresPlayed = failuresPlayed
        self.script = script
    }

    /// The document that is stored.
    public var json: JSONValue {
        var fields: JSONObject = [
            "containers": .array(containers.map { .string($0) }),
            "endpoints": .array(endpoints.map(\.json)),
            "health": .string(health.rawValue),
            "script": script,
            "failures_played": .object(
                failuresPlayed.sorted { $0.key < $1.key }.reduce(into: JSONObject()) {
                    $0[$1.key] = .number(JSONNumber($1.value))
                }),
        ]
        if let configHash { fields["config_hash"] = .string(configHash) }
        if let readyAt { fields["ready_at"] = .string(readyAt.rfc3339) }
        return .object(fields)
    }

    /// Reads a document as it was stored.
    public init(tenantID: Tenant.ID, json: JSONValue) {
        var played: [String: Int] = [:]
        for (operation, count) in json["failures_played"]?.objectValue ?? [:] { played[operation] = count.intValue }
        self.init(
            tenantID: tenantID, configHash: json["config_hash"]?.stringValue,
            containers: (json["containers"]?.arrayValue ?? []).compactMap(\.stringValue),
            endpoints: (json["endpoints"]?.arrayValue ?? []).compactMap { Endpoint(json: $0) },
            health: json["health"]?.stringValue.flatMap(ComputeStatus.Health.init) ?? .unknown,
            readyAt: json["ready_at"]?.stringValue.flatMap { Timestamp(rfc3339: $0) }, failuresPlayed: played,
            script: json["script"] ?? [:])
    }
}

/// Where the mock keeps its tenants.
public protocol MockResourceStore: Sendable {
    /// What is kept of a tenant; nil for nothing.
    func resource(of tenantID: Tenant.ID) async throws(RepositoryError) -> MockResource?

    /// Keeps it, in place of what was kept before.
    func save(_ resource: MockResource) async throws(RepositoryError)

    /// Forgets a tenant. One that is not kept is no error.
    func delete(_ tenantID: Tenant.ID) async throws(RepositoryError)
}
