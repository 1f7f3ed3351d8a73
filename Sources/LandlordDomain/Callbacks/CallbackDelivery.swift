public import StatesLanguage

/// The waits between the attempts for one callback.
public struct DeliveryPolicy: Sendable, Hashable {
    /// The waits where the receiver names none.
    public var backoff: Backoff
    /// The longest wait that a receiver may ask for; a longer wish is cut to it.
    public var retryAfterLimit: Duration

    /// Describes the waits.
    public init(backoff: Backoff, retryAfterLimit: Duration = .seconds(3_600)) {
        self.backoff = backoff
        self.retryAfterLimit = retryAfterLimit
    }
}

/// Decides what follows an attempt, an interruption and an operator's word: the only functions that move a callback.
public enum CallbackDelivery {
    /// Says that an attempt begins.
    public static func beginning(_ callback: Callback, at now: Timestamp) -> Callback {
        var begun = callback
        begun.status = .delivering
        begun.attempts += 1
        begun.firstAttemptAt = callback.firstAttemptAt ?? now
        begun.lastAttemptAt = now
        return begun
    }

    /// Applies what came of the attempt.
    ///
    /// - Parameters:
    ///   - callback: A callback that is being delivered; its attempt is already counted.
    ///   - outcome: What came of the attempt.
    ///   - policy: How long to wait between two attempts.
    ///   - jitter: Chance from 0 to 1, passed in so that a test agrees with itself.
    ///   - now: When the attempt ended.
    /// - Returns: The callback as it is to be stored: delivered, waiting for its next attempt, or dead.
    public static func after(
        _ callback: Callback, _ outcome: DeliveryOutcome, policy: DeliveryPolicy, jitter: Double, at now: Timestamp
    ) -> Callback {
        var next = callback
        switch outcome {
        case .accepted:
            next.status = .delivered
            next.failure = nil
            next.settledAt = now
        case .failed(let failure):
            if failure.code == .interrupted { return interrupted(callback, at: now) }
            next.failure = failure
            guard failure.isRetriable, callback.attempts < callback.attemptLimit else {
                next.status = .dead
                next.settledAt = now
                return next
            }
            next.status = .pending
            let delay = policy.backoff.delay(afterFailures: callback.attemptsOfCycle, jitter: jitter)
            let wish = min(failure.retryAfter ?? .zero, policy.retryAfterLimit)
            next.nextAttemptAt = now.advanced(by: max(delay, wish))
        }
        return next
    }

    /// Says that the process ended, or was asked to, before it knew what came of the attempt.
    ///
    /// The attempt counts, but it is never the last one: that nobody was there to hear the answer is not the receiver's
    /// failure.
    public static func interrupted(_ callback: Callback, at now: Timestamp) -> Callback {
        var next = callback
        next.status = .pending
        next.failure = DeliveryFailure(.interrupted, "the process ended before the answer was known")
        next.attemptLimit = max(callback.attemptLimit, callback.attempts + 1)
        next.nextAttemptAt = now
        return next
    }

    /// Says that a callback has waited too long, whatever kept it from being tried.
    public static func gaveUp(_ callback: Callback, after limit: Duration, at now: Timestamp) -> Callback {
        var next = callback
        let last = callback.failure.map { "; the last try: \($0.message)" } ?? ""
        next.failure = DeliveryFailure(.gaveUp, "not delivered within \(limit.inWords)\(last)")
        next.status = .dead
        next.settledAt = now
        return next
    }

    /// Gives a dead callback a new budget of attempts, due at once.
    ///
    /// Its identifier stays, so a receiver that has it already drops it.
    public static func redriven(_ callback: Callback, retryLimit: Int, at now: Timestamp) -> Callback {
        var next = callback
        next.status = .pending
        next.attemptBase = callback.attempts
        next.attemptLimit = callback.attempts + 1 + retryLimit
        next.nextAttemptAt = now
        next.waitingSince = now
        next.settledAt = nil
        return next
    }

    /// Gives a dead callback up.
    public static func discarded(_ callback: Callback, at now: Timestamp) -> Callback {
        var next = callback
        next.status = .discarded
        next.settledAt = now
        return next
    }
}
