/// The context object, made only when a path or an expression asks for it.
struct ContextObject {
    let start: RunStart
    let startedAt: Timestamp
    let stateName: String
    let enteredAt: Timestamp
    /// How often the state has been tried again; only states that have Retry count.
    let retryCount: Int?
    let token: String?
    /// How often an operator has let the run go on after it had ended.
    var redriveCount = 0
    /// The item of the innermost Map iteration.
    var item: MapItem?
    /// The input and the number of a child execution of a distributed Map, which has an `Execution` of its own.
    var child: (input: JSONValue, number: Int)?

    var value: JSONValue {
        var context: JSONObject = ["Execution": .object(execution)]
        context["StateMachine"] = ["Id": .string(start.machineID), "Name": .string(start.machineName)]
        var state: JSONObject = ["EnteredTime": .string(enteredAt.rfc3339), "Name": .string(stateName)]
        if let retryCount { state["RetryCount"] = .integer(retryCount) }
        context["State"] = .object(state)
        if let item { context["Map"] = ["Item": item.json] }
        if let token { context["Task"] = ["Token": .string(token)] }
        return .object(context)
    }

    private var execution: JSONObject {
        var execution: JSONObject = [
            "Id": .string(start.runID),
            "Input": child?.input ?? start.input,
            "Name": .string(start.runName),
        ]
        if let role = start.roleARN { execution["RoleArn"] = .string(role) }
        execution["StartTime"] = .string(startedAt.rfc3339)
        execution["RedriveCount"] = .integer(redriveCount)
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
