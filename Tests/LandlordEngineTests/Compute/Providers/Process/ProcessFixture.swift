import Foundation
import LandlordDomain
import LandlordTestSupport
import Logging
import StatesLanguage
import Synchronization
import Testing

@testable import LandlordEngine

/// Records in memory, for tests of the provider alone.
final class MemoryProcessRecords: ProcessRecordStore {
    private struct State {
        var documents: [Tenant.ID: String] = [:]
        var failure: RepositoryError?
    }

    private let state = Mutex(State())

    /// What every write answers from now on; nil for success.
    func fail(with error: RepositoryError?) { state.withLock { $0.failure = error } }

    /// Everything that is stored, as text.
    var text: String { state.withLock { $0.documents.values.joined(separator: "\n") } }

    func save(_ record: ProcessRecord) async throws(RepositoryError) {
        let failure = state.withLock { state -> RepositoryError? in
            if state.failure == nil { state.documents[record.tenantID] = record.json.serialized() }
            return state.failure
        }
        if let failure { throw failure }
    }

    func record(of tenantID: Tenant.ID) async throws(RepositoryError) -> ProcessRecord? {
        guard let text = state.withLock({ $0.documents[tenantID] }) else { return nil }
        // What the parser has to say is of no use to who asked for a record.
        guard let json = try? JSONValue(parsing: text), let record = ProcessRecord(json: json) else {
            throw .unusable("the record cannot be read")
        }
        return record
    }

    func delete(_ tenantID: Tenant.ID) async throws(RepositoryError) {
        state.withLock { $0.documents[tenantID] = nil }
    }

    func records(after tenantID: Tenant.ID?, limit: Int) async throws(RepositoryError) -> [ProcessRecord] {
        let identifiers = state.withLock { $0.documents.keys.sorted() }
        var found: [ProcessRecord] = []
        for identifier in identifiers where tenantID.map({ $0 < identifier }) ?? true {
            if found.count < limit, let record = try await record(of: identifier) { found.append(record) }
        }
        return found
    }
}

/// The supervisor that was built beside the tests.
enum BuiltSupervisor {
    static let path: String = {
        if let path = ProcessInfo.processInfo.environment["LANDLORD_SUPERVISOR"] { return path }
        // The test bundle is a shared library or the program itself; either way it is mapped into this process.
        // Without maps the program is looked for by its name, and the test says that it is not there.
        let maps = (try? String(contentsOfFile: "/proc/self/maps", encoding: .utf8)) ?? ""
        for line in maps.split(separator: "\n") {
            guard let slash = line.firstIndex(of: "/"), line.hasSuffix(".xctest") else { continue }
            let folder = URL(fileURLWithPath: String(line[slash...])).deletingLastPathComponent()
            return folder.appendingPathComponent(SupervisorLocation.programName).path
        }
        return SupervisorLocation.programName
    }()
}

/// Something went on for too long.
struct TooLate: Error {}

/// A supervisor of one container that a test drives by hand.
struct SupervisedContainer {
    let directory: ContainerDirectory
    let link: SupervisorLink

    init(in place: TemporaryDirectory) async throws {
        directory = ContainerDirectory(path: place.path)
        try directory.prepare()
        link = try await SupervisorLink.start(BuiltSupervisor.path, in: directory.path, on: ContinuousClock())
    }

    /// Lets it run a command, and leaves it to itself.
    func run(_ arguments: [String], _ options: [String: String] = [:]) async {
        var handover = SupervisorSocket.Handover()
        for argument in arguments { handover.add("arg", argument) }
        handover.add("env", "PATH=/usr/bin:/bin")
        handover.add("env", "HOME=\(directory.work)")
        handover.add("directory", directory.work)
        handover.add("backoff_initial_ms", "1")
        for (key, value) in options where key != "backoff_initial_ms" { handover.add(key, value) }
        if let value = options["backoff_initial_ms"] { handover.add("backoff_initial_ms", value) }
        _ = await link.handOver(handover)
        link.release()
    }

    /// Waits until the state is as it should be.
    @discardableResult
    func state(where isWanted: @escaping @Sendable (SupervisorState) -> Bool) async throws -> SupervisorState {
        let directory = directory
        return try await within(.seconds(20)) {
            guard let news = DescriptorEvent.news(ofDirectory: directory.path) else { throw TooLate() }
            if let state = directory.state, isWanted(state) { return state }
            for await _ in news {
                if let state = directory.state, isWanted(state) { return state }
            }
            throw TooLate()
        }
    }

