import LandlordDomain
import LandlordTestSupport
import StatesLanguage
import Testing

@testable import LandlordEngine

@Suite(.timeLimit(.minutes(1)))
struct ComputeExecutionRepositoryTests {
    private let storage: TemporaryDatabase
    private let executions: DatabaseComputeExecutionRepository
    private let callbacks: DatabaseCallbackRepository
    private let tenant: Tenant

    init() async throws {
        storage = try TemporaryDatabase()
        executions = DatabaseComputeExecutionRepository(storage.database)
        callbacks = DatabaseCallbackRepository(storage.database)
        tenant = try await DatabaseTenantRepository(storage.database).add(Sample.tenant("acme"))
    }

    @Test func `every field survives, and each step adds its line`() async throws {
        let born = try await executions.add(Sample.execution(tenant))
        let (running, began) = try born.started(at: Sample.time(1))
        try await executions.save(running, from: .pending, began, callbacks: [])
        let (stepped, step) = running.progressed("step 1/2", at: Sample.time(2))
        try await executions.save(stepped, from: .running, step, callbacks: [])
        #expect(try await executions.execution(born.id) == stepped)
        let left = ComputeResult(
            resourceIDs: ["task": "t"], endpoints: [Endpoint(name: "h", kind: .tcp, address: "a", port: 1)],
            changes: ["image"])
        let error = ComputeError(.resourceExhausted, "no room", providerError: "QuotaExceeded")
        let (ended, end) = try stepped.ended(.failed(error, left), at: Sample.time(3))
        try await executions.save(ended, from: .running, end, callbacks: [])
        #expect(try await executions.execution(born.id) == ended)
        #expect(try await executions.history(of: born.id) == [born.birth(), began, step, end])
    }

    @Test func `the same execution is created once`() async throws {
        let first = try await executions.add(Sample.execution(tenant, at: 1))
        let again = try await executions.add(Sample.execution(tenant, at: 2))
        #expect(again == first)
        #expect(try await executions.history(of: first.id).count == 1)
    }

    @Test func `an execution of an unknown tenant is refused`() async throws {
        await #expect(throws: RepositoryError.self) { try await executions.add(Sample.execution(Sample.tenant("no"))) }
        #expect(try await executions.counts().isEmpty)
    }

    @Test func `a step from another status is stale and leaves no line and no callback`() async throws {
        let born = try await executions.add(Sample.execution(tenant))
        let (running, began) = try born.started(at: Sample.time(1))
        try await executions.save(running, from: .pending, began, callbacks: [])
        let callback = Callback(of: running, to: .webhook(url: "u", secrets: []), attemptLimit: 3, at: Sample.time(1))
        await #expect(throws: RepositoryError.stale) {
            try await executions.save(running, from: .pending, began, callbacks: [callback])
        }
        #expect(try await executions.history(of: born.id).count == 2)
        #expect(try await callbacks.callback(callback.id) == nil)
    }

    @Test func `callbacks are born with the end of their execution`() async throws {
        let born = try await executions.add(Sample.execution(tenant))
        let (cancelled, end) = try born.ended(.cancelled(reason: "no"), at: Sample.time(2))
        let destinations: [Callback.Destination] = [
            .webhook(url: "https://example.org", secrets: ["env:KEY"]),
            .workflow(provider: "embedded", executionID: "run", token: "secret"),
        ]
        let list = destinations.map { Callback(of: cancelled, to: $0, attemptLimit: 3, at: Sample.time(2)) }
        let changes = storage.database.hub.subscribe()
        try await executions.save(cancelled, from: .pending, end, callbacks: list)
        for callback in list { #expect(try await callbacks.callback(callback.id) == callback) }
        #expect(
            changes.drain() == [
                .execution(id: born.id.rawValue, tenantID: tenant.id.rawValue), .callback(id: list[0].id.rawValue),
                .callback(id: list[1].id.rawValue),
            ])
    }

    @Test func `a cancel request is written once, survives saves, and not after the end`() async throws {
        let born = try await executions.add(Sample.execution(tenant))
        let asked = try await executions.requestCancellation(of: born.id, reason: "stop", at: Sample.time(1))
        #expect(asked?.cancelReason == "stop")
        let again = try await executions.requestCancellation(of: born.id, reason: "other", at: Sample.time(2))
        #expect(again?.cancelReason == "stop")
        #expect(try await executions.cancellationsRequested(limit: 5).map(\.id) == [born.id])
        let (running, began) = try born.started(at: Sample.time(3))
        try await executions.save(running, from: .pending, began, callbacks: [])
        let stored = try #require(try await executions.execution(born.id))
        #expect(stored.cancelRequestedAt == Sample.time(1))
        let (ended, end) = try stored.ended(.cancelled(reason: "stop"), at: Sample.time(4))
        try await executions.save(ended, from: .running, end, callbacks: [])
        #expect(try await executions.cancellationsRequested(limit: 5).isEmpty)
        let late = try await executions.requestCancellation(of: born.id, reason: "late", at: Sample.time(9))
        #expect(late?.updatedAt == Sample.time(4))
        #expect(try await executions.requestCancellation(of: .init("x"), reason: "", at: Sample.time(9)) == nil)
    }

    @Test func `lists are newest first, filtered and in windows; unfinished ones oldest first`() async throws {
        var all: [ComputeExecution] = []
        for number in 1...4 {
            all.append(try await executions.add(Sample.execution(tenant, generation: number, at: number)))
        }
        let deletion = try await executions.add(Sample.execution(tenant, operation: .delete, at: 9))
        let (ended, end) = try deletion.ended(.cancelled(reason: "Because"), at: Sample.time(10))
        try await executions.save(ended, from: .pending, end, callbacks: [])
        let first = try await executions.page(ComputeExecutionQuery(operation: .provision, limit: 3))
        #expect(first.items.map(\.id) == [all[3].id, all[2].id, all[1].id])
        let rest = try await executions.page(ComputeExecutionQuery(operation: .provision, after: first.next, limit: 3))
        #expect(rest.items.map(\.id) == [all[0].id])
        #expect(rest.next == nil)
        #expect(try await executions.page(ComputeExecutionQuery(words: ["because"])).items.map(\.id) == [deletion.id])
        #expect(
            try await executions.page(ComputeExecutionQuery(statuses: [.cancelled])).items.map(\.id) == [deletion.id])
        let open = try await executions.unfinished(after: nil, limit: 3)
        #expect(open.items.map(\.id) == all.prefix(3).map(\.id))
        #expect(try await executions.unfinished(after: open.next, limit: 3).items.map(\.id) == [all[3].id])
        #expect(try await executions.counts() == [.pending: 4, .cancelled: 1])
    }
}
