import LandlordDomain
import LandlordTestSupport
import StatesLanguage
import Synchronization
import Testing

@testable import LandlordEngine

/// Answers deliveries as a test says, the last answer for ever.
private final class Receiver: CallbackReceiver {
    private let state: Mutex<(answers: [DeliveryOutcome], seen: [Callback])>

    init(_ answers: DeliveryOutcome...) { state = Mutex((answers, [])) }

    var seen: [Callback] { state.withLock { $0.seen } }

    func deliver(_ callback: Callback) async -> DeliveryReport {
        DeliveryReport(
            state.withLock { state in
                state.seen.append(callback)
                return state.answers.count > 1 ? state.answers.removeFirst() : state.answers[0]
            })
    }
}

/// Hangs for one host until it is cancelled, and answers for every other.
private struct HangingReceiver: CallbackReceiver {
    let host: String
    let clock: ManualClock

    func deliver(_ callback: Callback) async -> DeliveryReport {
        guard callback.destination.host == host else { return DeliveryReport(.accepted) }
        // Nothing but the cancellation ends it.
        try? await clock.sleep(for: .seconds(1_000_000))
        return DeliveryReport(.failed(DeliveryFailure(.interrupted, "stopped")))
    }
}

/// The real outbox on a disk that is full whenever the test says so.
private final class FullDisk: CallbackOutbox {
    private let inner: DatabaseCallbackOutbox
    let isFull = Atomic(false)

    init(_ inner: DatabaseCallbackOutbox) { self.inner = inner }

    func record(_ callback: Callback, _ attempt: CallbackAttempt) async throws(RepositoryError) {
        if isFull.load(ordering: .acquiring) { throw .full }
        try await inner.record(callback, attempt)
    }

    func demands(after lane: String?, limit: Int) async throws(RepositoryError) -> [LaneDemand] {
        try await inner.demands(after: lane, limit: limit)
    }
    func claim(_ wishes: [LaneWish], at now: Timestamp) async throws(RepositoryError) -> [Callback] {
        try await inner.claim(wishes, at: now)
    }
    func recoverInterrupted(at now: Timestamp) async throws(RepositoryError) -> Int {
        try await inner.recoverInterrupted(at: now)
    }
    func giveUp(waitingFor limit: Duration, at now: Timestamp) async throws(RepositoryError) -> [Callback] {
        try await inner.giveUp(waitingFor: limit, at: now)
    }
    func prune(settledBefore limit: Timestamp) async throws(RepositoryError) -> Int {
        try await inner.prune(settledBefore: limit)
    }
}

@Suite(.timeLimit(.minutes(1)))
struct CallbackDelivererTests {
    private let bench: Bench
    private let id: Callback.ID
    private static let unavailable = DeliveryFailure(.httpStatus, "503", statusCode: 503)

    init() async throws {
        bench = try Bench()
        let destination = Callback.Destination.workflow(provider: "mock", executionID: "run", token: "token")
        id = try await bench.bear([destination], of: "acme", attemptLimit: 3)[0].id
    }

    private func deliverer(
        _ receiver: any CallbackReceiver, _ outbox: (any CallbackOutbox)? = nil,
        _ options: CallbackDeliverer.Options = .init()
    ) -> CallbackDeliverer {
        CallbackDeliverer(
            outbox: outbox ?? bench.outbox, receiver: receiver, changes: bench.database.hub, options: options,
            surroundings: bench.surroundings, logger: bench.logger)
    }

