import LandlordDomain

/// Why dead letters do not allow a change now, and what it would do, in words.
enum DeadLetterRules {
    /// Why none of the chosen callbacks allows a verb; nil where one does.
    static func refusal(_ model: ConsoleModel, _ verb: CallbackVerb) -> String? {
        if model.isByFilter { return bulkRefusal(model) }
        let targets = model.callbackTargets
        guard let first = targets.first else { return "no callback is selected" }
        return targets.contains { $0.refusal(of: verb) == nil } ? nil : words(first, verb)
    }

    /// Why a change of all that match cannot be asked for; nil where it can.
    static func bulkRefusal(_ model: ConsoleModel) -> String? {
        switch model.scope {
        case .causes:
            return model.causes.selected == nil ? "there is no dead letter here" : nil
        case .callbacks where !model.callbacks.scroller.marks.isEmpty:
            return "that is for all that match; u clears the marks first"
        case .callbacks: return nil
        case .tenants, .executions, .runs, .tenant, .execution, .callback, .run, .approvals, .approval, .schedules,
            .schedule:
            return "that is for the lists of dead letters"
        }
    }

    /// Why a callback does not allow a verb; nil where it does.
    static func words(_ callback: Callback, _ verb: CallbackVerb) -> String? {
        callback.refusal(of: verb).map { "\(callback.id) \($0.words(for: verb))" }
    }

    static func effect(of verb: CallbackVerb) -> String {
        switch verb {
        case .redrive: "sends it again with the same idempotency key and new tries"
        case .discard: "gives it up: kept on record, never delivered; cannot be taken back"
        }
    }

    static func pace(of options: RedriveOptions) -> String {
        let rate = options.rate.map { "\($0) a second at most" } ?? "as fast as it goes"
        let share = Int(CallbackOperationPace.failureShareLimit * 100)
        return options.isCanary
            ? "\(rate); canary: 1, then 10 %, halts above \(share) % dead again" : "\(rate); no canary"
    }

    /// The same for a shell.
    static func commandLine(of request: BulkRequest) -> String {
        let verb = request.verb == .redrive ? "retry" : "discard"
        let quoted = request.filter.replacing("'", with: "'\\''")
        let filter = request.filter.isEmpty ? "" : " --filter '\(quoted)'"
        return "landlord callback \(verb) --all\(filter)\(request.options.words)"
    }
}

extension CallbackVerb {
    /// The verb as it begins a question.
    var title: String {
        switch self {
        case .redrive: "Redrive"
        case .discard: "Discard"
        }
    }
}
