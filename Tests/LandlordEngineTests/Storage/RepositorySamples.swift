import LandlordDomain
import StatesLanguage

@testable import LandlordEngine

/// Values for the repositories' tests; each names only what matters to it.
enum Sample {
    static func time(_ seconds: Int) -> Timestamp { Timestamp(millisecondsSinceEpoch: Int64(seconds) * 1000) }

    static func config(_ image: String = "nginx") -> TenantConfig {
        TenantConfig(document: [
            "compute": ["provider": "mock", "containers": [["name": "web", "image": .string(image)]]]
        ])
    }

    static func tenant(
        _ name: String, status: TenantStatus = .requested, labels: [String: String] = [:], at seconds: Int = 0,
        generation: Int = 1, observedGeneration: Int = 0, nextAttemptAt: Timestamp? = nil,
        driftCheckedAt: Timestamp? = nil
    ) -> Tenant {
        Tenant(
            id: Tenant.ID("id-\(name)"), name: name, status: status, statusMessage: "", statusSince: time(seconds),
            desired: config(), observed: nil, generation: generation, observedGeneration: observedGeneration,
            resourceIDs: [:], endpoints: [], labels: labels, annotations: [:], run: nil, attemptEpoch: 0,
            retryCount: 0, nextAttemptAt: nextAttemptAt, failedWhile: nil, drift: nil, driftCheckedAt: driftCheckedAt,
            version: 1, createdAt: time(seconds), updatedAt: time(seconds))
    }

    static func execution(
        _ tenant: Tenant, operation: ComputeOperation = .provision, generation: Int = 1, at seconds: Int = 0
    ) -> ComputeExecution {
        ComputeExecution(
            subject: .init(
                tenantID: tenant.id, operation: operation, generation: generation, attemptEpoch: 0, attempt: 1),
            tenantName: tenant.name, workflowExecutionID: "run", taskToken: "token", provider: "mock",
            config: tenant.desired, at: time(seconds))
    }
}

extension DatabaseTenantRepository {
    /// Writes a sample with its birth.
    @discardableResult
    func add(_ tenant: Tenant) async throws -> Tenant {
        try await create(tenant, TenantLifecycle.birth(of: tenant, by: "operator"))
        return tenant
    }
}

extension DatabaseComputeExecutionRepository {
    /// Writes a sample with its birth.
    @discardableResult
    func add(_ execution: ComputeExecution) async throws -> ComputeExecution {
        try await create(execution, execution.birth())
    }
}
