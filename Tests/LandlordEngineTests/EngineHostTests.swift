import LandlordDomain
import LandlordTestSupport
import ServiceLifecycle
import StatesLanguage
import Testing

@testable import LandlordEngine

@Suite(.timeLimit(.minutes(1)))
struct EngineHostTests {
    private let bench: Bench
    private let host: EngineHost
    private let folder: TemporaryDirectory

    init() throws {
        bench = try Bench()
        folder = try TemporaryDirectory()
        let configuration = try Configuration.resolve(
            flags: [.init(key: "database", name: "--database", value: bench.database.path)],
            environment: ["HOME": folder.path])
        host = try EngineHost(
            configuration, database: bench.database, variable: { _ in nil }, surroundings: bench.surroundings,
            logger: bench.logger)
    }

    private func drives() -> Bool { host.engine.driving.driver == .thisProcess }

    private func isReady(_ name: String) async throws -> Bool {
        try await host.engine.tenants.tenant(name).status == .ready
    }

    @Test func `a host that was overtaken stops driving, and works when it drives again`() async throws {
        try await bench.running(host) {
            try await bench.move { drives() }
            _ = try await host.engine.tenants.apply(try .sample("acme"), by: "operator")
            try await bench.move { try await isReady("acme") }
            // What another process does that finds the lease expired while this one stands still.
            try await bench.database.editBehindItsBack(
                "UPDATE leases SET epoch = epoch + 1, holder = 'another', has_file = 0")
            try await bench.move { !drives() }
            try await bench.move { drives() }
            _ = try await host.engine.tenants.apply(try .sample("zeta"), by: "operator")
            try await bench.move { try await isReady("zeta") }
        }
    }

    @Test func `a graceful shutdown ends every service and lets the database go`() async throws {
        let group = ServiceGroup(services: [host], logger: bench.logger)
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { try await group.run() }
            try await bench.move { drives() }
            let slow = try TenantSpec.sample("acme", script: ["delay_milliseconds": 86_000_000])
            _ = try await host.engine.tenants.apply(slow, by: "operator")
            try await bench.move { try await bench.executions.counts()[.running] == 1 }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
        #expect(host.engine.driving.driver == .nobody)
        #expect(try await bench.executions.counts() == [.running: 1], "what was under way is left to the next process")
        guard case .acquired = try await DrivingLock(database: bench.database).acquire(at: bench.clock.wall) else {
            Issue.record("The database was not let go.")
            return
        }
    }

    @Test func `a plain cancellation lets the database go too`() async throws {
        try await bench.running(host) { try await bench.move { drives() } }
        #expect(host.engine.driving.driver == .nobody)
        #expect(try await DrivingLock(database: bench.database).current(at: bench.clock.wall) == nil)
    }
}
