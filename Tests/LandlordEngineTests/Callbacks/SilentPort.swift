import Glibc

/// A port of the loopback address that is taken, but that nobody listens on: connections are refused.
final class SilentPort {
    let port: Int
    private let socket: Int32

    init() throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        let socket = socket
        port = try withUnsafeMutablePointer(to: &address) { pointer in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                var length = socklen_t(MemoryLayout<sockaddr_in>.size)
                guard bind(socket, generic, length) == 0, getsockname(socket, generic, &length) == 0 else {
                    throw Trouble(number: errno)
                }
            }
            return Int(in_port_t(bigEndian: pointer.pointee.sin_port))
        }
    }

    deinit { close(socket) }

    private struct Trouble: Error { let number: Int32 }
}
