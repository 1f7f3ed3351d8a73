/// The context object, made only when a path or an expression asks for it.
struct ContextObject {
    let start: RunStart
    let startedAt: Timestamp
    let stateName: String
    let enteredAt: Timestamp
    let retryCount: Int
    let token: String?
    /// The item of the innermost Map iteration.
    var item: MapItem?
    /// The input and the number of a child execution of a distributed Map, which has an `Execution` of its own.
    var child: (input: JSONValue, number: Int)?

    var value: JSONValue {
        var context: JSONObject = ["Execution": .object(execution)]
        if let item { context["Map"] = ["Item": item.json] }
        context["State"] = [
            "EnteredTime": .string(enteredAt.rfc3339),
            "Name": .string(stateName),
            "RetryCount": .number(JSONNumber(retryCount)),
        ]
        context["StateMachine"] = ["Id": .string(start.machineID), "Name": .string(start.machineName)]
        if let token { context["Task"] = ["Token": .string(token)] }
        return .object(context)
    }

    private var execution: JSONObject {
        var execution: JSONObject = [
            "Id": .string(start.runID),
            "Input": child?.input ?? start.input,
            "Name": .string(start.runName),
            "StartTime": .string(startedAt.rfc3339),
            "RedriveCount": 0,
        ]
        if let role = start.roleARN { execution["RoleArn"] = .string(role) }
        if let child {
            execution["Id"] = .string("\(start.runID):\(child.number)")
            execution["Name"] = .string("\(start.runName):\(child.number)")
        }
        return execution
    }
}

/// `$$.Map.Item`: what one iteration of a Map state works on.
struct MapItem: Sendable, Hashable {
    let index: Int
    let value: JSONValue
    /// The name, where the Map iterates over the members of an object.
    var key: String?

    var json: JSONValue {
        var json: JSONObject = ["Index": .number(JSONNumber(index))]
        if let key { json["Key"] = .string(key) }
        json["Value"] = value
        return .object(json)
    }
}
