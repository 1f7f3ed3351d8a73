import Foundation
import Glibc
import LandlordTestSupport
import Testing

@testable import LandlordEngine

@Suite(.timeLimit(.minutes(1)))
struct SupervisorTests {
    @Test func `a supervisor that never hears go leaves nothing`() async throws {
        let place = try TemporaryDirectory()
        let container = try await SupervisedContainer(in: place)
        #expect(container.directory.state?.phase == .waiting)
        await container.link.abandon()
        #expect(!container.link.identity.isAlive)
        let state = try #require(container.directory.state)
        #expect(state.phase == .stopped)
        #expect(state.session == nil)
        #expect(container.directory.log.last(10).texts.isEmpty)
    }

    @Test func `options without go start nothing`() async throws {
        let place = try TemporaryDirectory()
        let container = try await SupervisedContainer(in: place)
        let marker = place.file("marker")
        var cut = SupervisorSocket.Handover()
        cut.add("arg", "touch")
        cut.add("arg", marker)
        cut.add("env", "PATH=/usr/bin:/bin")
        cut.add("directory", container.directory.work)
        let delivered = await container.link.socket.handOver(cut, without: 1)
        #expect(delivered)
        await container.link.abandon()
        #expect(!FileManager.default.fileExists(atPath: marker))
    }

    @Test func `a container has one supervisor at a time`() async throws {
        let place = try TemporaryDirectory()
        let container = try await SupervisedContainer(in: place)
        await #expect(throws: SupervisorSocket.Failure.alreadySupervised) {
            _ = try await SupervisorLink.start(BuiltSupervisor.path, in: place.path, on: ContinuousClock())
        }
        await container.link.abandon()
        let next = try await SupervisedContainer(in: place)
        await next.link.abandon()
    }

    @Test func `the process sees the given environment and nothing else`() async throws {
        let place = try TemporaryDirectory()
        let container = try await SupervisedContainer(in: place)
        await container.run(["env"], ["restart": "never"])
        let state = try await container.state { $0.phase.isFinal }
        #expect(state.phase == .stopped)
        #expect(state.lastExit == .code(0))
        let lines = container.directory.log.last(100).texts.sorted()
        #expect(lines == ["HOME=\(container.directory.work)", "PATH=/usr/bin:/bin"])
        try await ended(container.link.identity)
    }

    @Test(arguments: [
        (["true"], "on-failure", SupervisorState.Phase.stopped, 0),
        (["false"], "on-failure", .failed, 3), (["true"], "always", .failed, 3), (["false"], "never", .failed, 0),
    ])
    func `a process is restarted as its policy says`(
        command: [String], restart: String, phase: SupervisorState.Phase, restarts: Int
    ) async throws {
        let place = try TemporaryDirectory()
        let container = try await SupervisedContainer(in: place)
        await container.run(command, ["restart": restart, "restart_limit": "3"])
        let state = try await container.state { $0.phase.isFinal }
        #expect(state.phase == phase)
        #expect(state.restartCount == restarts)
        try await ended(container.link.identity)
    }

    @Test(arguments: [
        ("no-such-program", "No such file or directory"), ("/etc/passwd", "Permission denied"),
        ("/", "Permission denied"),
    ])
    func `a program that cannot be started is reported and not tried again`(
        program: String, message: String
    ) async throws {
        let place = try TemporaryDirectory()
        let container = try await SupervisedContainer(in: place)
        await container.run([program])
        let state = try await container.state { $0.phase.isFinal }
        #expect(state.phase == .failed)
        #expect(state.spawnFailure?.step == "exec")
        #expect(state.spawnFailure?.message == message)
        #expect(state.restartCount == 0)
    }

    @Test func `stopping ends every descendant, also one that left the session`() async throws {
        let place = try TemporaryDirectory()
        let container = try await SupervisedContainer(in: place)
        let script = """
            (trap '' TERM; echo $BASHPID; exec sleep 600) &
            setsid sh -c 'echo $$; exec sleep 600' &
            sh -c 'echo $$; exec sleep 600' &
            wait
            """
        await container.run(["bash", "-c", script], ["grace_ms": "200"])
        let running = try await container.state { $0.phase == .running }
        let numbers = try await container.lines(3).compactMap { Int32($0) }
        #expect(numbers.count == 3)
        let descendants = numbers.compactMap(ProcessIdentity.holder)
        #expect(descendants.count == 3)
        container.link.identity.send(SIGTERM)
        try await ended(container.link.identity)
        #expect(descendants.allSatisfy { !$0.isAlive })
        #expect(running.child?.isAlive == false)
        #expect(container.directory.state?.phase == .stopped)
    }

    @Test func `a process that ends in time is not killed`() async throws {
        let place = try TemporaryDirectory()
        let container = try await SupervisedContainer(in: place)
        let script = "trap 'echo goodbye; exit 7' TERM; echo ready; while :; do sleep 0.05; done"
        await container.run(["bash", "-c", script])
        _ = try await container.lines(1)
        container.link.identity.send(SIGTERM)
        try await ended(container.link.identity)
        #expect(container.directory.state?.lastExit == .code(7))
        #expect(container.directory.log.last(1).texts == ["goodbye"])
    }

    @Test func `killing the supervisor kills the process`() async throws {
        let place = try TemporaryDirectory()
        let container = try await SupervisedContainer(in: place)
        await container.run(["sleep", "600"])
        let state = try await container.state { $0.phase == .running }
        container.link.identity.send(SIGKILL)
        try await ended(container.link.identity)
        try await ended(state.child)
        let remover = ContainerRunner(
            options: try ProcessWorld().options, clock: ContinuousClock(), name: "job", directory: container.directory)
        await remover.stop(recorded: nil, graceSeconds: 0)
        #expect(state.cgroups.allSatisfy { !FileManager.default.fileExists(atPath: $0) })
    }

    @Test func `a supervisor that backs off stops at once`() async throws {
        let place = try TemporaryDirectory()
        let container = try await SupervisedContainer(in: place)
        await container.run(["false"], ["backoff_initial_ms": "600000", "backoff_max_ms": "600000"])
        try await container.state { $0.phase == .backingOff }
        container.link.identity.send(SIGTERM)
        try await ended(container.link.identity)
        #expect(container.directory.state?.phase == .stopped)
    }

    @Test func `logs are rotated at the ends of lines, and a position survives that`() async throws {
        let place = try TemporaryDirectory()
        let container = try await SupervisedContainer(in: place)
        let script = "i=0; while [ $i -lt 2000 ]; do echo line $i; i=$((i+1)); done"
        await container.run(
            ["sh", "-c", script], ["restart": "never", "log_bytes": "4096", "log_files": "2"])
        try await container.state { $0.phase.isFinal }
        let names = try FileManager.default.contentsOfDirectory(atPath: place.path)
            .filter { $0.hasPrefix("log.") }
        #expect(names.count == 3)
        let log = container.directory.log
        #expect(log.last(2).texts == ["line 1998", "line 1999"])
        let first = log.lines(after: 0, limit: 1)
        #expect(first.texts.first?.hasPrefix("line ") == true)
        let second = log.lines(after: first.offset, limit: 1)
        let numbers = (first.texts + second.texts).compactMap { Int($0.dropFirst(5)) }
        #expect(numbers.count == 2 && numbers[1] == numbers[0] + 1)
        #expect(log.lines(after: log.last(1).offset, limit: 10).texts.isEmpty)
    }
}
