public import LandlordDomain
public import LandlordEngine
import StatesLanguage

/// What every workflow provider must keep, as one suite that any provider runs.
///
/// The workflow that it is given has one task that asks for compute and waits for the answer, as those have that ship
/// with the program. A provider's test file makes the contract, calls `check` and expects no breach.
public struct WorkflowProviderContract: Sendable {
    private let provider: any WorkflowProvider
    private let workflow: WorkflowSpec
    private let tenantID: Tenant.ID
    private let token: (@Sendable (_ executionID: String) async throws -> String)?

    /// A suite for a provider.
    ///
    /// - Parameters:
    ///   - provider: The provider; a workflow and runs whose names begin with `contract-` are made.
    ///   - workflow: A definition in the provider's language, of one task that waits; its identifier is replaced.
    ///   - tenantID: The tenant that an invocation works for; stored before where the provider's database wants that.
    ///   - token: Tells the token that a run waits with; nil for a provider that takes any, which then is not asked to
    ///     refuse a wrong one.
    public init(
        _ provider: any WorkflowProvider, workflow: WorkflowSpec, tenantID: Tenant.ID = Tenant.ID("contract-tenant"),
        token: (@Sendable (_ executionID: String) async throws -> String)? = nil
    ) {
        self.provider = provider
        self.workflow = workflow
        self.tenantID = tenantID
        self.token = token
    }

    /// Tries every promise.
    ///
    /// - Returns: Those that were not kept; empty for a good provider.
    public func check() async throws -> [ContractBreach] {
        var breaches = checkName()
        breaches += try await checkCreation()
        breaches += try await checkStart()
        breaches += try await checkInvocation()
        breaches += try await checkUnknown()
        breaches += try await checkStop()
        breaches += try await checkAnswers()
        breaches += try await checkDeletion()
        return breaches
    }

    private func checkName() -> [ContractBreach] {
        let bytes = provider.name.utf8
        let isLegal =
            !bytes.isEmpty && bytes.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }
        if isLegal { return [] }
        return [ContractBreach(promise: "a name is lowercase letters, digits and hyphens", found: provider.name)]
    }

    private func checkCreation() async throws -> [ContractBreach] {
        let violations = provider.violations(of: spec("contract-work"))
        let first = try await provider.createWorkflow(spec("contract-work"))
        let second = try await provider.createWorkflow(spec("contract-work"))
        return breaches([
            ("a legal definition has no violation", violations.isEmpty, "\(violations)"),
            ("creating a workflow twice makes it once", first == second, "\(first), \(second)"),
            ("a workflow keeps its identifier", first.workflowID == "contract-work", first.workflowID),
        ])
    }

    private func checkStart() async throws -> [ContractBreach] {
        let first = try await start("contract-start")
        let begun = try await provider.executionStatus("contract-start")
        let second = try await provider.startExecution(
            of: "contract-work",
            ExecutionInput(executionName: "contract-start", input: ["other": true], triggerSource: "contract"))
        let again = try await provider.executionStatus("contract-start")
        let unknown = await error { () throws(WorkflowError) in
            _ = try await provider.startExecution(of: "contract-nothing", input("contract-orphan"))
        }
        return breaches([
            ("a run has the name that it was given", first.executionID == "contract-start", first.executionID),
            ("a run that waits is not over", !first.state.isTerminal, first.state.rawValue),
            ("a run knows its workflow", begun.workflowID == "contract-work", begun.workflowID),
            ("starting a known name starts nothing", second.executionID == first.executionID, second.executionID),
            ("a run keeps the input that it began with", again.input == begun.input, again.input.serialized()),
            (
                "an unknown workflow cannot be started", unknown == .workflowNotFound("contract-nothing"),
                words(unknown)
            ),
        ])
    }

    private func checkInvocation() async throws -> [ContractBreach] {
        let request = request(tenantID.rawValue)
        let first = try await provider.invoke("contract-work", request)
        let second = try await provider.invoke("contract-work", request)
        return breaches([
            (
                "an invocation is named for its request", first.executionID == request.executionName,
                first.executionID
            ),
            ("invoking twice is one run", second.executionID == first.executionID, second.executionID),
        ])
    }

    private func checkUnknown() async throws -> [ContractBreach] {
        let nobody = "contract-nobody"
        let status = await error { () throws(WorkflowError) in _ = try await provider.executionStatus(nobody) }
        let short = await error { () throws(WorkflowError) in _ = try await provider.workflowStatus(nobody) }
        let stop = await error { () throws(WorkflowError) in
            try await provider.stopExecution(nobody, reason: "contract")
        }
        let answer = await provider.postComputeCallback(to: nobody, token: "none", payload: Self.success)
        return breaches([
            ("an unknown run has no status", status == .executionNotFound(nobody), words(status)),
            ("an unknown run has no short status", short == .executionNotFound(nobody), words(short)),
            ("an unknown run cannot be stopped", stop == .executionNotFound(nobody), words(stop)),
            ("an answer to an unknown run is refused", isRefused(answer), "\(answer)"),
        ])
    }

    private func checkStop() async throws -> [ContractBreach] {
        _ = try await start("contract-stop")
        let token = try await token(of: "contract-stop")
        try await provider.stopExecution("contract-stop", reason: "the contract stops it")
        let stopped = try await provider.executionStatus("contract-stop")
        try await provider.stopExecution("contract-stop", reason: "again")
        let late = await provider.postComputeCallback(to: "contract-stop", token: token, payload: Self.success)
        let after = try await provider.executionStatus("contract-stop")
        return breaches([
            ("a stopped run is cancelled", stopped.status.state == .cancelled, stopped.status.state.rawValue),
            ("a run that is over has an end", stopped.endedAt != nil, "nothing"),
            ("what is over never changes", after == stopped, "\(after)"),
            ("an answer that comes too late is not tried again", !isRetried(late), "\(late)"),
        ])
    }

    private func checkAnswers() async throws -> [ContractBreach] {
        _ = try await start("contract-answer")
        let token = try await token(of: "contract-answer")
        var found: [ContractBreach] = []
        if self.token != nil {
            let wrong = await provider.postComputeCallback(
                to: "contract-answer", token: token + "x", payload: Self.success)
            let state = try await provider.workflowStatus("contract-answer").state
            found += breaches([
                ("an answer with a wrong token is refused", isRefused(wrong), "\(wrong)"),
                ("a refused answer changes nothing", !state.isTerminal, state.rawValue),
            ])
        }
        let first = await provider.postComputeCallback(to: "contract-answer", token: token, payload: Self.success)
        let ended = try await provider.executionStatus("contract-answer")
        let repeated = await provider.postComputeCallback(
            to: "contract-answer", token: token, payload: Self.success)
        let other = await provider.postComputeCallback(to: "contract-answer", token: token, payload: Self.failure)
        try await provider.stopExecution("contract-answer", reason: "it is over")
        let after = try await provider.executionStatus("contract-answer")

        _ = try await start("contract-failure")
        let second = try await self.token(of: "contract-failure")
        let taken = await provider.postComputeCallback(to: "contract-failure", token: second, payload: Self.failure)
        let failed = try await provider.workflowStatus("contract-failure")
        return found
            + breaches([
                ("an answer is accepted", first == .accepted, "\(first)"),
                (
                    "a success ends the run as succeeded", ended.status.state == .succeeded,
                    ended.status.state.rawValue
                ),
                ("a repeated answer is accepted", repeated == .accepted, "\(repeated)"),
                ("another answer to the same task is not tried again", !isRetried(other), "\(other)"),
                ("the first answer counts", after == ended, "\(after)"),
                ("a failure is accepted", taken == .accepted, "\(taken)"),
                ("a failure ends the run as failed", failed.state == .failed, failed.state.rawValue),
                (
                    "a failed run says why", failed.error?.code == ComputeError.Code.invalidConfiguration.rawValue,
                    failed.error?.code ?? "nothing"
                ),
            ])
    }

    private func checkDeletion() async throws -> [ContractBreach] {
        _ = try await start("contract-kept")
        try await provider.deleteWorkflow("contract-work")
        let again = await error { () throws(WorkflowError) in try await provider.deleteWorkflow("contract-work") }
        let start = await error { () throws(WorkflowError) in
            _ = try await provider.startExecution(of: "contract-work", input("contract-later"))
        }
        let kept = await error { () throws(WorkflowError) in _ = try await provider.workflowStatus("contract-kept") }
        return breaches([
            ("deleting a workflow twice is no error", again == nil, words(again)),
            ("a deleted workflow cannot be started", start == .workflowNotFound("contract-work"), words(start)),
            ("a run outlives its workflow", kept == nil, words(kept)),
        ])
    }
}

