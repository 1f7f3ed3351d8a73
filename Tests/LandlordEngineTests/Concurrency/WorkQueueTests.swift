import Testing

@testable import LandlordEngine

@Suite(.timeLimit(.minutes(1)))
struct WorkQueueTests {
    @Test func `equal keys merge while they wait, and keep their order`() async {
        let queue = WorkQueue<String>()
        for key in ["a", "b", "a", "c", "b"] { queue.add(key) }
        #expect(queue.count == 3)
        let keys = [await queue.next(), await queue.next(), await queue.next()]
        #expect(keys == ["a", "b", "c"])
    }

    @Test func `a key that is added while it is looked at is looked at once more`() async {
        let queue = WorkQueue<String>()
        queue.add("a")
        #expect(await queue.next() == "a")
        queue.add("a")
        queue.add("a")
        queue.add("b")
        #expect(await queue.next() == "b", "nobody else gets a key that is being looked at")
        queue.finish("a")
        #expect(await queue.next() == "a")
        queue.finish("a")
        queue.finish("b")
        #expect(queue.count == 0)
    }

    @Test func `at the limit keys are dropped and the loss is told once`() async {
        let queue = WorkQueue<Int>(limit: 2)
        for key in 0..<2 { queue.add(key) }
        #expect(!queue.takeOverflow())
        #expect(queue.add(1))
        #expect(!queue.takeOverflow(), "a key that waits already is not lost")
        #expect(!queue.add(2), "whoever adds it hears that it is not kept")
        #expect(queue.takeOverflow())
        #expect(!queue.takeOverflow())
        #expect(await queue.next() == 0)
        queue.add(2)
        #expect(!queue.takeOverflow())
    }

    @Test func `closing lets every worker go and opening takes keys again`() async {
        let queue = WorkQueue<Int>()
        let seen = Shared(0)
        await withDiscardingTaskGroup { group in
            group.addTask { await drain(queue, workers: 8) { _ in seen.withLock { $0 += 1 } } }
            queue.add(1)
            queue.close()
        }
        queue.add(2)
        #expect(await queue.next() == nil)
        queue.open()
        queue.add(3)
        var keys: [Int?] = []
        while queue.count > 0 {
            let key = await queue.next()
            keys.append(key)
            if let key { queue.finish(key) }
        }
        #expect(keys.last == 3 && !keys.contains(2))
    }

    @Test func `no key is lost and none is looked at twice at once, whoever adds`() async {
        let queue = WorkQueue<Int>()
        let adders = 8
        let rounds = 15_000
        let asked = 64
        let wanted = Shared([Int](repeating: 0, count: asked))
        let seen = Shared([Int](repeating: 0, count: asked))
        let active = Shared<Set<Int>>([])
        let doubled = Shared(0)
        await withDiscardingTaskGroup { group in
            group.addTask {
                await drain(queue, workers: 16) { key in
                    if !active.withLock({ $0.insert(key).inserted }) { doubled.withLock { $0 += 1 } }
                    // What was asked before this look is what the look sees.
                    let number = wanted.withLock { $0[key] }
                    if number % 3 == 0 { await Task.yield() }
                    seen.withLock { $0[key] = max($0[key], number) }
                    active.withLock { _ = $0.remove(key) }
                }
            }
            group.addTask {
                await withDiscardingTaskGroup { adding in
                    for adder in 0..<adders {
                        adding.addTask {
                            for round in 0..<rounds {
                                let key = (round &* 31 &+ adder) % asked
                                wanted.withLock { $0[key] += 1 }
                                queue.add(key)
                                if round % 64 == 0 { await Task.yield() }
                            }
                        }
                    }
                }
                while queue.count > 0 { await Task.yield() }
                queue.close()
            }
        }
        #expect(doubled.value == 0)
        #expect(seen.value == wanted.value)
    }
}
