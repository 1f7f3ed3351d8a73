import AsyncHTTPClient
import LandlordDomain
import NIOCore
import StatesLanguage
import Synchronization

/// Requests to addresses that were checked, whoever makes them.
///
/// The name is resolved here and every address behind it is checked before anything is connected to; the connection
/// then goes to one of them, and is never asked to find the name again. A redirect is never followed.
struct CheckedRequests: Sendable {
    private let policy: WebhookPolicy
    private let resolver: any AddressResolver
    private let connections: WebhookConnections
    private let surroundings: Surroundings
    private let addresses = KnownAddresses()

    /// Requests that the policy allows.
    init(
        policy: WebhookPolicy, resolver: any AddressResolver, connections: WebhookConnections,
        surroundings: Surroundings
    ) {
        self.policy = policy
        self.resolver = resolver
        self.connections = connections
        self.surroundings = surroundings
    }

    /// Ends every connection.
    func close() async { await connections.close() }

    /// Makes one attempt.
    ///
    /// - Parameters:
    ///   - url: Whom to ask.
    ///   - attempt: Counts from 1; each takes the next of the addresses behind the name.
    ///   - limit: How long it may take up to the status of the answer.
    ///   - make: The request, once the address is one that may be asked.
    ///   - read: What the answer means.
    /// - Returns: What `read` made of the answer.
    /// - Throws: Why there is none: a refusal of the rules, of `make` or of the network.
    func perform<Value: Sendable>(
        _ url: String, attempt: Int, within limit: Duration,
        make: (WebhookAddress) throws(DeliveryFailure) -> HTTPClientRequest,
        reading read: (HTTPClientResponse) async throws -> Value
    ) async throws(DeliveryFailure) -> Value {
        let address = try address(url)
        let request = try make(address)
        let begin = surroundings.now()
        let place = try await place(of: address, attempt: attempt, within: limit)
        let left = max(limit - surroundings.now().duration(since: begin), .milliseconds(1))
        do {
            return try await connections.with(address, at: place) { client in
                try await read(try await client.execute(request, timeout: .nanoseconds(left.nanoseconds)))
            }
        } catch {
            throw WebhookTrouble.failure(error, at: address.origin, limit: limit)
        }
    }

    private func address(_ url: String) throws(DeliveryFailure) -> WebhookAddress {
        let address: WebhookAddress
        do throws(WebhookAddress.Problem) {
            address = try addresses.address(url)
        } catch {
            throw DeliveryFailure(.destinationRefused, "the address \(error)")
        }
        if let refusal = policy.refusal(of: address) { throw refusal }
        return address
    }

    /// The address to connect to, once every address behind the name was checked.
    ///
    /// Each attempt takes the next of them, so that one that does not answer does not stand for all.
    private func place(
        of address: WebhookAddress, attempt: Int, within limit: Duration
    ) async throws(DeliveryFailure) -> IPAddress {
        let places: [IPAddress]
        if let literal = address.literal {
            places = [literal]
        } else {
            let found = await resolved(address.host, within: limit)
            guard let found else {
                throw DeliveryFailure(.timeout, "\(address.host) was not resolved within \(limit.inWords)")
            }
            places = found
        }
        guard !places.isEmpty else { throw DeliveryFailure(.nameNotFound, "\(address.host) has no address") }
        for place in places {
            if let refusal = policy.refusal(of: address, at: place) { throw refusal }
        }
        return places[(max(1, attempt) - 1) % places.count]
    }

    /// - Returns: Nil where the time was over first.
    private func resolved(_ host: String, within limit: Duration) async -> [IPAddress]? {
        await withTaskGroup(of: [IPAddress]?.self) { group in
            group.addTask { await resolver.addresses(of: host) }
            group.addTask {
                // A cancelled sleep lost the race, or the attempt is being cancelled as a whole.
                try? await surroundings.clock.sleep(for: limit)
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }
}

/// Addresses that were taken apart lately, of which a fleet has few and asks each often.
private final class KnownAddresses: Sendable {
    private static let limit = 256

    private let known = Mutex<[String: WebhookAddress]>([:])

    func address(_ text: String) throws(WebhookAddress.Problem) -> WebhookAddress {
        if let address = known.withLock({ $0[text] }) { return address }
        let address = try WebhookAddress(text)
        known.withLock { known in
            if known.count >= Self.limit { known = [:] }
            known[text] = address
        }
        return address
    }
}
