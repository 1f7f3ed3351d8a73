import LandlordDomain
import StatesLanguage

/// What there is to say about a callback: in a line, below its cause, and on the pages of its screen.
enum CallbackText {
    /// A failure in the words of a column.
    static func short(_ failure: DeliveryFailure) -> String {
        guard let status = failure.statusCode else { return failure.description }
        // The status leads, because it is what eyes look for; the message need not say it again.
        let sentence = "the receiver answered \(status)"
        guard failure.message.hasPrefix(sentence) else { return "\(status) \(failure.message)" }
        return "\(status)\(failure.message.dropFirst(sentence.count))"
    }

    /// How long until the next try; empty where there is none.
    static func wait(_ callback: Callback, now: Timestamp) -> String {
        guard callback.status == .pending else { return "" }
        return callback.nextAttemptAt > now ? AgeText.text(callback.nextAttemptAt.duration(since: now)) : "due"
    }

    // MARK: The line below the list

    static func why(_ callback: Callback, now: Timestamp) -> String {
        let tries = "try \(callback.attempts) of \(callback.attemptLimit)"
        let error = callback.lastError.map { "; \($0)" } ?? ""
        let subject = "why \(callback.id): "
        switch callback.status {
        case .pending where callback.attempts == 0: return subject + "waits for its first try"
        case .pending:
            let wait = max(.zero, callback.nextAttemptAt.duration(since: now))
            return subject + "waits \(AgeText.text(wait)) after \(tries)\(error)"
        case .delivering: return subject + "being delivered, \(tries)\(error)"
        case .delivered: return subject + "delivered with \(tries)"
        case .dead:
            let retry = callback.failure.map { $0.isRetriable ? "" : ", not retriable" } ?? ""
            let ended = callback.hasWorkflowEnded ? "; workflow has ended, nobody waits for it" : ""
            return subject + "dead after \(tries)\(retry)\(ended)\(error)"
        case .discarded: return subject + "given up by an operator\(error)"
        }
    }

    static func why(_ cause: CallbackCause, now: Timestamp) -> String {
        let letters = cause.count == 1 ? "1 dead letter" : "\(NumberText.grouped(cause.count)) dead letters"
        let age = AgeText.text(now.duration(since: cause.firstAt))
        let help =
            cause.isRetriable
            ? "a redrive may help once \(cause.host) is well, C tries one first"
            : "a redrive alone will not help, what is refused must be put right first"
        return "why \(cause.title): \(letters) since \(age); \(help)"
    }

    // MARK: Below the causes

    static func sample(_ facts: CallbackFacts, of cause: CallbackCause) -> [TextPane.Line] {
        let callback = facts.callback
        let tries = facts.attempts.suffix(6).map { "\(ClockText.time($0.startedAt).prefix(8)) \(result(of: $0))" }
        return [
            line("sample", "\(callback.id)  \(callback.operation.rawValue) of \(callback.tenantName)", role: .title),
            line("to", callback.destination.title),
            line("error", cause.failure.description, role: .failed),
            line("tries", tries.isEmpty ? "none" : tries.joined(separator: ", ")),
            line("waits", waits(facts).text, role: waits(facts).role),
            line("payload", callback.payload.serialized(), role: .muted),
        ]
    }

    // MARK: The pages

    static func overview(_ facts: CallbackFacts) -> [TextPane.Line] {
        let callback = facts.callback
        var lines = [
            line("to", callback.destination.title), line("waits", waits(facts).text, role: waits(facts).role),
            line("execution", "\(callback.executionID)  (enter opens it)"),
            line("tries", tries(callback)),
            line("born", ClockText.dateAndTime(callback.createdAt)),
        ]
        if let first = callback.firstAttemptAt, let last = callback.lastAttemptAt {
            lines.append(line("tried", "\(ClockText.dateAndTime(first)) to \(ClockText.dateAndTime(last))"))
        }
        if callback.status == .pending { lines.append(line("next", ClockText.dateAndTime(callback.nextAttemptAt))) }
        if let settled = callback.settledAt {
            lines.append(line(callback.status.rawValue, ClockText.dateAndTime(settled)))
        }
        if let failure = callback.failure {
            lines += [.init(.empty), .init("Last error", role: .title)]
            lines.append(line("code", failure.code.rawValue, role: .failed))
            if let status = failure.statusCode { lines.append(line("status", "\(status)")) }
            lines.append(line("retriable", failure.isRetriable ? "yes" : "no"))
            lines.append(line("message", failure.message))
        }
        lines += [.init(.empty), .init("Payload", role: .title)]
        return lines + fields(callback.payload)
    }

