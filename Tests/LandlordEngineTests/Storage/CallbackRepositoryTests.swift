import LandlordDomain
import LandlordTestSupport
import StatesLanguage
import Testing

@testable import LandlordEngine

@Suite(.timeLimit(.minutes(1)))
struct CallbackRepositoryTests {
    private let bench: Bench
    private var callbacks: DatabaseCallbackRepository { bench.callbacks }
    private var outbox: DatabaseCallbackOutbox { bench.outbox }
    private var now: Timestamp { bench.clock.wall }
    private static let policy = DeliveryPolicy(
        backoff: Backoff(delayBase: .seconds(1), delayLimit: .seconds(60), certainPart: 0))

    init() async throws {
        bench = try Bench()
    }

    /// The callback of an execution that has just ended, of a tenant of its own.
    private func born(_ number: Int, host: String = "a.example") async throws -> Callback {
        defer { bench.clock.advance(by: .seconds(1)) }
        let destination = Callback.Destination.webhook(url: "https://\(host)/\(number)", secrets: ["env:KEY"])
        return try await bench.bear([destination], of: "t\(number)", attemptLimit: 3)[0]
    }

    /// The same, dead.
    @discardableResult
    private func dead(
        _ number: Int, host: String = "a.example", _ failure: DeliveryFailure = .init(.tlsFailed, "bad certificate")
    ) async throws -> Callback {
        let callback = try await born(number, host: host)
        let wish = LaneWish(lane: callback.destination.lane, count: 1_000)
        var result = callback
        for claimed in try await outbox.claim([wish], at: now) where claimed.id == callback.id {
            var last = claimed
            last.attemptLimit = claimed.attempts
            result = CallbackDelivery.after(last, .failed(failure), policy: Self.policy, jitter: 0, at: now)
            try await outbox.record(result, CallbackAttempt(of: last, DeliveryReport(.failed(failure)), at: now))
        }
        return result
    }

    private func ids(_ query: CallbackQuery) async throws -> [Callback.ID] {
        try await callbacks.page(query, at: now).items.map(\.id)
    }

    private func order(_ verb: CallbackVerb) -> CallbackOrder {
        CallbackOrder(verb, retryLimit: 1, by: "ada", reason: "because", at: now)
    }

    @Test func `an attempt moves a callback and is kept`() async throws {
        let callback = try await born(1)
        let wish = LaneWish(lane: "https://a.example:443", count: 5)
        let claimed = try await outbox.claim([wish], at: now)
        #expect(claimed == [CallbackDelivery.beginning(callback, at: now)])
        #expect(try await outbox.claim([wish], at: now).isEmpty)
        let failure = DeliveryFailure(.httpStatus, "the receiver answered 404", statusCode: 404)
        let dead = CallbackDelivery.after(claimed[0], .failed(failure), policy: Self.policy, jitter: 0, at: now)
        let report = DeliveryReport(.failed(failure), statusCode: 404, responseExcerpt: "no such hook")
        let attempt = CallbackAttempt(of: claimed[0], report, at: now)
        try await outbox.record(dead, attempt)
        #expect(try await callbacks.callback(callback.id) == dead)
        #expect(try await callbacks.attempts(of: callback.id) == [attempt])
        await #expect(throws: RepositoryError.stale) { try await outbox.record(dead, attempt) }
    }

    @Test func `each destination tells when it has something due, in windows`() async throws {
        let first = try await born(1, host: "a.example")
        _ = try await born(2, host: "b.example")
        _ = try await born(3, host: "a.example")
        let all = try await outbox.demands(after: nil, limit: 9)
        #expect(all.map(\.lane) == ["https://a.example:443", "https://b.example:443"])
        #expect(all[0].nextAttemptAt == first.nextAttemptAt)
        let window = try await outbox.demands(after: nil, limit: 1)
        #expect(window == [all[0]])
        #expect(try await outbox.demands(after: window[0].lane, limit: 1) == [all[1]])
        #expect(try await outbox.demands(after: all[1].lane, limit: 1).isEmpty)
    }

