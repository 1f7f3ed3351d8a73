import Foundation
import LandlordDomain
import LandlordTestSupport
import StatesLanguage
import Testing

@testable import LandlordEngine

/// The Python that `scripts/setup tests` has put beside the build, with the packages that receivers use.
enum ReceiverPython {
    /// Its program; nil where it could not be set up.
    static let program: String? = {
        // The folders above the test bundle, the build folder among them.
        // Linux always says which program a process runs.
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        var folder = URL(fileURLWithPath: own)
        for _ in 0..<5 {
            folder.deleteLastPathComponent()
            let program = folder.appendingPathComponent("python/bin/python3").path
            let isComplete = FileManager.default.fileExists(
                atPath: folder.appendingPathComponent("python/complete").path)
            if isComplete, FileManager.default.isExecutableFile(atPath: program) { return program }
        }
        return nil
    }()
}

/// Real deliveries, verified by the packages of PyPI that receivers use.
@Suite(.timeLimit(.minutes(1)))
struct ReceiverPackageTests {
    @Test(
        .enabled(
            if: ReceiverPython.program != nil,
            "scripts/setup tests could not install standardwebhooks, cloudevents and jsonschema from PyPI"))
    func `what is sent is verified by standardwebhooks, cloudevents and the schema`() async throws {
        let secrets = ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "a secret as it is"]
        let requests = try await deliveries(signedWith: secrets)
        #expect(requests.count == 4)
        let input: JSONValue = [
            "schema": .string(try Guide.path("docs/callback-payload.schema.json")),
            "secrets": .array(secrets.map { .string($0) }),
            "requests": .array(
                requests.map { request -> JSONValue in
                    [
                        "headers": .object(
                            request.headers.reduce(into: JSONObject()) { $0[$1.key] = .string($1.value) }),
                        "body": .string(String(decoding: request.body, as: UTF8.self)),
                    ]
                }),
        ]
        let end = try await run(try Guide.path("Tests/Receivers/verify.py"), input: input)
        #expect(end.output == "4\n", "\(end.problems)")
    }

    /// Lets executions with every end be delivered to a receiver.
    private func deliveries(signedWith secrets: [String]) async throws -> [WebhookEndpoint.Request] {
        let endpoint = WebhookEndpoint()
        let port = try await endpoint.open()
        let spec = try TenantSpec.sample()
        let surroundings = Surroundings(
            clock: ContinuousClock(),
            now: { Timestamp(millisecondsSinceEpoch: Int64(Date().timeIntervalSince1970 * 1_000)) }, random: { 1 })
        let receiver = WebhookReceiver(
            options: .init(policy: WebhookPolicy(allowsLoopback: true)),
            resolver: SystemAddressResolver(now: { .sample }),
            connections: WebhookConnections(connectTimeout: .seconds(5), connectionLimit: 1),
            variable: { ["NEW": secrets[0], "OLD": secrets[1]][$0] }, surroundings: surroundings)
        let error = ComputeError(.resourceExhausted, "the quota is used up", providerError: "403 quota")
        let endpoints = [Endpoint(name: "http", kind: .http, address: "127.0.0.1", port: 1)]
        let outcomes: [ComputeOutcome] = [
            .succeeded(ComputeResult(resourceIDs: ["web": "web-1"], endpoints: endpoints, changes: ["image"])),
            .failed(error, ComputeResult()), .timedOut(ComputeError(.providerTimeout, "too slow")),
            .cancelled(reason: "by an operator"),
        ]
        for (number, outcome) in outcomes.enumerated() {
            let born = ComputeExecution(
                subject: .init(
                    tenantID: Tenant.ID("t"), operation: .update, generation: number, attemptEpoch: 0, attempt: 1),
                tenantName: "acme", workflowExecutionID: number == 0 ? nil : "run", taskToken: nil, provider: "mock",
                config: spec.config, at: .sample)
            let begun = number == 3 ? born : try born.started(at: .sample).0
            let (ended, _) = try begun.ended(outcome, at: Timestamp.sample.advanced(by: .seconds(3)))
            let destination = Callback.Destination.webhook(
                url: "http://127.0.0.1:\(port)/", secrets: ["env:NEW", "env:OLD"])
            let callback = Callback(of: ended, to: destination, attemptLimit: 1, at: .sample)
            #expect(await receiver.deliver(callback).outcome == .accepted)
        }
        await receiver.close()
        await endpoint.close()
        return endpoint.requests
    }

    private func run(_ script: String, input: JSONValue) async throws -> (output: String, problems: String) {
        let folder = try TemporaryDirectory()
        try Data(input.serializedBytes()).write(to: URL(fileURLWithPath: folder.file("in")))
        for name in ["out", "err"] { try Data().write(to: URL(fileURLWithPath: folder.file(name))) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(ReceiverPython.program))
        process.arguments = [script]
        process.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: folder.file("in")))
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: folder.file("out")))
        process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: folder.file("err")))
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            process.terminationHandler = { _ in continuation.resume() }
            do {
                try process.run()
            } catch {
                process.terminationHandler = nil
                continuation.resume(throwing: error)
            }
        }
        return (
            try String(contentsOfFile: folder.file("out"), encoding: .utf8),
            try String(contentsOfFile: folder.file("err"), encoding: .utf8)
        )
    }
}

