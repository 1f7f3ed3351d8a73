extension LintRule {
    static let errorRules: [LintRule] = [
        retryCannotHelp, catchCannotHelp, shadowedRetrier, shadowedCatcher, repeatedErrorName, barePredefinedName,
        retryFieldsUnused, retryDelayUnbounded, retryOutlastsRun, lambdaWithoutRetry, failWithoutError,
        failWithReservedName, catchLosesInput,
    ]

    private static let withErrors: Set<StateType> = [.task, .parallel, .map]

    private static let retryCannotHelp = LintRule(
        "RETRY_CANNOT_HELP", .warning, "An error is retried that no retry can cure",
        why: "States.Runtime always ends the run, and data that is too large is as large the next "
            + "time.", on: withErrors,
        state: { state, _, report in
            report.addNames(of: state, "Retry", [ErrorName.runtime, ErrorName.dataLimitExceeded]) { name in
                name == ErrorName.runtime
                    ? "\(name) cannot be retried: it always ends the run" : "to retry \(name) meets the same data again"
            }
        })

    private static let catchCannotHelp = LintRule(
        "CATCH_CANNOT_HELP", .warning, "An error is caught that nothing catches",
        why: "States.Runtime always ends the run. Its usual cause is a path that does not fit the "
            + "data.", on: withErrors,
        state: { state, _, report in
            report.addNames(of: state, "Catch", [ErrorName.runtime]) {
                "\($0) cannot be caught: it always ends the run"
            }
        })

    private static let shadowedRetrier = LintRule(
        "SHADOWED_RETRIER", .warning, "A rule of Retry never gets an error",
        why: "The first rule that names an error takes it, and States.TaskFailed names all but "
            + "time-outs.",
        on: withErrors, state: { state, _, report in report.addShadowed(of: state, "Retry") })

    private static let shadowedCatcher = LintRule(
        "SHADOWED_CATCHER", .warning, "A rule of Catch never gets an error",
        why: "The first rule that names an error takes it, and States.TaskFailed names all but "
            + "time-outs.",
        on: withErrors, state: { state, _, report in report.addShadowed(of: state, "Catch") })

    private static let repeatedErrorName = LintRule(
        "REPEATED_ERROR_NAME", .info, "A rule names an error twice",
        why: "It does no harm, but one of the two was probably meant to be another.", on: withErrors,
        state: { state, _, report in
            for field in ["Retry", "Catch"] {
                for rule in state.errorRules(field) where Set(rule.names).count < rule.names.count {
                    report.add(
                        state.pointer(to: field, rule.index, "ErrorEquals"),
                        "an error is named twice in this list")
                }
            }
        })

    private static let barePredefinedName = LintRule(
        "BARE_PREDEFINED_NAME", .warning, "A predefined error is named without States.",
        why: "Error names are compared as they are: Timeout is not States.Timeout.", on: withErrors,
        state: { state, _, report in
            for field in ["Retry", "Catch"] {
                for rule in state.errorRules(field) {
                    for name in rule.names where ErrorName.reserved.contains("States.\(name)") {
                        report.add(
                            state.pointer(to: field, rule.index, "ErrorEquals"),
                            "'\(name)' is not a predefined error", suggestion: "did you mean 'States.\(name)'?")
                    }
                }
            }
        })

    private static let retryFieldsUnused = LintRule(
        "RETRY_FIELDS_UNUSED", .info, "A rule of Retry with MaxAttempts 0 says how to wait",
        why: "MaxAttempts 0 means that the errors are not retried, so that there is nothing to wait "
            + "for.", on: withErrors,
        state: { state, _, report in
            for rule in state.errorRules("Retry") where rule.fields["MaxAttempts"]?.intValue == 0 {
                for name in ["IntervalSeconds", "BackoffRate", "MaxDelaySeconds", "JitterStrategy"]
                where rule.fields[name] != nil {
                    report.add(
                        state.pointer(to: "Retry", rule.index, name),
                        "'\(name)' has no effect with MaxAttempts 0")
                }
            }
        })

    private static let retryDelayUnbounded = LintRule(
        "RETRY_DELAY_UNBOUNDED", .warning, "The last retries are more than a day apart",
        why: "Delays grow by BackoffRate each time, which gets out of hand quickly without "
            + "MaxDelaySeconds.",
        on: withErrors,
        state: { state, _, report in
            for rule in state.errorRules("Retry") where rule.fields["MaxDelaySeconds"] == nil {
                let delay = RetryDelays(rule).last
                guard delay > 86_400 else { continue }
                report.add(
                    state.pointer(to: "Retry", rule.index),
                    "the last retry comes more than a day after the one before",
                    suggestion: "set MaxDelaySeconds")
            }
        })

    private static let retryOutlastsRun = LintRule(
        "RETRY_OUTLASTS_RUN", .warning, "The retries take longer than a run may",
        why: "The run times out before its retries are used up, so that its Catch never gets the "
            + "error.", on: withErrors,
        state: { state, machine, report in
            guard let timeout = machine.timeout, timeout > 0, machine.flows[state.flow].owner == nil else { return }
            for rule in state.errorRules("Retry") where rule.fields["MaxDelaySeconds"] == nil {
                guard RetryDelays(rule).sum >= timeout else { continue }
                report.add(
                    state.pointer(to: "Retry", rule.index),
                    "the delays of all retries add up to more than the machine's TimeoutSeconds")
            }
        })

    private static let lambdaWithoutRetry = LintRule(
        "LAMBDA_WITHOUT_RETRY", .info, "A Lambda function is called without Retry",
        why: "Lambda has short failures of its own (Lambda.ServiceException, "
            + "Lambda.TooManyRequestsException and their like), which AWS recommends to retry.", on: [.task],
        state: { state, _, report in
            guard state.isLambda, !state.has("Retry") else { return }
            report.add(state.pointer, "a short failure of Lambda fails '\(state.name)'", suggestion: "add a Retry")
        })

    private static let failWithoutError = LintRule(
        "FAIL_WITHOUT_ERROR", .info, "A Fail state says neither Error nor Cause",
        why: "Whoever looks at the failed run learns nothing, and a machine around it cannot catch it "
            + "by name.",
        on: [.fail],
        state: { state, _, report in
            guard !["Error", "ErrorPath", "Cause", "CausePath"].contains(where: state.has) else { return }
            report.add(state.pointer, "'\(state.name)' does not say what went wrong", suggestion: "add Error and Cause")
        })

    private static let failWithReservedName = LintRule(
        "FAIL_WITH_RESERVED_NAME", .warning, "A Fail state uses an error name of the language",
        why: "Names with States. are what the service itself reports; whoever catches them expects "
            + "its errors.",
        on: [.fail],
        state: { state, _, report in
            guard let error = state.string("Error"), error.hasPrefix("States.") else { return }
            report.add(state.pointer(to: "Error"), "the prefix 'States.' is reserved for errors of the language")
        })

    private static let catchLosesInput = LintRule(
        "CATCH_LOSES_INPUT", .info, "A Catch replaces the data by the error",
        why: "Without ResultPath the next state gets Error and Cause only, and the input of the "
            + "failed state is lost.",
        on: withErrors,
        state: { state, machine, report in
            guard state.language == .jsonPath else { return }
            for rule in state.errorRules("Catch") where rule.fields["ResultPath"] == nil {
                let flow = machine.flows[state.flow]
                guard let next = rule.fields["Next"]?.stringValue.flatMap({ flow.positions[ByteKey(text: $0)] }),
                    machine.states[next].type != .fail
                else { continue }
                report.add(
                    state.pointer(to: "Catch", rule.index),
                    "'\(machine.states[next].name)' gets the error in place of the data",
                    suggestion: "set ResultPath, such as $.error")
            }
        })
}

