import Testing

@testable import LandlordTUI

@Suite("Lanes of loads") struct LaneTests {
    @Test(arguments: [
        (0, 500), (4, 500), (17, 1_700), (200, 5_000),
    ])
    func `what is dear to read is read less often`(spent: Int, rest: Int) {
        let pause = EffectRunner.rest(of: .milliseconds(500), after: .milliseconds(spent))
        #expect(pause == .milliseconds(rest))
    }
}
