import AsyncHTTPClient
import LandlordDomain
import NIOCore
package import NIOSSL
import Synchronization

/// Keeps connections to webhooks open, and sees to it that each leads to the address that was checked.
///
/// The HTTP client resolves names by itself unless it is told the address beforehand, and it is told once for its whole
/// life. So there is one client for each pair of host and address; those that nobody uses are let go of when there are
/// too many. Hosts that are addresses by themselves share one.
package final class WebhookConnections: Sendable {
    private struct Key: Hashable {
        let host: String
        let address: IPAddress
    }

    private struct Entry {
        let client: HTTPClient
        var users = 0
        var lastUse = 0
    }

    private struct State {
        var entries: [Key?: Entry] = [:]
        var uses = 0
    }

    /// How many clients are kept that nobody uses.
    private static let limit = 256

    private let connectTimeout: Duration
    private let connectionLimit: Int
    private let tls: TLSConfiguration?
    private let state = Mutex(State())

    /// Connections that are made within `connectTimeout`, at most so many to one host.
    ///
    /// - Parameters:
    ///   - connectTimeout: How long making one may take.
    ///   - connectionLimit: How many are kept to one host.
    ///   - tls: What to trust; nil for what the system trusts.
    package init(connectTimeout: Duration, connectionLimit: Int, tls: TLSConfiguration? = nil) {
        self.connectTimeout = connectTimeout
        self.connectionLimit = connectionLimit
        self.tls = tls
    }

    /// Runs `body` with a client that reaches `address` under the name of its host.
    func with<Value>(
        _ webhook: WebhookAddress, at address: IPAddress, _ body: (HTTPClient) async throws -> Value
    ) async throws -> Value {
        let key = webhook.literal == nil ? Key(host: webhook.host, address: address) : nil
        let (client, superfluous) = borrow(key)
        defer { state.withLock { $0.entries[key]?.users -= 1 } }
        // Nobody uses it: it has nothing to lose.
        for client in superfluous { client.shutdown { _ in } }
        return try await body(client)
    }

    /// Ends every connection.
    func close() async {
        let clients = state.withLock { state in
            defer { state.entries = [:] }
            return state.entries.values.map(\.client)
        }
        // What cannot be closed is closed by the end of the process.
        for client in clients { try? await client.shutdown() }
    }

    private func borrow(_ key: Key?) -> (HTTPClient, superfluous: [HTTPClient]) {
        state.withLock { state in
            state.uses += 1
            var entry = state.entries[key] ?? Entry(client: client(for: key))
            entry.users += 1
            entry.lastUse = state.uses
            state.entries[key] = entry
            guard state.entries.count > Self.limit else { return (entry.client, []) }
            let idle = state.entries.filter { $0.value.users == 0 }.sorted { $0.value.lastUse < $1.value.lastUse }
            let ending = idle.prefix(Self.limit / 8)
            for (key, _) in ending { state.entries[key] = nil }
            return (entry.client, ending.map(\.value.client))
        }
    }

    private func client(for key: Key?) -> HTTPClient {
        var configuration = HTTPClient.Configuration(tlsConfiguration: tls, redirectConfiguration: .disallow)
        if let key { configuration.dnsOverride = [key.host: key.address.description] }
        configuration.httpVersion = .http1Only
        configuration.timeout.connect = .nanoseconds(connectTimeout.nanoseconds)
        configuration.connectionPool.idleTimeout = .seconds(30)
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = connectionLimit
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }
}

extension Duration {
    /// The duration in whole nanoseconds; years at most.
    var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        return min(seconds, 1_000_000_000) * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}
