import Foundation
import LandlordDomain
import LandlordTestSupport
import StatesLanguage
import Testing

@testable import LandlordEngine

@Suite(.timeLimit(.minutes(1)))
struct HTTPTaskTests {
    private let endpoint = WebhookEndpoint()

    /// Runs one task against the endpoint and answers how the run ended.
    private func run(
        _ parameters: JSONObject, policy: WebhookPolicy = WebhookPolicy(allowsLoopback: true),
        variables: [String: String] = [:], catching: String? = nil
    ) async throws -> WorkflowRun {
        let bench = try Bench()
        let surroundings = Surroundings(clock: ContinuousClock(), now: { .sample }, random: { 7 })
        let connections = WebhookConnections(connectTimeout: .seconds(5), connectionLimit: 4)
        let worker = HTTPTaskWorker(
            requests: CheckedRequests(
                policy: policy, resolver: SystemAddressResolver(now: surroundings.now), connections: connections,
                surroundings: surroundings), variable: { variables[$0] })
        let provider = EmbeddedWorkflowProvider(
            store: bench.runs, workers: [worker], surroundings: surroundings, logger: bench.logger)
        var state: JSONObject = [
            "Type": "Task", "Resource": "landlord:http", "Parameters": .object(parameters), "End": true,
        ]
        if let catching { state["Catch"] = [["ErrorEquals": [.string(catching)], "Next": "Caught"]] }
        var states: JSONObject = ["Ask": .object(state)]
        if catching != nil { states["Caught"] = ["Type": "Succeed"] }
        let spec = WorkflowSpec(
            workflowID: "ask", provider: "embedded", name: "Ask",
            definition: ["StartAt": "Ask", "States": .object(states)])
        _ = try await provider.createWorkflow(spec)
        var ended: WorkflowRun?
        try await bench.running(HTTPTaskService(worker: worker, provider: provider)) {
            _ = try await provider.startExecution(
                of: "ask", ExecutionInput(executionName: "r", input: [:], triggerSource: "test"))
            try await bench.until {
                ended = try await bench.runs.run("r")
                return ended?.status.isTerminal == true
            }
        }
        await connections.close()
        return try #require(ended)
    }

