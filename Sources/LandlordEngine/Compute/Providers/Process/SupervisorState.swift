import Foundation
import StatesLanguage

/// What a supervisor says about its container, as it writes it to the file `state` of the container's directory.
struct SupervisorState: Sendable, Hashable {
    /// Where the container stands; `state.h` of the supervisor draws the steps.
    enum Phase: String, Sendable, Hashable, CaseIterable {
        /// Nothing was started: the engine has not yet said so.
        case waiting
        /// The process runs.
        case running
        /// It ended, and is started again after a pause.
        case backingOff = "backing_off"
        /// It was asked to end.
        case stopping
        /// It ended as it should.
        case stopped
        /// It ended badly for good, or could not be started.
        case failed

        /// The supervisor does nothing more for its container.
        var isFinal: Bool {
            switch self {
            case .stopped, .failed: true
            case .waiting, .running, .backingOff, .stopping: false
            }
        }
    }

    /// How a process ended.
    enum Exit: Sendable, Hashable, CustomStringConvertible {
        /// By itself, with this code.
        case code(Int)
        /// By this signal.
        case signal(Int)

        /// For a person.
        var description: String {
            switch self {
            case .code(let code): "exit code \(code)"
            case .signal(let signal): "signal \(signal)\(Self.hint(signal))"
            }
        }

        private static func hint(_ signal: Int) -> String {
            switch signal {
            case 6: " (aborted)"
            case 9: " (killed; the memory limit does that too)"
            case 11: " (segmentation fault)"
            case 15: " (terminated)"
            default: ""
            }
        }
    }

    /// Why a process could not be started.
    struct SpawnFailure: Sendable, Hashable {
        /// The system's error number.
        let errorNumber: Int
        /// Which step failed: `exec`, `directory`, `fork` and so on.
        let step: String
        /// The system's words for it.
        let message: String
    }

    /// Whether a limit that the spec asks for is in force.
    enum Enforcement: String, Sendable, Hashable, CaseIterable {
        /// None was asked for.
        case notAsked = "none"
        /// It is.
        case enforced
        /// This machine does not let us.
        case notEnforced = "not_enforced"
    }

    /// Who writes this.
    let supervisor: ProcessIdentity
    /// Where the container stands.
    let phase: Phase
    /// The process that runs; nil when none does.
    let child: ProcessIdentity?
    /// The first process of the latest session, also after its end: what it left behind is found by it.
    let session: ProcessIdentity?
    /// How often the process was started again.
    let restartCount: Int
    /// How it ended last.
    let lastExit: Exit?
    /// When it ended last.
    let lastExitAt: Timestamp?
    /// When it was started last.
    let startedAt: Timestamp?
    /// Why the last start failed; nil when it did not.
    let spawnFailure: SpawnFailure?
    /// The memory limit.
    let memoryLimit: Enforcement
    /// The limit of computing time.
    let cpuLimit: Enforcement
    /// The control groups that hold the processes.
    let cgroups: [String]
    /// Output that did not fit on the disk.
    let logBytesDropped: Int

    /// Reads what a supervisor wrote; nil for anything incomplete.
    init?(text: String) {
        var fields: [Substring: Substring] = [:]
        for line in text.split(separator: "\n") {
            guard let equals = line.firstIndex(of: "=") else { return nil }
            fields[line[..<equals]] = line[line.index(after: equals)...]
        }
        guard fields["version"] == "1", fields["end"] == "1", let bootID = fields["boot_id"].map(String.init),
            let phase = fields["phase"].flatMap({ Phase(rawValue: String($0)) })
        else { return nil }
        func identity(_ prefix: String, number: String = "_pid") -> ProcessIdentity? {
            guard let pid = fields[Substring(prefix + number)].flatMap({ Int32($0) }), pid > 0,
                let start = fields[Substring(prefix + "_start")].flatMap({ UInt64($0) })
            else { return nil }
            return ProcessIdentity(pid: pid, startTime: start, bootID: bootID)
        }
        func number(_ name: Substring) -> Int? { fields[name].flatMap { Int($0) } }
        func time(_ name: Substring) -> Timestamp? {
            guard let milliseconds = number(name), milliseconds > 0 else { return nil }
            return Timestamp(millisecondsSinceEpoch: Int64(milliseconds))
        }
        func enforcement(_ name: Substring) -> Enforcement {
            fields[name].flatMap { Enforcement(rawValue: String($0)) } ?? .notAsked
        }
        guard let supervisor = identity("supervisor") else { return nil }
        self.supervisor = supervisor
        self.phase = phase
        child = identity("child")
        session = identity("session", number: "_id")
        restartCount = number("restarts") ?? 0
        lastExit = number("exit_signal").map(Exit.signal) ?? number("exit_code").map(Exit.code)
        lastExitAt = time("exited_at_ms")
        startedAt = time("started_at_ms")
        spawnFailure = number("spawn_errno").map {
            SpawnFailure(
                errorNumber: $0, step: fields["spawn_step"].map(String.init) ?? "start",
                message: fields["spawn_error"].map(String.init) ?? "error \($0)")
        }
        memoryLimit = enforcement("memory_limit")
        cpuLimit = enforcement("cpu_limit")
        cgroups = ["cgroup", "cgroup_memory", "cgroup_cpu"].compactMap { fields[$0].map(String.init) }
        logBytesDropped = number("log_bytes_dropped") ?? 0
    }

    /// Reads the state of the container that lives in a directory; nil when there is none that can be read.
    init?(directory: String) {
        // A missing file is what a container has that was never started; there is nothing else to learn from the error.
        guard let data = try? Data(contentsOf: URL(fileURLWithPath: directory + "/state")) else { return nil }
        self.init(text: String(decoding: data, as: UTF8.self))
    }
}
