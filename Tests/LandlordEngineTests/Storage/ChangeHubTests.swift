import LandlordEngine
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ChangeHubTests {
    private let hub = ChangeHub()

    @Test func `a subscriber sees what is published after it came, merged and in order`() async {
        hub.publish([.tenant(id: "before", version: 1)])
        let subscription = hub.subscribe()
        hub.publish([.tenant(id: "a", version: 1), .tenant(id: "b", version: 1), .tenant(id: "a", version: 1)])
        hub.publish([.tenant(id: "b", version: 1), .lease])
        var batches = subscription.makeAsyncIterator()
        #expect(await batches.next() == [.tenant(id: "a", version: 1), .tenant(id: "b", version: 1), .lease])
    }

    @Test func `a waiting subscriber is woken`() async {
        let subscription = hub.subscribe()
        async let batch = first(of: subscription)
        hub.publish([.lease])
        #expect(await batch == [.lease])
    }

    @Test(arguments: [3, 4])
    func `more than fits becomes missed`(count: Int) {
        let subscription = hub.subscribe(limit: 3)
        hub.publish((1...count).map { .tenant(id: "\($0)", version: 1) })
        #expect(subscription.drain().contains(.missed) == (count > 3))
        hub.publish([.lease])
        #expect(subscription.drain() == [.lease])
    }

    @Test func `missed swallows everything until it is read`() {
        let subscription = hub.subscribe()
        hub.publish([.lease, .missed, .tenant(id: "a", version: 1)])
        #expect(subscription.drain() == [.missed])
    }

    @Test func `a subscription that is let go is forgotten`() {
        do {
            let subscription = hub.subscribe()
            #expect(hub.subscriberCount == 1)
            _ = subscription.drain()
        }
        #expect(hub.subscriberCount == 0)
    }

    @Test func `cancelling ends the wait, and another reader may come`() async {
        let subscription = hub.subscribe()
        let result = await withTaskGroup(of: [Change]?.self) { group in
            group.addTask { await first(of: subscription) }
            group.cancelAll()
            return await group.next() ?? nil
        }
        #expect(result == nil)
        hub.publish([.lease])
        #expect(await first(of: subscription) == [.lease])
    }
}

private func first(of subscription: ChangeSubscription) async -> [Change]? {
    var batches = subscription.makeAsyncIterator()
    return await batches.next()
}
