/// What paths and expressions can see while a state is evaluated.
struct Scope {
    /// The value of `$`.
    let input: JSONValue
    /// The value of `$$`.
    let context: ContextObject
    /// The workflow variables that can be read here, by their names without `$`; inner scopes are merged over outer ones.
    var variables: JSONObject = [:]
}

/// The context object, made only when a path asks for it.
struct ContextObject {
    let start: RunStart
    let startedAt: Timestamp
    let stateName: String
    let enteredAt: Timestamp
    let retryCount: Int
    let token: String?

    var value: JSONValue {
        var context: JSONObject = [
            "Execution": [
                "Id": .string(start.runID),
                "Input": start.input,
                "Name": .string(start.runName),
                "StartTime": .string(startedAt.rfc3339),
            ],
            "StateMachine": ["Id": .string(start.machineID), "Name": .string(start.machineName)],
            "State": [
                "Name": .string(stateName),
                "EnteredTime": .string(enteredAt.rfc3339),
                "RetryCount": .number(JSONNumber(retryCount)),
            ],
        ]
        if let token { context["Task"] = ["Token": .string(token)] }
        return .object(context)
    }
}