    /// Every attempt with what came of it, and between two of them how long it waited.
    static func attempts(_ facts: CallbackFacts) -> [TextPane.Line] {
        guard !facts.attempts.isEmpty else { return [.init("no attempt has been made", role: .muted)] }
        var lines: [TextPane.Line] = []
        var former: CallbackAttempt?
        for attempt in facts.attempts {
            if let former {
                let gap = AgeText.preciseText(attempt.startedAt.duration(since: former.endedAt))
                lines.append(.init(.sanitize("              waited \(gap)"), role: .muted))
            }
            former = attempt
            let took = DetailText.padded(AgeText.preciseText(attempt.duration), 7)
            let words =
                "\(ClockText.dateAndTime(attempt.startedAt))  #\(DetailText.padded("\(attempt.number)", 4))\(took)"
            lines.append(
                .init(.sanitize("\(words) \(attempt.outcome.rawValue) \(result(of: attempt))"), role: role(attempt)))
            if let error = attempt.error { lines.append(line("", error)) }
            if let excerpt = attempt.responseExcerpt, !excerpt.isEmpty {
                lines += DisplayText.lines(excerpt).map { .init(DetailText.label("") + "> " + $0, role: .muted) }
            }
        }
        return lines
    }

    static func payload(_ callback: Callback) -> [TextPane.Line] {
        DisplayText.lines(callback.payload.pretty()).map { .init($0) }
    }

    /// Who redrove or discarded it, when, why, and with which bulk operation.
    static func audit(_ facts: CallbackFacts) -> [TextPane.Line] {
        guard !facts.audit.isEmpty else { return [.init("no operator has redriven or discarded it", role: .muted)] }
        return facts.audit.flatMap { entry in
            let bulk = entry.operationID.map { "  with \($0)" } ?? ""
            let text = "\(ClockText.dateAndTime(entry.at))  \(entry.verb.participle) by \(entry.actor)\(bulk)"
            let reason = entry.reason.isEmpty ? "no reason given" : entry.reason
            return [
                TextPane.Line(.sanitize(text), role: entry.verb == .redrive ? .text : .cancelled),
                TextPane.Line(.sanitize("                     \(reason)"), role: .muted),
            ]
        }
    }

    // MARK: Parts

    /// Who waits for the callback and where they stand.
    static func waits(_ facts: CallbackFacts) -> (text: String, role: Role) {
        let callback = facts.callback
        switch callback.destination {
        case .webhook: return ("a webhook; no run of this database waits for it", .text)
        case .workflow(let provider, let runID, _):
            let run = "run \(runID) of \(provider)"
            guard let status = callback.workflowStatus ?? facts.run?.status else {
                return ("\(run), which this database does not know", .muted)
            }
            if status.isTerminal { return ("\(run): workflow has ended (\(status.rawValue)), nobody waits", .failed) }
            let state = facts.run?.currentState.map { ", in \($0)" } ?? ""
            let substate = facts.run.map { ", \($0.subState.rawValue)" } ?? ""
            return ("\(run): \(status.rawValue)\(substate)\(state)", .text)
        }
    }

    private static func tries(_ callback: Callback) -> String {
        let all = "\(callback.attempts) of \(callback.attemptLimit)"
        return callback.attemptBase == 0 ? all : "\(all), \(callback.attemptsOfCycle) since it was redriven"
    }

    /// What came of an attempt in one word: the answer, or the code.
    private static func result(of attempt: CallbackAttempt) -> String {
        attempt.statusCode.map { "\($0)" } ?? attempt.errorCode?.rawValue ?? (attempt.outcome == .accepted ? "ok" : "")
    }

    private static func role(_ attempt: CallbackAttempt) -> Role {
        switch attempt.outcome {
        case .accepted: .ready
        case .failed, .refused: .failed
        case .interrupted: .backingOff
        }
    }

    /// The fields of the payload; what is nested stands as JSON behind its name.
    private static func fields(_ payload: JSONValue) -> [TextPane.Line] {
        guard case .object(let object) = payload else { return [.init(.sanitize(payload.serialized()))] }
        return object.map { name, value in
            let width = max(24, name.count + 1)
            return .init(.sanitize(DetailText.padded(name, width) + (value.stringValue ?? value.serialized())))
        }
    }

    private static func line(_ name: String, _ value: String, role: Role = .text) -> TextPane.Line {
        DetailText.field(name, value, role: role)
    }
}
