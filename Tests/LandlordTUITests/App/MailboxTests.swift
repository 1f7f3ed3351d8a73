import LandlordTUI
import Synchronization
import Testing

@Suite("Mailbox")
struct MailboxTests {
    private enum Event: Hashable, Sendable {
        case changed(Int)
        case answered(Int)
        case resync
    }

    private final class Wakes: Sendable {
        let count = Mutex(0)
    }

    private func mailbox(limit: Int, wakes: Wakes = Wakes()) -> Mailbox<Event> {
        Mailbox(
            limit: limit, resync: .resync,
            isReplaceable: { if case .changed = $0 { true } else { false } },
            wake: { wakes.count.withLock { $0 += 1 } })
    }

    @Test func `events come out in the order they went in`() {
        let mailbox = mailbox(limit: 10)
        mailbox.post(.changed(1))
        mailbox.post(.answered(2))
        mailbox.post(.changed(3))
        #expect(mailbox.drain() == [.changed(1), .answered(2), .changed(3)])
        #expect(mailbox.drain().isEmpty)
    }

    @Test func `only the first event wakes`() {
        let wakes = Wakes()
        let mailbox = mailbox(limit: 10, wakes: wakes)
        for number in 1...5 { mailbox.post(.changed(number)) }
        #expect(wakes.count.withLock { $0 } == 1)
        _ = mailbox.drain()
        mailbox.post(.changed(6))
        #expect(wakes.count.withLock { $0 } == 2)
    }

    @Test func `beyond the limit changes become one order to read again, and answers stay`() {
        let mailbox = mailbox(limit: 3)
        mailbox.post(.changed(1))
        mailbox.post(.answered(2))
        mailbox.post(.changed(3))
        mailbox.post(.changed(4))
        mailbox.post(.changed(5))
        mailbox.post(.answered(6))
        mailbox.post(.answered(7))
        #expect(mailbox.droppedCount == 4)
        #expect(mailbox.drain() == [.answered(2), .resync, .answered(6), .answered(7)])
        mailbox.post(.changed(8))
        #expect(mailbox.drain() == [.changed(8)])
    }

    @Test func `many may post at once`() async {
        let mailbox = mailbox(limit: 100_000)
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask { for number in 0..<500 { mailbox.post(.answered(task * 500 + number)) } }
            }
        }
        #expect(Set(mailbox.drain()).count == 4000)
    }
}
