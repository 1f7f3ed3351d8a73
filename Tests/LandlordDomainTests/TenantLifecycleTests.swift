import LandlordTestSupport
import StatesLanguage
import Testing

@testable import LandlordDomain

/// The table of product.md, written down once more, so that a slip in the code's table is seen.
private let specified: [TenantStatus: [TenantStatus]] = [
    .requested: [.planning, .deleting, .failed],
    .planning: [.provisioning, .updating, .deleting, .failed],
    .provisioning: [.ready, .deleting, .failed],
    .ready: [.planning, .archiving, .deleting],
    .updating: [.ready, .deleting, .failed],
    .archiving: [.archived, .deleting, .failed],
    .archived: [.deleting],
    .deleting: [.deleted, .failed],
    .deleted: [],
    .failed: [.planning, .archiving, .deleting],
]

struct TenantLifecycleTests {
    @Test(arguments: TenantStatus.allCases, TenantStatus.allCases)
    func `a tenant takes the steps of the table and no others`(from: TenantStatus, to: TenantStatus) throws {
        let tenant = try Tenant.sample(status: from, failedWhile: from == .failed ? .deleting : nil)
        guard specified[from]?.contains(to) == true else {
            #expect(throws: IllegalTransition(name: "acme", from: from, to: to)) {
                try TenantLifecycle.move(tenant, to: to, reason: "why", by: "operator", at: Case.later)
            }
            return
        }
        let (moved, line) = try TenantLifecycle.move(tenant, to: to, reason: "why", by: "operator", at: Case.later)
        #expect(moved.status == to)
        #expect(moved.statusMessage == "why")
        #expect(moved.statusSince == Case.later)
        #expect(moved.updatedAt == Case.later)
        #expect((moved.failedWhile != nil) == (to == .failed))
        #expect(line.tenantID == tenant.id)
        #expect((line.from, line.to) == (from, to))
        #expect((line.reason, line.triggeredBy) == ("why", "operator"))
        #expect(line.desired == tenant.desired.document)
        #expect(line.desiredHash == tenant.desired.hash)
        #expect(line.observed == tenant.observed?.document)
        #expect(line.observedHash == tenant.observed?.hash)
        #expect(line.createdAt == Case.later)
    }

    @Test func `the table knows every status, and only a tombstone leads nowhere`() {
        #expect(Set(TenantLifecycle.legal.keys) == Set(TenantStatus.allCases))
        for (status, steps) in TenantLifecycle.legal { #expect(steps.isEmpty == (status == .deleted)) }
    }

    @Test(arguments: [
        (TenantStatus.requested, FailedPhase.planning), (.planning, .planning), (.provisioning, .planning),
        (.updating, .planning), (.archiving, .archiving), (.deleting, .deleting),
    ])
    func `a failure remembers what a retry goes back to`(from: TenantStatus, phase: FailedPhase) throws {
        let failed = try TenantLifecycle.fail(try .sample(status: from), message: "no", at: Case.now).tenant
        #expect(failed.failedWhile == phase)
        #expect(try TenantLifecycle.retry(failed, by: "operator", at: Case.now).tenant.status == phase.status)
    }

    @Test func `a tenant's history begins without a former status`() throws {
        let tenant = Tenant(requested: try .sample(), id: Tenant.ID("t"), at: Case.now)
        let line = TenantLifecycle.birth(of: tenant, by: "operator")
        #expect(line.from == nil)
        #expect(line.to == .requested)
        #expect((tenant.generation, tenant.observedGeneration, tenant.version) == (1, 0, 1))
    }

    @Test func `no working status is at rest and no rest is working`() {
        #expect(TenantStatus.allCases.filter { !$0.isWorking } == [.ready, .archived, .deleted, .failed])
        #expect(TenantStatus.allCases.filter(\.isEnding) == [.archiving, .archived, .deleting, .deleted])
    }
}
