public import LandlordDomain
public import StatesLanguage

/// What runs a tenant's containers.
///
/// `docs/compute-providers.md` says how to write one; `ComputeProviderContract` tests that it keeps what is said here.
///
/// Every call may be repeated, and may be made for different tenants at the same time. A cancelled call cleans up what
/// it has half-made before it throws `.cancelled`.
public protocol ComputeProvider: Sendable {
    /// Unique, lowercase letters and digits; what `compute.provider` in a spec names.
    var name: String { get }

    /// Makes the tenant's compute, or finds that it exists: the same spec twice makes it once.
    ///
    /// Returns when the tenant can be reached, or with `.inProgress`; then `status` is polled to the end.
    func provision(
        _ tenant: TenantCompute, _ operation: OperationContext
    ) async throws(ComputeError) -> ProviderResult

    /// Changes the tenant's compute; the same spec changes nothing and says so. A failure leaves the former state.
    func update(
        _ tenant: TenantCompute, _ operation: OperationContext
    ) async throws(ComputeError) -> ProviderResult

    /// Removes the tenant's compute. A tenant that has none is no error. Removal goes on when the call is cancelled.
    func destroy(_ tenantID: Tenant.ID, _ operation: OperationContext) async throws(ComputeError) -> ProviderResult

    /// What exists at this moment, asked of the world and not of a cache; nil where the tenant has nothing.
    func status(of tenantID: Tenant.ID) async throws(ComputeError) -> ComputeStatus?

    /// What of the spec this provider cannot run, beyond the rules that hold for all. No side effects.
    func violations(of spec: ComputeSpec) -> [Violation]

    /// JSON Schema (draft 2020-12) of `compute.provider_config`.
    var configSchema: JSONValue { get }

    /// What `compute.provider_config` means where it says nothing; an object.
    var configDefaults: JSONValue { get }

    /// The last lines that a tenant's containers wrote; empty where the provider keeps none.
    func logs(of tenantID: Tenant.ID, after position: LogPosition?, limit: Int) async throws(ComputeError) -> LogChunk
}

extension ComputeProvider {
    /// No rules beyond those that hold for all.
    public func violations(of spec: ComputeSpec) -> [Violation] { [] }
    /// Any object.
    public var configSchema: JSONValue { ["type": "object"] }
    /// Nothing.
    public var configDefaults: JSONValue { [:] }
    /// No logs.
    public func logs(
        of tenantID: Tenant.ID, after position: LogPosition?, limit: Int
    ) async throws(ComputeError) -> LogChunk {
        LogChunk(lines: [], position: position ?? LogPosition(offsets: [:]))
    }
}

/// A tenant as a provider needs it: who it is, what it should run, and what to mark it with.
public struct TenantCompute: Sendable, Hashable {
    /// Whose compute.
    public let tenantID: Tenant.ID
    /// What the tenant is called.
    public let tenantName: String
    /// What to run.
    public let spec: ComputeSpec
    /// The hash of the tenant's config, to compare what runs with what should.
    public let configHash: String
    /// Labels and default metadata, to mark what is made.
    public let labels: [String: String]

    /// Describes a tenant to a provider.
    public init(
        tenantID: Tenant.ID, tenantName: String, spec: ComputeSpec, configHash: String, labels: [String: String]
    ) {
        self.tenantID = tenantID
        self.tenantName = tenantName
        self.spec = spec
        self.configHash = configHash
        self.labels = labels
    }
}

/// One operation as a provider sees it.
public struct OperationContext: Sendable {
    /// The operation's identifier: the same for the same work, so that a provider can tell a repeated call.
    public let executionID: ComputeExecution.ID
    /// Writes down a step of the work (`step 2/5: image pulled`) in the execution's history.
    public let report: @Sendable (_ progress: String) async -> Void

    /// Describes an operation.
    public init(
        executionID: ComputeExecution.ID, report: @escaping @Sendable (_ progress: String) async -> Void = { _ in }
    ) {
        self.executionID = executionID
        self.report = report
    }
}

/// What a provider says that an operation came to.
public struct ProviderResult: Sendable, Hashable {
    /// How far the operation came.
    public enum Status: String, Sendable, Hashable, CaseIterable {
        /// Done.
        case success
        /// There was nothing to do.
        case noChanges = "no_changes"
        /// Begun; ask `status` for the rest.
        case inProgress = "in_progress"
        /// Ended without success, with something left behind.
        case failed
    }

    /// How far the operation came.
    public let status: Status
    /// What exists now.
    public let result: ComputeResult
    /// What a person should know.
    public let message: String

    /// Describes what an operation came to.
    public init(_ status: Status, result: ComputeResult = ComputeResult(), message: String = "") {
        self.status = status
        self.result = result
        self.message = message
    }
}

/// How far a reader has come in a tenant's logs: container name to byte offset since the tenant's beginning.
public struct LogPosition: Sendable, Hashable {
    /// Bytes read, by container.
    public let offsets: [String: Int]

    /// Marks a place.
    public init(offsets: [String: Int]) {
        self.offsets = offsets
    }
}

/// Some lines of a tenant's logs, and where to go on.
public struct LogChunk: Sendable, Hashable {
    /// One line that a container wrote.
    public struct Line: Sendable, Hashable {
        /// Which container.
        public let container: String
        /// What it wrote, without the line's end; not safe to print as it is.
        public let text: String

        /// A line of a container.
        public init(container: String, text: String) {
            self.container = container
            self.text = text
        }
    }

    /// The lines, oldest first within a container.
    public let lines: [Line]
    /// What to ask with for the lines after these.
    public let position: LogPosition

    /// Joins lines with the place behind them.
    public init(lines: [Line], position: LogPosition) {
        self.lines = lines
        self.position = position
    }
}

/// The registry of compute providers.
public typealias ComputeRegistry = Registry<any ComputeProvider>
