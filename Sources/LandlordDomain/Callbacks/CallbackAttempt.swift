public import StatesLanguage

/// One try to deliver a callback.
public struct CallbackAttempt: Sendable, Hashable {
    /// What came of a try.
    ///
    /// The raw value is what the database holds.
    public enum Outcome: String, Sendable, Hashable, CaseIterable {
        /// The receiver has it.
        case accepted
        /// It may work later.
        case failed
        /// The receiver will never take it.
        case refused
        /// The process ended before it knew.
        case interrupted

        /// What an attempt's end counts as.
        public init(_ outcome: DeliveryOutcome) {
            switch outcome {
            case .accepted: self = .accepted
            case .failed(let failure) where failure.code == .interrupted: self = .interrupted
            case .failed(let failure): self = failure.isRetriable ? .failed : .refused
            }
        }
    }

    /// What was tried.
    public let callbackID: Callback.ID
    /// Counts the tries, from 1, over all redrives.
    public let number: Int
    /// When the try began.
    public let startedAt: Timestamp
    /// When it ended.
    public let endedAt: Timestamp
    /// What came of it.
    public let outcome: Outcome
    /// The receiver's HTTP status, where it is one that speaks HTTP.
    public let statusCode: Int?
    /// The stable code of why it did not work.
    public let errorCode: DeliveryFailure.Code?
    /// Why it did not work.
    public let error: String?
    /// The beginning of what the receiver answered.
    public let responseExcerpt: String?

    /// Describes a try.
    public init(
        callbackID: Callback.ID, number: Int, startedAt: Timestamp, endedAt: Timestamp, outcome: Outcome,
        statusCode: Int? = nil, errorCode: DeliveryFailure.Code? = nil, error: String? = nil,
        responseExcerpt: String? = nil
    ) {
        self.callbackID = callbackID
        self.number = number
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.outcome = outcome
        self.statusCode = statusCode
        self.errorCode = errorCode
        self.error = error
        self.responseExcerpt = responseExcerpt
    }

    /// The try that `callback` was in when it ended.
    ///
    /// - Parameters:
    ///   - callback: A callback that is being delivered.
    ///   - report: What came of it.
    ///   - now: When it ended.
    public init(of callback: Callback, _ report: DeliveryReport, at now: Timestamp) {
        var failure: DeliveryFailure?
        if case .failed(let found) = report.outcome { failure = found }
        self.init(
            callbackID: callback.id, number: callback.attempts, startedAt: callback.lastAttemptAt ?? now, endedAt: now,
            outcome: Outcome(report.outcome), statusCode: report.statusCode ?? failure?.statusCode,
            errorCode: failure?.code, error: failure?.message, responseExcerpt: report.responseExcerpt)
    }

    /// How long it took.
    public var duration: Duration { endedAt.duration(since: startedAt) }
}