extension LintReport {
    /// Reports errors of a list wherever rules name them.
    fileprivate mutating func addNames(
        of state: LintedState, _ field: String, _ names: [String], message: (String) -> String
    ) {
        for rule in state.errorRules(field) {
            for name in rule.names where names.contains(name) {
                add(state.pointer(to: field, rule.index, "ErrorEquals"), message(name))
            }
        }
    }

    /// Reports rules all of whose errors go to rules before them.
    fileprivate mutating func addShadowed(of state: LintedState, _ field: String) {
        let special: Set = [
            ErrorName.all, ErrorName.timeout, ErrorName.heartbeatTimeout, ErrorName.runtime,
            ErrorName.dataLimitExceeded,
        ]
        var taken: Set<String> = []
        for rule in state.errorRules(field) {
            let takesFailures = taken.contains(ErrorName.taskFailed)
            let isShadowed = rule.names.allSatisfy { taken.contains($0) || (takesFailures && !special.contains($0)) }
            if isShadowed, !rule.names.isEmpty {
                add(
                    state.pointer(to: field, rule.index),
                    "all errors of this rule go to rules before it: \(rule.names.joined(separator: ", "))",
                    suggestion: "put the rule with the narrower names first")
            }
            taken.formUnion(rule.names)
        }
    }
}

/// How long the retries of a rule wait.
private struct RetryDelays {
    let interval: Double
    let rate: Double
    let attempts: Double

    init(_ rule: LintedState.ErrorRule) {
        interval = rule.fields["IntervalSeconds"]?.doubleValue ?? 1
        rate = max(1, rule.fields["BackoffRate"]?.doubleValue ?? 2)
        attempts = max(0, rule.fields["MaxAttempts"]?.doubleValue ?? 3)
    }

    var last: Double { attempts < 1 ? 0 : interval * power(attempts - 1) }

    var sum: Double { rate == 1 ? interval * attempts : interval * (power(attempts) - 1) / (rate - 1) }

    /// The rate to a whole power, by squaring.
    private func power(_ exponent: Double) -> Double {
        var (result, base, rest) = (1.0, rate, Int(min(exponent, 1e9)))
        while rest > 0 {
            if rest & 1 == 1 { result *= base }
            base *= base
            rest >>= 1
        }
        return result
    }
}

extension LintedState {
    /// Whether a function is called, by its own ARN or through the integration.
    var isLambda: Bool {
        guard let resource else { return false }
        return resource.kind == .lambdaFunction || resource.text.contains(":states:::lambda:invoke")
    }
}
