import LandlordDomain
import LandlordTestSupport
import StatesLanguage
import Testing

struct ComputeExecutionTests {
    private static func subject(
        _ tenant: String = "t", _ operation: ComputeOperation = .provision, generation: Int = 1, epoch: Int = 0,
        attempt: Int = 1
    ) -> ComputeExecution.Subject {
        ComputeExecution.Subject(
            tenantID: Tenant.ID(tenant), operation: operation, generation: generation, attemptEpoch: epoch,
            attempt: attempt)
    }

    private static func execution() throws -> ComputeExecution {
        ComputeExecution(
            subject: subject(), tenantName: "acme", workflowExecutionID: "run", taskToken: "token", provider: "mock",
            config: try TenantSpec.sample().config, at: Case.now)
    }

    @Test func `an identifier follows from the work alone`() {
        #expect(Self.subject().executionID == Self.subject().executionID)
        #expect(Self.subject().executionID.rawValue == "x-" + SHA256Digest.hex(of: "t\nprovision\n1\n0\n1").prefix(16))
    }

    @Test func `every part of the work makes another identifier`() {
        let subjects = [
            Self.subject(), Self.subject("u"), Self.subject("t", .update), Self.subject("t", .delete),
            Self.subject(generation: 2), Self.subject(epoch: 1), Self.subject(attempt: 2),
            Self.subject(generation: 11), Self.subject(generation: 1, epoch: 11), Self.subject(epoch: 2, attempt: 1),
            Self.subject(epoch: 1, attempt: 2),
        ]
        #expect(Set(subjects.map(\.executionID)).count == subjects.count)
    }

    @Test func `an execution goes from pending over running to its end, each with a line of history`() throws {
        let born = try Self.execution()
        #expect(born.birth().status == .pending)
        let (started, startLine) = try born.started(at: Case.later)
        #expect((started.status, started.startedAt, startLine.status) == (.running, Case.later, .running))
        let (moving, stepLine) = started.progressed("step 1/2", at: Case.later)
        #expect((moving.progress, moving.status) == ("step 1/2", .running))
        #expect(stepLine.details["progress"] == "step 1/2")
        let result = ComputeResult(resourceIDs: ["web": "1"], changes: ["image"])
        let (ended, endLine) = try moving.ended(.succeeded(result), at: Case.later)
        #expect((ended.status, ended.endedAt, ended.progress) == (.succeeded, Case.later, nil))
        #expect(ended.resourceIDs == ["web": "1"])
        #expect(endLine.details["resource_ids"]?["web"] == "1")
    }

    @Test(arguments: ComputeExecutionStatus.allCases)
    func `what is over never changes`(status: ComputeExecutionStatus) throws {
        let running = try Self.execution().started(at: Case.now).0
        let outcomes: [ComputeExecutionStatus: ComputeOutcome] = [
            .succeeded: .succeeded(ComputeResult()), .cancelled: .cancelled(reason: "why"),
            .failed: .failed(ComputeError(.unknown, "no"), ComputeResult()),
            .timedOut: .timedOut(ComputeError(.providerTimeout, "slow")),
        ]
        guard let outcome = outcomes[status] else { return #expect(!status.isTerminal) }
        let ended = try running.ended(outcome, at: Case.now).0
        #expect(ended.status == status)
        #expect((ended.error == nil) == (status == .succeeded))
        #expect(throws: IllegalExecutionStep.self) { try ended.started(at: Case.later) }
        for other in outcomes.values {
            #expect(throws: IllegalExecutionStep.self) { try ended.ended(other, at: Case.later) }
        }
    }

    @Test func `nothing succeeds that was never started`() throws {
        let born = try Self.execution()
        #expect(throws: IllegalExecutionStep.self) { try born.ended(.succeeded(ComputeResult()), at: Case.now) }
        #expect(try born.ended(.cancelled(reason: "unwanted"), at: Case.now).0.error?.code == .cancelled)
    }

    @Test(arguments: [
        (ComputeError.Code.providerTimeout, ComputeError.Class.retriable), (.providerUnavailable, .retriable),
        (.resourceExhausted, .manualIntervention), (.invalidConfiguration, .permanent), (.resourceNotFound, .permanent),
        (.cancelled, .permanent), (.unknown, .permanent),
    ])
    func `every error says what may be done about it`(code: ComputeError.Code, expected: ComputeError.Class) {
        let error = ComputeError(code, "what")
        #expect(error.errorClass == expected)
        #expect(error.isRetriable == (expected == .retriable))
    }

    @Test func `a provider's words are kept within their limit and end with a whole character`() {
        let limit = ComputeError.providerErrorByteLimit
        #expect(
            ComputeError(.unknown, "", providerError: String(repeating: "x", count: limit)).providerError?.count
                == limit)
        let long = String(repeating: "x", count: limit - 1) + "é"
        #expect(ComputeError(.unknown, "", providerError: long).providerError?.utf8.count == limit - 1)
        #expect("".clipped(toBytes: 0) == "")
        #expect("👩‍👩‍👧".clipped(toBytes: 5) == "")
    }

