import Foundation
import LandlordDomain
import LandlordTestSupport
import NIOSSL
import StatesLanguage
import Synchronization
import Testing

@testable import LandlordEngine

/// Knows the names that a test tells it, and how often it was asked.
private final class Names: AddressResolver {
    private let known: [String: [String]]
    let questions = Atomic(0)

    init(_ known: [String: [String]]) { self.known = known }

    func addresses(of host: String) async -> [IPAddress] {
        questions.add(1, ordering: .relaxed)
        return known[host, default: []].compactMap { IPAddress($0) }
    }
}

/// Never answers; ends when it is cancelled.
private struct SlowNames: AddressResolver {
    let clock: any Clock<Duration>

    func addresses(of host: String) async -> [IPAddress] {
        // Only the cancellation ends it.
        try? await clock.sleep(for: .seconds(1_000_000))
        return []
    }
}

@Suite(.timeLimit(.minutes(1)))
struct WebhookReceiverTests {
    private let endpoint = WebhookEndpoint()
    private static let surroundings = Surroundings(
        clock: ContinuousClock(),
        now: { Timestamp(millisecondsSinceEpoch: Int64(Date().timeIntervalSince1970 * 1_000)) },
        random: { 7 })

    private func callback(_ url: String, secrets: [String] = []) throws -> Callback {
        let spec = try TenantSpec.sample()
        let born = ComputeExecution(
            subject: .init(
                tenantID: Tenant.ID("t"), operation: .provision, generation: 1, attemptEpoch: 0, attempt: 1),
            tenantName: "acme", workflowExecutionID: "run", taskToken: "token", provider: "mock", config: spec.config,
            at: .sample)
        let (started, _) = try born.started(at: .sample)
        let (ended, _) = try started.ended(
            .succeeded(ComputeResult(resourceIDs: ["web": "web-1"])), at: Timestamp.sample.advanced(by: .seconds(2)))
        return Callback(of: ended, to: .webhook(url: url, secrets: secrets), attemptLimit: 4, at: .sample)
    }

    /// Makes one attempt.
    private func deliver(
        _ url: String, secrets: [String] = [], policy: WebhookPolicy = WebhookPolicy(allowsLoopback: true),
        timeout: Duration = .seconds(20), names: any AddressResolver = Names([:]), tls: TLSConfiguration? = nil,
        variables: [String: String] = [:]
    ) async throws -> DeliveryReport {
        let connections = WebhookConnections(connectTimeout: .seconds(5), connectionLimit: 4, tls: tls)
        let receiver = WebhookReceiver(
            options: .init(policy: policy, timeout: timeout, answerTimeout: .milliseconds(100)), resolver: names,
            connections: connections, variable: { variables[$0] }, surroundings: Self.surroundings)
        let report = await receiver.deliver(try callback(url, secrets: secrets))
        await receiver.close()
        return report
    }

    /// Listens for the length of `body`.
    private func listening(
        _ endpoint: WebhookEndpoint? = nil, _ body: (Int) async throws -> Void
    ) async throws {
        let endpoint = endpoint ?? self.endpoint
        let port = try await endpoint.open()
        do {
            try await body(port)
        } catch {
            await endpoint.close()
            throw error
        }
        await endpoint.close()
    }

    private func code(_ report: DeliveryReport) -> DeliveryFailure.Code? {
        if case .failed(let failure) = report.outcome { failure.code } else { nil }
    }

    // MARK: What is sent

    @Test func `a callback arrives as an event with the idempotency key of its identifier`() async throws {
        try await listening { port in
            let url = "http://127.0.0.1:\(port)/hooks?tenant=acme"
            let report = try await deliver(url)
            #expect(report.outcome == .accepted)
            #expect(report.statusCode == 200)
            let request = try #require(endpoint.requests.first)
            #expect(request.target == "/hooks?tenant=acme")
            #expect(request.headers["content-type"] == "application/cloudevents+json; charset=UTF-8")
            #expect(request.headers["host"] == "127.0.0.1:\(port)")
            #expect(request.headers["webhook-signature"] == nil)
            let callback = try callback(url)
            #expect(request.id == callback.id.rawValue)
            let event = try JSONValue(parsing: String(decoding: request.body, as: UTF8.self))
            #expect(event["id"]?.stringValue == callback.id.rawValue)
            #expect(event["data"] == callback.payload)
        }
    }

