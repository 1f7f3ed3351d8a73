import CProcess
import Glibc
import LandlordDomain

/// The engine's end of the socket to a supervisor that was started and waits for what to run.
///
/// The order is the safety: start the supervisor, commit the record that names it, hand over. Whatever kills the engine
/// in between closes this end, and a supervisor that sees the end before the word "go" leaves without starting
/// anything.
struct SupervisorLink: Sendable {
    /// The supervisor.
    let identity: ProcessIdentity
    private let socket: Int32

    /// Why there is no supervisor.
    enum Failure: Error, Sendable, Hashable {
        /// The container has one already.
        case alreadySupervised
        /// It could not be started, or cannot use its directory.
        case unusable(String)
        /// The wait for it was given up.
        case cancelled
    }

    /// What the supervisor is asked to do.
    enum Argument: Sendable, Hashable {
        /// Keep the container of this directory running.
        case directory(String)
        /// Run one command for a health check.
        case probe
    }

    /// The bytes that a supervisor is given: its options, and the word to start.
    struct Handover: Sendable {
        private var options: [UInt8] = []

        /// Adds an option; the supervisor's `options.c` knows them.
        mutating func add(_ key: String, _ value: String) {
            options += Array("\(key)=\(value)".utf8) + [0]
        }

        fileprivate var bytes: [UInt8] {
            let count = UInt32(options.count)
            let length = (0..<4).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
            return Array("LLS1".utf8) + length + options + Array("G".utf8)
        }
    }

    /// Starts a supervisor and waits until it is the only one of its container.
    static func start(
        _ program: String, _ argument: Argument, on clock: any Clock<Duration>
    ) async throws(Failure) -> SupervisorLink {
        let word =
            switch argument {
            case .directory(let directory): directory
            case .probe: "--probe"
            }
        var started = cp_supervisor()
        let result = cp_spawn_supervisor(program, word, &started)
        guard result == 0 else {
            throw .unusable("'\(program)' could not be started: \(String(cString: strerror(result)))")
        }
        let identity = ProcessIdentity(
            pid: started.pid, startTime: started.start_time, bootID: ProcessIdentity.currentBootID)
        let link = SupervisorLink(identity: identity, socket: started.socket)
        if argument == .probe { return link }
        do throws(Failure) {
            switch try await link.reply(within: .seconds(10), on: clock).first {
            case UInt8(ascii: "R"): return link
            case UInt8(ascii: "A"): throw .alreadySupervised
            default: throw .unusable("the supervisor cannot use its directory")
            }
        } catch {
            await link.abandon()
            throw error
        }
    }

    /// Tells the supervisor what to run, and to start.
    ///
    /// Nothing but the process's own end is left to do afterwards.
    func handOver(_ handover: Handover) async -> Bool {
        let bytes = handover.bytes
        return await DescriptorEvent.blocking { cp_send(socket, bytes, bytes.count, 5_000) } == 0
    }

    /// What the supervisor writes, at most 16 bytes; nothing when it has left.
    func reply(within duration: Duration, on clock: any Clock<Duration>) async throws(Failure) -> [UInt8] {
        let isReady: Bool
        do throws(CancellationError) {
            isReady = try await DescriptorEvent.wait(for: .readable, of: socket, within: duration, on: clock)
        } catch { throw .cancelled }
        guard isReady else { throw .unusable("the supervisor does not answer") }
        var buffer = [UInt8](repeating: 0, count: 16)
        let count = cp_receive(socket, &buffer, buffer.count)
        return Array(buffer.prefix(max(0, count)))
    }

    /// Closes this end after the handover; the supervisor goes on.
    func release() { close(socket) }

    /// Closes this end before the handover, and buries the supervisor, which leaves at once.
    func abandon() async {
        close(socket)
        await Self.end(identity)
    }

    private static func end(_ identity: ProcessIdentity) async {
        let process = cp_open_process(identity.pid, identity.startTime)
        guard process >= 0 else { return }
        await DescriptorEvent.blocking {
            if cp_wait_exit(process, 2_000) != 0 {
                identity.send(SIGKILL)
                _ = cp_wait_exit(process, 1_000)
            }
            close(process)
        }
    }
}
