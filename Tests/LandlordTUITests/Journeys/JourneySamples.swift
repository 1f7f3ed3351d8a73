import LandlordDomain
import LandlordTestSupport
import StatesLanguage

@testable import LandlordTUI

/// A model with a fleet in it, and the shortest way to press keys.
struct Journey {
    var model: ConsoleModel
    /// Everything that was asked for since the last look.
    var effects: [ConsoleEffect] = []

    static let start = Timestamp.sample

    init(rows: Int = 24, columns: Int = 80) {
        model = ConsoleModel(
            identity: ConsoleModel.Identity(database: "landlord.db", actor: "ana"), now: Self.start,
            size: Size(rows: rows, columns: columns))
    }

    /// A journey on a screen that shows some tenants.
    static func fleet(rows: Int = 24, columns: Int = 80, _ tenants: [Tenant]? = nil) throws -> Journey {
        var journey = Journey(rows: rows, columns: columns)
        let tenants = try tenants ?? Self.tenants()
        journey.answerFleet(tenants)
        journey.show(tenants)
        journey.effects = []
        return journey
    }

    /// One tenant in each of the states that screens tell apart.
    static func tenants() throws -> [Tenant] {
        var failed = try Tenant.sample(
            "acme-billing", status: .failed, generation: 7, observedGeneration: 6, failedWhile: .planning,
            at: start.advanced(by: .seconds(-14 * 60)))
        failed.statusMessage = "INVALID_CONFIGURATION: the command does not exist"
        var moving = try Tenant.sample(
            "corvid", status: .provisioning,
            run: TenantRun(
                executionID: "run-1", operation: .provision, generation: 1, configHash: "h", subState: .running),
            at: start.advanced(by: .seconds(-41)))
        moving.labels = ["plan": "pro"]
        var ready = try Tenant.sample(
            "delta-co", status: .ready, generation: 2, observedGeneration: 2,
            at: start.advanced(by: .seconds(-3 * 86_400)))
        ready.endpoints = [Endpoint(name: "http", kind: .http, address: "127.0.0.1", port: 8080)]
        let backing = try Tenant.sample(
            "emu-labs", status: .planning, nextAttemptAt: start.advanced(by: .seconds(12)), retryCount: 2,
            at: start.advanced(by: .seconds(-90)))
        let archived = try Tenant.sample("fjord", status: .archived, at: start.advanced(by: .seconds(-5 * 3600)))
        return [failed, moving, ready, backing, archived]
    }

    static func execution(
        of tenant: Tenant, _ operation: ComputeOperation = .provision, attempt: Int = 1
    ) -> ComputeExecution {
        ComputeExecution(
            subject: .init(
                tenantID: tenant.id, operation: operation, generation: tenant.generation, attemptEpoch: 0,
                attempt: attempt),
            tenantName: tenant.name, workflowExecutionID: "run-1", taskToken: nil, provider: "mock",
            config: tenant.desired, at: start.advanced(by: .seconds(-41)))
    }

    mutating func send(_ kind: ConsoleEvent.Kind, after: Duration = .zero) {
        effects += model.update(ConsoleEvent(at: model.now.advanced(by: after), kind: kind))
    }

    mutating func press(_ keys: Key...) {
        for key in keys { send(.key(key)) }
    }

    mutating func type(_ text: String) {
        for character in text { send(.key(.character(character))) }
    }

    /// Answers the tenants' window as the database would.
    mutating func show(_ tenants: [Tenant], next: PageCursor? = nil) {
        send(.loaded(.tenants(model.tenantQuery, anchors: nil, Page(items: tenants, next: next))))
    }

    mutating func answerFleet(
        _ tenants: [Tenant], unfinished: Int = 0, driver: Fleet.Driver = .thisProcess, trouble: Fleet.Trouble? = nil
    ) {
        var fleet = Fleet(
            executions: [.running: unfinished], deadLetterCount: 3, driver: driver, trouble: trouble)
        for tenant in tenants { fleet.tenants[tenant.status, default: 0] += 1 }
        send(.loaded(.fleet(fleet)))
    }

    /// What was asked for since the last look.
    mutating func takeEffects() -> [ConsoleEffect] {
        defer { effects = [] }
        return effects
    }

    var submissions: [ConsoleVerb] {
        effects.compactMap { effect in
            guard case .submit(let verb) = effect else { return nil }
            return verb
        }
    }

    func frame(glyphs: GlyphSet = .ascii) -> Frame {
        ConsoleView(model: model).frame(size: model.size, theme: .builtIn(depth: .mono, glyphs: glyphs))
    }

    var lines: [String] { frame().lines }

    var screen: String { lines.joined(separator: "\n") }
}
