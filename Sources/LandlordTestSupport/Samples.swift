public import LandlordDomain
public import StatesLanguage

extension TenantSpec {
    /// A legal spec that names only what a test cares about.
    public static func sample(
        _ name: String = "acme", provider: String = "mock", labels: [String: String] = [:],
        image: String = "app:1", script: JSONValue = [:]
    ) throws -> TenantSpec {
        var document: JSONObject = [
            "name": .string(name),
            "compute": [
                "provider": .string(provider),
                "containers": [
                    [
                        "name": "web", "image": .string(image),
                        "ports": [["name": "http", "container_port": 8080]],
                    ]
                ],
                "provider_config": script,
            ],
        ]
        if !labels.isEmpty { document["labels"] = .strings(labels) }
        return try TenantSpec(json: .object(document))
    }
}

extension Tenant {
    /// A tenant that stands where a test wants it.
    public static func sample(
        _ name: String = "acme", status: TenantStatus = .requested, generation: Int = 1, observedGeneration: Int = 0,
        failedWhile: FailedPhase? = nil, run: TenantRun? = nil, attemptEpoch: Int = 0, nextAttemptAt: Timestamp? = nil,
        retryCount: Int = 0, at now: Timestamp = .sample
    ) throws -> Tenant {
        let spec = try TenantSpec.sample(name)
        return Tenant(
            id: Tenant.ID("id-\(name)"), name: name, status: status, statusMessage: "", statusSince: now,
            desired: spec.config, observed: observedGeneration > 0 ? spec.config : nil, generation: generation,
            observedGeneration: observedGeneration, resourceIDs: [:], endpoints: [], labels: [:], annotations: [:],
            run: run, attemptEpoch: attemptEpoch, retryCount: retryCount, nextAttemptAt: nextAttemptAt,
            failedWhile: failedWhile, drift: nil, driftCheckedAt: nil, version: 1, createdAt: now, updatedAt: now)
    }
}

extension Timestamp {
    /// A time like any other.
    public static let sample = Timestamp(millisecondsSinceEpoch: 1_750_000_000_000)
}