/// The schema of the payload says what the type says.
struct CallbackSchemaTests {
    private static func schema() throws -> JSONValue {
        try JSONValue(parsing: try Guide("callback-payload.schema.json").text)
    }

    private static func words(_ value: JSONValue?) -> [String] { value?.arrayValue?.compactMap(\.stringValue) ?? [] }

    @Test func `the schema has the fields of the payload, all of them required`() throws {
        let spec = try TenantSpec.sample()
        let born = ComputeExecution(
            subject: .init(tenantID: Tenant.ID("t"), operation: .update, generation: 1, attemptEpoch: 0, attempt: 1),
            tenantName: "acme", workflowExecutionID: "run", taskToken: nil, provider: "mock", config: spec.config,
            at: .sample)
        let failed = try born.started(at: .sample).0.ended(
            .failed(ComputeError(.unknown, "no"), ComputeResult()), at: .sample
        ).0
        let payload = CallbackPayload(failed).json
        let schema = try Self.schema()
        let fields = payload.objectValue.map { $0.map(\.key) } ?? []
        #expect(Self.words(schema["required"]) == fields)
        #expect(schema["properties"]?.objectValue.map { $0.map(\.key) } == fields)
        let error = schema["properties"]?["error"]?["oneOf"]?.arrayValue?.last
        let errorFields = payload["error"]?.objectValue.map { Set($0.map(\.key)) }
        #expect(Set(Self.words(error?["required"])) == errorFields)
        #expect(error?["properties"]?.objectValue.map { Set($0.map(\.key)) } == errorFields)
    }

    @Test func `the schema has the words of the types`() throws {
        let fields = try Self.schema()["properties"]
        #expect(Self.words(fields?["operation"]?["enum"]) == ComputeOperation.allCases.map(\.rawValue))
        let ends = ComputeExecutionStatus.allCases.filter(\.isTerminal).map(\.rawValue)
        #expect(Self.words(fields?["status"]?["enum"]) == ends)
        let error = fields?["error"]?["oneOf"]?.arrayValue?.last?["properties"]
        #expect(Self.words(error?["code"]?["enum"]) == ComputeError.Code.allCases.map(\.rawValue))
        #expect(Self.words(error?["class"]?["enum"]) == ComputeError.Class.allCases.map(\.rawValue))
    }

    @Test func `the guide has every code and what follows from it`() throws {
        let rows = try Guide("callbacks.md").rows(under: "What comes of an attempt")
        let named = Set(rows.flatMap { Guide.codes(in: $0[1]) })
        #expect(named == Set(DeliveryFailure.Code.allCases.map(\.rawValue)))
        for row in rows {
            guard let code = Guide.codes(in: row[1]).first.flatMap(DeliveryFailure.Code.init), code != .httpStatus,
                code != .gaveUp
            else { continue }
            #expect(DeliveryFailure(code, "").isRetriable == row[2].hasPrefix("again"), "\(code.rawValue)")
        }
    }

    @Test func `the guide has every term of the filter`() throws {
        let rows = try Guide("callbacks.md").rows(under: "Dead letters")
        let terms = rows.compactMap { Guide.codes(in: $0[0]).first }.filter { !$0.contains("...") }
        #expect(terms.count >= 8)
        for term in terms { #expect(throws: Never.self) { try CallbackFilter.parse(term) } }
    }

    @Test func `the spec of the guide is legal`() throws {
        for spec in try Guide("callbacks.md").blocks(of: "yaml") {
            #expect(throws: Never.self) { try TenantSpecDocument.read(spec, file: "callbacks.md") }
        }
    }
}
