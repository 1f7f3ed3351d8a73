extension LintRule {
    static let resourceRules: [LintRule] = [
        resourceNotARN, unknownService, syncNotSupported, tokenNotSupported, expressPattern, sdkActionCase,
        missingArgument, argumentCase, tokenNotPassed, tokenWithoutPattern, legacyFunctionARN,
    ]

    private static let resourceNotARN = LintRule(
        "RESOURCE_NOT_ARN", .error, "The Resource of a task is not an ARN",
        why: "Step Functions calls functions, activities and services by their ARN.", on: [.task],
        state: { state, _, report in
            guard let resource = state.resource, !resource.isARN, !resource.text.isEmpty else { return }
            // What begins so is work of Landlord itself, which never goes to Step Functions.
            guard !resource.text.hasPrefix("landlord:") else { return }
            report.add(
                state.pointer(to: "Resource"), "Value is not a valid resource ARN",
                suggestion: "write it like arn:aws:states:::lambda:invoke")
        })

    private static let unknownService = LintRule(
        "UNKNOWN_SERVICE", .warning, "A service has no optimized integration",
        why: "All others are called with arn:aws:states:::aws-sdk:service:action.", on: [.task],
        state: { state, _, report in
            guard let call = state.call, call.integration == nil else { return }
            report.add(
                state.pointer(to: "Resource"), "there is no optimized integration '\(call.service)'",
                suggestion: "did you mean arn:aws:states:::aws-sdk:\(call.service):\(call.action)?")
        })

    private static let syncNotSupported = LintRule(
        "SYNC_NOT_SUPPORTED", .error, "A service that has no jobs to wait for is called with .sync",
        why: "Step Functions does not know the resource.", on: [.task],
        state: { state, _, report in
            guard let call = state.call, let pattern = state.resource?.pattern,
                pattern == .sync || pattern == .syncParsed,
                call.integration?.hasSync == false
            else { return }
            report.add(
                state.pointer(to: "Resource"), "'\(call.service)' has no '\(pattern.rawValue)'",
                suggestion: "leave '\(pattern.rawValue)' away: the call answers when it is done")
        })

    private static let tokenNotSupported = LintRule(
        "TOKEN_NOT_SUPPORTED", .error, "A service that cannot pass a token on is called with .waitForTaskToken",
        why: "Step Functions does not know the resource.", on: [.task],
        state: { state, _, report in
            guard let call = state.call, state.resource?.pattern == .waitForTaskToken,
                call.integration?.hasToken == false
            else { return }
            report.add(state.pointer(to: "Resource"), "'\(call.service)' has no '.waitForTaskToken'")
        })

    private static let expressPattern = LintRule(
        "EXPRESS_PATTERN", .error, "An Express machine waits for a job, a token or an activity",
        why: "Express workflows support request and response only.", on: [.task],
        state: { state, machine, report in
            guard machine.flows[state.flow].isExpress, let message = state.resource?.expressRefusal else { return }
            report.add(state.pointer(to: "Resource"), message)
        })

    private static let sdkActionCase = LintRule(
        "SDK_ACTION_CASE", .warning, "An action of the AWS SDK is written in the wrong case",
        why: "The service is written small and the action in camel case: aws-sdk:s3:listBuckets.", on: [.task],
        state: { state, _, report in
            guard let call = state.call, call.service == "aws-sdk" else { return }
            let parts = call.action.split(separator: ":", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { return }
            let action = parts[1].prefix(1).lowercased() + parts[1].dropFirst()
            guard parts[0] != parts[0].lowercased() || parts[1] != action else { return }
            report.add(
                state.pointer(to: "Resource"), "'\(call.action)' is not written as the service expects",
                suggestion: "did you mean aws-sdk:\(parts[0].lowercased()):\(action)?")
        })

    private static let missingArgument = LintRule(
        "MISSING_ARGUMENT", .error, "A call lacks a field that the service needs",
        why: "Step Functions checks the fields of optimized integrations when a machine is created.", on: [.task],
        state: { state, _, report in
            guard let call = state.call, case .object(let given)? = state[state.argumentsField] else { return }
            for name in call.integration?.required[call.action] ?? [] {
                guard given[name] == nil, given[name + ".$"] == nil else { continue }
                report.add(state.pointer(to: state.argumentsField), "The field '\(name)' is required but was missing")
            }
        })

    private static let argumentCase = LintRule(
        "ARGUMENT_CASE", .warning, "A field of a call is written in the wrong case",
        why: "Fields of services are written in Pascal case in Step Functions, whatever the service's "
            + "own API does.",
        on: [.task],
        state: { state, _, report in
            guard let call = state.call, case .object(let given)? = state[state.argumentsField] else { return }
            let fields = ServiceIntegration.commonFields["\(call.service):\(call.action)"] ?? []
            for key in given.keys {
                let name = key.hasSuffix(".$") ? String(key.dropLast(2)) : key
                guard !fields.contains(name),
                    let meant = fields.first(where: { $0.lowercased() == name.lowercased() })
                else { continue }
                report.add(
                    state.pointer(to: state.argumentsField, key),
                    "'\(name)' is not a field of \(call.service):\(call.action)",
                    suggestion: "did you mean '\(meant)'?")
            }
        })

    private static let tokenNotPassed = LintRule(
        "TOKEN_NOT_PASSED", .warning, "A task waits for a token that it does not pass on",
        why: "Nobody can send back a token that nobody was given.", on: [.task],
        state: { state, _, report in
            guard state.resource?.pattern == .waitForTaskToken, !state.passesToken else { return }
            let token = state.language == .jsonPath ? "$$.Task.Token" : "$states.context.Task.Token"
            report.add(
                state.pointer, "'\(state.name)' does not pass the token on",
                suggestion: "put \(token) into \(state.argumentsField)")
        })

    private static let tokenWithoutPattern = LintRule(
        "TOKEN_WITHOUT_PATTERN", .warning, "A task token is read where there is none",
        why: "Only tasks with .waitForTaskToken have a token; anywhere else reading it fails the run.",
        state: { state, _, report in
            guard state.resource?.pattern != .waitForTaskToken else { return }
            for text in state.texts where text.references.contains(where: \.isToken) {
                report.add(text.pointer, "'\(state.name)' has no task token", suggestion: "add '.waitForTaskToken'")
            }
        })

    private static let legacyFunctionARN = LintRule(
        "FUNCTION_ARN", .info, "A Lambda function is called by its own ARN",
        why: "AWS recommends arn:aws:states:::lambda:invoke, which gives the status and can wait for "
            + "a token.",
        on: [.task],
        state: { state, _, report in
            guard state.resource?.kind == .lambdaFunction else { return }
            report.add(
                state.pointer(to: "Resource"), "the function is called by its own ARN",
                suggestion: "use arn:aws:states:::lambda:invoke")
        })
}

extension Reference {
    /// Whether it reads the task's token.
    fileprivate var isToken: Bool {
        switch root {
        case .context: members == ["Task", "Token"]
        case .variable(let name): name == "states" && members == ["context", "Task", "Token"]
        }
    }

    /// Whether it reads something that the token may be in: the task, or the whole context.
    fileprivate var mayHoldToken: Bool {
        switch root {
        case .context: members.isEmpty || members.first == "Task"
        case .variable(let name):
            // A variable may hold it; `$states` and its context do.
            name != "states" || members.isEmpty || members == ["context"] || members.prefix(2) == ["context", "Task"]
        }
    }
}

extension LintedState {
    fileprivate var call: IntegrationCall? { resource?.call }

    fileprivate var passesToken: Bool {
        texts.contains { $0.field == argumentsField && $0.references.contains(where: \.mayHoldToken) }
    }
}
