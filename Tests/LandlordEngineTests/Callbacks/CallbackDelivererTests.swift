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

    func deliver(_ callback: Callback) async -> DeliveryOutcome {
        state.withLock { state in
            state.seen.append(callback)
            return state.answers.count > 1 ? state.answers.removeFirst() : state.answers[0]
        }
    }
}

/// The real outbox on a disk that is full whenever the test says so.
private final class FullDisk: CallbackRepository {
    private let inner: DatabaseCallbackRepository
    let isFull = Atomic(false)

    init(_ inner: DatabaseCallbackRepository) { self.inner = inner }

    func save(
        _ callback: Callback, from status: CallbackStatus, attempt: CallbackAttempt?
    ) async throws(RepositoryError) {
        if isFull.load(ordering: .acquiring), status == .delivering { throw .full }
        try await inner.save(callback, from: status, attempt: attempt)
    }

    func due(at now: Timestamp, limit: Int) async throws(RepositoryError) -> [Callback] {
        try await inner.due(at: now, limit: limit)
    }
    func nextDue(after now: Timestamp) async throws(RepositoryError) -> Timestamp? {
        try await inner.nextDue(after: now)
    }
    func recoverInterrupted(at now: Timestamp) async throws(RepositoryError) -> Int {
        try await inner.recoverInterrupted(at: now)
    }
    func callback(_ id: Callback.ID) async throws(RepositoryError) -> Callback? { try await inner.callback(id) }
    func page(_ query: CallbackQuery) async throws(RepositoryError) -> Page<Callback> { try await inner.page(query) }
    func counts() async throws(RepositoryError) -> [CallbackStatus: Int] { try await inner.counts() }
    func attempts(of id: Callback.ID) async throws(RepositoryError) -> [CallbackAttempt] {
        try await inner.attempts(of: id)
    }
}

@Suite(.timeLimit(.minutes(1)))
struct CallbackDelivererTests {
    private let bench: Bench
    private let id: Callback.ID

    init() async throws {
        bench = try Bench()
        let tenant = try await bench.add()
        let born = ComputeExecution(
            subject: .init(tenantID: tenant.id, operation: .provision, generation: 1, attemptEpoch: 0, attempt: 1),
            tenantName: "acme", workflowExecutionID: "run", taskToken: "token", provider: "mock",
            config: tenant.desired, at: bench.clock.wall)
        _ = try await bench.executions.create(born, born.birth())
        let (ended, line) = try born.ended(.cancelled(reason: "test"), at: bench.clock.wall)
        let destination = Callback.Destination.workflow(provider: "mock", executionID: "run", token: "token")
        let callback = Callback(of: ended, to: destination, attemptLimit: 3, at: bench.clock.wall)
        try await bench.executions.save(ended, from: .pending, line, callbacks: [callback])
        id = callback.id
    }

    private func deliverer(
        _ receiver: Receiver, _ callbacks: (any CallbackRepository)? = nil
    ) -> CallbackDeliverer {
        CallbackDeliverer(
            callbacks: callbacks ?? bench.callbacks, receiver: receiver, changes: bench.database.hub,
            options: CallbackDeliverer.Options(), surroundings: bench.surroundings, logger: bench.logger)
    }

    private func stored() async throws -> Callback { try #require(try await bench.callbacks.callback(id)) }

    @Test func `a callback is delivered once, with its attempt on record`() async throws {
        let receiver = Receiver(.accepted)
        try await bench.running(deliverer(receiver)) {
            try await bench.until { try await stored().status == .delivered }
        }
        #expect(receiver.seen.map(\.id) == [id])
        #expect(receiver.seen[0].payload["status"] == "cancelled")
        #expect(try await bench.callbacks.attempts(of: id).map(\.outcome) == [.accepted])
    }

    @Test func `what fails is tried again after the backoff, by the service alone`() async throws {
        let receiver = Receiver(.failed(reason: "503", retryAfter: nil), .accepted)
        try await bench.running(deliverer(receiver)) {
            try await bench.until { try await bench.callbacks.attempts(of: id).count == 1 }
            #expect(receiver.seen.count == 1)
            try await bench.move { try await stored().status == .delivered }
        }
        #expect(try await bench.callbacks.attempts(of: id).map(\.outcome) == [.failed, .accepted])
    }

    @Test func `a receiver that names a time is not asked before it`() async throws {
        let receiver = Receiver(.failed(reason: "429", retryAfter: .seconds(20)), .accepted)
        let deliverer = deliverer(receiver)
        await deliverer.attempt(id)
        bench.clock.advance(by: .milliseconds(19_999))
        await deliverer.attempt(id)
        #expect(receiver.seen.count == 1)
        bench.clock.advance(by: .milliseconds(1))
        await deliverer.attempt(id)
        #expect(try await stored().status == .delivered)
    }

    @Test func `after its last attempt a callback is dead and is left alone`() async throws {
        let receiver = Receiver(.failed(reason: "503", retryAfter: nil))
        let deliverer = deliverer(receiver)
        for _ in 0..<6 {
            await deliverer.attempt(id)
            bench.clock.advance(by: .seconds(60))
        }
        #expect((try await stored().status, try await stored().attempts) == (.dead, 3))
        #expect(try await stored().lastError == "503")
        #expect(receiver.seen.count == 3)
        #expect(try await bench.callbacks.attempts(of: id).map(\.number) == [1, 2, 3])
    }

    @Test func `what a receiver will never take is dead at once`() async throws {
        let deliverer = deliverer(Receiver(.refused(reason: "410 gone")))
        await deliverer.attempt(id)
        #expect((try await stored().status, try await stored().lastError) == (.dead, "410 gone"))
    }

    @Test func `a delivery that a dead process began is made again`() async throws {
        let begun = CallbackDelivery.beginning(try await stored(), at: bench.clock.wall)
        try await bench.callbacks.save(begun, from: .pending, attempt: nil)
        let receiver = Receiver(.accepted)
        try await bench.running(deliverer(receiver)) {
            try await bench.until { try await stored().status == .delivered }
        }
        #expect(try await stored().attempts == 2)
    }

    @Test func `of many workers that see a callback one delivers it`() async throws {
        let receiver = Receiver(.accepted)
        let deliverer = deliverer(receiver)
        await withDiscardingTaskGroup { group in
            for _ in 0..<16 { group.addTask { await deliverer.attempt(id) } }
        }
        #expect(receiver.seen.count == 1)
        #expect(try await stored().status == .delivered)
    }

    @Test func `what came of an attempt is written when the disk has room again`() async throws {
        let disk = FullDisk(bench.callbacks)
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
        let deliverer = deliverer(Receiver(.failed(reason: "away", retryAfter: .seconds(5)), .accepted))
        try await bench.running(deliverer) { try await bench.until { try await stored().attempts == 1 } }
        bench.clock.advance(by: .seconds(5))
        try await bench.running(deliverer) { try await bench.until { try await stored().status == .delivered } }
    }
}
