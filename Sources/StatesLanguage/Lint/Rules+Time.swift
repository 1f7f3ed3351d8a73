extension LintRule {
    static let timeRules: [LintRule] = [
        tokenWithoutTimeout, activityWithoutTimeout, syncWithoutTimeout, heartbeatUnused, timeoutOverRun,
        lambdaTimeoutTooLong, waitOverRun, waitOfNothing, waitInThePast, expressTooLong,
    ]

    private static let timeouts = ["TimeoutSeconds", "TimeoutSecondsPath", "HeartbeatSeconds", "HeartbeatSecondsPath"]

    private static let tokenWithoutTimeout = LintRule(
        "TOKEN_WITHOUT_TIMEOUT", .warning, "A task waits for a token without a limit",
        why: "When nobody sends the token back, the run waits for a year.", on: [.task],
        state: { state, _, report in
            guard state.resource?.pattern == .waitForTaskToken, !timeouts.contains(where: state.has) else { return }
            report.add(
                state.pointer, "when nobody sends the token back, '\(state.name)' waits for a year",
                suggestion: "add TimeoutSeconds or HeartbeatSeconds")
        })

    private static let activityWithoutTimeout = LintRule(
        "ACTIVITY_WITHOUT_TIMEOUT", .warning, "An activity has no time limit",
        why: "When no worker asks for the task, or one takes it and dies, the run waits for a year.", on: [.task],
        state: { state, _, report in
            guard state.resource?.kind == .activity, !timeouts.contains(where: state.has) else { return }
            report.add(
                state.pointer, "without a worker '\(state.name)' waits for a year",
                suggestion: "add TimeoutSeconds or HeartbeatSeconds")
        })

    private static let syncWithoutTimeout = LintRule(
        "SYNC_WITHOUT_TIMEOUT", .info, "A task waits for a job without a limit",
        why: "A job that hangs keeps the run waiting for a year.", on: [.task],
        state: { state, _, report in
            guard let pattern = state.resource?.pattern, pattern == .sync || pattern == .syncParsed,
                !timeouts.contains(where: state.has)
            else { return }
            report.add(
                state.pointer, "a job that hangs keeps '\(state.name)' waiting", suggestion: "add TimeoutSeconds")
        })

    private static let heartbeatUnused = LintRule(
        "HEARTBEAT_UNUSED", .warning, "HeartbeatSeconds stands where nobody sends heartbeats",
        why: "Only activities and tasks that wait for a token send heartbeats.", on: [.task],
        state: { state, _, report in
            guard let resource = state.resource, resource.isARN, !resource.waitsForToken else { return }
            for name in ["HeartbeatSeconds", "HeartbeatSecondsPath"] where state.has(name) {
                report.add(state.pointer(to: name), "this task sends no heartbeats", suggestion: "use TimeoutSeconds")
            }
        })

    private static let timeoutOverRun = LintRule(
        "TIMEOUT_OVER_RUN", .warning, "A task may take longer than the whole run",
        why: "The run times out first, and then no Catch gets the error.", on: [.task],
        state: { state, machine, report in
            guard let limit = machine.timeout, limit > 0, let timeout = state.number("TimeoutSeconds"), timeout >= limit
            else { return }
            report.add(state.pointer(to: "TimeoutSeconds"), "the machine's TimeoutSeconds passes before this does")
        })

    private static let lambdaTimeoutTooLong = LintRule(
        "LAMBDA_TIMEOUT_TOO_LONG", .info, "The time limit of a Lambda function is above Lambda's own",
        why: "A function runs for 900 seconds at most, so that a longer limit never takes effect.", on: [.task],
        state: { state, _, report in
            guard state.isLambda, state.resource?.pattern == .requestResponse,
                let timeout = state.number("TimeoutSeconds"), timeout > 900
            else { return }
            report.add(state.pointer(to: "TimeoutSeconds"), "Lambda ends a function after 900 seconds")
        })

    private static let waitOverRun = LintRule(
        "WAIT_OVER_RUN", .warning, "A Wait state waits longer than a run may take",
        why: "The run always times out there.", on: [.wait],
        state: { state, machine, report in
            guard let limit = machine.timeout, limit > 0, let seconds = state.number("Seconds"), seconds >= limit
            else { return }
            report.add(state.pointer(to: "Seconds"), "the machine's TimeoutSeconds passes while '\(state.name)' waits")
        })

    private static let waitOfNothing = LintRule(
        "WAIT_OF_NOTHING", .info, "A Wait state waits for 0 seconds",
        why: "It only writes two events. A Pass state says better that nothing happens.", on: [.wait],
        state: { state, _, report in
            if state.number("Seconds") == 0 {
                report.add(state.pointer(to: "Seconds"), "'\(state.name)' does not wait")
            }
        })

    private static let waitInThePast = LintRule(
        "WAIT_IN_THE_PAST", .warning, "A Wait state waits until a moment that is past",
        why: "It does not wait at all. A moment in a definition is right for one run only; take it "
            + "from the input.",
        on: [.wait],
        state: { state, machine, report in
            guard let now = machine.options.now, let text = state.string("Timestamp"),
                let moment = Timestamp(rfc3339: text), moment < now
            else { return }
            report.add(
                state.pointer(to: "Timestamp"), "'\(text)' is past",
                suggestion: state.language == .jsonPath ? "use TimestampPath" : "use an expression")
        })

    private static let expressTooLong = LintRule(
        "EXPRESS_TOO_LONG", .warning, "An Express run would wait for more than five minutes",
        why: "Express runs end after 300 seconds.", on: [.wait, .task],
        state: { state, machine, report in
            guard machine.flows[state.flow].isExpress else { return }
            let name = state.type == .wait ? "Seconds" : "TimeoutSeconds"
            guard let seconds = state.number(name), seconds > 300 else { return }
            report.add(state.pointer(to: name), "an Express run ends after 300 seconds")
        })
}
