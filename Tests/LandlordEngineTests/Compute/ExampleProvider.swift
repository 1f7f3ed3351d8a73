import LandlordDomain
import LandlordEngine
import StatesLanguage
import Synchronization

/// Runs nothing: it remembers what it was asked to run and says that it runs.
final class ExampleProvider: ComputeProvider {
    private struct Compute: Sendable {
        var configHash: String
        var containerNames: [String]
        var endpoints: [Endpoint]
    }

    let name = "example"
    private let clock: any Clock<Duration>
    private let computes = Mutex<[Tenant.ID: Compute]>([:])

    init(clock: any Clock<Duration>) {
        self.clock = clock
    }

    var configSchema: JSONValue {
        [
            "$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "additionalProperties": false,
            "properties": ["delay_seconds": ["type": "integer", "minimum": 0, "maximum": 60, "default": 0]],
        ]
    }

    var configDefaults: JSONValue { ["delay_seconds": 0] }

    func violations(of spec: ComputeSpec) -> [Violation] {
        var reader = SpecReader()
        _ = Self.delay(spec.providerConfig, &reader)
        return reader.violations
    }

    func provision(
        _ tenant: TenantCompute, _ operation: OperationContext
    ) async throws(ComputeError) -> ProviderResult {
        if let made = compute(of: tenant.tenantID), made.configHash == tenant.configHash {
            return ProviderResult(.success, result: Self.result(of: made, tenant.tenantID))
        }
        return try await make(tenant, operation)
    }

    func update(
        _ tenant: TenantCompute, _ operation: OperationContext
    ) async throws(ComputeError) -> ProviderResult {
        guard let made = compute(of: tenant.tenantID) else {
            throw ComputeError(.resourceNotFound, "the tenant has no compute to update")
        }
        if made.configHash == tenant.configHash {
            return ProviderResult(.noChanges, result: Self.result(of: made, tenant.tenantID))
        }
        return try await make(tenant, operation)
    }

    func destroy(
        _ tenantID: Tenant.ID, _ operation: OperationContext
    ) async throws(ComputeError) -> ProviderResult {
        let had = computes.withLock { $0.removeValue(forKey: tenantID) != nil }
        return ProviderResult(had ? .success : .noChanges)
    }

    func status(of tenantID: Tenant.ID) async throws(ComputeError) -> ComputeStatus? {
        guard let made = compute(of: tenantID) else { return nil }
        let result = Self.result(of: made, tenantID)
        return ComputeStatus(
            tenantID: tenantID, state: .running, health: .unknown,
            containers: made.containerNames.map {
                ContainerStatus(name: $0, state: .running, isReady: true, restartCount: 0, message: "")
            },
            configHash: made.configHash, endpoints: result.endpoints, resourceIDs: result.resourceIDs)
    }

    /// Takes the time first and writes last, so that a cancelled call leaves nothing half-made.
    private func make(
        _ tenant: TenantCompute, _ operation: OperationContext
    ) async throws(ComputeError) -> ProviderResult {
        var reader = SpecReader()
        let delay = Self.delay(tenant.spec.providerConfig, &reader)
        await operation.report("takes \(delay)")
        do { try await clock.sleep(for: delay) } catch { throw ComputeError(translating: error) }
        let made = Compute(
            configHash: tenant.configHash, containerNames: tenant.spec.containers.map(\.name),
            endpoints: tenant.spec.containers.flatMap(\.ports).map { port in
                Endpoint(name: port.name ?? "port", kind: .tcp, address: "example.invalid", port: port.containerPort)
            })
        computes.withLock { $0[tenant.tenantID] = made }
        return ProviderResult(.success, result: Self.result(of: made, tenant.tenantID))
    }

    private func compute(of tenantID: Tenant.ID) -> Compute? { computes.withLock { $0[tenantID] } }

    /// Names made from what they are for: the same tenant gets the same ones again.
    private static func result(of made: Compute, _ tenantID: Tenant.ID) -> ComputeResult {
        var resourceIDs: [String: String] = [:]
        for name in made.containerNames { resourceIDs[name] = "example-\(tenantID)-\(name)" }
        return ComputeResult(resourceIDs: resourceIDs, endpoints: made.endpoints)
    }

    /// Reads and checks at once; fields are named as seen from `compute`.
    private static func delay(_ config: JSONValue, _ reader: inout SpecReader) -> Duration {
        let path = "provider_config"
        guard let fields = reader.object(config, path: path) else { return .zero }
        reader.refuseUnknown(fields, allowed: ["delay_seconds"], path: path)
        return .seconds(reader.integer(fields["delay_seconds"], path: "\(path).delay_seconds", range: 0...60) ?? 0)
    }
}
