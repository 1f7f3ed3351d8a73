import LandlordTestSupport
import Testing

@testable import LandlordEngine

@Suite(.timeLimit(.minutes(1)))
struct AlarmTests {
    @Test func `a ring before the wait is not lost, and two are one`() async {
        let alarm = Alarm()
        let clock = ManualClock()
        alarm.ring()
        alarm.ring()
        await alarm.wait()
        async let waited: Void = alarm.wait(atMost: .seconds(5), on: clock)
        await clock.waitForSleepers()
        clock.advance(by: .seconds(5))
        await waited
    }

    @Test func `a wait ends at its limit and not before`() async {
        let alarm = Alarm()
        let clock = ManualClock()
        let isOver = Shared(false)
        await withDiscardingTaskGroup { group in
            group.addTask {
                await alarm.wait(atMost: .seconds(10), on: clock)
                isOver.withLock { $0 = true }
            }
            await clock.waitForSleepers()
            clock.advance(by: .milliseconds(9_999))
            for _ in 0..<100 { await Task.yield() }
            let isEarly = isOver.value
            #expect(!isEarly)
            clock.advance(by: .milliseconds(1))
        }
        let isDone = isOver.value
        #expect(isDone)
    }

    @Test func `a ring ends a wait and its sleep`() async {
        let alarm = Alarm()
        let clock = ManualClock()
        for _ in 0..<200 {
            async let waited: Void = alarm.wait(atMost: .seconds(10), on: clock)
            await clock.waitForSleepers()
            alarm.ring()
            await waited
        }
    }

    @Test func `a cancelled wait ends`() async {
        let alarm = Alarm()
        await withDiscardingTaskGroup { group in
            group.addTask { await alarm.wait(atMost: nil, on: ManualClock()) }
            group.addTask { await Task.yield() }
            group.cancelAll()
        }
    }

    @Test func `a closed alarm never makes anybody wait, until it is opened`() async {
        let alarm = Alarm()
        let clock = ManualClock()
        alarm.close()
        for _ in 0..<3 { await alarm.wait() }
        #expect(alarm.isClosed)
        alarm.open()
        #expect(!alarm.isClosed)
        async let waited: Void = alarm.wait(atMost: .seconds(1), on: clock)
        await clock.waitForSleepers()
        clock.advance(by: .seconds(1))
        await waited
    }
}
