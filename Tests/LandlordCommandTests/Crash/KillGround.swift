import Foundation
import Glibc
import LandlordDomain
import LandlordEngine
import LandlordTestSupport
import Logging
import StatesLanguage

/// A database of its own, a driving process that is killed, and the looks at the world that tell whether it mattered.
struct KillGround {
    /// Where a kill is aimed.
    enum Kill {
        /// The driving process, when it reaches a step.
        case at(DurableStep)
        /// The driving process, from outside, when it has reached so many steps.
        case afterSteps(Int)
        /// The command that writes the wish, behind its write.
        case inCommand
    }

    /// What was not as it should be.
    struct Damage: Error, CustomStringConvertible {
        let description: String
    }

    let folder: URL
    private let host: EngineHost

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("kill-\(UUID().uuidString)")
        let configuration = try Configuration.resolve(
            flags: [.init(key: "database", name: "--database", value: folder.appendingPathComponent("t.db").path)],
            environment: ["HOME": folder.path])
        host = try EngineHost.open(
            configuration, variable: { _ in nil }, surroundings: .system(variable: { _ in nil }),
            logger: Logger(label: "kill") { _ in SwiftLogNoOpLogHandler() })
    }

    var engine: Engine { host.engine }
    private var database: String { folder.appendingPathComponent("t.db").path }
    private var stateDirectory: String { database + ".process" }
    private var stepLog: String { folder.appendingPathComponent("steps").path }

    // MARK: - An operation with a kill in it

    /// Writes the wish for an operation, lets a driver work on it, kills the driver, and lets the next one finish.
    ///
    /// - Returns: The last durable step before the kill; nil where the command was killed.
    @discardableResult
    func play(_ operation: ComputeOperation, kill: Kill, round: Int) async throws -> DurableStep? {
        try await prepare(for: operation, round: round)
        var hit: DurableStep?
        switch kill {
        case .inCommand:
            try await wish(operation, round: round, variables: ["LANDLORD_CRASH_AT": DurableStep.requested.rawValue])
        case .at(let step):
            try await wish(operation, round: round, variables: [:])
            hit = try await drive(variables: ["LANDLORD_CRASH_AT": step.rawValue], killAfter: nil)
            // Another thread may still reach a step while the process dies.
            guard reachedSteps().suffix(2).contains(step) else {
                throw Damage(description: "aimed at \(step), hit \(String(describing: hit))")
            }
            hit = step
        case .afterSteps(let count):
            try await wish(operation, round: round, variables: [:])
            hit = try await drive(variables: [:], killAfter: count)
        }
        try await finish(operation, after: hit)
        return hit
    }

    /// A tenant in the state from which the operation starts.
    private func prepare(for operation: ComputeOperation, round: Int) async throws {
        let tenant = try? await engine.tenants.tenant(Self.name)  // There may be none yet.
        let stands = tenant.map { $0.status == .ready } ?? false
        guard operation != .provision, !stands else { return }
        try await wish(.provision, round: round, variables: [:])
        try await finish(.provision, after: nil)
    }

    private static let name = "victim"

    private func wish(_ operation: ComputeOperation, round: Int, variables: [String: String]) async throws {
        if variables.isEmpty {
            switch operation {
            case .provision, .update: _ = try await engine.tenants.apply(try spec(for: operation, round), by: "test")
            case .delete: _ = try await engine.tenants.delete(Self.name, by: "test")
            }
            return
        }
        let command: [String]
        switch operation {
        case .provision, .update:
            let file = folder.appendingPathComponent("spec.json")
            let spec = try spec(for: operation, round)
            var document = spec.config.document.objectValue ?? [:]
            document["name"] = .string(spec.name)
            try Data(JSONValue.object(document).serializedBytes()).write(to: file)
            command = ["tenant", "apply", "-f", file.path]
        case .delete: command = ["tenant", "delete", Self.name]
        }
        _ = try await program(command + ["--database", database], variables: variables).end()
    }

    private func spec(for operation: ComputeOperation, _ round: Int) throws -> TenantSpec {
        let greeting = operation == .provision ? "made-\(round)" : "changed-\(round)"
        return try TenantSpec(
            json: [
                "name": .string(Self.name),
                "compute": [
                    "provider": "process",
                    "containers": [
                        [
                            "name": "web",
                            "command": ["python3", "-m", "http.server", "$PORT", "--bind", "127.0.0.1"],
                            "env": ["GREETING": .string(greeting)],
                            "ports": [["name": "http", "container_port": 8080]],
                        ]
                    ],
                ],
            ])
    }

    /// Runs a driver until it dies, by its own hand or by ours.
    private func drive(variables: [String: String], killAfter count: Int?) async throws -> DurableStep? {
        try? FileManager.default.removeItem(atPath: stepLog)  // There is none before the first drive.
        let driver = try RunningProgram(
            program(
                ["serve", "--database", database],
                variables: variables.merging(["LANDLORD_STEP_LOG": stepLog]) { own, _ in own }))
        if let count {
            try await waitUntil("the driver has reached \(count) steps") {
                reachedSteps().count >= count || isAtRest()
            }
            driver.signal(SIGKILL)
        }
        _ = await driver.end()
        return reachedSteps().last
    }

    private func isAtRest() -> Bool { reachedSteps().last == .completed }

    private func reachedSteps() -> [DurableStep] {
        let text = (try? String(contentsOfFile: stepLog, encoding: .utf8)) ?? ""  // Not written yet: nothing reached.
        return text.split(separator: "\n").compactMap { DurableStep(rawValue: String($0)) }
    }

    /// Lets a driver finish what the killed one began, and looks at the world afterwards.
    private func finish(_ operation: ComputeOperation, after hit: DurableStep?) async throws {
        let driver = try RunningProgram(program(["serve", "--database", database], variables: [:]))
        do {
            try await waitForEnd(of: operation, after: hit)
        } catch {
            driver.signal(SIGKILL)
            _ = await driver.end()
            throw error
        }
        driver.signal(SIGTERM)
        guard await driver.end() == 0 else { throw Damage(description: "serve did not leave with 0") }
        try checkProcesses(expected: operation == .delete ? 0 : 1, after: hit, operation)
    }

    private func waitForEnd(of operation: ComputeOperation, after hit: DurableStep?) async throws {
        let id = try await engine.tenants.tenant(Self.name).id
        var tenant = try await engine.tenants.tenant(id.rawValue)
        try await waitUntil("\(operation) after \(hit?.rawValue ?? "no kill") ends; it is \(tenant.status)") {
            tenant = try await engine.tenants.tenant(id.rawValue)
            return tenant.status == .failed
                || (operation == .delete
                    ? tenant.status == .deleted : tenant.status == .ready && !tenant.hasUnappliedChange)
        }
        guard tenant.status != .failed else {
            throw Damage(description: "\(operation) after \(hit?.rawValue ?? "no kill"): \(tenant.statusMessage)")
        }
    }

    // MARK: - Looks at the world

    /// Every stored row is as its history says.
    func verify() async throws {
        let report = try await DatabaseVerifier(host.database).verify()
        guard report.isSound else { throw Damage(description: "verify found \(report)") }
    }

    /// Exactly one supervisor and one process for a tenant that stands, none for one that does not.
    private func checkProcesses(expected: Int, after hit: DurableStep?, _ operation: ComputeOperation) throws {
        let (supervisors, servers) = processes()
        guard supervisors.count == expected, servers.count == expected else {
            throw Damage(
                description: """
                    \(operation) after \(hit?.rawValue ?? "no kill") left \(supervisors.count) supervisors and \
                    \(servers.count) processes instead of \(expected) of each
                    """)
        }
    }

    /// What runs below the state directory, found by working directory: no record is asked.
    private func processes() -> (supervisors: [pid_t], servers: [pid_t]) {
        var supervisors: [pid_t] = []
        var servers: [pid_t] = []
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []  // Always readable on Linux.
        for pid in names.compactMap({ pid_t($0) }) {
            // A process that ended meanwhile has no links any more.
            guard let place = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/cwd"),
                place.hasPrefix(stateDirectory),
                let image = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/exe")
            else { continue }
            if image.hasSuffix(SupervisorLocation.programName) { supervisors.append(pid) } else { servers.append(pid) }
        }
        return (supervisors, servers)
    }

    /// Ends whatever is left and removes the folder.
    func clear() {
        let (supervisors, servers) = processes()
        for pid in supervisors + servers { kill(pid, SIGKILL) }
        try? FileManager.default.removeItem(at: folder)  // A leftover folder harms nobody.
    }

    // MARK: - The program

    private func program(_ arguments: [String], variables: [String: String]) throws -> Process {
        try RunningProgram.process(arguments, home: folder, variables: variables)
    }

    /// Looks again and again at something that another process does, until it is so or a minute has passed.
    private func waitUntil(_ what: @autoclosure () -> String, _ isSo: () async throws -> Bool) async throws {
        let clock = ContinuousClock()
        let deadline = clock.now.advanced(by: .seconds(60))
        while try await !isSo() {
            guard clock.now < deadline else { throw Damage(description: "waited in vain until \(what())") }
            try await clock.sleep(for: .milliseconds(5))
        }
    }
}

/// A program that has been started, and its end.
final class RunningProgram: Sendable {
    private let identifier: pid_t
    private let ends: AsyncStream<Int32>

    init(_ process: Process) throws {
        let (ends, end) = AsyncStream.makeStream(of: Int32.self)
        process.terminationHandler = { ended in
            let isSignal = ended.terminationReason == .uncaughtSignal
            end.yield((isSignal ? 128 : 0) + ended.terminationStatus)
            end.finish()
        }
        try process.run()
        identifier = process.processIdentifier
        self.ends = ends
    }

    /// The built program with a home, an environment and no terminal, not started yet.
    static func process(_ arguments: [String], home: URL, variables: [String: String]) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try Home.program)
        process.arguments = arguments
        let own = ProcessInfo.processInfo.environment
        process.environment = ["HOME": home.path, "PATH": own["PATH"] ?? "/usr/bin:/bin"].merging(variables) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        return process
    }

    func signal(_ number: Int32) { kill(identifier, number) }

    /// The exit code; 128 and the signal's number where a signal ended it.
    func end() async -> Int32 {
        for await code in ends { return code }
        return -1
    }
}
