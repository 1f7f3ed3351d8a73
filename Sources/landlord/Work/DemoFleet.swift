import LandlordDomain
import LandlordEngine
import StatesLanguage

/// A fleet to look around in: tenants of the mock provider that succeed, wait, recover and fail as a seed says.
struct DemoFleet: Sendable {
    /// How many tenants there are.
    let count: Int
    /// What everything follows from.
    let seed: UInt64

    /// Tenants that are asked for at the same time, so that their writes share commits.
    private static let width = 32
    private static let names = [
        "acme", "beta-lake", "corvid", "delta-co", "emu-labs", "fjord", "gantry", "harbor", "indigo", "juniper",
        "kestrel",
        "lumen", "mistral", "nimbus", "orchard", "pylon", "quarry", "ridge", "sable", "tundra",
    ]

    /// The spec of a tenant; the same number and seed give the same spec.
    func spec(_ number: Int) throws(InvalidSpec) -> TenantSpec {
        var chance = DemoChance(seed: seed &+ UInt64(number) &* 0x9E37_79B9)
        let name = "\(Self.names[chance.below(Self.names.count)])-\(number)"
        var script: JSONObject = [
            "delay_milliseconds": JSONValue(20 + chance.below(400)), "steps": JSONValue(1 + chance.below(5)),
        ]
        switch chance.below(100) {
        case ..<6: script["fail"] = Self.failure(.invalidConfiguration, "image registry.invalid/app not found")
        case ..<10: script["fail"] = Self.failure(.resourceExhausted, "the quota of 40 instances is used up")
        case ..<13: script["fail"] = Self.failure(.unknown, "the provider answered something unexpected", times: 1)
        case ..<20:
            script["fail"] = Self.failure(.providerUnavailable, "503 Service Unavailable (upstream connect)", times: 1)
        case ..<25: script["health"] = "unhealthy"
        default: break
        }
        let plans = ["free", "pro", "enterprise"]
        let regions = ["eu-west-1", "eu-north-1", "us-east-2"]
        var document: JSONObject = [
            "name": .string(name),
            "labels": [
                "plan": .string(plans[chance.below(plans.count)]),
                "region": .string(regions[chance.below(regions.count)]),
            ],
            "compute": [
                "provider": "mock",
                "containers": [
                    [
                        "name": "web", "image": .string("app:\(1 + chance.below(9))"),
                        "ports": [["name": "http", "container_port": 8080]],
                    ]
                ],
                "provider_config": .object(script),
            ],
        ]
        if let webhook = Self.webhook(of: name, &chance) { document["callbacks"] = [["url": .string(webhook)]] }
        return try TenantSpec(json: .object(document))
    }

    /// Where a tenant's results should go as well, now and then: addresses that are refused without asking anybody,
    /// so that there are dead letters on any machine.
    private static func webhook(of name: String, _ chance: inout DemoChance) -> String? {
        switch chance.below(100) {
        case ..<6: "https://10.20.0.7/hooks/\(name)"
        case ..<9: "http://hooks.partner.example/landlord?tenant=\(name)"
        case ..<11: "https://169.254.169.254/latest/\(name)"
        default: nil
        }
    }

    private static func failure(_ code: ComputeError.Code, _ message: String, times: Int? = nil) -> JSONValue {
        var fields: JSONObject = ["code": .string(code.rawValue), "message": .string(message)]
        if let times { fields["times"] = JSONValue(times) }
        return .object(fields)
    }

    /// Asks for every tenant, at a rate where one is given.
    func apply(with session: Session, rate: Double?) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 1...count {
                if number > Self.width { try await group.next() }
                if let rate { try await session.surroundings.clock.sleep(for: .seconds(1 / rate)) }
                group.addTask {
                    _ = try await session.engine.tenants.apply(try spec(number), by: session.actor)
                }
            }
            try await group.waitForAll()
        }
    }

    /// Waits until nothing is in flight any more.
    func settle(with session: Session) async throws {
        // Counting reads an index of the whole fleet, so it is done now and then and not at every change.
        while true {
            let counts = try await session.engine.tenants.counts()
            let working = counts.filter { $0.key.isWorking }.reduce(0) { $0 + $1.value }
            if working == 0 {
                let callbacks = try await session.engine.callbacks.counts()
                if callbacks[.pending] == nil, callbacks[.delivering] == nil { return }
            }
            StandardStream.progress("\(working) of \(count) in flight")
            try await session.surroundings.clock.sleep(for: .milliseconds(250))
        }
    }
}

/// Chance that follows from a seed (SplitMix64), so that a fleet can be shown twice.
struct DemoChance {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// A number from 0 up to, and without, a limit.
    mutating func below(_ limit: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        mixed ^= mixed >> 31
        return Int(mixed.multipliedFullWidth(by: UInt64(max(1, limit))).high)
    }
}