    /// Waits for so many lines of the log.
    func lines(_ count: Int) async throws -> [String] {
        let log = directory.log
        return try await within(.seconds(20)) {
            guard let news = DescriptorEvent.news(ofDirectory: log.directory, isGrowthIncluded: true) else {
                throw TooLate()
            }
            if log.last(count).texts.count >= count { return log.last(count).texts }
            for await _ in news where log.last(count).texts.count >= count { break }
            return log.last(count).texts
        }
    }
}

/// Waits for the end of a process.
func ended(_ identity: ProcessIdentity?) async throws {
    guard let identity else { return }
    try await within(.seconds(20)) {
        guard let end = DescriptorEvent.end(of: identity) else { return }
        for await _ in end { return }
    }
    #expect(!identity.isAlive)
}

/// Runs a body, and gives up when it takes too long.
func within<Value: Sendable>(
    _ duration: Duration, _ body: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    try await withThrowingTaskGroup(of: Value.self) { group in
        group.addTask { try await body() }
        group.addTask {
            try await ContinuousClock().sleep(for: duration)
            throw TooLate()
        }
        guard let value = try await group.next() else { throw TooLate() }
        group.cancelAll()
        return value
    }
}

/// A provider with a state directory of its own, whose processes are gone when the test is.
struct ProcessWorld {
    let place: TemporaryDirectory
    let records = MemoryProcessRecords()
    var options: ProcessComputeProvider.Options

    init() throws {
        place = try TemporaryDirectory()
        options = ProcessComputeProvider.Options(
            stateDirectory: place.file("state"), supervisor: BuiltSupervisor.path,
            variable: { $0 == "ACME_KEY" ? "hunter2" : nil })
        options.readyTimeout = .seconds(20)
    }

    /// A provider as a new engine would make it.
    func provider() -> ProcessComputeProvider {
        ProcessComputeProvider(
            options: options, records: records, surroundings: .real,
            logger: Logger(label: "test") { _ in
                SwiftLogNoOpLogHandler()
            })
    }

    /// The directory of a container of the tenant.
    func directory(_ container: String) -> ContainerDirectory {
        ProcessDirectories(root: options.stateDirectory).container(container, of: .acme)
    }

    /// Runs a body and removes the tenant afterwards, whatever happened.
    func run(_ body: (ProcessComputeProvider) async throws -> Void) async throws {
        let provider = provider()
        do { try await body(provider) } catch {
            _ = try await provider.destroy(.acme, .test)
            throw error
        }
        _ = try await provider.destroy(.acme, .test)
    }
}

extension Surroundings {
    static let real = Surroundings(
        clock: ContinuousClock(),
        now: { Timestamp(millisecondsSinceEpoch: Int64(Date().timeIntervalSince1970 * 1_000)) },
        random: { UInt64.random(in: .min ... .max) })
}

extension OperationContext {
    static let test = OperationContext(executionID: ComputeExecution.ID("x-test"))
}

extension Tenant.ID {
    static let acme = Tenant.ID("t-1")
}

extension TenantCompute {
    /// A tenant whose spec is written as JSON.
    static func acme(_ compute: JSONValue, hash: String? = nil) throws -> TenantCompute {
        TenantCompute(
            tenantID: .acme, tenantName: "acme", spec: try ComputeSpec(json: compute),
            configHash: hash ?? ConfigHash.of(compute), labels: [:])
    }

    /// A web server on an allocated port.
    static func web(greeting: String = "hello") throws -> TenantCompute {
        try .acme([
            "containers": [
                [
                    "name": "web", "command": ["python3", "-m", "http.server", "$PORT", "--bind", "127.0.0.1"],
                    "env": ["GREETING": .string(greeting)],
                    "ports": [["name": "http", "container_port": 8080]],
                    "health_check": ["type": "http", "path": "/", "port": "http"],
                ]
            ]
        ])
    }

    /// One container that runs a shell script and has no port.
    static func script(_ script: String, settings: JSONValue = [:]) throws -> TenantCompute {
        try .acme([
            "containers": [["name": "job", "command": ["sh", "-c", .string(script)]]],
            "provider_config": settings,
        ])
    }
}