    private func stored() async throws -> Callback { try #require(try await bench.callbacks.callback(id)) }

    @Test func `a callback is delivered once, with its attempt on record`() async throws {
        let receiver = Receiver(.accepted)
        try await bench.running(deliverer(receiver)) {
            try await bench.until { try await stored().status == .delivered }
        }
        #expect(receiver.seen.map(\.id) == [id])
        #expect(receiver.seen.first?.payload["status"] == "cancelled")
        #expect(try await bench.callbacks.attempts(of: id).map(\.outcome) == [.accepted])
    }

    @Test func `what fails is tried again after the backoff, by the service alone`() async throws {
        let receiver = Receiver(.failed(Self.unavailable), .accepted)
        try await bench.running(deliverer(receiver)) {
            try await bench.until { try await bench.callbacks.attempts(of: id).count == 1 }
            try await bench.move { try await stored().status == .delivered }
        }
        let attempts = try await bench.callbacks.attempts(of: id)
        #expect(attempts.map(\.outcome) == [.failed, .accepted])
        #expect(attempts.map(\.statusCode) == [503, nil])
    }

    @Test func `a receiver that names a time is not asked before it`() async throws {
        let wish = DeliveryFailure(.httpStatus, "429", statusCode: 429, retryAfter: .seconds(20))
        let receiver = Receiver(.failed(wish), .accepted)
        try await bench.running(deliverer(receiver)) {
            try await bench.until { try await bench.callbacks.attempts(of: id).count == 1 }
            #expect(try await stored().nextAttemptAt >= bench.clock.wall.advanced(by: .seconds(20)))
            try await bench.move { try await stored().status == .delivered }
        }
        let attempts = try await bench.callbacks.attempts(of: id)
        #expect(attempts[1].startedAt.duration(since: attempts[0].endedAt) >= .seconds(20))
    }

    @Test func `after its last attempt a callback is dead and is left alone`() async throws {
        let receiver = Receiver(.failed(Self.unavailable))
        try await bench.running(deliverer(receiver)) {
            try await bench.move { try await stored().status == .dead }
        }
        #expect((try await stored().attempts, try await stored().failure?.statusCode) == (3, 503))
        #expect(receiver.seen.count == 3)
        #expect(try await bench.callbacks.attempts(of: id).map(\.number) == [1, 2, 3])
    }

    @Test func `what a receiver will never take is dead at once`() async throws {
        let gone = DeliveryFailure(.httpStatus, "410 gone", statusCode: 410)
        try await bench.running(deliverer(Receiver(.failed(gone)))) {
            try await bench.until { try await stored().status == .dead }
        }
        #expect((try await stored().attempts, try await stored().lastError) == (1, "410 gone"))
        #expect(try await bench.callbacks.attempts(of: id).map(\.outcome) == [.refused])
    }

    @Test func `a delivery that a dead process began is made again, and both attempts are on record`() async throws {
        let wish = LaneWish(lane: "workflow:mock", count: 9)
        #expect(try await bench.outbox.claim([wish], at: bench.clock.wall).map(\.id) == [id])
        let receiver = Receiver(.accepted)
        try await bench.running(deliverer(receiver)) {
            try await bench.until { try await stored().status == .delivered }
        }
        #expect(try await stored().attempts == 2)
        #expect(try await bench.callbacks.attempts(of: id).map(\.outcome) == [.interrupted, .accepted])
        #expect(receiver.seen.map(\.id) == [id])
    }

    @Test func `a destination that hangs delays nobody else`() async throws {
        let hanging = Callback.Destination.webhook(url: "https://hangs.example/", secrets: [])
        let well = Callback.Destination.webhook(url: "https://well.example/", secrets: [])
        var quick: [Callback.ID] = []
        for number in 1...60 {
            let born = try await bench.bear([hanging, well], of: "t\(number)", attemptLimit: 3)
            quick.append(born[1].id)
        }
        let limits = DeliverySchedule.Limits(webhooks: 20, lane: 8, workflows: 4)
        let deliverer = deliverer(
            HangingReceiver(host: "hangs.example", clock: bench.clock), nil, .init(limits: limits))
        try await bench.running(deliverer) {
            try await bench.until { try await bench.callbacks.counts()[.delivered] == 61 }
            #expect(try await bench.callbacks.counts()[.delivering] == 8)
        }
        for id in quick { #expect(try await bench.callbacks.callback(id)?.status == .delivered) }
        // Those that hung were stopped with the deliverer, and none of them is lost.
        #expect(try await bench.callbacks.counts() == [.delivered: 61, .pending: 60])
    }

    @Test func `a destination that fails is left alone for a while, and its callbacks keep their attempts`()
        async throws
    {
        let dead = Callback.Destination.webhook(url: "https://dead.example/", secrets: [])
        for number in 1...10 { try await bench.bear([dead], of: "t\(number)", attemptLimit: 3) }
        let receiver = Receiver(.accepted, .failed(DeliveryFailure(.connectFailed, "nobody listens")))
        let options = CallbackDeliverer.Options(
            limits: .init(webhooks: 20, lane: 1, workflows: 1),
            breaker: .init(failureLimit: 4, pauseBase: .seconds(60), pauseLimit: .seconds(60), probeLimit: 1))
        try await bench.running(deliverer(receiver, nil, options)) {
            try await bench.until {
                let isDelivering = try await bench.callbacks.counts()[.delivering] != nil
                return receiver.seen.count >= 4 && !isDelivering
            }
            #expect(receiver.seen.count { $0.destination == dead } <= 4)
            let untried = try await bench.callbacks.page(CallbackQuery(statuses: [.pending]), at: bench.clock.wall)
            #expect(untried.items.contains { $0.attempts == 0 })
        }
    }

    @Test func `what came of an attempt is written when the disk has room again`() async throws {
        let disk = FullDisk(bench.outbox)
        disk.isFull.store(true, ordering: .releasing)
        let receiver = Receiver(.accepted)
        try await bench.running(deliverer(receiver, disk)) {
            // The sweep and the attempt that cannot be written.
            await bench.clock.waitForSleepers(2)
            #expect(try await stored().status == .delivering)
            disk.isFull.store(false, ordering: .releasing)
            bench.clock.advance(by: .seconds(1))
            try await bench.until { try await stored().status == .delivered }
        }
        #expect(receiver.seen.count == 1)
    }

    @Test func `a deliverer that was stopped works again when it is started again`() async throws {
        let away = DeliveryFailure(.workflowUnavailable, "away", retryAfter: .seconds(5))
        let deliverer = deliverer(Receiver(.failed(away), .accepted))
        try await bench.running(deliverer) {
            try await bench.until { try await bench.callbacks.attempts(of: id).count == 1 }
        }
        bench.clock.advance(by: .seconds(5))
        try await bench.running(deliverer) { try await bench.until { try await stored().status == .delivered } }
    }

    @Test func `what waits too long dies, what is long over goes, and the dead stay`() async throws {
        let surroundings = bench.surroundings
        let keeper = CallbackHousekeeper(
            outbox: bench.outbox, patience: .seconds(3_600), retention: .seconds(86_400), surroundings: surroundings,
            logger: bench.logger)
        try await bench.running(keeper) {
            try await bench.move { bench.clock.wall.duration(since: .sample) >= .seconds(60) }
            #expect(try await stored().status == .pending)
            bench.clock.advance(by: .seconds(3_600))
            try await bench.move { try await stored().status == .dead }
        }
        #expect(try await stored().failure?.code == .gaveUp)
        let taken = try await bench.bear(
            [.workflow(provider: "mock", executionID: "r2", token: "t2")], of: "beta", attemptLimit: 3)[0].id
        try await bench.running(deliverer(Receiver(.accepted))) {
            try await bench.until { try await bench.callbacks.callback(taken)?.status == .delivered }
        }
        bench.clock.advance(by: .seconds(86_401))
        try await bench.running(keeper) {
            try await bench.until { try await bench.callbacks.callback(taken) == nil }
        }
        #expect(try await stored().status == .dead)
        #expect(try await bench.callbacks.attempts(of: taken).isEmpty)
    }
}
