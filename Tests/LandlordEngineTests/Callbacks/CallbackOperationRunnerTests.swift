import LandlordDomain
import LandlordTestSupport
import StatesLanguage
import Testing

@testable import LandlordEngine

@Suite(.timeLimit(.minutes(1)))
struct CallbackOperationRunnerTests {
    private let bench: Bench
    private let service: CallbackService

    init() async throws {
        bench = try Bench()
        service = CallbackService(
            callbacks: bench.callbacks, operations: bench.operations, retryLimit: 3, surroundings: bench.surroundings)
    }

    private static let refused = DeliveryFailure(.httpStatus, "the receiver answered 410", statusCode: 410)

    /// Stores so many dead letters, the oldest first.
    @discardableResult
    private func kill(_ count: Int, host: String = "a.example") async throws -> [Callback.ID] {
        var ids: [Callback.ID] = []
        for number in 1...count {
            let destination = Callback.Destination.webhook(url: "https://\(host)/\(number)", secrets: [])
            let born = try await bench.bear([destination], of: "\(host.prefix(1))\(number)", attemptLimit: 1)[0]
            ids.append(born.id)
            bench.clock.advance(by: .seconds(1))
        }
        try await settle(.failed(Self.refused))
        return ids
    }

    /// Lets everything that waits be answered so.
    private func settle(_ outcome: DeliveryOutcome) async throws {
        let policy = DeliveryPolicy(backoff: Backoff(delayBase: .seconds(1), delayLimit: .seconds(1)))
        let lanes = try await bench.outbox.demands(after: nil, limit: 100)
        let now = bench.clock.wall
        let wishes = lanes.map { LaneWish(lane: $0.lane, count: 100_000) }
        for callback in try await bench.outbox.claim(wishes, at: now) {
            let next = CallbackDelivery.after(callback, outcome, policy: policy, jitter: 0, at: now)
            try await bench.outbox.record(next, CallbackAttempt(of: callback, DeliveryReport(outcome), at: now))
        }
    }

    private var runner: CallbackOperationRunner {
        CallbackOperationRunner(
            operations: bench.operations, retryLimit: 3, changes: bench.database.hub, surroundings: bench.surroundings,
            logger: bench.logger)
    }

    private func request(
        _ verb: CallbackVerb = .redrive, rate: Int? = nil, isCanary: Bool = false
    ) -> CallbackOperation.Request {
        CallbackOperation.Request(verb, by: "ada", reason: "the receiver is back", rate: rate, isCanary: isCanary)
    }

    private func stored(_ operation: CallbackOperation) async throws -> CallbackOperation {
        try #require(try await service.operation(operation.id))
    }