    @Test func `a request is made as it is written, and its answer is the result`() async throws {
        endpoint.answer { _ in .status(201, headers: ["content-type": "application/json"], body: #"{"id":7}"#) }
        let port = try await endpoint.open()
        let run = try await run(
            [
                "Method": "POST", "ApiEndpoint": .string("http://127.0.0.1:\(port)/orders"),
                "QueryParameters": ["a b": "ü", "tag": ["x", "y"]],
                "Headers": ["X-Trace": "t1", "Authorization": ["Secret": "env:TOKEN", "Prefix": "Bearer "]],
                "RequestBody": ["amount": 5],
            ], variables: ["TOKEN": "s3cret"])
        #expect(run.status == .succeeded)
        #expect(run.output?["StatusCode"] == 201)
        #expect(run.output?["ResponseBody"] == ["id": 7])
        let request = try #require(endpoint.requests.first)
        #expect(request.target == "/orders?a%20b=%C3%BC&tag=x&tag=y")
        #expect(request.headers["x-trace"] == "t1")
        #expect(request.headers["authorization"] == "Bearer s3cret")
        #expect(request.headers["idempotency-key"] == "r-1")
        #expect(request.headers["content-type"] == "application/json")
        #expect(String(decoding: request.body, as: UTF8.self) == #"{"amount":5}"#)
        await endpoint.close()
    }

    @Test func `a secret that the receiver sends back is in no result`() async throws {
        endpoint.answer { request in
            .status(200, headers: ["x-echo": "s3cret"], body: request.headers["authorization"] ?? "")
        }
        let port = try await endpoint.open()
        let run = try await run(
            [
                "ApiEndpoint": .string("http://127.0.0.1:\(port)/"),
                "Headers": ["Authorization": ["Secret": "env:TOKEN"]],
            ],
            variables: ["TOKEN": "s3cret"])
        #expect(run.output?["ResponseBody"] == "********")
        #expect(run.output?.serialized().contains("s3cret") == false)
        await endpoint.close()
    }

    @Test func `a secret that JSON spells with escapes is in no result, nor the rest of a longer one`() async throws {
        endpoint.answer { _ in
            .status(
                200, headers: ["content-type": "application/json"],
                body: #"{"h":"Bearer a\u002Bb\/c","a\u002bb\/c":["x a+b/cd y"]}"#)
        }
        let port = try await endpoint.open()
        let run = try await run(
            [
                "ApiEndpoint": .string("http://127.0.0.1:\(port)/"),
                "Headers": ["Authorization": ["Secret": "env:SHORT"], "X-Key": ["Secret": "env:LONG"]],
            ],
            variables: ["SHORT": "a+b/c", "LONG": "a+b/cd"])
        #expect(run.output?["ResponseBody"] == ["h": "Bearer ********", "********": ["x ******** y"]])
        await endpoint.close()
    }

    @Test(arguments: [(404, "States.Http.StatusCode.404"), (302, "States.Http.StatusCode.302")])
    func `an answer that is none of 2xx is an error with its code`(status: Int, error: String) async throws {
        endpoint.answer { _ in .status(status, headers: ["location": "http://169.254.169.254/"], body: "no") }
        let port = try await endpoint.open()
        let run = try await run(["ApiEndpoint": .string("http://127.0.0.1:\(port)/")])
        #expect(run.error?.code == error)
        #expect(endpoint.requests.count == 1, "a redirect is not followed")
        await endpoint.close()
    }

    @Test func `a broken connection is an error that the state may catch`() async throws {
        endpoint.answer { _ in .reset }
        let port = try await endpoint.open()
        let run = try await run(
            ["ApiEndpoint": .string("http://127.0.0.1:\(port)/")], catching: "States.Http.Socket")
        #expect(run.output?["Error"] == "States.Http.Socket")
        await endpoint.close()
    }

    @Test func `an answer that is too large fails the state`() async throws {
        endpoint.answer { _ in .endlessBody(200) }
        let port = try await endpoint.open()
        let run = try await run(["ApiEndpoint": .string("http://127.0.0.1:\(port)/")])
        #expect(run.error?.code == "States.DataLimitExceeded")
        await endpoint.close()
    }

    @Test func `what the rules of webhooks forbid is not asked`() async throws {
        let port = try await endpoint.open()
        let run = try await run(
            ["ApiEndpoint": .string("http://127.0.0.1:\(port)/")], policy: WebhookPolicy(allowsLoopback: false))
        #expect(run.error?.code == "Http.Refused")
        #expect(endpoint.requests.isEmpty)
        await endpoint.close()
    }

    @Test func `all that is wrong in a request is said at once`() async throws {
        let run = try await run([
            "Method": "STEAL", "ApiEndpoint": "ftp://x", "Headers": ["Host": "a", "X-Line": "a\nb"], "Body": 1,
        ])
        #expect(run.error?.code == "States.Runtime")
        let message = run.error?.message ?? ""
        for part in [
            "'Body' is not known", "'Method' is one of", "'ApiEndpoint' must", "'Host' cannot", "'X-Line' holds",
        ] {
            #expect(message.contains(part), "\(part) in \(message)")
        }
    }

    @Test func `a secret that is not there is named and nothing is sent`() async throws {
        let port = try await endpoint.open()
        let run = try await run([
            "ApiEndpoint": .string("http://127.0.0.1:\(port)/"), "Headers": ["Authorization": ["Secret": "env:NONE"]],
        ])
        #expect(
            run.error
                == WorkflowFailure(
                    code: "Http.Refused",
                    message: "the secret at env:NONE: the engine's environment has no such variable"))
        #expect(endpoint.requests.isEmpty)
        await endpoint.close()
    }
}