    @Test func `what is due longest is taken first, and no more than was wished for`() async throws {
        let first = try await born(1)
        let second = try await born(2)
        let other = try await born(3, host: "b.example")
        let wishes = [
            LaneWish(lane: first.destination.lane, count: 1), LaneWish(lane: other.destination.lane, count: 9),
        ]
        #expect(try await outbox.claim(wishes, at: now).map(\.id) == [first.id, other.id])
        #expect(try await outbox.claim(wishes, at: .sample).isEmpty, "it is not due yet")
        #expect(try await outbox.claim(wishes, at: now).map(\.id) == [second.id])
    }

    @Test func `what was being delivered when a process died is pending again, its attempt on record`() async throws {
        let callback = try await born(1)
        _ = try await outbox.claim([LaneWish(lane: callback.destination.lane, count: 1)], at: now)
        #expect(try await outbox.recoverInterrupted(at: now) == 1)
        #expect(try await outbox.recoverInterrupted(at: now) == 0)
        let recovered = try #require(try await callbacks.callback(callback.id))
        #expect((recovered.status, recovered.attempts, recovered.nextAttemptAt) == (.pending, 1, now))
        #expect(try await callbacks.attempts(of: callback.id).map(\.outcome) == [.interrupted])
    }

    @Test func `lists are newest first, filtered and in windows`() async throws {
        let first = try await born(1)
        let second = try await born(2)
        let page = try await callbacks.page(CallbackQuery(limit: 1), at: now)
        #expect(page.items.map(\.id) == [second.id])
        #expect(try await ids(CallbackQuery(after: page.next, limit: 1)) == [first.id])
        #expect(try await ids(CallbackQuery(tenantID: first.tenantID)) == [first.id])
        #expect(try await ids(CallbackQuery(statuses: [.dead])).isEmpty)
        #expect(try await callbacks.counts() == [.pending: 2])
        #expect(try await callbacks.deadLetterCount() == 0)
    }

    @Test func `what needs somebody comes first, in windows`() async throws {
        let letter = try await dead(1)
        let pending = try await born(2, host: "b.example")
        let other = try await dead(3)
        let later = try await born(4, host: "b.example")
        let wanted = [other.id, letter.id, later.id, pending.id]
        #expect(try await ids(CallbackQuery(order: .attention)) == wanted)
        for limit in 1...4 {
            var seen: [Callback.ID] = []
            var query = CallbackQuery(order: .attention, limit: limit)
            repeat {
                let page = try await callbacks.page(query, at: now)
                seen += page.items.map(\.id)
                query.after = page.next
            } while query.after != nil
            #expect(seen == wanted, "in windows of \(limit)")
        }
    }

    @Test(arguments: [
        ("status:dead", [1, 2, 3]), ("status:dead tenant:t2", [2]), ("destination:b.example", [3]),
        ("error:HTTP_STATUS", [2, 3]), ("error~503", [2]), ("error~answered error~404", [3]),
        ("attempts>=1", [1, 2, 3]),
        ("attempts:0", [4]), ("age<1h", [1, 2, 3, 4]), ("age>1h", []), ("t3", [3]), ("operation:update", []),
        ("operation:provision status:dead,pending", [1, 2, 3, 4]), ("certificate", [1]),
        ("status:pending error~503", []),
    ])
    func `a filter finds what it says`(text: String, numbers: [Int]) async throws {
        let letters = [
            try await dead(1), try await dead(2, .init(.httpStatus, "the receiver answered 503", statusCode: 503)),
            try await dead(3, host: "b.example", .init(.httpStatus, "the receiver answered 404", statusCode: 404)),
            try await born(4),
        ]
        let query = try CallbackFilter.parse(text)
        #expect(Set(try await ids(query)) == Set(numbers.map { letters[$0 - 1].id }))
        var attention = query
        attention.order = .attention
        #expect(Set(try await ids(attention)) == Set(numbers.map { letters[$0 - 1].id }))
    }

    @Test func `dead letters that are alike are one cause`() async throws {
        for number in 1...3 {
            try await dead(number, .init(.httpStatus, "run 'r\(number)' answered 503", statusCode: 503))
        }
        let odd = try await dead(4, host: "b.example")
        let causes = try await callbacks.causes(CallbackQuery(), at: now)
        #expect(causes.map(\.count) == [3, 1])
        #expect(causes.map(\.host) == ["a.example", "b.example"])
        #expect(causes[0].failure.message == "run 'r3' answered 503")
        #expect(causes[0].lastAt.duration(since: causes[0].firstAt) == .seconds(2))
        #expect((causes[1].firstAt, causes[1].isRetriable) == (odd.settledAt, true))
        var query = CallbackQuery()
        query.fingerprint = causes[0].id
        #expect(try await ids(query).count == 3)
        #expect(try await callbacks.deadLetters(query, at: now).count == 3)
        query.host = "b.example"
        #expect(try await callbacks.causes(query, at: now).isEmpty)
    }

