import Dispatch
import Glibc
package import LandlordDomain
package import StatesLanguage
import Synchronization

/// Finds the addresses behind a host's name.
package protocol AddressResolver: Sendable {
    /// The addresses, the preferred first; none where the name is not known.
    ///
    /// It ends when its task is cancelled, whatever the name service does.
    func addresses(of host: String) async -> [IPAddress]
}

/// Asks the system, as every other program does: `/etc/hosts` first, then the name service.
///
/// The system's call blocks a thread and cannot be stopped, so each name is asked for once at a time, whoever waits for
/// it, and only a few names at once. An answer is kept for half a minute: what is connected to is always the address
/// that was checked, so an answer that has changed meanwhile can only make a delivery fail.
package final class SystemAddressResolver: AddressResolver {
    private static let threadLimit = 16
    private static let cacheLimit = 4_096
    private static let lifetime = Duration.seconds(30)

    private typealias Waiter = CheckedContinuation<[IPAddress], Never>

    private struct State {
        var known: [String: (addresses: [IPAddress], until: Timestamp)] = [:]
        var waiters: [String: [Int: Waiter]] = [:]
        var queue: [String] = []
        var running = 0
        var nextNumber = 0
        var cancelled: Set<Int> = []
    }

    private enum Answer {
        case known([IPAddress])
        case ask
        case wait
    }

    private let state = Mutex(State())
    private let threads = DispatchQueue(label: "landlord.names", attributes: .concurrent)
    private let now: @Sendable () -> Timestamp

    /// A resolver that forgets by this clock.
    package init(now: @escaping @Sendable () -> Timestamp) {
        self.now = now
    }

    /// The addresses behind a name.
    package func addresses(of host: String) async -> [IPAddress] {
        let number = state.withLock { state in
            state.nextNumber += 1
            return state.nextNumber
        }
        // A cancellation that came when the answer was already on its way leaves its mark behind.
        defer { state.withLock { _ = $0.cancelled.remove(number) } }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                let moment = now()
                let answer = state.withLock { state -> Answer in
                    if state.cancelled.remove(number) != nil { return .known([]) }
                    if let known = state.known[host], known.until > moment { return .known(known.addresses) }
                    let isAsked = state.waiters[host] != nil
                    state.waiters[host, default: [:]][number] = waiter
                    if isAsked { return .wait }
                    guard state.running < Self.threadLimit else {
                        state.queue.append(host)
                        return .wait
                    }
                    state.running += 1
                    return .ask
                }
                switch answer {
                case .known(let addresses): waiter.resume(returning: addresses)
                case .ask: ask(host)
                case .wait: break
                }
            }
        } onCancel: {
            let waiter = state.withLock { state -> Waiter? in
                for host in state.waiters.keys {
                    if let waiter = state.waiters[host]?.removeValue(forKey: number) { return waiter }
                }
                state.cancelled.insert(number)
                return nil
            }
            waiter?.resume(returning: [])
        }
    }

    private func ask(_ host: String) {
        threads.async { [self] in
            let found = Self.lookUp(host)
            let moment = now()
            let (waiters, next) = state.withLock { state in
                if state.known.count >= Self.cacheLimit { state.known = [:] }
                // That a name is not known is asked again: it may just have been made.
                if !found.isEmpty { state.known[host] = (found, moment.advanced(by: Self.lifetime)) }
                let next = state.queue.isEmpty ? nil : state.queue.removeFirst()
                if next == nil { state.running -= 1 }
                return (state.waiters.removeValue(forKey: host) ?? [:], next)
            }
            for waiter in waiters.values { waiter.resume(returning: found) }
            if let next { ask(next) }
        }
    }

    private static func lookUp(_ host: String) -> [IPAddress] {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_ADDRCONFIG
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &list) == 0 else { return [] }
        defer { freeaddrinfo(list) }
        var found: [IPAddress] = []
        var entry = list
        while let current = entry {
            if let address = address(current.pointee), !found.contains(address) { found.append(address) }
            entry = current.pointee.ai_next
        }
        return found
    }

    private static func address(_ entry: addrinfo) -> IPAddress? {
        guard let place = entry.ai_addr else { return nil }
        switch entry.ai_family {
        case AF_INET:
            return place.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { pointer in
                withUnsafeBytes(of: pointer.pointee.sin_addr) { IPAddress(bytes: Array($0)) }
            }
        case AF_INET6:
            return place.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { pointer in
                withUnsafeBytes(of: pointer.pointee.sin6_addr) { IPAddress(bytes: Array($0)) }
            }
        default: return nil
        }
    }
}
