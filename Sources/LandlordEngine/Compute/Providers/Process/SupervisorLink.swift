import CProcess
import Glibc
import LandlordDomain

/// A socket to a supervisor program that was started and waits for what to run.
struct SupervisorSocket: Sendable {
    private let descriptor: Int32

    /// Why there is no supervisor.
    enum Failure: Error, Sendable, Hashable {
        /// The container has one already.
        case alreadySupervised
        /// It could not be started, or cannot use its directory.
        case unusable(String)
        /// The wait for it was given up.
        case cancelled
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

    /// Starts the program.
    ///
    /// - Parameters:
    ///   - program: The supervisor.
    ///   - argument: The directory of a container, or `--probe`.
    /// - Throws: why it could not be started.
    init(starting program: String, _ argument: String) throws(Failure) {
        var descriptor: Int32 = -1
        let result = cp_spawn_supervisor(program, argument, &descriptor)
        guard result == 0 else {
            throw .unusable("'\(program)' could not be started: \(String(cString: strerror(result)))")
        }
        self.descriptor = descriptor
    }

    /// Tells the supervisor what to run, and to start.
    ///
    /// - Parameters:
    ///   - handover: What to run.
    ///   - missing: How many bytes of the end are held back; a test cuts the word "go" off.
    /// - Returns: Whether the supervisor was still there.
    func handOver(_ handover: Handover, without missing: Int = 0) async -> Bool {
        let bytes = Array(handover.bytes.dropLast(missing))
        return await DescriptorEvent.blocking { cp_send(descriptor, bytes, bytes.count, 5_000) } == 0
    }

    /// What the supervisor writes, at most 16 bytes; nothing when it has left.
    func reply(within duration: Duration, on clock: any Clock<Duration>) async throws(Failure) -> [UInt8] {
        let isReady: Bool
        do throws(CancellationError) {
            isReady = try await DescriptorEvent.wait(for: .readable, of: descriptor, within: duration, on: clock)
        } catch { throw .cancelled }
        guard isReady else { throw .unusable("the supervisor does not answer") }
        var buffer = [UInt8](repeating: 0, count: 16)
        let count = cp_receive(descriptor, &buffer, buffer.count)
        return Array(buffer.prefix(max(0, count)))
    }

    /// Closes this end.
    ///
    /// Before the handover it makes the supervisor leave; afterwards only a probe is ended by it.
    func end() { close(descriptor) }
}

/// The engine's end of the socket to the supervisor of one container.
///
/// The order is the safety: start the supervisor, commit the record that names it, hand over. Whatever kills the engine
/// in between closes this end, and a supervisor that sees the end before the word "go" leaves without starting
/// anything.
struct SupervisorLink: Sendable {
    /// The supervisor.
    let identity: ProcessIdentity
    /// Where it listens.
    let socket: SupervisorSocket

    /// Starts a supervisor and waits until it is the only one of its container.
    static func start(
        _ program: String, in directory: String, on clock: any Clock<Duration>
    ) async throws(SupervisorSocket.Failure) -> SupervisorLink {
        let socket = try SupervisorSocket(starting: program, directory)
        do throws(SupervisorSocket.Failure) {
            let reply = try await socket.reply(within: .seconds(10), on: clock)
            switch reply.first {
            case UInt8(ascii: "R") where reply.count == 5:
                let number = reply.dropFirst().reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
                // It waits for our word, so the number is its own.
                guard let identity = ProcessIdentity.holder(of: Int32(bitPattern: number)) else {
                    throw .unusable("the supervisor left again")
                }
                return SupervisorLink(identity: identity, socket: socket)
            case UInt8(ascii: "A"): throw .alreadySupervised
            default: throw .unusable("the supervisor cannot use its directory")
            }
        } catch {
            socket.end()
            throw error
        }
    }

    /// Tells the supervisor what to run, and to start.
    ///
    /// - Returns: Whether it was still there.
    func handOver(_ handover: SupervisorSocket.Handover) async -> Bool { await socket.handOver(handover) }

    /// Closes this end after the handover; the supervisor goes on.
    func release() { socket.end() }

    /// Closes this end before the handover, and waits until the supervisor has left, which it does at once.
    func abandon() async {
        socket.end()
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
