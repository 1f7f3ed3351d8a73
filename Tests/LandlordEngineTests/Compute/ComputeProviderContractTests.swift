import LandlordDomain
import LandlordTestSupport
import StatesLanguage
import Testing

@testable import LandlordEngine

@Suite(.timeLimit(.minutes(1)))
struct ComputeProviderContractTests {
    private static func spec(
        _ provider: String, version: Int = 1, _ settings: JSONValue = [:]
    ) throws -> ComputeSpec {
        try ComputeSpec(json: [
            "provider": .string(provider),
            "containers": [
                [
                    "name": "web", "image": .string("web:\(version)"),
                    "ports": [["name": "http", "container_port": 8080]],
                ]
            ],
            "provider_config": settings,
        ])
    }

    @Test func `the example provider keeps the contract`() async throws {
        let contract = ComputeProviderContract(
            ExampleProvider(clock: ContinuousClock()), spec: { try Self.spec("example", version: $0) },
            slowSpec: { try Self.spec("example", ["delay_seconds": 60]) },
            illegalSpec: { try Self.spec("example", ["delay_seconds": 61]) })
        #expect(try await contract.check() == [])
    }

    @Test func `the mock provider keeps the contract`() async throws {
        let place = try TemporaryDatabase()
        let surroundings = Surroundings(clock: ContinuousClock(), now: { .sample }, random: { 1 })
        let mock = MockComputeProvider(
            store: DatabaseMockResourceStore(place.database), surroundings: surroundings)
        let contract = ComputeProviderContract(
            mock, spec: { try Self.spec("mock", version: $0) },
            slowSpec: { try Self.spec("mock", ["delay_milliseconds": 60_000]) },
            illegalSpec: { try Self.spec("mock", ["delay_milliseconds": -1]) })
        #expect(try await contract.check() == [])
    }

    @Test func `a provider that breaks its promises is found out`() async throws {
        let contract = ComputeProviderContract(
            ForgetfulProvider(), spec: { try Self.spec("Forgetful", version: $0) },
            slowSpec: { try Self.spec("Forgetful") }, illegalSpec: { try Self.spec("Forgetful") })
        #expect(
            try await contract.check().map(\.promise) == [
                "a name is lowercase letters and digits", "a provisioned tenant runs",
                "updating to the same spec changes nothing", "a tenant that has nothing cannot be updated",
                "tenants are made at the same time", "tenants are made at the same time",
                "tenants are made at the same time", "tenants are made at the same time",
                "what the provider cannot run is a violation", "a cancelled call throws CANCELLED",
            ])
    }
}

/// Says that all is well and makes nothing.
private struct ForgetfulProvider: ComputeProvider {
    let name = "Forgetful"

    func provision(_ tenant: TenantCompute, _ operation: OperationContext) async throws(ComputeError) -> ProviderResult
    {
        ProviderResult(.success)
    }

    func update(_ tenant: TenantCompute, _ operation: OperationContext) async throws(ComputeError) -> ProviderResult {
        ProviderResult(.success)
    }

    func destroy(_ tenantID: Tenant.ID, _ operation: OperationContext) async throws(ComputeError) -> ProviderResult {
        ProviderResult(.success)
    }

    func status(of tenantID: Tenant.ID) async throws(ComputeError) -> ComputeStatus? { nil }
}
