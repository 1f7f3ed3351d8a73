import LandlordDomain
import LandlordTestSupport
import StatesLanguage

/// What the domain's tests name over and over.
enum Case {
    static let now = Timestamp.sample
    static let later = Timestamp.sample.advanced(by: .seconds(60))
    static let backoff = Backoff(delayBase: .seconds(1), delayLimit: .seconds(60))

    /// The intent that the reconciler would have written for a tenant as it stands.
    static func intent(_ tenant: Tenant, _ operation: ComputeOperation, generation: Int? = nil) -> TenantRun {
        let generation = generation ?? tenant.generation
        return TenantRun(
            executionID: ProvisionRequest.executionName(
                tenantID: tenant.id, operation: operation, generation: generation, attemptEpoch: tenant.attemptEpoch),
            operation: operation, generation: generation, configHash: tenant.desired.hash)
    }

    /// What an engine says of a tenant's run.
    static func run(
        _ tenant: Tenant, _ state: WorkflowExecutionStatus, _ subState: WorkflowSubState? = nil,
        output: JSONValue? = nil, error: WorkflowFailure? = nil
    ) -> WorkflowStatus {
        WorkflowStatus(
            executionID: tenant.run?.executionID ?? "", state: state, subState: subState, output: output, error: error)
    }

    /// The request that the reconciler would hand to the engine for a tenant's intent.
    static func request(_ tenant: Tenant) -> ProvisionRequest? {
        tenant.run.map { run in
            ProvisionRequest(
                tenantID: tenant.id, tenantName: tenant.name, operation: run.operation, generation: run.generation,
                attemptEpoch: tenant.attemptEpoch, desired: tenant.desired, computeProvider: "mock",
                timeout: .seconds(60))
        }
    }

    /// What a run of this request produces when it succeeds.
    static func output(_ request: ProvisionRequest) -> JSONValue {
        var fields = request.json.objectValue ?? [:]
        fields["result"] = [
            "resource_ids": ["web": .string("r-\(request.generation)")],
            "endpoints": [["name": "http", "type": "http", "address": "127.0.0.1", "port": 8080]],
        ]
        return .object(fields)
    }
}

/// Chance for properties: the same in every run of a test.
struct Dice {
    private let chance: SeededChance

    init(_ seed: Int) { chance = SeededChance(seed: UInt64(seed)) }

    func below(_ limit: Int) -> Int { Int(chance.next() % UInt64(limit)) }
    func oneIn(_ number: Int) -> Bool { below(number) == 0 }
    func pick<Item>(_ items: [Item]) -> Item { items[below(items.count)] }
}