    @Test func `a callback carries everything that its receiver needs, and no token`() throws {
        let ended = try Self.execution().started(at: Case.now).0
            .ended(
                .failed(ComputeError(.resourceExhausted, "full", providerError: "ENOSPC"), ComputeResult()),
                at: Case.later
            ).0
        let destination = Callback.Destination.workflow(provider: "embedded", executionID: "run", token: "secret")
        let callback = Callback(of: ended, to: destination, attemptLimit: 4, at: Case.later)
        #expect(callback.payload["status"] == "failed")
        #expect(callback.payload["error"]?["class"] == "manual_intervention")
        #expect(callback.payload["error"]?["is_retriable"] == false)
        #expect(callback.payload["duration_milliseconds"] == 60_000)
        #expect(!callback.payload.serialized().contains("secret"))
        #expect(!destination.title.contains("secret"))
        #expect(Callback(of: ended, to: destination, attemptLimit: 9, at: Case.now).id == callback.id)
        let webhook = Callback.Destination.webhook(url: "https://a.example", secrets: ["env:A"])
        #expect(Callback(of: ended, to: webhook, attemptLimit: 4, at: Case.now).id != callback.id)
    }

    @Test func `the run that waits and every webhook of the spec get a callback, whatever the spec holds`() throws {
        let config = TenantConfig(document: [
            "callbacks": [
                ["url": "https://a.example/1", "secret": "env:A"],
                ["url": "https://a.example/2?key=hidden", "secret": ["env:B", "file:/c"]],
                ["url": "ftp://odd"], ["url": 7], "odd",
            ]
        ])
        func born(token: String?) throws -> ComputeExecution {
            let born = ComputeExecution(
                subject: .init(
                    tenantID: Tenant.ID("t"), operation: .update, generation: 1, attemptEpoch: 0, attempt: 1),
                tenantName: "acme", workflowExecutionID: "run", taskToken: token, provider: "mock", config: config,
                at: Case.now)
            return try born.ended(.cancelled(reason: "test"), at: Case.later).0
        }
        let births = Callback.births(
            of: try born(token: "t"), workflowProvider: "embedded", attemptLimit: 4, at: Case.later)
        #expect(
            births.map(\.destination) == [
                .workflow(provider: "embedded", executionID: "run", token: "t"),
                .webhook(url: "https://a.example/1", secrets: ["env:A"]),
                .webhook(url: "https://a.example/2?key=hidden", secrets: ["env:B", "file:/c"]),
                .webhook(url: "ftp://odd", secrets: []),
            ])
        #expect(Set(births.map(\.id)).count == 4)
        #expect(
            births.allSatisfy { $0.status == .pending && $0.nextAttemptAt == Case.later && $0.operation == .update })
        #expect(births[2].destination.title == "https://a.example/2?...")
        #expect((births[1].destination.lane, births[1].destination.host) == ("https://a.example:443", "a.example"))
        let quiet = Callback.births(
            of: try born(token: nil), workflowProvider: "embedded", attemptLimit: 4, at: Case.later)
        #expect(quiet.count == 3, "nobody waits, but the webhooks are told")
    }
}
