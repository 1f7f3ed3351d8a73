public import LandlordDomain
public import Logging
import StatesLanguage

/// Validates, applies the default metadata, finds the provider and asks it; every operation passes through here.
public struct ComputeManager: Sendable {
    /// How the manager asks providers.
    public struct Options: Sendable, Hashable {
        /// How long one operation may take.
        public var timeout: Duration
        /// The time between two looks at an operation that a provider goes on with.
        public var pollInterval: Duration

        /// The limits of the configuration.
        public init(timeout: Duration = .seconds(600), pollInterval: Duration = .seconds(1)) {
            self.timeout = timeout
            self.pollInterval = pollInterval
        }
    }

    private let registry: ComputeRegistry
    private let options: Options
    private let surroundings: Surroundings
    private let logger: Logger

    /// A manager over the providers of a registry.
    public init(registry: ComputeRegistry, options: Options, surroundings: Surroundings, logger: Logger) {
        self.registry = registry
        self.options = options
        self.surroundings = surroundings
        self.logger = logger
    }

    /// The names of the providers.
    public var providerNames: [String] { registry.names }

    /// The provider with this name.
    public func provider(named name: String) throws(RegistryError) -> any ComputeProvider {
        try registry.provider(named: name)
    }

    /// What is wrong with a spec: the rules that hold for all, and those of its provider.
    public func violations(of spec: ComputeSpec) -> [Violation] {
        let common = spec.violations(path: "compute")
        guard let name = spec.provider else {
            return common + [Violation("compute.provider", "is required; there is no default")]
        }
        do throws(RegistryError) {
            let provider = try registry.provider(named: name)
            return common + provider.violations(of: spec).map { $0.inside("compute") }
        } catch {
            let hint = Suggestion.nearest(to: name, among: registry.names).map { "; did you mean '\($0)'?" } ?? ""
            return common + [Violation("compute.provider", error.description + hint)]
        }
    }

    /// Does the work of an execution, to its end.
    ///
    /// - Throws: What the provider met, translated, with what it says that it left behind.
    public func perform(
        _ execution: ComputeExecution, labels: [String: String],
        report: @escaping @Sendable (String) async -> Void
    ) async throws(ComputeFailure) -> ComputeResult {
        var logger = logger
        logger[metadataKey: LogKeys.executionID] = "\(execution.id)"
        logger[metadataKey: LogKeys.tenantID] = "\(execution.tenantID)"
        logger[metadataKey: LogKeys.operation] = "\(execution.operation.rawValue)"
        logger.debug("Compute operation begins", metadata: [LogKeys.provider: "\(execution.provider)"])
        do {
            let result = try await ask(execution, labels: labels, report: report)
            logger.debug("Compute operation done")
            return result
        } catch {
            let failure = error as? ComputeFailure ?? ComputeFailure(error: ComputeError(translating: error))
            logger.info("Compute operation failed", metadata: [LogKeys.error: "\(failure.error.code.rawValue)"])
            throw failure
        }
    }

    private func ask(
        _ execution: ComputeExecution, labels: [String: String],
        report: @escaping @Sendable (String) async -> Void
    ) async throws -> ComputeResult {
        let provider = try registry.provider(named: execution.provider)
        let context = OperationContext(executionID: execution.id, report: report)
        let answer: ProviderResult
        switch execution.operation {
        case .provision:
            answer = try await provider.provision(try tenant(of: execution, labels: labels), context)
        case .update:
            answer = try await provider.update(try tenant(of: execution, labels: labels), context)
        case .delete:
            answer = try await provider.destroy(execution.tenantID, context)
        }
        switch answer.status {
        case .success, .noChanges: return answer.result
        case .failed:
            let message = answer.message.isEmpty ? "the provider failed" : answer.message
            throw ComputeFailure(error: ComputeError(.unknown, message), leftovers: answer.result)
        case .inProgress: return try await follow(execution, at: provider, since: answer, report: report)
        }
    }

    /// Looks at an operation that the provider goes on with, until it is over.
    ///
    /// The timeout is the caller's.
    private func follow(
        _ execution: ComputeExecution, at provider: any ComputeProvider, since answer: ProviderResult,
        report: @escaping @Sendable (String) async -> Void
    ) async throws -> ComputeResult {
        var shown = answer.message
        while true {
            try await surroundings.clock.sleep(for: options.pollInterval)
            let status = try await provider.status(of: execution.tenantID)
            switch OperationProgress(of: execution.operation, applying: execution.config.hash, seen: status) {
            case .done(let seen): return seen ?? answer.result
            case .failed(let message):
                let seen = ComputeResult(
                    resourceIDs: status?.resourceIDs ?? answer.result.resourceIDs,
                    endpoints: status?.endpoints ?? answer.result.endpoints)
                throw ComputeFailure(error: ComputeError(.unknown, message), leftovers: seen)
            case .underWay(let message):
                if message != shown { await report(message) }
                shown = message
            }
        }
    }

    private func tenant(
        of execution: ComputeExecution, labels: [String: String]
    ) throws -> TenantCompute {
        var spec = try execution.config.compute()
        spec.provider = execution.provider
        let violations = violations(of: spec)
        guard violations.isEmpty else { throw InvalidSpec(violations) }
        return TenantCompute(
            tenantID: execution.tenantID, tenantName: execution.tenantName, spec: spec,
            configHash: execution.config.hash,
            labels: DefaultMetadata.labels(
                labels, tenantID: execution.tenantID.rawValue, provider: execution.provider))
    }

    /// What exists of a tenant at this moment.
    public func status(
        of tenantID: Tenant.ID, at provider: String
    ) async throws(ComputeError) -> ComputeStatus? {
        let asked: any ComputeProvider
        do {
            asked = try registry.provider(named: provider)
        } catch {
            throw ComputeError(translating: error)
        }
        return try await asked.status(of: tenantID)
    }
}

/// How an operation ended without success.
public struct ComputeFailure: Error, Sendable, Hashable {
    /// What it met.
    public let error: ComputeError
    /// What it left behind at the provider, so that a delete can find it and an operator can see it.
    public let leftovers: ComputeResult

    /// Describes a failure.
    public init(error: ComputeError, leftovers: ComputeResult = ComputeResult()) {
        self.error = error
        self.leftovers = leftovers
    }
}

/// What the live state says of an operation that the provider goes on with.
enum OperationProgress: Equatable {
    case done(ComputeResult?)
    case failed(String)
    case underWay(String)

    init(of operation: ComputeOperation, applying hash: String, seen status: ComputeStatus?) {
        guard let status else {
            self = operation == .delete ? .done(nil) : .underWay("nothing exists yet")
            return
        }
        switch (operation, status.state) {
        // What is being removed may well have failed before.
        case (.delete, _): self = .underWay("still \(status.state.rawValue)")
        case (_, .failed): self = .failed(status.metadata["message"] ?? "the provider reports a failure")
        case (.provision, .running), (.update, .running):
            if let running = status.configHash, running != hash {
                self = .underWay("still runs the former config")
            } else if status.health == .unhealthy {
                self = .underWay("runs, but is not healthy yet")
            } else {
                self = .done(ComputeResult(resourceIDs: status.resourceIDs, endpoints: status.endpoints))
            }
        case (.provision, _), (.update, _): self = .underWay(status.metadata["message"] ?? status.state.rawValue)
        }
    }
}
