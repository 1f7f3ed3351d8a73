import LandlordDomain
import LandlordTestSupport
import StatesLanguage
import Testing

@testable import LandlordEngine

@Suite(.timeLimit(.minutes(1)))
struct CallbackRepositoryTests {
    private let storage: TemporaryDatabase
    private let callbacks: DatabaseCallbackRepository

    init() async throws {
        storage = try TemporaryDatabase()
        callbacks = DatabaseCallbackRepository(storage.database)
    }

    @Test func `an attempt moves a callback and is kept`() async throws {
        let callback = try await born(1)
        let begun = CallbackDelivery.beginning(callback, at: Sample.time(5))
        try await callbacks.save(begun, from: .pending, attempt: nil)
        let attempt = CallbackAttempt(
            callbackID: callback.id, number: 1, startedAt: Sample.time(5), endedAt: Sample.time(6), outcome: .refused,
            statusCode: 404, error: "gone")
        let dead = CallbackDelivery.after(
            begun, .refused(reason: "gone"), backoff: Backoff(delayBase: .seconds(1), delayLimit: .seconds(60)),
            jitter: 0,
            at: Sample.time(6))
        try await callbacks.save(dead, from: .delivering, attempt: attempt)
        #expect(try await callbacks.callback(callback.id) == dead)
        #expect(try await callbacks.attempts(of: callback.id) == [attempt])
        await #expect(throws: RepositoryError.stale) {
            try await callbacks.save(dead, from: .delivering, attempt: attempt)
        }
    }

    @Test func `due callbacks come longest due first`() async throws {
        let first = try await born(1)
        let second = try await born(2)
        let third = try await born(3)
        #expect(try await callbacks.due(at: Sample.time(2), limit: 9).map(\.id) == [first.id, second.id])
        #expect(try await callbacks.due(at: Sample.time(2), limit: 1).map(\.id) == [first.id])
        #expect(try await callbacks.nextDue(after: Sample.time(2)) == third.nextAttemptAt)
        #expect(try await callbacks.nextDue(after: Sample.time(3)) == nil)
    }

    @Test func `what was being delivered when a process died is pending again`() async throws {
        let callback = try await born(1)
        try await callbacks.save(
            CallbackDelivery.beginning(callback, at: Sample.time(5)), from: .pending, attempt: nil)
        #expect(try await callbacks.recoverInterrupted(at: Sample.time(7)) == 1)
        #expect(try await callbacks.recoverInterrupted(at: Sample.time(8)) == 0)
        let recovered = try await callbacks.callback(callback.id)
        #expect(recovered?.status == .pending)
        #expect(recovered?.nextAttemptAt == Sample.time(7))
        #expect(recovered?.attempts == 1)
    }

    @Test func `lists are newest first, filtered and in windows`() async throws {
        let first = try await born(1)
        let second = try await born(2)
        let page = try await callbacks.page(CallbackQuery(limit: 1))
        #expect(page.items.map(\.id) == [second.id])
        #expect(try await callbacks.page(CallbackQuery(after: page.next, limit: 1)).items.map(\.id) == [first.id])
        #expect(try await callbacks.page(CallbackQuery(tenantID: first.tenantID)).items.map(\.id) == [first.id])
        #expect(try await callbacks.page(CallbackQuery(statuses: [.dead])).items.isEmpty)
        #expect(try await callbacks.counts() == [.pending: 2])
    }

    /// The callback of an execution that has just ended, of a tenant of its own.
    private func born(_ second: Int) async throws -> Callback {
        let tenant = try await DatabaseTenantRepository(storage.database).add(Sample.tenant("t\(second)"))
        let executions = DatabaseComputeExecutionRepository(storage.database)
        let execution = try await executions.add(Sample.execution(tenant))
        let (ended, end) = try execution.ended(.cancelled(reason: ""), at: Sample.time(second))
        let callback = Callback(
            of: ended, to: .webhook(url: "u", secret: nil), attemptLimit: 3, at: Sample.time(second))
        try await executions.save(ended, from: .pending, end, callbacks: [callback])
        return callback
    }
}
