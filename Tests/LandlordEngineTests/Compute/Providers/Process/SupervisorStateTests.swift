import StatesLanguage
import Testing

@testable import LandlordEngine

struct SupervisorStateTests {
    static let running = """
        version=1
        supervisor_pid=100
        supervisor_start=5000
        boot_id=abc
        phase=running
        child_pid=101
        child_start=5001
        session_id=101
        session_start=5001
        restarts=2
        started_at_ms=1700000000000
        memory_limit=enforced
        cpu_limit=not_enforced
        log_bytes_dropped=7
        cgroup=/sys/fs/cgroup/landlord-1
        exit_code=3
        exited_at_ms=1699999999000
        end=1

        """

    @Test func `everything that a supervisor writes is read`() throws {
        let state = try #require(SupervisorState(text: Self.running))
        #expect(state.supervisor == ProcessIdentity(pid: 100, startTime: 5_000, bootID: "abc"))
        #expect(state.child == ProcessIdentity(pid: 101, startTime: 5_001, bootID: "abc"))
        #expect(state.session == state.child)
        #expect(state.phase == .running)
        #expect(state.restartCount == 2)
        #expect(state.lastExit == .code(3))
        #expect(state.lastExitAt == Timestamp(millisecondsSinceEpoch: 1_699_999_999_000))
        #expect(state.startedAt == Timestamp(millisecondsSinceEpoch: 1_700_000_000_000))
        #expect(state.memoryLimit == .enforced)
        #expect(state.cpuLimit == .notEnforced)
        #expect(state.cgroups == ["/sys/fs/cgroup/landlord-1"])
        #expect(state.logBytesDropped == 7)
        #expect(state.spawnFailure == nil)
    }

    @Test(arguments: [
        "", "version=1", "version=2\nend=1\n", "nonsense",
        running.replacing("end=1\n", with: ""), running.replacing("phase=running", with: "phase=dancing"),
        running.replacing("supervisor_pid=100", with: "supervisor_pid=x"),
    ])
    func `what is incomplete is not read`(text: String) {
        #expect(SupervisorState(text: text) == nil)
    }

    @Test func `signals and failures to start are told apart`() throws {
        let text = Self.running.replacing("exit_code=3", with: "exit_signal=9")
            .replacing("child_pid=101", with: "child_pid=0")
            .replacing("end=1", with: "spawn_errno=2\nspawn_step=exec\nspawn_error=No such file\nend=1")
        let state = try #require(SupervisorState(text: text))
        #expect(state.lastExit == .signal(9))
        #expect(state.child == nil)
        #expect(state.session?.pid == 101)
        #expect(
            state.spawnFailure
                == SupervisorState.SpawnFailure(errorNumber: 2, step: "exec", message: "No such file"))
    }
}
