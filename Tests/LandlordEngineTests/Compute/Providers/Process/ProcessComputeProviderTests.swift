import Foundation
import Glibc
import LandlordDomain
import LandlordTestSupport
import StatesLanguage
import Testing

@testable import LandlordEngine

@Suite(.timeLimit(.minutes(2)))
struct ProcessComputeProviderTests {
    @Test func `the provider keeps the contract of compute providers`() async throws {
        let world = try ProcessWorld()
        let contract = ComputeProviderContract(world.provider()) { version in
            try ComputeSpec(json: [
                "containers": [
                    [
                        "name": "web", "command": ["python3", "-m", "http.server", "$PORT", "--bind", "127.0.0.1"],
                        "env": ["VERSION": .string("\(version)")],
                        "ports": [["name": "http", "container_port": 8080]],
                    ]
                ]
            ])
        } slowSpec: {
            try ComputeSpec(json: [
                "containers": [
                    [
                        "name": "slow", "command": ["sleep", "600"],
                        "health_check": ["type": "exec", "command": ["false"]],
                    ]
                ]
            ])
        }
        let breaches = try await contract.check()
        #expect(breaches == [])
        #expect(ProcessDirectories.folders(in: world.options.stateDirectory) == [])
    }

    @Test func `a web tenant is ready when it answers, and gone when it is destroyed`() async throws {
        let world = try ProcessWorld()
        try await world.run { provider in
            let result = try await provider.provision(.web(), .test)
            #expect(result.status == .success)
            let endpoint = try #require(result.result.endpoints.first)
            #expect(endpoint.name == "http")
            #expect(endpoint.kind == .http)
            let probe = HealthProbe.http(port: endpoint.port, path: "/", timeout: .seconds(5))
            #expect(try await probe.ask(supervisor: BuiltSupervisor.path, on: ContinuousClock()).isHealthy)

            let status = try #require(try await provider.status(of: .acme))
            #expect(status.state == .running)
            #expect(status.health == .healthy)
            #expect(status.containers.map(\.isReady) == [true])
            #expect(status.configHash == (try TenantCompute.web().configHash))

            let supervisor = try #require(world.directory("web").state?.supervisor)
            _ = try await provider.destroy(.acme, .test)
            #expect(!supervisor.isAlive)
            #expect(try await provider.status(of: .acme) == nil)
            #expect(!FileManager.default.fileExists(atPath: world.directory("web").path))
            #expect(
                try await !probe.ask(supervisor: BuiltSupervisor.path, on: ContinuousClock()).isHealthy)
            #expect(try await provider.destroy(.acme, .test).status == .success)
        }
    }

    @Test func `provisioning again, also by another engine, adopts what runs`() async throws {
        let world = try ProcessWorld()
        try await world.run { provider in
            let first = try await provider.provision(.web(), .test)
            let process = world.directory("web").state?.child
            async let second = provider.provision(.web(), .test)
            async let third = world.provider().provision(.web(), .test)
            #expect(try await second.result.endpoints == first.result.endpoints)
            #expect(try await third.result.endpoints == first.result.endpoints)
            #expect(world.directory("web").state?.child == process)
            #expect(try await world.provider().update(.web(), .test).status == .noChanges)
            #expect(world.directory("web").state?.child == process)
        }
    }

    @Test func `an update replaces only what changed and keeps the port`() async throws {
        let world = try ProcessWorld()
        try await world.run { provider in
            let first = try await provider.provision(.pair(greeting: "hello"), .test)
            let job = world.directory("job").state?.child
            let web = world.directory("web").state?.child
            let second = try await provider.update(.pair(greeting: "bonjour"), .test)
            #expect(second.status == .success)
            #expect(second.result.changes == ["container web changed"])
            #expect(second.result.endpoints == first.result.endpoints)
            #expect(world.directory("job").state?.child == job)
            #expect(world.directory("web").state?.child != web)
            #expect(web?.isAlive == false)
            let third = try await provider.update(.web(greeting: "bonjour"), .test)
            #expect(third.result.changes.contains("container job removed"))
            #expect(job?.isAlive == false)
            #expect(!FileManager.default.fileExists(atPath: world.directory("job").path))
        }
    }

    @Test func `a failed update leaves the former containers running`() async throws {
        let world = try ProcessWorld()
        try await world.run { provider in
            _ = try await provider.provision(.script("echo first; exec sleep 600"), .test)
            let error = await #expect(throws: ComputeError.self) {
                try await provider.update(.script("echo broken >&2; exit 4"), .test)
            }
            #expect(error?.message.contains("exit code 4") == true)
            #expect(error?.message.contains("The former containers run.") == true)
            #expect(error?.providerError?.contains("broken") == true)
            let status = try await provider.status(of: .acme)
            #expect(status?.state == .running)
            #expect(status?.configHash == (try TenantCompute.script("echo first; exec sleep 600").configHash))
            let lines = try await provider.logs(of: .acme, after: nil, limit: 10).lines.map(\.text)
            #expect((lines.first, lines.last) == ("first", "first"))
            // The supervisor starts a process again that ends; how often before it is judged is the machine's affair.
            #expect(Set(lines.dropFirst().dropLast()) == ["broken"])
        }
    }

    @Test(arguments: [
        ("no-such-program", ComputeError.Code.invalidConfiguration, "No such file or directory"),
        ("false", .unknown, "exit code 1"),
    ])
    func `a container that cannot start fails at once with the reason`(
        program: String, code: ComputeError.Code, reason: String
    ) async throws {
        let world = try ProcessWorld()
        try await world.run { provider in
            let tenant = try TenantCompute.acme(["containers": [["name": "job", "command": [.string(program)]]]])
            let error = await #expect(throws: ComputeError.self) { try await provider.provision(tenant, .test) }
            #expect(error?.code == code)
            #expect(error?.message.contains(reason) == true)
            let status = try #require(try await provider.status(of: .acme))
            #expect(status.state == .stopped)
            #expect(world.directory("job").state?.supervisor.isAlive == false)
            #expect(try await provider.provision(.script("exec sleep 600"), .test).status == .success)
        }
    }

    @Test func `what a failing process wrote is shown without what a terminal would obey`() async throws {
        let world = try ProcessWorld()
        try await world.run { provider in
            let error = await #expect(throws: ComputeError.self) {
                try await provider.provision(.script(#"printf '\033[2Jboom\n'; exit 2"#), .test)
            }
            #expect(error?.providerError?.contains(#"\u{1b}[2Jboom"#) == true)
        }
    }

    @Test func `a cancelled provision leaves nothing that runs`() async throws {
        let world = try ProcessWorld()
        try await world.run { provider in
            let news = try world.watchTenant()
            let tenant = try TenantCompute.acme([
                "containers": [
                    [
                        "name": "job", "command": ["sleep", "600"],
                        "health_check": ["type": "exec", "command": ["false"]],
                    ]
                ]
            ])
            let work = Task { try await provider.provision(tenant, .test) }
            for await _ in news where world.directory("job").state?.phase == .running { break }
            let supervisor = world.directory("job").state?.supervisor
            work.cancel()
            let error = await #expect(throws: ComputeError.self) { try await work.value }
            #expect(error?.code == .cancelled)
            #expect(supervisor?.isAlive == false)
            #expect(try await provider.status(of: .acme) == nil)
            #expect(!FileManager.default.fileExists(atPath: world.directory("job").path))
        }
    }

    @Test func `nothing starts where the record cannot be written`() async throws {
        let world = try ProcessWorld()
        try await world.run { provider in
            world.records.fail(with: .full)
            let error = await #expect(throws: ComputeError.self) {
                try await provider.provision(.script("exec sleep 600"), .test)
            }
            #expect(error?.code == .resourceExhausted)
            let state = try #require(world.directory("job").state)
            #expect(!state.supervisor.isAlive)
            #expect(state.session == nil)
            world.records.fail(with: nil)
        }
    }

    @Test func `a container whose supervisor was killed is failed, and is started again without its remains`()
        async throws
    {
        let world = try ProcessWorld()
        try await world.run { provider in
            let tenant = try TenantCompute.script("setsid sleep 600 & echo $!; exec sleep 600")
            _ = try await provider.provision(tenant, .test)
            let line = try await provider.logs(of: .acme, after: nil, limit: 1).lines.first?.text
            let escapee = try #require(line.flatMap { Int32($0) }.flatMap(ProcessIdentity.holder))
            let state = try #require(world.directory("job").state)
            state.supervisor.send(SIGKILL)
            try await ended(state.supervisor)
            #expect(try await provider.status(of: .acme)?.state == .failed)
            #expect(try await provider.provision(tenant, .test).status == .success)
            #expect(!escapee.isAlive)
            #expect(state.child?.isAlive == false)
            #expect(world.directory("job").state?.phase == .running)
        }
    }

    @Test func `what no record names is removed when an engine starts`() async throws {
        let world = try ProcessWorld()
        try await world.run { provider in
            _ = try await provider.provision(.script("exec sleep 600"), .test)
            let state = try #require(world.directory("job").state)
            #expect(try await world.provider().reconcileOrphans() == 0)
            #expect(state.supervisor.isAlive)
            try await world.records.delete(.acme)
            #expect(try await world.provider().reconcileOrphans() == 1)
            #expect(!state.supervisor.isAlive)
            #expect(state.child?.isAlive == false)
            #expect(!FileManager.default.fileExists(atPath: world.directory("job").path))
        }
    }

    @Test func `a supervisor that another engine left waiting is replaced`() async throws {
        let world = try ProcessWorld()
        try await world.run { provider in
            let directory = world.directory("job")
            try directory.prepare()
            let left = try await SupervisorLink.start(BuiltSupervisor.path, in: directory.path, on: ContinuousClock())
            #expect(try await provider.provision(.script("exec sleep 600"), .test).status == .success)
            #expect(!left.identity.isAlive)
            left.release()
        }
    }

    @Test func `secrets reach the process and nothing else`() async throws {
        let world = try ProcessWorld()
        try await world.run { provider in
            let tenant = try TenantCompute.acme([
                "containers": [
                    ["name": "job", "command": ["sh", "-c", "test \"$KEY\" = hunter$((1+1)) && exec sleep 600"]]
                ],
                "secrets": [["name": "KEY", "source": "env:ACME_KEY"]],
            ])
            _ = try await provider.provision(tenant, .test)
            #expect(!world.records.text.contains("hunter2"))
            let files = try #require(FileManager.default.enumerator(atPath: world.options.stateDirectory))
            for case let file as String in files {
                let data = FileManager.default.contents(atPath: world.options.stateDirectory + "/" + file) ?? Data()
                #expect(!String(decoding: data, as: UTF8.self).contains("hunter2"))
            }
        }
    }

    @Test func `a container with a failing health check is not ready`() async throws {
        var world = try ProcessWorld()
        world.options.readyTimeout = .milliseconds(300)
        try await world.run { provider in
            let tenant = try TenantCompute.acme([
                "containers": [
                    [
                        "name": "job", "command": ["sleep", "600"],
                        "health_check": ["type": "exec", "command": ["false"]],
                    ]
                ]
            ])
            let error = await #expect(throws: ComputeError.self) { try await provider.provision(tenant, .test) }
            #expect(error?.code == .providerTimeout)
            #expect(error?.isRetriable == true)
        }
    }
}

extension TenantCompute {
    /// A web server and a job beside it.
    fileprivate static func pair(greeting: String) throws -> TenantCompute {
        try .acme([
            "containers": [
                [
                    "name": "web", "command": ["python3", "-m", "http.server", "$PORT", "--bind", "127.0.0.1"],
                    "env": ["GREETING": .string(greeting)],
                    "ports": [["name": "http", "container_port": 8080]],
                    "health_check": ["type": "http", "path": "/", "port": "http"],
                ],
                ["name": "job", "command": ["sleep", "600"]],
            ]
        ])
    }
}

extension ProcessWorld {
    /// Reports changes in the directory of the container `job`, from before it exists.
    fileprivate func watchTenant() throws -> AsyncStream<Void> {
        try directory("job").prepare()
        return try #require(DescriptorEvent.news(ofDirectory: directory("job").path))
    }
}
