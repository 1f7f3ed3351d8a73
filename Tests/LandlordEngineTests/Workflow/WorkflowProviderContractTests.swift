import LandlordDomain
import LandlordTestSupport
import Logging
import StatesLanguage
import Synchronization
import Testing

@testable import LandlordEngine

@Suite(.timeLimit(.minutes(1)))
struct WorkflowProviderContractTests {
    @Test func `the mock provider keeps the contract`() async throws {
        let mock = MockWorkflowProvider(surroundings: ManualClock().surroundings())
        let contract = WorkflowProviderContract(mock, workflow: try Self.workflow(for: "mock"))
        #expect(try await contract.check() == [])
    }

    @Test func `the embedded provider keeps the contract on a real database`() async throws {
        let place = try TemporaryDatabase()
        let tenant = try Tenant.sample("contract")
        try await DatabaseTenantRepository(place.database).create(
            tenant, TenantLifecycle.birth(of: tenant, by: "contract"))
        let compute = AskedCompute()
        let provider = EmbeddedWorkflowProvider(
            store: DatabaseRunStore(place.database), workers: [ComputeTaskWorker(compute: compute)],
            surroundings: ManualClock().surroundings(),
            logger: Logger(label: "test"))
        let contract = WorkflowProviderContract(
            provider, workflow: try Self.workflow(for: "embedded"), tenantID: tenant.id,
            token: { try compute.token(of: $0) })
        #expect(try await contract.check() == [])
        #expect(compute.cancelledRuns == 1)
        #expect(try await DatabaseVerifier(place.database).verify().findings == [])
    }

    @Test func `a provider that breaks its promises is found out`() async throws {
        let mock = MockWorkflowProvider(surroundings: ManualClock().surroundings())
        let contract = WorkflowProviderContract(
            ForgetfulProvider(inner: mock), workflow: try Self.workflow(for: "mock"), token: { $0 })
        #expect(
            try await contract.check().map(\.promise) == [
                "a name is lowercase letters, digits and hyphens", "a stopped run is cancelled",
                "a run that is over has an end", "what is over never changes",
                "an answer with a wrong token is refused", "a refused answer changes nothing",
                "a failed run says why", "a deleted workflow cannot be started",
            ])
    }

    private static func workflow(for provider: String) throws -> WorkflowSpec {
        try #require(try TenantWorkflows.specs(for: provider).first)
    }
}

/// Takes every wish for compute, does nothing, and remembers the tokens.
private final class AskedCompute: ComputeWorkflowClient {
    private struct State {
        var tokens: [String: String] = [:]
        var cancelledRuns = 0
    }

    private struct NotAsked: Error {}

    private let state = Mutex(State())

    var cancelledRuns: Int { state.withLock { $0.cancelledRuns } }

    func token(of runID: String) throws -> String {
        guard let token = state.withLock({ $0.tokens[runID] }) else { throw NotAsked() }
        return token
    }

    func begin(
        _ request: ProvisionRequest, attempt: Int, runID: String, token: String
    ) async throws(ComputeError) -> ComputeExecution.ID {
        state.withLock { $0.tokens[runID] = token }
        return request.subject(attempt: attempt).executionID
    }

    func cancel(_ request: ProvisionRequest, attempt: Int, reason: String) async throws(ComputeError) {
        state.withLock { $0.cancelledRuns += 1 }
    }

    func status(of id: ComputeExecution.ID) async throws(ComputeError) -> ComputeExecution? { nil }
}

/// Stops nothing, takes any token, forgets why a run failed, and keeps workflows that were deleted.
private struct ForgetfulProvider: WorkflowProvider {
    let inner: MockWorkflowProvider
    let name = "Forgetful"

    func createWorkflow(_ spec: WorkflowSpec) async throws(WorkflowError) -> WorkflowCreation {
        try await inner.createWorkflow(spec)
    }

    func startExecution(
        of workflowID: String, _ input: ExecutionInput
    ) async throws(WorkflowError) -> WorkflowStatus {
        try await inner.startExecution(of: workflowID, input)
    }

    func executionStatus(_ executionID: String) async throws(WorkflowError) -> ExecutionStatus {
        try await inner.executionStatus(executionID)
    }

    func stopExecution(_ executionID: String, reason: String) async throws(WorkflowError) {
        _ = try await inner.executionStatus(executionID)
    }

    func deleteWorkflow(_ workflowID: String) async throws(WorkflowError) {}

    func violations(of spec: WorkflowSpec) -> [Violation] { [] }

    func workflowStatus(_ executionID: String) async throws(WorkflowError) -> WorkflowStatus {
        let status = try await inner.workflowStatus(executionID)
        return WorkflowStatus(executionID: status.executionID, state: status.state, output: status.output)
    }

    func postComputeCallback(
        to executionID: String, token: String, payload: JSONValue
    ) async -> DeliveryOutcome {
        await inner.postComputeCallback(to: executionID, token: token, payload: payload)
    }
}
