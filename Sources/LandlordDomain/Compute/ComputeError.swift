/// Why a compute operation failed, in words that every provider shares.
///
/// What may be done about it follows from the code; it is never stored beside it, where the two could disagree.
public struct ComputeError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The stable machine code; the raw value is what the database and the callback hold (reference 3.4).
    public enum Code: String, Sendable, Hashable, CaseIterable {
        /// The provider did not answer or did not finish in time.
        case providerTimeout = "PROVIDER_TIMEOUT"
        /// The provider cannot be reached, or asks to come back later.
        case providerUnavailable = "PROVIDER_UNAVAILABLE"
        /// A quota or the machine is used up.
        case resourceExhausted = "RESOURCE_EXHAUSTED"
        /// The spec cannot work as it is.
        case invalidConfiguration = "INVALID_CONFIGURATION"
        /// What the operation needs does not exist.
        case resourceNotFound = "RESOURCE_NOT_FOUND"
        /// An operator, or a newer operation, stopped it.
        case cancelled = "CANCELLED"
        /// Nothing that the table knows.
        case unknown = "UNKNOWN_ERROR"
    }

    /// What can be done about an error.
    public enum Class: String, Sendable, Hashable, CaseIterable {
        /// Trying again may help.
        case retriable
        /// Trying again without a change cannot help.
        case permanent
        /// A person must make room or decide first.
        case manualIntervention = "manual_intervention"
    }

    /// The stable machine code.
    public let code: Code
    /// What happened, for a person.
    public let message: String
    /// The provider's own words; kept, never parsed.
    public let providerError: String?

    /// The longest provider text that is kept, in bytes.
    public static let providerErrorByteLimit = 4_096

    /// Describes a failure.
    public init(_ code: Code, _ message: String, providerError: String? = nil) {
        self.code = code
        self.message = message
        self.providerError = providerError.map { $0.clipped(toBytes: Self.providerErrorByteLimit) }
    }

    /// What can be done about it.
    public var errorClass: Class {
        switch code {
        case .providerTimeout, .providerUnavailable: .retriable
        case .resourceExhausted: .manualIntervention
        case .invalidConfiguration, .resourceNotFound, .cancelled, .unknown: .permanent
        }
    }

    /// Trying again may help.
    public var isRetriable: Bool { errorClass == .retriable }

    /// The code and the message.
    public var description: String { "\(code.rawValue): \(message)" }
}

extension String {
    /// The longest beginning of the text that fits into so many bytes and ends with a whole character.
    public func clipped(toBytes limit: Int) -> String {
        guard utf8.count > limit else { return self }
        var end = utf8.index(utf8.startIndex, offsetBy: limit)
        while end > startIndex, String.Index(end, within: self) == nil { end = utf8.index(before: end) }
        return String(self[..<end])
    }
}
