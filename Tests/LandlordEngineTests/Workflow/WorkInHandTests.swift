import LandlordDomain
import LandlordTestSupport
import StatesLanguage
import Testing

@testable import LandlordEngine

struct WorkInHandTests {
    private let work = WorkInHand()
    private let noon = Timestamp.sample

    private func task(_ run: String, askedAt moment: Timestamp) -> StoredTask {
        StoredTask(
            runID: run, tenantID: nil,
            task: ScheduledTask(
                id: 1, stateName: "A", resource: "x", parameters: [:], token: nil, timeoutSeconds: nil,
                heartbeatSeconds: nil, attempt: 1),
            status: .open, askedAt: moment)
    }

    @Test func `what a look at all open tasks no longer finds is forgotten`() {
        let (open, gone) = (task("open", askedAt: noon), task("gone", askedAt: noon))
        for task in [open, gone] { work.wasAsked(task.reference, at: noon) }
        work.beginLook()
        #expect(work.hasAsked(open))
        let fresh = task("fresh", askedAt: noon)
        work.wasAsked(fresh.reference, at: noon)
        work.endLook()
        #expect(work.askedCount == 2)
        #expect(work.hasAsked(open) && work.hasAsked(fresh) && !work.hasAsked(gone))
    }

    @Test func `a task of another run that has the name now was not asked for`() {
        work.wasAsked(task("r", askedAt: noon).reference, at: noon)
        #expect(!work.hasAsked(task("r", askedAt: noon.advanced(by: .seconds(1)))))
        #expect(work.hasAsked(task("r", askedAt: noon)))
    }
}
