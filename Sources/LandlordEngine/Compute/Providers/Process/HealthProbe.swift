import CProcess
import Glibc
import LandlordDomain

/// One question to a container: whether it is well.
enum HealthProbe: Sendable, Hashable {
    /// A GET that must be answered with 200 to 399.
    case http(port: Int, path: String, timeout: Duration)
    /// A connection that must be accepted.
    case tcp(port: Int, timeout: Duration)
    /// A command that must exit with 0.
    case exec(arguments: [String], environment: [String: String], directory: String, timeout: Duration)

    /// What a container answered.
    enum Answer: Sendable, Hashable {
        /// It is well.
        case healthy
        /// It is not, and why.
        case unhealthy(String)

        /// It is well.
        var isHealthy: Bool { self == .healthy }
    }

    /// Asks once.
    ///
    /// - Parameters:
    ///   - supervisor: The program that runs the command of an exec probe, so that the command never outlives the
    ///     question.
    ///   - clock: What the timeout is measured on.
    /// - Returns: What it answered, or that it did not.
    /// - Throws: where the asking task was cancelled.
    func ask(supervisor: String, on clock: any Clock<Duration>) async throws(CancellationError) -> Answer {
        switch self {
        case .tcp(let port, let timeout):
            let connection = try await Connection.open(port: port, within: timeout, on: clock)
            switch connection {
            case .success(let connection):
                connection.end()
                return .healthy
            case .failure(let reason): return .unhealthy(reason.text)
            }
        case .http(let port, let path, let timeout):
            return try await Self.get(path, port: port, within: timeout, on: clock)
        case .exec(let arguments, let environment, let directory, let timeout):
            var handover = SupervisorSocket.Handover()
            for argument in arguments { handover.add("arg", argument) }
            for (name, value) in environment { handover.add("env", "\(name)=\(value)") }
            handover.add("directory", directory)
            return try await Self.run(handover, supervisor: supervisor, within: timeout, on: clock)
        }
    }

    // MARK: - http

    private struct Reason: Error, Hashable {
        let text: String
    }

    /// A connection to a port on loopback.
    ///
    /// The engine's HTTP client is not used here: it would follow redirects to other hosts and keep connections, and of
    /// the answer only the first line matters.
    private struct Connection: Sendable {
        let socket: Int32

        static func open(
            port: Int, within timeout: Duration, on clock: any Clock<Duration>
        ) async throws(CancellationError) -> Result<Connection, Reason> {
            guard let number = UInt16(exactly: port) else { return .failure(Reason(text: "no such port")) }
            let socket = cp_begin_loopback_connection(number)
            guard socket >= 0 else { return .failure(Reason(text: String(cString: strerror(-socket)))) }
            do throws(CancellationError) {
                guard try await DescriptorEvent.wait(for: .writable, of: socket, within: timeout, on: clock) else {
                    close(socket)
                    return .failure(Reason(text: "no connection within \(timeout)"))
                }
            } catch {
                close(socket)
                throw error
            }
            let result = cp_connection_result(socket)
            if result == 0 { return .success(Connection(socket: socket)) }
            close(socket)
            return .failure(Reason(text: String(cString: strerror(result))))
        }

        func end() { close(socket) }
    }

    private static func get(
        _ path: String, port: Int, within timeout: Duration, on clock: any Clock<Duration>
    ) async throws(CancellationError) -> Answer {
        let connection: Connection
        switch try await Connection.open(port: port, within: timeout, on: clock) {
        case .success(let open): connection = open
        case .failure(let reason): return .unhealthy(reason.text)
        }
        defer { connection.end() }
        let request = Array(
            "GET \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nUser-Agent: landlord\r\nConnection: close\r\n\r\n".utf8)
        // A request of this size fits into any socket's buffer: nothing is waited for.
        guard cp_send(connection.socket, request, request.count, 0) == 0 else { return .unhealthy("connection lost") }
        var answer: [UInt8] = []
        while !answer.contains(UInt8(ascii: "\n")), answer.count < 1_024 {
            guard
                try await DescriptorEvent.wait(
                    for: .readable, of: connection.socket, within: timeout, on: clock)
            else { return .unhealthy("no answer within \(timeout)") }
            var buffer = [UInt8](repeating: 0, count: 1_024)
            let count = cp_receive(connection.socket, &buffer, buffer.count)
            if count == -Int(EAGAIN) { continue }
            guard count > 0 else { return .unhealthy("connection closed without an answer") }
            answer += buffer.prefix(count)
        }
        return judge(answer)
    }

    /// What the first line of an answer means.
    static func judge(_ answer: [UInt8]) -> Answer {
        let line = String(
            decoding: answer.prefix { $0 != UInt8(ascii: "\r") && $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        let words = line.split(separator: " ", maxSplits: 2)
        guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]) else {
            return .unhealthy("the answer is not HTTP")
        }
        return (200..<400).contains(status) ? .healthy : .unhealthy("HTTP status \(status)")
    }

    // MARK: - exec

    private static func run(
        _ handover: SupervisorSocket.Handover, supervisor: String, within timeout: Duration,
        on clock: any Clock<Duration>
    ) async throws(CancellationError) -> Answer {
        let socket: SupervisorSocket
        do throws(SupervisorSocket.Failure) { socket = try SupervisorSocket(starting: supervisor, "--probe") } catch {
            return .unhealthy("the check could not be started")
        }
        // Whatever the outcome: at the end of the socket the command ends, with all that it started.
        defer { socket.end() }
        guard await socket.handOver(handover) else { return .unhealthy("the check could not be started") }
        do throws(SupervisorSocket.Failure) {
            return verdict(try await socket.reply(within: timeout, on: clock))
        } catch {
            if error == .cancelled { throw CancellationError() }
            return .unhealthy("no result within \(timeout)")
        }
    }

    /// What a probing supervisor's reply means; `probe.h` says how it is made.
    static func verdict(_ reply: [UInt8]) -> Answer {
        guard reply.count >= 2 else { return .unhealthy("the check was ended from outside") }
        switch (reply[0], reply[1]) {
        case (UInt8(ascii: "X"), 0): return .healthy
        case (UInt8(ascii: "X"), let code): return .unhealthy("exit code \(code)")
        case (UInt8(ascii: "S"), let signal): return .unhealthy("signal \(signal)")
        case (_, let error): return .unhealthy(String(cString: strerror(Int32(error))))
        }
    }
}