    @Test func `a redrive and a discard are written with who ordered them`() async throws {
        let first = try await dead(1)
        let second = try await dead(2)
        _ = try await callbacks.apply(order(.redrive), to: [first.id])
        _ = try await callbacks.apply(order(.discard), to: [second.id])
        let redriven = try #require(try await callbacks.callback(first.id))
        #expect((redriven.status, redriven.attemptLimit, redriven.attemptBase) == (.pending, 3, 1))
        #expect(try await callbacks.callback(second.id)?.status == .discarded)
        let entry = try #require(try await callbacks.audit(of: second.id).first)
        #expect((entry.verb, entry.actor, entry.reason, entry.at) == (.discard, "ada", "because", now))
        #expect(try await callbacks.audit(of: first.id).map(\.verb) == [.redrive])
        #expect(try await callbacks.deadLetterCount() == 0)
    }

    @Test func `of several dead letters all are redriven or none is`() async throws {
        let first = try await dead(1)
        let second = try await dead(2)
        let gone = Callback.ID("cb-gone")
        let missing = try await callbacks.apply(order(.redrive), to: [first.id, gone])
        #expect(missing.last == .missing(gone))
        #expect(try await callbacks.callback(first.id)?.status == .dead)
        _ = try await callbacks.apply(order(.discard), to: [second.id])
        let refused = try await callbacks.apply(order(.redrive), to: [first.id, second.id])
        guard case .refused(_, .notDead(.discarded)) = refused[1] else { return #expect(Bool(false), "\(refused)") }
        #expect(try await callbacks.callback(first.id)?.status == .dead)
        #expect(try await callbacks.audit(of: first.id).isEmpty)
    }

    @Test func `a redrive twice, from two consoles at once, is one`() async throws {
        let letter = try await dead(1)
        let order = order(.redrive)
        let verdicts = try await withThrowingTaskGroup(of: [CallbackVerdict].self) { group in
            for _ in 0..<8 { group.addTask { try await callbacks.apply(order, to: [letter.id]) } }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        let applied = verdicts.filter { if case .applied = $0 { true } else { false } }
        #expect(applied.count == 1)
        #expect(try await callbacks.audit(of: letter.id).count == 1)
    }

    @Test func `a dead letter of a run that has ended says so, and wakes nobody`() async throws {
        _ = try await bench.runs.keep(RunSample.spec(), at: Sample.time(0))
        let destination = Callback.Destination.workflow(provider: "embedded", executionID: "run", token: "token")
        let callback = try await bench.bear([destination], of: "acme", attemptLimit: 1)[0]
        _ = try await bench.runs.begin("run")
        for claimed in try await outbox.claim([LaneWish(lane: destination.lane, count: 1)], at: now) {
            let failure = DeliveryFailure(.workflowUnavailable, "away")
            let dead = CallbackDelivery.after(claimed, .failed(failure), policy: Self.policy, jitter: 0, at: now)
            try await outbox.record(dead, CallbackAttempt(of: claimed, DeliveryReport(.failed(failure)), at: now))
        }
        #expect(try await callbacks.callback(callback.id)?.workflowStatus == .running)
        try await bench.runs.take(.stop(error: "CANCELLED", cause: "by hand"), to: "run", at: 9)
        let run = try await bench.runs.run("run")
        let letter = try #require(try await callbacks.callback(callback.id))
        #expect((letter.status, letter.hasWorkflowEnded) == (.dead, true))
        let verdicts = try await callbacks.apply(order(.redrive), to: [callback.id])
        #expect(verdicts == [.refused(letter, .workflowEnded(.cancelled))])
        #expect(try await callbacks.callback(callback.id) == letter)
        #expect(try await bench.runs.run("run") == run, "the run is as it was")
    }
}
