import Foundation
import Glibc
import LandlordDomain
import LandlordTestSupport
import Logging
import StatesLanguage
import Testing

@testable import LandlordEngine

/// Records as files, so that they survive the death of the process that wrote them.
struct FileProcessRecords: ProcessRecordStore {
    let path: String

    private func file(_ tenantID: Tenant.ID) -> String { path + "/" + tenantID.rawValue + ".json" }

    func save(_ record: ProcessRecord) async throws(RepositoryError) {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            try record.json.serialized().write(toFile: file(record.tenantID), atomically: true, encoding: .utf8)
        } catch { throw .unusable("\(error)") }
    }

    func record(of tenantID: Tenant.ID) async throws(RepositoryError) -> ProcessRecord? {
        // A missing file is a tenant without a record.
        guard let text = try? String(contentsOfFile: file(tenantID), encoding: .utf8) else { return nil }
        // Files are written whole; one that cannot be read is none of ours.
        return (try? JSONValue(parsing: text)).flatMap(ProcessRecord.init)
    }

    func delete(_ tenantID: Tenant.ID) async throws(RepositoryError) {
        // It may be gone already.
        try? FileManager.default.removeItem(atPath: file(tenantID))
    }

    func records(after tenantID: Tenant.ID?, limit: Int) async throws(RepositoryError) -> [ProcessRecord] {
        guard tenantID == nil, let record = try await record(of: .acme) else { return [] }
        return [record]
    }
}

/// The engine is killed at a chosen step; another engine then finishes the work.
@Suite(.timeLimit(.minutes(2)))
struct ProcessCrashTests {
    static func provider(
        in path: String, killedAt step: ProcessComputeProvider.Checkpoint?
    ) -> ProcessComputeProvider {
        var options = ProcessComputeProvider.Options(
            stateDirectory: path + "/state", supervisor: BuiltSupervisor.path, variable: { _ in nil })
        options.readyTimeout = .seconds(20)
        options.checkpoint = { if $0 == step { kill(getpid(), SIGKILL) } }
        return ProcessComputeProvider(
            options: options, records: FileProcessRecords(path: path + "/records"), surroundings: .real,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    static func tenant(_ word: String) throws -> TenantCompute {
        try .script("setsid sh -c 'echo \(word) $$; exec sleep 600' & exec sleep 600")
    }

    /// The processes of this test's containers, found in the world and not in any record.
    static func processes(in path: String) -> Int {
        // Without /proc no process is found, and the test fails.
        let folders = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return folders.count { folder in
            // A dead process that nobody has reaped yet has no environment.
            guard let pid = Int32(folder),
                let environment = FileManager.default.contents(atPath: "/proc/\(pid)/environ")
            else { return false }
            return String(decoding: environment, as: UTF8.self).contains("HOME=\(path)/")
        }
    }

    @Test(arguments: ["process.spawned", "process.recorded", "process.handed_over"])
    func `a provision that is killed is finished by the next engine`(step: String) async throws {
        let place = try TemporaryDirectory()
        let path = place.path
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String, step] in
            let provider = Self.provider(in: path, killedAt: .init(rawValue: step))
            _ = try await provider.provision(Self.tenant("one"), .test)
        }
        let provider = Self.provider(in: path, killedAt: nil)
        try await provider.reconcileOrphans()
        #expect(try await provider.provision(Self.tenant("one"), .test).status == .success)
        // The supervisor has no HOME of its own; the two are the sleeper and the one that left its session.
        #expect(Self.processes(in: path) == 2)
        _ = try await provider.destroy(.acme, .test)
        #expect(Self.processes(in: path) == 0)
    }

    @Test(arguments: [
        "process.stopping", "process.stopped", "process.spawned", "process.recorded", "process.handed_over",
    ])
    func `an update that is killed is finished by the next engine`(step: String) async throws {
        let place = try TemporaryDirectory()
        let path = place.path
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String, step] in
            _ = try await Self.provider(in: path, killedAt: nil).provision(Self.tenant("one"), .test)
            let provider = Self.provider(in: path, killedAt: .init(rawValue: step))
            _ = try await provider.update(Self.tenant("two"), .test)
        }
        let provider = Self.provider(in: path, killedAt: nil)
        try await provider.reconcileOrphans()
        _ = try await provider.update(Self.tenant("two"), .test)
        #expect(Self.processes(in: path) == 2)
        #expect(try await provider.status(of: .acme)?.configHash == (try Self.tenant("two").configHash))
        _ = try await provider.destroy(.acme, .test)
        #expect(Self.processes(in: path) == 0)
    }

    @Test(arguments: ["process.stopping", "process.stopped", "process.removed"])
    func `a removal that is killed is finished by the next engine`(step: String) async throws {
        let place = try TemporaryDirectory()
        let path = place.path
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String, step] in
            _ = try await Self.provider(in: path, killedAt: nil).provision(Self.tenant("one"), .test)
            let provider = Self.provider(in: path, killedAt: .init(rawValue: step))
            _ = try await provider.destroy(.acme, .test)
        }
        let provider = Self.provider(in: path, killedAt: nil)
        try await provider.reconcileOrphans()
        _ = try await provider.destroy(.acme, .test)
        #expect(Self.processes(in: path) == 0)
        #expect(try await provider.status(of: .acme) == nil)
    }
}
