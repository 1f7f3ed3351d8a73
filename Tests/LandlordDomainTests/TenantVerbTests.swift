import LandlordTestSupport
import StatesLanguage
import Testing

@testable import LandlordDomain

struct TenantVerbTests {
    private static let actor = "operator"

    private static func tenant(_ status: TenantStatus, failedWhile: FailedPhase = .planning) throws -> Tenant {
        try .sample(
            status: status, observedGeneration: status == .ready ? 1 : 0,
            failedWhile: status == .failed ? failedWhile : nil, nextAttemptAt: Case.later, retryCount: 3)
    }

    @Test(arguments: TenantStatus.allCases)
    func `a new spec is taken by every tenant that stays`(status: TenantStatus) throws {
        let tenant = try Self.tenant(status)
        let spec = try TenantSpec.sample(image: "app:2")
        guard !status.isEnding else {
            #expect(throws: TenantRefusal.ending(name: "acme", status: status, failedWhile: nil)) {
                try TenantLifecycle.apply(spec, to: tenant, by: Self.actor, at: Case.now)
            }
            return
        }
        let change = try #require(try TenantLifecycle.apply(spec, to: tenant, by: Self.actor, at: Case.now))
        #expect(change.tenant.generation == tenant.generation + 1)
        #expect(change.tenant.desired.hash == spec.config.hash)
        #expect(change.tenant.nextAttemptAt == nil)
        #expect(change.tenant.retryCount == 0)
        let goesOn = status == .ready || status == .failed
        #expect(change.tenant.status == (goesOn ? .planning : status))
        #expect(change.transitions.map(\.to) == (goesOn ? [.planning] : []))
        #expect(try TenantLifecycle.apply(spec, to: change.tenant, by: Self.actor, at: Case.later) == nil)
    }

    @Test(arguments: [FailedPhase.deleting, .archiving])
    func `a tenant whose ending failed takes no new spec`(phase: FailedPhase) throws {
        let tenant = try Self.tenant(.failed, failedWhile: phase)
        let refusal = TenantRefusal.ending(name: "acme", status: .failed, failedWhile: phase)
        #expect(throws: refusal) {
            try TenantLifecycle.apply(try .sample(image: "b"), to: tenant, by: Self.actor, at: Case.now)
        }
        #expect(refusal.description.contains(phase.status.rawValue))
    }

    @Test func `a change of labels alone is no new generation and no new plan`() throws {
        let tenant = try Self.tenant(.ready)
        let spec = try TenantSpec.sample(labels: ["plan": "pro"])
        let change = try #require(try TenantLifecycle.apply(spec, to: tenant, by: Self.actor, at: Case.now))
        #expect(change.tenant.labels == ["plan": "pro"])
        #expect(change.tenant.generation == 1)
        #expect(change.tenant.status == .ready)
        #expect(change.transitions.isEmpty)
    }

    @Test func `a tenant cannot move to another provider`() throws {
        let spec = try TenantSpec.sample(provider: "process")
        #expect(throws: TenantRefusal.providerChange(name: "acme", from: "mock", to: "process")) {
            try TenantLifecycle.apply(spec, to: try Self.tenant(.ready), by: Self.actor, at: Case.now)
        }
    }

    @Test(arguments: TenantStatus.allCases, FailedPhase.allCases)
    func `only what failed is retried, as what it was`(status: TenantStatus, phase: FailedPhase) throws {
        let tenant = try Self.tenant(status, failedWhile: phase)
        guard status == .failed else {
            #expect(throws: TenantRefusal.notFailed(name: "acme", status: status)) {
                try TenantLifecycle.retry(tenant, by: Self.actor, at: Case.now)
            }
            return
        }
        let change = try TenantLifecycle.retry(tenant, by: Self.actor, at: Case.now)
        #expect(change.tenant.status == phase.status)
        #expect(change.tenant.attemptEpoch == tenant.attemptEpoch + 1)
        #expect(change.tenant.nextAttemptAt == nil)
        #expect(change.tenant.generation == tenant.generation)
    }

    @Test(arguments: TenantStatus.allCases)
    func `archiving starts from rest and may be repeated`(status: TenantStatus) throws {
        let tenant = try Self.tenant(status)
        switch status {
        case .archiving, .archived:
            #expect(try TenantLifecycle.archive(tenant, by: Self.actor, at: Case.now) == nil)
        case .ready, .failed:
            let change = try #require(try TenantLifecycle.archive(tenant, by: Self.actor, at: Case.now))
            #expect(change.tenant.status == .archiving)
            #expect(change.tenant.attemptEpoch == tenant.attemptEpoch + 1)
            #expect(try TenantLifecycle.archive(change.tenant, by: Self.actor, at: Case.now) == nil)
        case .requested, .planning, .provisioning, .updating, .deleting, .deleted:
            let step = IllegalTransition(name: "acme", from: status, to: .archiving)
            #expect(throws: TenantRefusal.illegal(step)) {
                try TenantLifecycle.archive(tenant, by: Self.actor, at: Case.now)
            }
        }
    }

    @Test(arguments: TenantStatus.allCases)
    func `every tenant can be deleted, and deleting twice is deleting once`(status: TenantStatus) throws {
        let tenant = try Self.tenant(status)
        guard status != .deleting, status != .deleted else {
            #expect(try TenantLifecycle.delete(tenant, by: Self.actor, at: Case.now) == nil)
            return
        }
        let change = try #require(try TenantLifecycle.delete(tenant, by: Self.actor, at: Case.now))
        #expect(change.tenant.status == .deleting)
        #expect(change.tenant.attemptEpoch == tenant.attemptEpoch + 1)
        #expect(change.tenant.nextAttemptAt == nil)
        #expect(change.transitions.map(\.from) == [status])
        #expect(try TenantLifecycle.delete(change.tenant, by: Self.actor, at: Case.now) == nil)
    }
}

/// A change is a pair, so that `== nil` and its parts are what tests compare.
private func == (change: TenantLifecycle.Change?, nothing: _OptionalNilComparisonType) -> Bool {
    if case .none = change { true } else { false }
}
