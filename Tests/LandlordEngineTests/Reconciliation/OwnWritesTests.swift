import LandlordDomain
import Testing

@testable import LandlordEngine

struct OwnWritesTests {
    private let writes = OwnWrites()
    private let id = Tenant.ID("id-acme")

    @Test(arguments: [(4, true), (5, true), (6, false)])
    func `a version up to the last own one is no news`(version: Int, isKnown: Bool) {
        writes.note(id, 5)
        #expect(writes.hold(id, version) == isKnown)
        #expect(!writes.hold(Tenant.ID("id-other"), version))
    }

    @Test func `a write that did not happen may be somebody else's`() {
        writes.note(id, 5)
        writes.forget(id)
        #expect(!writes.hold(id, 5))
    }

    @Test func `at the limit all are forgotten, and the newest is known`() {
        for number in 0..<OwnWrites.limit { writes.note(Tenant.ID("id-\(number)"), 1) }
        #expect(writes.hold(Tenant.ID("id-0"), 1))
        writes.note(id, 1)
        #expect(!writes.hold(Tenant.ID("id-0"), 1))
        #expect(writes.hold(id, 1))
    }
}
