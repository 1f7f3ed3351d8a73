import Foundation
import Glibc
import LandlordDomain
import LandlordEngine
import LandlordTestSupport
import Logging
import StatesLanguage
import Synchronization
import Testing

/// A receiver that dies and comes back at random, answers at random, and a driver that is killed ten times: in the end
/// every callback is delivered or dead, none is lost, and what came twice came under the same idempotency key.
///
/// `LANDLORD_CALLBACKS` sets how many tenants with a webhook there are.
@Suite(.timeLimit(.minutes(30)), .serialized)
struct CallbackSoakTests {
    private static let killCount = 10

    private let folder: URL
    private let host: EngineHost
    private let chance: SeededChance
    private let endpoint = WebhookEndpoint(keepsRequests: false)
    private let received = Shelf()
    private let count: Int

    /// What the receiver has taken: the digest of each body by its idempotency key, and how often it came.
    private final class Shelf: Sendable {
        struct Entry {
            let body: [UInt8]
            var times = 1
            var isTaken = false
        }

        private let entries = Mutex<[String: Entry]>([:])
        private let changed = Atomic(false)

        func note(_ request: WebhookEndpoint.Request, isTaken: Bool) {
            entries.withLock { entries in
                guard var entry = entries[request.id] else {
                    entries[request.id] = Entry(body: request.body, isTaken: isTaken)
                    return
                }
                if entry.body != request.body { changed.store(true, ordering: .relaxed) }
                entry.times += 1
                entry.isTaken = entry.isTaken || isTaken
                entries[request.id] = entry
            }
        }

        var hasChangedBody: Bool { changed.load(ordering: .relaxed) }
        var requestCount: Int { entries.withLock { $0.values.reduce(0) { $0 + $1.times } } }
        var all: [String: Entry] { entries.withLock { $0 } }
    }

    init() throws {
        count = ProcessInfo.processInfo.environment["LANDLORD_CALLBACKS"].flatMap { Int($0) } ?? 300
        chance = SeededChance(seed: UInt64(count))
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("soak-\(UUID().uuidString)")
        let configuration = try Configuration.resolve(
            flags: [.init(key: "database", name: "--database", value: folder.appendingPathComponent("t.db").path)],
            environment: ["HOME": folder.path])
        host = try EngineHost.open(
            configuration, variable: { _ in nil }, surroundings: .system(variable: { _ in nil }),
            logger: Logger(label: "soak") { _ in SwiftLogNoOpLogHandler() })
    }

    @Test func `whatever dies, every callback is delivered or dead, and none is lost`() async throws {
        // A leftover folder harms nobody.
        defer { try? FileManager.default.removeItem(at: folder) }
        let port = try await endpoint.open()
        try await apply(port)
        answerAtRandom()
        let kills = try await killWhileReceiverComesAndGoes(port)
        #expect(kills == Self.killCount)
        endpoint.answer { [received] request in
            received.note(request, isTaken: true)
            return .status(204)
        }
        try await finish()
        try await check()
        await endpoint.close()
    }

    private func apply(_ port: Int) async throws {
        for number in 1...count {
            let spec = try TenantSpec(json: [
                "name": .string("t-\(number)"),
                "compute": ["provider": "mock", "containers": [["name": "web", "image": "app:1"]]],
                "callbacks": [
                    ["url": .string("http://127.0.0.1:\(port)/hooks/\(number)"), "secret": "env:SOAK_SECRET"]
                ],
            ])
            _ = try await host.engine.tenants.apply(spec, by: "soak")
        }
    }

    /// Mostly well, now and then not.
    private func answerAtRandom() {
        endpoint.answer { [received, chance] request in
            let answer: WebhookEndpoint.Answer =
                switch chance.next() % 100 {
                case ..<70: .status(200)
                case ..<80: .status(503)
                case ..<84: .status(429, headers: ["retry-after": "1"])
                case ..<94: .reset
                case ..<96: .hang
                case ..<98: .slowBody(200)
                default: .status(410)
                }
            let isTaken = answer == .status(200) || answer == .slowBody(200)
            received.note(request, isTaken: isTaken)
            return answer
        }
    }

