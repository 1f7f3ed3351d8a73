import LandlordDomain

/// The questions before dead letters are redriven or discarded: a few by name, or all that a filter finds.
extension ConsoleModel {
    /// Asks about the chosen dead letters, or first looks how many the filter finds.
    mutating func askToSettle(_ verb: CallbackVerb) -> [ConsoleEffect] {
        isByFilter ? begin(verb, RedriveOptions()) : askForLetters(verb)
    }

    /// Looks what a redrive of all that match would meet, to ask about it then.
    mutating func perform(redriving options: RedriveOptions) -> [ConsoleEffect] {
        if let reason = DeadLetterRules.bulkRefusal(self) {
            show(reason, level: .warning)
            return [.ring]
        }
        return begin(.redrive, options)
    }

    /// Whether a change is for all that match and not for letters by name.
    var isByFilter: Bool { scope == .causes || scope == .callbacks && deadLetters.areAllMarked }

    private func begin(_ verb: CallbackVerb, _ options: RedriveOptions) -> [ConsoleEffect] {
        var state = deadLetters
        // On the screen of the causes a change is for the one under the cursor, unless all are marked.
        if scope == .causes { state.cause = state.areAllMarked ? nil : causes.selected }
        let words = [state.cause?.title, state.filter.text.isEmpty ? nil : state.filter.text].compactMap { $0 }
        let request = BulkRequest(
            verb: verb, filter: state.filterText, query: state.query,
            scope: words.isEmpty ? "every dead letter" : words.joined(separator: ", "), options: options)
        return [.load(.preview(request))]
    }

    private mutating func askForLetters(_ verb: CallbackVerb) -> [ConsoleEffect] {
        let targets = callbackTargets
        let eligible = targets.filter { $0.refusal(of: verb) == nil }
        guard let first = eligible.first else { return [.ring] }
        let isOne = eligible.count == 1
        var lines: [ConfirmDialog.Line] = []
        if isOne {
            lines.append(.init("to", .sanitize("\(first.destination.title) for \(first.tenantName)")))
        } else {
            lines.append(.init("scope", .sanitize(eligible.prefix(3).map(\.id.rawValue).joined(separator: ", "))))
            lines.append(.init("to", .sanitize(Set(eligible.map(\.destination.host)).sorted().joined(separator: ", "))))
        }
        lines.append(.init("effect", .sanitize(DeadLetterRules.effect(of: verb))))
        for refused in targets where refused.refusal(of: verb) != nil {
            lines.append(.init("skipped", .sanitize(DeadLetterRules.words(refused, verb) ?? ""), role: .failed))
            guard lines.count < Self.dialogLineLimit else { break }
        }
        let level = ConfirmationLevel(
            count: eligible.count, isReversible: verb == .redrive, isProtected: false, isByFilter: false)
        ask(
            ConfirmDialog(
                level: level, title: .sanitize("\(verb.title) \(isOne ? first.id.rawValue : letters(eligible.count))"),
                lines: lines, expectedText: "\(eligible.count)", needsReason: verb == .discard),
            verbs: [.settle(verb, eligible.map(\.id), reason: nil)])
        return []
    }

    /// More lines than this would push the question itself off a small screen.
    private static let dialogLineLimit = 8

    /// Asks about a bulk change whose extent is known now.
    mutating func ask(about request: BulkRequest, _ preview: BulkPreview) {
        // Another question may have come up while the letters were counted.
        guard modal == nil else { return }
        let count = preview.eligibleCount(of: request.verb)
        if let reason = refusal(of: request, preview) {
            show(reason, level: .warning)
            return
        }
        var lines: [ConfirmDialog.Line] = [
            .init("scope", .sanitize(request.scope)),
            .init("eligible", .sanitize(NumberText.grouped(count)), role: .count),
        ]
        if preview.count > count {
            let ended = NumberText.grouped(preview.count - count)
            lines.append(.init("skipped", .sanitize("\(ended): workflow has ended"), role: .failed))
        }
        for cause in preview.causes.prefix(3) {
            let hint = cause.isRetriable ? "" : ", NOT retriable"
            lines.append(
                .init(
                    "why", .sanitize("\(NumberText.grouped(cause.count)) \(cause.title)\(hint)"),
                    role: cause.isRetriable ? .why : .failed))
        }
        lines.append(.init("effect", .sanitize(DeadLetterRules.effect(of: request.verb))))
        if request.verb == .redrive {
            lines.append(.init("rate", .sanitize(DeadLetterRules.pace(of: request.options))))
        }
        lines.append(.init("shell", .sanitize(DeadLetterRules.commandLine(of: request)), role: .muted))
        if fleet?.driver == .nobody {
            lines.append(.init("driver", "nobody drives this database, so it waits until somebody does", role: .failed))
        }
        ask(
            ConfirmDialog(
                level: .count, title: .sanitize("\(request.verb.title) \(letters(count))"), lines: lines,
                expectedText: "\(count)", needsReason: request.verb == .discard),
            verbs: [.begin(request, confirmed: preview.count, reason: nil)])
    }

    private func refusal(of request: BulkRequest, _ preview: BulkPreview) -> String? {
        if preview.count == 0 { return "no dead letter matches" }
        if preview.eligibleCount(of: request.verb) == 0 {
            let which = preview.count == 1 ? "the one that matches" : "all \(preview.count) that match"
            return "workflow has ended for \(which), so nothing can be redriven; D discards"
        }
        let same = openOperations.first {
            $0.operation.request.verb == request.verb && $0.operation.request.filter == request.filter
        }
        return same.map { "\($0.id) does this already and is \($0.operation.status.rawValue); O controls it" }
    }

    private func letters(_ count: Int) -> String {
        count == 1 ? "1 dead letter" : "\(NumberText.grouped(count)) dead letters"
    }
}
