import LandlordDomain
import LandlordEngine
import Logging

/// Tenants from `requested` to `ready` with the mock provider: every durable step, on the embedded engine.
struct ProvisionBenchmark {
    let options: Options
    private let clock = ContinuousClock()

    init(options: Options) {
        self.options = options
    }

    func run() async throws {
        for inFlight in [1, 32, 256] {
            Benchmarks.show("tenants provisioned, \(inFlight) in flight", try await rate(inFlight: inFlight))
        }
    }

    private func rate(inFlight: Int) async throws -> Double {
        let path = options.newDatabase()
        let configuration = try Configuration.resolve(
            flags: [
                .init(key: "database", name: "--database", value: path),
                .init(key: "reconciler.workers", name: "--workers", value: "\(min(inFlight, 64))"),
            ],
            environment: ["HOME": options.directory])
        let host = try EngineHost.open(
            configuration, variable: { _ in nil }, surroundings: .benchmark,
            logger: Logger(label: "benchmark", factory: { _ in SwiftLogNoOpLogHandler() }))
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await host.run() }
            let rate = try await provision(host.engine, inFlight: inFlight)
            group.cancelAll()
            // The services end by being cancelled, which is what we asked for.
            while await group.nextResult() != nil {}
            return rate
        }
    }

    /// Keeps so many tenants on their way until the time is over; answers how many arrived per second.
    private func provision(_ engine: Engine, inFlight: Int) async throws -> Double {
        let changes = engine.changes.subscribe()
        var asked = 0
        var ready = 0
        let watch = Stopwatch(seconds: options.seconds)
        try await ask(engine, from: &asked, upTo: inFlight)
        for await _ in changes {
            ready = try await engine.tenants.counts()[.ready] ?? 0
            guard watch.isRunning else { break }
            try await ask(engine, from: &asked, upTo: ready + inFlight)
            // Counting is not what is measured: it is done at most every few milliseconds.
            if inFlight > 1 { try await clock.sleep(for: .milliseconds(4)) }
        }
        return Double(ready) / watch.seconds
    }

    private func ask(_ engine: Engine, from asked: inout Int, upTo wanted: Int) async throws {
        guard asked < wanted else { return }
        let numbers = (asked + 1)...wanted
        asked = wanted
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in numbers {
                group.addTask {
                    let spec = try TenantSpec(json: [
                        "name": .string("tenant-\(number)"),
                        "compute": [
                            "provider": "mock",
                            "containers": [
                                ["name": "web", "image": "app:1", "ports": [["name": "http", "container_port": 80]]]
                            ],
                        ],
                    ])
                    _ = try await engine.tenants.apply(spec, by: "benchmark")
                }
            }
            try await group.waitForAll()
        }
    }
}