    @Test func `all that match are redriven, each with who ordered it`() async throws {
        let ids = try await kill(3)
        let others = try await kill(2, host: "b.example")
        let query = try CallbackFilter.parse("destination:a.example")
        #expect(try await service.preview(query).count == 3)
        let operation = try await service.begin(request(), query)
        #expect((operation.total, operation.status) == (3, .running))
        try await bench.running(runner) {
            try await bench.move { try await stored(operation).status == .done }
        }
        for id in ids {
            #expect(try await service.callback(id)?.status == .pending)
            let entry = try #require(try await service.audit(of: id).first)
            #expect((entry.actor, entry.reason, entry.operationID) == ("ada", "the receiver is back", operation.id))
        }
        for id in others { #expect(try await service.callback(id)?.status == .dead) }
        #expect(try await service.items(of: operation.id).map(\.status) == [.applied, .applied, .applied])
        #expect(try await DatabaseVerifier(bench.database).verify().findings == [])
    }

    @Test func `the set is frozen when the operation begins, and what was settled meanwhile is skipped`() async throws {
        let ids = try await kill(3)
        let operation = try await service.begin(request(.discard), CallbackQuery())
        _ = try await service.discard([ids[0]], by: "grace", reason: "known")
        let late = try await kill(1, host: "b.example")
        try await bench.running(runner) {
            try await bench.move { try await stored(operation).status == .done }
        }
        let done = try await stored(operation)
        #expect((done.applied, done.skipped) == (2, 1))
        #expect(try await service.items(of: operation.id).first?.note == "is discarded already")
        #expect(try await service.callback(late[0])?.status == .dead)
    }

    @Test func `a paused operation stands still and goes on where it was`() async throws {
        try await kill(4)
        let operation = try await service.begin(request(rate: 1), CallbackQuery())
        var applied = 0
        try await bench.running(runner) {
            try await bench.move { try await stored(operation).applied >= 2 }
            #expect(try await service.move(operation.id, to: .paused).status == .paused)
            // One more may have gone between the look and the word.
            applied = try await stored(operation).applied
            bench.clock.advance(by: .seconds(30))
        }
        let paused = try await stored(operation)
        #expect((paused.status, paused.applied) == (.paused, applied))
        #expect(applied < 4)
        #expect(try await service.move(operation.id, to: .running).status == .running)
        try await bench.running(runner) {
            try await bench.move { try await stored(operation).status == .done }
        }
        #expect(try await stored(operation).applied == 4)
    }

    @Test func `an operation goes on in the next process`() async throws {
        try await kill(3)
        let operation = try await service.begin(request(), CallbackQuery())
        _ = try await bench.operations.advance(operation.id, by: 1, retryLimit: 3, at: bench.clock.wall)
        try await bench.running(runner) {
            try await bench.move { try await stored(operation).status == .done }
        }
        #expect(try await stored(operation).applied == 3)
        let counts = try await service.counts()
        #expect(counts == [.pending: 3])
    }

    @Test func `a rate is kept`() async throws {
        try await kill(5)
        let begin = bench.clock.wall
        let operation = try await service.begin(request(rate: 2), CallbackQuery())
        try await bench.running(runner) {
            try await bench.move { try await stored(operation).applied == 5 }
        }
        #expect(bench.clock.wall.duration(since: begin) >= .seconds(2))
    }

    @Test func `a canary that fails again halts, and its operator may go on without it`() async throws {
        try await kill(20)
        let operation = try await service.begin(request(isCanary: true), CallbackQuery())
        try await bench.running(runner) {
            try await bench.move { try await stored(operation).applied == 1 }
            try await settle(.failed(Self.refused))
            try await bench.move { try await stored(operation).status == .halted }
        }
        let halted = try await stored(operation)
        #expect((halted.applied, halted.note) == (1, "the first one failed again"))
        #expect(try await service.counts() == [.dead: 20])
        _ = try await service.move(operation.id, to: .running)
        try await bench.running(runner) {
            try await bench.move { try await stored(operation).status == .done }
        }
        #expect(try await stored(operation).applied == 20)
    }

    @Test func `a canary that is answered goes on to a tenth and then to the rest`() async throws {
        try await kill(20)
        let operation = try await service.begin(request(isCanary: true), CallbackQuery())
        try await bench.running(runner) {
            try await bench.move { try await stored(operation).applied == 1 }
            try await settle(.accepted)
            try await bench.move { try await stored(operation).applied == 2 }
            try await settle(.accepted)
            try await bench.move { try await stored(operation).status == .done }
        }
        #expect(try await stored(operation).applied == 20)
    }

    @Test func `what cannot be done is one clear word and changes nothing`() async throws {
        let ids = try await kill(1)
        let gone = CallbackOperation.ID("op-gone")
        await #expect(throws: CallbackServiceError.unknownOperation(gone)) {
            try await service.move(gone, to: .paused)
        }
        await #expect(throws: CallbackServiceError.unknown(Callback.ID("cb-gone"))) {
            try await service.redrive([Callback.ID("cb-gone")], by: "ada")
        }
        let discarded = try await service.discard(ids, by: "ada", reason: "useless")
        #expect(discarded.map(\.callback.status) == [.discarded])
        #expect(try await service.discard(ids, by: "ada").map(\.note) == ["is discarded already"])
        await #expect(throws: CallbackServiceError.refused(.redrive, ids[0], .notDead(.discarded))) {
            try await service.redrive(ids, by: "ada")
        }
        let operation = try await service.begin(request(), CallbackQuery())
        #expect(operation.total == 0)
        try await bench.running(runner) {
            try await bench.move { try await stored(operation).status == .done }
        }
        await #expect(throws: CallbackServiceError.illegalStep(operation.id, from: .done, to: .running)) {
            try await service.move(operation.id, to: .running)
        }
    }
}
