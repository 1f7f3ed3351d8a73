import LandlordTestSupport
import Testing

@testable import LandlordEngine

struct ScanPaceTests {
    private let begin = ContinuousClock.now

    private func at(_ milliseconds: Int) -> ContinuousClock.Instant { begin.advanced(by: .milliseconds(milliseconds)) }

    @Test func `the first look is due at once, and the next when it is asked for`() {
        var pace = ScanPace(at: at(0))
        #expect(pace.isDue(at: at(0)))
        pace.looked(for: .milliseconds(2), until: at(2))
        #expect(pace.wait(at: at(5_000)) == nil)
        #expect(!pace.isDue(at: at(5_000)))
        pace.ask(at: at(5_000))
        #expect(pace.isDue(at: at(5_000)))
    }

    @Test(arguments: [(2, 102), (10, 110), (50, 500), (1_000, 10_000)])
    func `looking takes a tenth of the time at most`(took: Int, next: Int) {
        var pace = ScanPace(at: at(0))
        pace.looked(for: .milliseconds(took), until: at(took))
        pace.ask(at: at(took))
        pace.ask(at: at(took + 1))
        #expect(pace.wait(at: at(took)) == .milliseconds(next - took))
        #expect(!pace.isDue(at: at(next - 1)))
        #expect(pace.isDue(at: at(next)))
    }

    @Test func `a look that failed is tried again after a while`() {
        var pace = ScanPace(at: at(0))
        pace.failed(at: at(10))
        pace.ask(at: at(20))
        #expect(pace.wait(at: at(10)) == .seconds(1))
    }
}
