public import LandlordDomain
public import Logging
public import StatesLanguage

/// Runs a tenant's containers as processes of this machine, each under a small supervisor that outlives the engine.
///
/// What survives a crash of the engine is the record of each tenant, the directory of each container, and the processes
/// themselves. Every call begins by comparing the three, and goes on from what it finds: so a call that was cut off at
/// any moment is finished by repeating it, and nothing is started twice.
public struct ProcessComputeProvider: ComputeProvider {
    /// Where things are, and how long is waited for them.
    public struct Options: Sendable {
        /// The directory for the state of the containers; absolute, and for one database only: what has no record in
        /// that database is removed.
        public var stateDirectory: String
        /// The program that supervises one container.
        public var supervisor: String
        /// The `PATH` of the processes.
        public var searchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        /// From SIGTERM to SIGKILL, where a spec says nothing.
        public var stopGraceSeconds = 10
        /// How long a container has until it must be ready.
        public var readyTimeout = Duration.seconds(60)
        /// A variable of the engine's environment, for `env:NAME` secrets.
        public var variable: @Sendable (_ name: String) -> String?
        /// Called at each durable step; a crash test ends the process here.
        public var checkpoint: @Sendable (Checkpoint) -> Void = { _ in }

        /// Names the places.
        public init(
            stateDirectory: String, supervisor: String, variable: @escaping @Sendable (_ name: String) -> String?
        ) {
            self.stateDirectory = stateDirectory
            self.supervisor = supervisor
            self.variable = variable
        }
    }

    /// The durable steps of the provider, in the order of a container's life.
    public enum Checkpoint: String, Sendable, Hashable, CaseIterable {
        /// A supervisor waits; no record names it.
        case spawned = "process.spawned"
        /// The record names the supervisor; nothing runs.
        case recorded = "process.recorded"
        /// The process is starting.
        case handedOver = "process.handed_over"
        /// A container is about to be stopped.
        case stopping = "process.stopping"
        /// The container is stopped; the record still names its supervisor.
        case stopped = "process.stopped"
        /// The directory of the tenant is gone; its record is not.
        case removed = "process.removed"
    }

    let options: Options
    let records: any ProcessRecordStore
    let surroundings: Surroundings
    let logger: Logger
    let turns = TenantTurns()
    let ports: PortReservations

    /// A provider that keeps its records in a store.
    public init(
        options: Options, records: any ProcessRecordStore, surroundings: Surroundings, logger: Logger
    ) {
        self.options = options
        self.records = records
        self.surroundings = surroundings
        self.logger = logger
        ports = PortReservations(place: options.stateDirectory)
    }

    /// `process`.
    public var name: String { "process" }

    /// Restart, stop and log settings.
    public var configSchema: JSONValue { ProcessSettings.schema }

    /// What the settings mean where a spec says nothing.
    public var configDefaults: JSONValue { ProcessSettings.defaults }

    /// Commands are required, variables must be defined, settings must be known.
    public func violations(of spec: ComputeSpec) -> [Violation] { LaunchPlan.violations(of: spec) }

    /// Starts what does not run yet, adopts what does, and waits until all of it is ready.
    public func provision(
        _ tenant: TenantCompute, _ operation: OperationContext
    ) async throws(ComputeError) -> ProviderResult {
        let result = try await turns.withTurn(tenant.tenantID) { () async throws(ComputeError) in
            let before = try await record(of: tenant.tenantID)
            return try await ProcessApplication(provider: self, tenant: tenant, operation: operation).run(from: before)
        }
        return ProviderResult(.success, result: result, message: "")
    }

