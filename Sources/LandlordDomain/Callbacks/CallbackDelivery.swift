public import StatesLanguage

/// What came of one attempt to deliver a callback.
public enum DeliveryOutcome: Sendable, Hashable {
    /// The receiver has it, now or since an earlier attempt.
    case accepted
    /// It may work later; the receiver may have said when.
    case failed(reason: String, retryAfter: Duration?)
    /// The receiver will never take it.
    case refused(reason: String)
}

/// Decides what follows an attempt: done, again later, or dead.
public enum CallbackDelivery {
    /// Says that an attempt begins.
    public static func beginning(_ callback: Callback, at now: Timestamp) -> Callback {
        var begun = callback
        begun.status = .delivering
        begun.attempts += 1
        begun.lastAttemptAt = now
        return begun
    }

    /// Applies what came of the attempt.
    ///
    /// - Parameters:
    ///   - callback: A callback that is being delivered; its attempt is already counted.
    ///   - outcome: What came of the attempt.
    ///   - backoff: How long to wait between two attempts.
    ///   - jitter: Chance from 0 to 1, passed in so that a test agrees with itself.
    ///   - now: When the attempt ended.
    /// - Returns: The callback as it is to be stored: delivered, waiting for its next attempt, or dead.
    public static func after(
        _ callback: Callback, _ outcome: DeliveryOutcome, backoff: Backoff, jitter: Double, at now: Timestamp
    ) -> Callback {
        var next = callback
        switch outcome {
        case .accepted:
            next.status = .delivered
            next.lastError = nil
        case .refused(let reason):
            next.status = .dead
            next.lastError = reason
        case .failed(let reason, let retryAfter):
            next.lastError = reason
            if callback.attempts >= callback.attemptLimit {
                next.status = .dead
            } else {
                next.status = .pending
                let delay = backoff.delay(afterFailures: callback.attempts, jitter: jitter)
                next.nextAttemptAt = now.advanced(by: max(delay, retryAfter ?? .zero))
            }
        }
        return next
    }
}