extension WorkflowProviderContract {
    private static let success: JSONValue = [
        "execution_id": "x-contract", "status": "succeeded", "resource_ids": ["web": "web-1"], "endpoints": [],
        "changes": [], "error": .null,
    ]

    private static let failure: JSONValue = [
        "execution_id": "x-contract", "status": "failed", "resource_ids": [:], "endpoints": [], "changes": [],
        "error": ["code": "INVALID_CONFIGURATION", "message": "the contract fails it"],
    ]

    private func spec(_ workflowID: String) -> WorkflowSpec {
        var spec = workflow
        spec.workflowID = workflowID
        return spec
    }

    private func request(_ name: String) -> ProvisionRequest {
        ProvisionRequest(
            tenantID: Tenant.ID(name), tenantName: name, operation: .provision, generation: 1, attemptEpoch: 0,
            desired: TenantConfig(document: ["compute": ["provider": "mock", "containers": [["name": "web"]]]]),
            computeProvider: "mock", timeout: .seconds(60))
    }

    private func input(_ name: String) -> ExecutionInput {
        ExecutionInput(executionName: name, input: request(name).json, triggerSource: "contract")
    }

    private func start(_ name: String) async throws -> WorkflowStatus {
        try await provider.startExecution(of: "contract-work", input(name))
    }

    private func token(of executionID: String) async throws -> String {
        guard let token else { return "token-of-\(executionID)" }
        return try await token(executionID)
    }

    private func error(_ body: () async throws(WorkflowError) -> Void) async -> WorkflowError? {
        do throws(WorkflowError) {
            try await body()
            return nil
        } catch {
            return error
        }
    }

    private func words(_ error: WorkflowError?) -> String { error.map { "\($0)" } ?? "no error" }

    private func isRefused(_ outcome: DeliveryOutcome) -> Bool {
        switch outcome {
        case .failed(let failure): !failure.isRetriable
        case .accepted: false
        }
    }

    private func isRetried(_ outcome: DeliveryOutcome) -> Bool {
        switch outcome {
        case .failed(let failure): failure.isRetriable
        case .accepted: false
        }
    }

    private func breaches(_ checks: [(promise: String, isKept: Bool, found: String)]) -> [ContractBreach] {
        checks.filter { !$0.isKept }.map { ContractBreach(promise: $0.promise, found: $0.found) }
    }
}