    private var driver: RunningProgram {
        get throws {
            try RunningProgram(
                RunningProgram.process(
                    ["serve", "--database", folder.appendingPathComponent("t.db").path], home: folder,
                    variables: [
                        "LANDLORD_CALLBACKS_ALLOW_LOOPBACK_HTTP": "true", "LANDLORD_CALLBACKS_TIMEOUT": "500ms",
                        "LANDLORD_CALLBACKS_INITIAL_DELAY": "50ms", "LANDLORD_CALLBACKS_MAX_DELAY": "500ms",
                        "LANDLORD_CALLBACKS_MAX_RETRIES": "8", "LANDLORD_CALLBACKS_BREAKER_PAUSE": "200ms",
                        "SOAK_SECRET": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                    ]))
        }
    }

    /// Kills the driver again and again after some progress, while the receiver closes and opens.
    private func killWhileReceiverComesAndGoes(_ port: Int) async throws -> Int {
        let clock = ContinuousClock()
        return try await withThrowingTaskGroup(of: Int.self) { group in
            group.addTask {
                var kills = 0
                for _ in 0..<Self.killCount {
                    let driver = try driver
                    let wanted = received.requestCount + 1 + Int(chance.next() % UInt64(max(2, count / 12)))
                    let deadline = clock.now.advanced(by: .milliseconds(400 + Int(chance.next() % 1_600)))
                    while received.requestCount < wanted, clock.now < deadline {
                        try await clock.sleep(for: .milliseconds(2))
                    }
                    driver.signal(SIGKILL)
                    if await driver.end() == 128 + SIGKILL { kills += 1 }
                }
                return kills
            }
            group.addTask {
                while !Task.isCancelled {
                    // Cancellation ends the loop at its head.
                    try? await clock.sleep(for: .milliseconds(100 + Int(chance.next() % 700)))
                    await endpoint.close()
                    try? await clock.sleep(for: .milliseconds(Int(chance.next() % 300)))  // As above.
                    try await endpoint.open(port: port)
                }
                return 0
            }
            let kills = try await group.next() ?? 0
            group.cancelAll()
            while try await group.next() != nil {}
            return kills
        }
    }

    /// Lets a driver come to the end of everything.
    private func finish() async throws {
        let clock = ContinuousClock()
        let driver = try driver
        let deadline = clock.now.advanced(by: .seconds(60 + count / 20))
        while try await !isAtRest() {
            guard clock.now < deadline else {
                driver.signal(SIGKILL)
                _ = await driver.end()
                throw KillGround.Damage(description: "not at rest: \(try await host.engine.callbacks.counts())")
            }
            try await clock.sleep(for: .milliseconds(50))
        }
        driver.signal(SIGTERM)
        #expect(await driver.end() == 0)
    }

    private func isAtRest() async throws -> Bool {
        let tenants = try await host.engine.tenants.counts()
        let callbacks = try await host.engine.callbacks.counts()
        return tenants[.ready, default: 0] == count && callbacks[.pending] == nil && callbacks[.delivering] == nil
    }

    private func check() async throws {
        let report = try await DatabaseVerifier(host.database).verify()
        #expect(report.findings == [])
        let shelf = received.all
        #expect(!received.hasChangedBody, "a repeated delivery said something else")
        var query = CallbackQuery(limit: PageLimit.largest)
        var webhooks = 0
        var runs = 0
        var counts: [CallbackStatus: Int] = [:]
        repeat {
            let page = try await host.engine.callbacks.page(query)
            for callback in page.items {
                counts[callback.status, default: 0] += 1
                guard case .webhook = callback.destination else {
                    runs += 1
                    continue
                }
                webhooks += 1
                #expect(callback.status == .delivered || callback.status == .dead)
                if callback.status == .delivered { #expect(shelf[callback.id.rawValue]?.isTaken == true) }
            }
            query.after = page.next
        } while query.after != nil
        #expect((webhooks, runs) == (count, count))
        #expect(Set(shelf.keys).count <= count)
        let repeated = shelf.values.count { $0.times > 1 }
        print("\(count) webhooks, \(received.requestCount) requests, \(repeated) of them repeated; \(counts)")
    }
}
