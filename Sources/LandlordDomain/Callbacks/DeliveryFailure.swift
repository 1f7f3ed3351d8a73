/// Why an attempt to deliver a callback did not work, in words that every kind of destination shares.
///
/// Whether another try may help follows from the code and the status; it is never stored beside them.
public struct DeliveryFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// The stable machine code; the raw value is what the database holds.
    public enum Code: String, Sendable, Hashable, CaseIterable {
        /// Nobody listens there, or the network does not lead there.
        case connectFailed = "CONNECT_FAILED"
        /// The host's name could not be resolved.
        case nameNotFound = "NAME_NOT_FOUND"
        /// The receiver did not answer in time.
        case timeout = "TIMEOUT"
        /// The connection ended before the answer.
        case connectionLost = "CONNECTION_LOST"
        /// The receiver's certificate is not good, or no common encryption was found.
        case tlsFailed = "TLS_FAILED"
        /// The receiver answered with a status that is no success.
        case httpStatus = "HTTP_STATUS"
        /// The receiver sent the request elsewhere, which is never followed.
        case redirected = "REDIRECTED"
        /// The host's name leads to an address that webhooks must not reach.
        case addressRefused = "ADDRESS_REFUSED"
        /// The configuration does not allow this address.
        case destinationRefused = "DESTINATION_REFUSED"
        /// The secret that signs is not where the spec says.
        case secretUnavailable = "SECRET_UNAVAILABLE"
        /// The event is larger than what is sent.
        case payloadTooLarge = "PAYLOAD_TOO_LARGE"
        /// No task waits with this token.
        case unknownTask = "UNKNOWN_TASK"
        /// The workflow provider cannot be reached, or asks to come back later.
        case workflowUnavailable = "WORKFLOW_UNAVAILABLE"
        /// The workflow provider will not take it.
        case workflowRefused = "WORKFLOW_REFUSED"
        /// The process that delivered ended before it knew the answer.
        case interrupted = "INTERRUPTED"
        /// It was not delivered in the time that it had, whatever the number of tries.
        case gaveUp = "GAVE_UP"
    }

    /// The stable machine code.
    public let code: Code
    /// What happened, for a person.
    public let message: String
    /// The receiver's HTTP status, where it is one that speaks HTTP.
    public let statusCode: Int?
    /// How long the receiver wants to be left alone.
    public let retryAfter: Duration?

    /// The longest message that is kept, in bytes.
    public static let messageByteLimit = 500

    /// Describes a failure.
    public init(_ code: Code, _ message: String, statusCode: Int? = nil, retryAfter: Duration? = nil) {
        self.code = code
        self.message = message.clipped(toBytes: Self.messageByteLimit)
        self.statusCode = statusCode
        self.retryAfter = retryAfter
    }

    /// Another try may help.
    public var isRetriable: Bool {
        switch code {
        case .connectFailed, .nameNotFound, .timeout, .connectionLost, .tlsFailed, .workflowUnavailable, .interrupted,
            .gaveUp:
            true
        case .httpStatus: Self.isRetriable(statusCode: statusCode ?? 0)
        case .redirected, .addressRefused, .destinationRefused, .secretUnavailable, .payloadTooLarge, .unknownTask,
            .workflowRefused:
            false
        }
    }

    /// Whether the destination itself is unwell, which is what its circuit breaker counts.
    ///
    /// A receiver that refuses one callback is well, and so is one that the configuration forbids to ask.
    public var isDestinationUnwell: Bool {
        switch code {
        case .connectFailed, .nameNotFound, .timeout, .connectionLost, .tlsFailed, .workflowUnavailable: true
        case .httpStatus: isRetriable
        case .redirected, .addressRefused, .destinationRefused, .secretUnavailable, .payloadTooLarge, .unknownTask,
            .workflowRefused, .interrupted, .gaveUp:
            false
        }
    }

    /// The code and the message.
    public var description: String { "\(code.rawValue): \(message)" }

    /// Request timeout, too early, too many requests, and everything that is the receiver's own trouble.
    private static func isRetriable(statusCode: Int) -> Bool {
        switch statusCode {
        case 408, 425, 429: true
        case 300..<500: false
        default: true
        }
    }
}

/// What came of one attempt to deliver a callback.
public enum DeliveryOutcome: Sendable, Hashable {
    /// The receiver has it, now or since an earlier attempt.
    case accepted
    /// The receiver has not taken it; the failure says whether another try may help.
    case failed(DeliveryFailure)
}

/// What came of one attempt, with what the receiver said.
public struct DeliveryReport: Sendable, Hashable {
    /// What came of it.
    public let outcome: DeliveryOutcome
    /// The receiver's HTTP status, where it is one that speaks HTTP.
    public let statusCode: Int?
    /// The beginning of what the receiver answered.
    public let responseExcerpt: String?

    /// The longest excerpt that is kept, in bytes.
    public static let excerptByteLimit = 512

    /// Describes an attempt's end.
    public init(_ outcome: DeliveryOutcome, statusCode: Int? = nil, responseExcerpt: String? = nil) {
        self.outcome = outcome
        self.statusCode = statusCode
        self.responseExcerpt = responseExcerpt.map { $0.clipped(toBytes: Self.excerptByteLimit) }
    }
}