    /// Replaces the containers whose part of the spec changed, and leaves the others alone.
    public func update(
        _ tenant: TenantCompute, _ operation: OperationContext
    ) async throws(ComputeError) -> ProviderResult {
        let result = try await turns.withTurn(tenant.tenantID) { () async throws(ComputeError) in
            guard let before = try await record(of: tenant.tenantID) else {
                throw ComputeError(.resourceNotFound, "The tenant has no processes to update.")
            }
            return try await ProcessApplication(provider: self, tenant: tenant, operation: operation).run(from: before)
        }
        return ProviderResult(result.changes.isEmpty ? .noChanges : .success, result: result, message: "")
    }

    /// Stops everything that the tenant has, and removes its directory and its record.
    ///
    /// It goes on when the caller is cancelled: half a removal is worse than a late answer.
    public func destroy(
        _ tenantID: Tenant.ID, _ operation: OperationContext
    ) async throws(ComputeError) -> ProviderResult {
        let removal = Task { await self.removeInTurn(tenantID) }
        let existed = try await removal.value.get()
        return ProviderResult(.success, message: existed ? "" : "the tenant had no processes")
    }

    // MARK: - For the parts of the provider

    /// What starts and stops a container.
    func runner(for container: String, of tenantID: Tenant.ID) -> ContainerRunner {
        ContainerRunner(
            options: options, clock: surroundings.clock, name: container,
            directory: directories.container(container, of: tenantID))
    }

    var directories: ProcessDirectories { ProcessDirectories(root: options.stateDirectory) }

    func record(of tenantID: Tenant.ID) async throws(ComputeError) -> ProcessRecord? {
        do throws(RepositoryError) { return try await records.record(of: tenantID) } catch {
            throw Self.translate(error)
        }
    }

    func save(_ record: ProcessRecord) async throws(ComputeError) {
        do throws(RepositoryError) { try await records.save(record) } catch { throw Self.translate(error) }
    }

    static func translate(_ error: RepositoryError) -> ComputeError {
        let code: ComputeError.Code =
            switch error {
            case .full: .resourceExhausted
            case .stale, .busy, .fenced: .providerUnavailable
            case .notFound, .conflict, .unusable: .unknown
            }
        return ComputeError(
            code, "The record of the tenant's processes could not be kept.", providerError: error.description)
    }

    // MARK: - Removal

    private func removeInTurn(_ tenantID: Tenant.ID) async -> Result<Bool, ComputeError> {
        do throws(ComputeError) {
            return .success(
                try await turns.withTurn(tenantID) { () async throws(ComputeError) in try await remove(tenantID) })
        } catch { return .failure(error) }
    }

    /// Stops and removes everything that a tenant has; the caller has the tenant's turn.
    ///
    /// - Returns: Whether there was anything.
    func remove(_ tenantID: Tenant.ID) async throws(ComputeError) -> Bool {
        let record = try await record(of: tenantID)
        let folders = directories.containers(of: tenantID)
        await stopAll(Set(folders).union(record?.containers.map(\.name) ?? []), of: tenantID, record: record)
        try ProcessDirectories.remove(directories.tenant(tenantID))
        options.checkpoint(.removed)
        do throws(RepositoryError) { try await records.delete(tenantID) } catch { throw Self.translate(error) }
        ports.release(tenantID)
        return record != nil || !folders.isEmpty
    }

    /// Stops containers, all at once.
    func stopAll(_ containers: Set<String>, of tenantID: Tenant.ID, record: ProcessRecord?) async {
        await withTaskGroup(of: Void.self) { group in
            for container in containers {
                group.addTask { await stop(container, of: tenantID, record: record) }
            }
        }
    }

    /// Stops one container.
    func stop(_ container: String, of tenantID: Tenant.ID, record: ProcessRecord?) async {
        let recorded = record?.container(container)
        let plan = recorded.flatMap { LaunchPlan(document: $0.document) }
        let grace = plan?.settings.stopGraceSeconds ?? options.stopGraceSeconds
        options.checkpoint(.stopping)
        await runner(for: container, of: tenantID).stop(recorded: recorded?.supervisor, graceSeconds: grace)
        options.checkpoint(.stopped)
    }
}
