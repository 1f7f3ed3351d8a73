import Synchronization
import Testing

@testable import LandlordEngine

@Suite(.timeLimit(.minutes(1)))
struct GateTests {
    private struct Failed: Error {}

    /// How many are through at once, and who got through when.
    private final class Counter: Sendable {
        private let state = Mutex((now: 0, most: 0, order: [Int]()))

        var most: Int { state.withLock { $0.most } }
        var order: [Int] { state.withLock { $0.order } }

        func enter(_ number: Int) {
            state.withLock { state in
                state.now += 1
                state.most = max(state.most, state.now)
                state.order.append(number)
            }
        }

        func leave() { state.withLock { $0.now -= 1 } }
    }

    @Test(arguments: [1, 3, 64])
    func `no more are through at once than the gate is wide, and all get through`(width: Int) async {
        let gate = Gate(width: width)
        let counter = Counter()
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<2_000 {
                group.addTask {
                    await gate.through {
                        counter.enter(number)
                        await Task.yield()
                        counter.leave()
                    }
                }
            }
        }
        #expect((1...width).contains(counter.most))
        #expect(counter.order.sorted() == Array(0..<2_000))
    }

    @Test func `an error leaves the gate open for the next`() async throws {
        let gate = Gate(width: 1)
        for _ in 0..<3 {
            await #expect(throws: Failed.self) { try await gate.through { () throws(Failed) in throw Failed() } }
        }
        #expect(await gate.through { 7 } == 7)
    }

    @Test func `those who wait get through in the order in which they came`() async {
        let gate = Gate(width: 1)
        let counter = Counter()
        await withTaskGroup(of: Void.self) { group in
            await gate.through {
                for number in 0..<50 {
                    group.addTask { await gate.through { counter.enter(number) } }
                    // It waits before the next one is made.
                    while gate.waitingCount <= number { await Task.yield() }
                }
            }
        }
        #expect(counter.order == Array(0..<50))
    }
}
