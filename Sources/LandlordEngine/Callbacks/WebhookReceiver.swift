import AsyncHTTPClient
package import LandlordDomain
import NIOCore
import NIOHTTP1
import StatesLanguage

/// Delivers callbacks to webhooks: a signed CloudEvents event, posted to an address that was checked.
///
/// A redirect is never followed. The status decides; of the answer's body only the beginning is read, and not for long.
package struct WebhookReceiver: CallbackReceiver {
    /// How webhooks are delivered.
    package struct Options: Sendable, Hashable {
        /// What may be asked.
        package var policy: WebhookPolicy
        /// The longest one attempt may take, up to the status of the answer.
        package var timeout: Duration
        /// How long the rest of the answer is waited for.
        package var answerTimeout: Duration
        /// What a request says of its sender.
        package var userAgent: String

        /// The limits of the configuration.
        package init(
            policy: WebhookPolicy = WebhookPolicy(), timeout: Duration = .seconds(30),
            answerTimeout: Duration = .seconds(2), userAgent: String = "landlord"
        ) {
            self.policy = policy
            self.timeout = timeout
            self.answerTimeout = answerTimeout
            self.userAgent = userAgent
        }
    }

    /// The largest event that is sent, in bytes.
    package static let bodyByteLimit = 262_144
    /// How much of an answer is read, in bytes.
    package static let answerByteLimit = 65_536

    private let options: Options
    private let requests: CheckedRequests
    private let secrets: SecretResolver
    private let surroundings: Surroundings

    /// A receiver that finds secrets in these variables and in files.
    package init(
        options: Options, resolver: any AddressResolver, connections: WebhookConnections,
        variable: @escaping @Sendable (String) -> String?, surroundings: Surroundings
    ) {
        self.options = options
        requests = CheckedRequests(
            policy: options.policy, resolver: resolver, connections: connections, surroundings: surroundings)
        self.surroundings = surroundings
        secrets = SecretResolver(variable: variable)
    }

    /// Ends every connection.
    package func close() async { await requests.close() }

    /// Makes one attempt.
    package func deliver(_ callback: Callback) async -> DeliveryReport {
        do throws(DeliveryFailure) {
            guard case .webhook(let url, let sources) = callback.destination else {
                throw DeliveryFailure(.destinationRefused, "it is for no webhook")
            }
            return try await requests.perform(
                url, attempt: callback.attempts, within: options.timeout
            ) { webhook throws(DeliveryFailure) in
                try request(callback, to: webhook, sources)
            } reading: { response in
                verdict(on: response, await excerpt(of: response))
            }
        } catch {
            return DeliveryReport(.failed(Task.isCancelled ? Self.interruption : error), statusCode: error.statusCode)
        }
    }

    private static let interruption = DeliveryFailure(.interrupted, "the process ended before the answer was known")

    // MARK: What is sent

    private func request(
        _ callback: Callback, to webhook: WebhookAddress, _ sources: [String]
    ) throws(DeliveryFailure) -> HTTPClientRequest {
        let body = CallbackEvent(callback).json.serializedBytes()
        guard body.count <= Self.bodyByteLimit else {
            throw DeliveryFailure(.payloadTooLarge, "the event has more than \(Self.bodyByteLimit) bytes")
        }
        var values: [String] = []
        for source in sources {
            do throws(SecretResolver.Missing) {
                values.append(try secrets.value(at: source))
            } catch {
                throw DeliveryFailure(.secretUnavailable, "the secret at \(source): \(error.reason)")
            }
        }
        var request = HTTPClientRequest(url: webhook.text)
        request.method = .POST
        request.headers.add(name: "content-type", value: CallbackEvent.contentType)
        request.headers.add(name: "user-agent", value: options.userAgent)
        let seconds = surroundings.now().millisecondsSinceEpoch / 1_000
        let signed = try WebhookSignature.headers(
            id: callback.id.rawValue, seconds: seconds, body: body, secrets: values)
        for header in signed { request.headers.add(name: header.name, value: header.value) }
        request.body = .bytes(ByteBuffer(bytes: body))
        return request
    }

    // MARK: The request

    private func verdict(on response: HTTPClientResponse, _ excerpt: String?) -> DeliveryReport {
        let code = Int(response.status.code)
        let outcome: DeliveryOutcome
        switch code {
        case 200..<300: outcome = .accepted
        case 300..<400:
            let message = "the receiver answered \(code) and named another address, which is never followed"
            outcome = .failed(DeliveryFailure(.redirected, message, statusCode: code))
        default:
            let wait = response.headers.first(name: "retry-after").flatMap {
                RetryAfter.duration($0, now: surroundings.now())
            }
            let phrase = response.status.reasonPhrase
            let message = "the receiver answered \(code)" + (phrase.isEmpty ? "" : " \(phrase)")
            outcome = .failed(DeliveryFailure(.httpStatus, message, statusCode: code, retryAfter: wait))
        }
        return DeliveryReport(outcome, statusCode: code, responseExcerpt: excerpt)
    }

    /// The beginning of an answer as text; what comes too late, or is too much, is not waited for.
    private func excerpt(of response: HTTPClientResponse) async -> String? {
        if response.headers.first(name: "content-length") == "0" { return nil }
        let answer = AnswerBeginning()
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await answer.read(response.body, limit: Self.answerByteLimit) }
            group.addTask {
                // A cancelled sleep lost the race.
                try? await surroundings.clock.sleep(for: options.answerTimeout)
            }
            await group.next()
            group.cancelAll()
        }
        return answer.text
    }
}