    /// The example of the specification: github.com/standard-webhooks/standard-webhooks, libraries' shared test vector.
    @Test func `a signature is that of the specification's own example`() throws {
        let headers = try WebhookSignature.headers(
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek", seconds: 1_614_265_330, body: Array(#"{"test": 2432232314}"#.utf8),
            secrets: ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])
        #expect(headers.last?.value == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test func `each secret signs, the newest first`() async throws {
        try await listening { port in
            let variables = ["NEW": "whsec_bmV3", "OLD": "an old secret"]
            let report = try await deliver(
                "http://127.0.0.1:\(port)/", secrets: ["env:NEW", "env:OLD"], variables: variables)
            #expect(report.outcome == .accepted)
            let request = try #require(endpoint.requests.first)
            let seconds = try #require(request.headers["webhook-timestamp"].flatMap { Int64($0) })
            let expected = try WebhookSignature.headers(
                id: request.id, seconds: seconds, body: request.body, secrets: ["whsec_bmV3", "an old secret"])
            #expect(request.headers["webhook-signature"] == expected.last?.value)
            #expect(expected.last?.value.split(separator: " ").count == 2)
        }
    }

    @Test(arguments: [
        ("env:NONE", [:]), ("env:EMPTY", ["EMPTY": ""]), ("env:BAD", ["BAD": "whsec_!"]), ("file:/nowhere/secret", [:]),
    ])
    func `without its secret nothing is sent, and the failure names the place only`(
        source: String, variables: [String: String]
    ) async throws {
        try await listening { port in
            let report = try await deliver("http://127.0.0.1:\(port)/", secrets: [source], variables: variables)
            #expect(code(report) == .secretUnavailable)
            #expect(endpoint.connections == 0)
        }
    }

    // MARK: What comes of it

    @Test(arguments: [
        (204, nil, true), (200, nil, true), (500, DeliveryFailure.Code.httpStatus, true), (404, .httpStatus, false),
        (429, .httpStatus, true), (301, .redirected, false),
    ])
    func `the status decides`(status: Int, expected: DeliveryFailure.Code?, isRetriable: Bool) async throws {
        endpoint.answer { _ in
            .status(status, headers: ["location": "http://10.0.0.1/"], body: status == 204 ? "" : "words")
        }
        try await listening { port in
            let report = try await deliver("http://127.0.0.1:\(port)/")
            #expect((code(report), report.statusCode) == (expected, status))
            if case .failed(let failure) = report.outcome { #expect(failure.isRetriable == isRetriable) }
            if status != 204 { #expect(report.responseExcerpt == "words") }
            #expect(endpoint.requests.count == 1, "a redirect is not followed")
        }
    }

    @Test func `a receiver says when to come again`() async throws {
        endpoint.answer { _ in .status(429, headers: ["retry-after": "17"]) }
        try await listening { port in
            let report = try await deliver("http://127.0.0.1:\(port)/")
            guard case .failed(let failure) = report.outcome else { return #expect(Bool(false)) }
            #expect((failure.retryAfter, failure.statusCode) == (.seconds(17), 429))
        }
    }

    @Test func `a receiver that hangs is left when the time is over`() async throws {
        endpoint.answer { _ in .hang }
        try await listening { port in
            let report = try await deliver("http://127.0.0.1:\(port)/", timeout: .milliseconds(200))
            #expect(code(report) == .timeout)
        }
    }

    @Test func `a connection that breaks is a failure that may pass`() async throws {
        endpoint.answer { _ in .reset }
        try await listening { port in
            let report = try await deliver("http://127.0.0.1:\(port)/")
            #expect(code(report) == .connectionLost)
        }
    }

    @Test func `nobody listening is told as that`() async throws {
        // A port that is taken and that nobody listens on: no other test can be given it meanwhile.
        let taken = try SilentPort()
        let report = try await deliver("http://127.0.0.1:\(taken.port)/")
        #expect(code(report) == .connectFailed)
        guard case .failed(let failure) = report.outcome else { return }
        #expect(failure.message == "http://127.0.0.1:\(taken.port) cannot be connected to: Connection refused")
    }

    @Test(arguments: [
        (WebhookEndpoint.Answer.slowBody(200), nil, "slow"), (.slowBody(503), DeliveryFailure.Code.httpStatus, "slow"),
        (.endlessBody(200), nil, String(repeating: "x", count: 512)),
    ])
    func `the status of a slow or endless answer counts, and no more of it is waited for`(
        answer: WebhookEndpoint.Answer, expected: DeliveryFailure.Code?, excerpt: String
    ) async throws {
        endpoint.answer { _ in answer }
        try await listening { port in
            let report = try await deliver("http://127.0.0.1:\(port)/")
            #expect((code(report), report.responseExcerpt) == (expected, excerpt))
        }
    }

    // MARK: Whom it may reach

    @Test func `loopback needs the configuration's word`() async throws {
        try await listening { port in
            for host in ["127.0.0.1", "localhost", "[::1]"] {
                let report = try await deliver(
                    "http://\(host):\(port)/", policy: WebhookPolicy(), names: Names(["localhost": ["127.0.0.1"]]))
                #expect(code(report) == .destinationRefused)
            }
            #expect(endpoint.connections == 0)
        }
    }

    @Test(arguments: [
        ["127.0.0.1"], ["::1"], ["10.1.2.3"], ["169.254.169.254"], ["8.8.8.8", "192.168.0.1"], ["fd00:ec2::254"],
        ["::ffff:127.0.0.1"], ["64:ff9b::7f00:1"], ["2002:7f00:1::"],
    ])
    func `a name that leads inside is refused before anything is connected to`(addresses: [String]) async throws {
        let names = Names(["rebound.example": addresses])
        let report = try await deliver("https://rebound.example/", names: names)
        #expect(code(report) == .addressRefused)
        #expect(names.questions.load(ordering: .relaxed) == 1)
    }

    @Test func `a name that is not known is told as that`() async throws {
        let report = try await deliver("https://nowhere.example/")
        #expect(code(report) == .nameNotFound)
    }

    @Test func `a name service that hangs is left when the time is over`() async throws {
        let names = SlowNames(clock: ContinuousClock())
        let report = try await deliver("https://slow.example/", timeout: .milliseconds(100), names: names)
        #expect(code(report) == .timeout)
    }

    @Test func `an encrypted connection goes to the checked address under the host's name`() async throws {
        let secure = WebhookEndpoint(tls: try TestCertificate.localhost.server())
        try await listening(secure) { port in
            let names = Names(["localhost": ["127.0.0.1"]])
            let report = try await deliver(
                "https://localhost:\(port)/", names: names, tls: try TestCertificate.localhost.trusting())
            #expect(report.outcome == .accepted)
            #expect(secure.requests.first?.headers["host"] == "localhost:\(port)")
            #expect(names.questions.load(ordering: .relaxed) == 1)
        }
    }

    @Test func `a wrong certificate is refused before anything is sent`() async throws {
        let cases = [
            (TestCertificate.other, TestCertificate.other), (.localhost, .other),
        ]
        for (shown, trusted) in cases {
            let secure = WebhookEndpoint(tls: try shown.server())
            try await listening(secure) { port in
                let report = try await deliver(
                    "https://localhost:\(port)/", names: Names(["localhost": ["127.0.0.1"]]),
                    tls: try trusted.trusting())
                #expect(code(report) == .tlsFailed)
                #expect(secure.requests.isEmpty)
            }
        }
    }

    @Test func `an attempt that is cancelled is interrupted and no failure of the receiver`() async throws {
        endpoint.answer { _ in .hang }
        try await listening { port in
            let callback = try callback("http://127.0.0.1:\(port)/")
            let receiver = WebhookReceiver(
                options: .init(policy: WebhookPolicy(allowsLoopback: true)), resolver: Names([:]),
                connections: WebhookConnections(connectTimeout: .seconds(5), connectionLimit: 4),
                variable: { _ in nil }, surroundings: Self.surroundings)
            let report = await withTaskGroup(of: DeliveryReport.self) { group in
                group.addTask { await receiver.deliver(callback) }
                while endpoint.requests.isEmpty { await Task.yield() }
                group.cancelAll()
                return await group.next()
            }
            await receiver.close()
            #expect(report.flatMap(code) == .interrupted)
        }
    }
}

struct SystemAddressResolverTests {
    @Test func `the system knows this machine, and not what does not exist`() async {
        let resolver = SystemAddressResolver(now: { .sample })
        #expect(await resolver.addresses(of: "localhost").allSatisfy { $0.reach == .loopback })
        #expect(!(await resolver.addresses(of: "localhost").isEmpty))
        // What old readers take for an address leads where the policy looks.
        let short = await resolver.addresses(of: "127.1")
        #expect(short.allSatisfy { $0.reach == .loopback })
    }
}
