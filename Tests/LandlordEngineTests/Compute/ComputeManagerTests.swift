import LandlordDomain
import LandlordTestSupport
import StatesLanguage
import Testing

@testable import LandlordEngine

@Suite(.timeLimit(.minutes(1)))
struct ComputeManagerTests {
    private static func execution(
        _ operation: ComputeOperation = .provision, provider: String = "mock", image: String = "app:1",
        script: JSONValue = [:], generation: Int = 1
    ) throws -> ComputeExecution {
        ComputeExecution(
            subject: .init(
                tenantID: Tenant.ID("t"), operation: operation, generation: generation, attemptEpoch: 0, attempt: 1),
            tenantName: "acme", workflowExecutionID: nil, taskToken: nil, provider: provider,
            config: try TenantSpec.sample(provider: provider, image: image, script: script).config, at: .sample)
    }

    @Test func `an operation reaches its provider under its execution's name`() async throws {
        let bench = try Bench()
        let provider = RecordingProvider(bench.mock)
        let manager = try bench.manager(provider)
        for operation in ComputeOperation.allCases {
            let execution = try Self.execution(operation, generation: operation == .update ? 2 : 1)
            _ = try await manager.perform(execution, labels: [:]) { _ in }
            #expect(provider.calls.last == execution.id)
        }
    }

    @Test func `whoever owns a tenant is not up to its labels`() async throws {
        let bench = try Bench()
        let provider = RecordingProvider(bench.mock)
        let forged = ["landlord.tenant_id": "other", "plan": "pro"]
        _ = try await bench.manager(provider).perform(try Self.execution(), labels: forged) { _ in }
        #expect(
            provider.labels == [
                "landlord.owner": "landlord", "landlord.tenant_id": "t", "landlord.provider": "mock", "plan": "pro",
            ])
    }

    @Test func `what a failed operation has left behind is named`() async throws {
        let bench = try Bench()
        let half = ComputeResult(resourceIDs: ["web": "c1"])
        let provider = RecordingProvider(
            bench.mock, answering: ProviderResult(.failed, result: half, message: "no second container"))
        let failure = await #expect(throws: ComputeFailure.self) {
            try await bench.manager(provider).perform(try Self.execution(), labels: [:]) { _ in }
        }
        #expect(failure?.leftovers == half)
        #expect(failure?.error.message == "no second container")
    }

    @Test func `an unknown provider is a bad configuration`() async throws {
        let manager = try Bench().manager(try MockComputeProvider.unused)
        let failure = await #expect(throws: ComputeFailure.self) {
            try await manager.perform(try Self.execution(provider: "ecs"), labels: [:]) { _ in }
        }
        #expect(failure?.error.code == .invalidConfiguration)
        let spec = try TenantSpec.sample(provider: "mokc").config.compute()
        let found = manager.violations(of: spec)
        #expect(found.map(\.field) == ["compute.provider"])
        #expect(found[0].message.hasSuffix("did you mean 'mock'?"))
    }

    @Test func `every violation is named, the provider's own too`() throws {
        let manager = try Bench().manager(try MockComputeProvider.unused)
        var spec = try TenantSpec.sample(script: ["stpes": 1, "health": "fine"]).config.compute()
        spec.containers.append(spec.containers[0])
        #expect(
            manager.violations(of: spec).map(\.field) == [
                "compute.containers[1].name", "compute.provider_config.stpes", "compute.provider_config.health",
            ])
    }

    @Test func `an operation that goes on is followed to its end`() async throws {
        let bench = try Bench()
        let manager = try bench.manager(bench.mock)
        let script: JSONValue = ["asynchronous": true, "delay_milliseconds": 2_500]
        let told = Shared<[String]>([])
        async let result = manager.perform(try Self.execution(script: script), labels: [:]) { message in
            told.withLock { $0.append(message) }
        }
        for _ in 0..<3 {
            await bench.clock.waitForSleepers()
            bench.clock.advance(by: .seconds(1))
        }
        #expect(try await result.resourceIDs == ["web": "mock-t-web"])
        #expect(told.value == ["starting"])
    }

    @Test func `asking again while it goes on is no early success`() async throws {
        let bench = try Bench()
        let spec = try TenantSpec.sample(script: ["asynchronous": true, "delay_milliseconds": 2_500])
        let tenant = TenantCompute(
            tenantID: Tenant.ID("t"), tenantName: "acme", spec: try spec.config.compute(),
            configHash: spec.config.hash, labels: [:])
        let context = OperationContext(executionID: ComputeExecution.ID("x"))
        for _ in 0..<2 { #expect(try await bench.mock.provision(tenant, context).status == .inProgress) }
        bench.clock.advance(by: .seconds(3))
        #expect(try await bench.mock.provision(tenant, context).status == .success)
        #expect(try await bench.mock.update(tenant, context).status == .noChanges)
    }

    private typealias Seen = (ComputeOperation, ComputeStatus.State, String?, OperationProgress)
    private static let seen: [Seen] = [
        (.provision, .running, "new", .done(ComputeResult())),
        (.update, .running, "old", .underWay("still runs the former config")),
        (.update, .running, nil, .done(ComputeResult())), (.provision, .starting, "new", .underWay("starting")),
        (.provision, .failed, "new", .failed("the provider reports a failure")),
        (.delete, .failed, "new", .underWay("still failed")), (.delete, .stopping, "new", .underWay("still stopping")),
    ]

    @Test(arguments: Self.seen)
    private func `the live state says how far an operation is`(
        operation: ComputeOperation, state: ComputeStatus.State, hash: String?, expected: OperationProgress
    ) {
        let status = ComputeStatus(
            tenantID: Tenant.ID("t"), state: state, health: .healthy, containers: [], configHash: hash)
        #expect(OperationProgress(of: operation, applying: "new", seen: status) == expected)
    }

    @Test func `nothing left is the end of a removal and no more`() {
        #expect(OperationProgress(of: .delete, applying: "", seen: nil) == .done(nil))
        #expect(OperationProgress(of: .provision, applying: "", seen: nil) == .underWay("nothing exists yet"))
    }

    @Test func `the mock keeps the contract of compute providers`() async throws {
        let bench = try Bench()
        let contract = ComputeProviderContract(
            bench.mock, spec: { try TenantSpec.sample(image: "app:\($0)").config.compute() },
            slowSpec: { try TenantSpec.sample(script: ["delay_milliseconds": 60_000]).config.compute() })
        #expect(try await contract.check() == [])
    }

    @Test func `the mock fails as its script says, and no more often`() async throws {
        let bench = try Bench()
        let manager = try bench.manager(bench.mock)
        let script: JSONValue = ["fail": ["code": "RESOURCE_EXHAUSTED", "times": 2, "partial": true]]
        for _ in 0..<2 {
            let failure = await #expect(throws: ComputeFailure.self) {
                try await manager.perform(try Self.execution(script: script), labels: [:]) { _ in }
            }
            #expect(failure?.error.errorClass == .manualIntervention)
        }
        #expect(try await bench.mock.status(of: Tenant.ID("t"))?.containers.map(\.name) == ["web"])
        let again = MockComputeProvider(
            store: DatabaseMockResourceStore(bench.database), surroundings: bench.surroundings)
        let result = try await bench.manager(again).perform(try Self.execution(script: script), labels: [:]) { _ in }
        #expect(result.endpoints.map(\.port) == [8080])
    }
}

extension MockComputeProvider {
    /// A mock for tests that only ask for its rules.
    fileprivate static var unused: MockComputeProvider {
        get throws {
            let bench = try Bench()
            return bench.mock
        }
    }
}
