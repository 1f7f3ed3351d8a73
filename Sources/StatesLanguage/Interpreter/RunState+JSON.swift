extension RunState {
    /// The whole stored form in one; reading it back gives an equal state.
    ///
    /// It is as long as the run is large. Who stores a run at each step writes its ``Transition/changes`` instead.
    public var json: JSONValue {
        var json: JSONObject = ["start": start.json, "head": head]
        let pieces = pieces.map { JSONValue.array([.integer($0.key), $0.value]) }
        if !pieces.isEmpty { json["pieces"] = .array(pieces) }
        return .object(json)
    }

    /// Reads a state that was stored in one.
    public init(json: JSONValue) throws(StoredFormError) {
        let stored = try StoredObject(json, kind: "a run's state")
        var pieces: [RunPiece] = []
        for piece in stored["pieces"] == nil ? [] : try stored.array("pieces") {
            guard let key = piece[0]?.intValue, let value = piece[1] else {
                throw StoredFormError("a piece of a run's state is no pair")
            }
            pieces.append(RunPiece(key: key, value: value))
        }
        try self.init(
            start: try RunStart(json: try stored.value("start")), head: try stored.value("head"), pieces: pieces)
    }
}

extension JSONValue {
    static func integer(_ value: Int) -> JSONValue { .number(JSONNumber(value)) }
}

extension RunState.Frame {
    /// Members that have their usual value are left out; most lines are simple.
    var json: JSONValue {
        var json: JSONObject = [
            "state": .string(stateName),
            "input": input,
            "enteredAt": enteredAt.storedForm,
            "enteredEventID": .integer(enteredEventID),
            "previousEventID": .integer(previousEventID),
            "activity": activity.json,
        ]
        if let position { json["position"] = .integer(position) }
        if lastEventID != previousEventID { json["lastEventID"] = .integer(lastEventID) }
        if !retryCounts.isEmpty { json["retryCounts"] = .array(retryCounts.map(JSONValue.integer)) }
        if !variables.isEmpty { json["variables"] = .object(variables) }
        if let parent { json["parent"] = .integer(parent) }
        if branch != 0 { json["branch"] = .integer(branch) }
        if let item { json["item"] = item.json }
        if let childInput { json["childInput"] = childInput }
        if isSilent { json["isSilent"] = true }
        if let caught { json["caught"] = ["position": .integer(caught.position), "input": caught.input] }
        if serial != 0 { json["serial"] = .integer(serial) }
        return .object(json)
    }

    init(json: JSONValue) throws(StoredFormError) {
        let stored = try StoredObject(json, kind: "a frame of a run's state")
        let previous = try stored.integer("previousEventID")
        self.init(
            position: try stored.optionalInteger("position"), stateName: try stored.string("state"),
            input: try stored.value("input"), enteredAt: try stored.timestamp("enteredAt"),
            enteredEventID: try stored.integer("enteredEventID"), previousEventID: previous,
            lastEventID: try stored.optionalInteger("lastEventID") ?? previous)
        if stored["retryCounts"] != nil { retryCounts = try stored.integers("retryCounts") }
        activity = try RunState.Activity(json: try stored.value("activity"))
        variables = stored["variables"]?.objectValue ?? [:]
        parent = try stored.optionalInteger("parent")
        branch = try stored.optionalInteger("branch") ?? 0
        if let value = stored["item"] { item = try MapItem(json: value) }
        childInput = stored["childInput"]
        isSilent = stored["isSilent"] != nil
        if let value = stored["caught"] {
            let caught = try StoredObject(value, kind: "a caught error")
            self.caught = RunState.Caught(
                position: try caught.integer("position"), input: try caught.value("input"))
        }
        serial = try stored.optionalInteger("serial") ?? 0
    }
}

extension MapItem {
    init(json: JSONValue) throws(StoredFormError) {
        let stored = try StoredObject(json, kind: "an item of a Map")
        self.init(
            index: try stored.integer("Index"), value: try stored.value("Value"), key: try stored.optionalString("Key"))
    }
}

extension RunState.Fork {
    /// What is counted of the branches; the branches themselves are stored beside it.
    var json: JSONValue {
        var json: JSONObject = [
            "total": .integer(total), "begun": .integer(begun), "lastEventID": .integer(lastEventID),
        ]
        if failedCount > 0 { json["failedCount"] = .integer(failedCount) }
        if let toleratedCount { json["toleratedCount"] = .integer(toleratedCount) }
        if limits != RunState.MapLimits() { json["limits"] = limits.json }
        if let mapRunARN { json["mapRunARN"] = .string(mapRunARN) }
        if isBatched { json["isBatched"] = true }
        return .object(json)
    }

    /// Reads what is counted; what has not begun has no item yet, and nothing has a result.
    init(json: JSONValue) throws(StoredFormError) {
        let stored = try StoredObject(json, kind: "the branches of a state")
        let total = try stored.integer("total")
        let begun = try stored.integer("begun")
        // Nobody has more items than fit a payload many times over; a damaged number must not take all memory.
        guard (0...Self.branchLimit).contains(total), (0...total).contains(begun) else {
            throw StoredFormError("a state has \(begun) of \(total) branches")
        }
        self.init(total: total, results: Array(repeating: nil, count: total))
        self.begun = begun
        if begun < total { items = Array(repeating: nil, count: total) }
        lastEventID = try stored.integer("lastEventID")
        failedCount = try stored.optionalInteger("failedCount") ?? 0
        toleratedCount = try stored.optionalInteger("toleratedCount")
        if let value = stored["limits"] { limits = try RunState.MapLimits(json: value) }
        mapRunARN = try stored.optionalString("mapRunARN")
        isBatched = stored["isBatched"] != nil
    }

    private static let branchLimit = 100_000_000
}

extension RunState.MapLimits {
    fileprivate var json: JSONValue {
        var json: JSONObject = ["concurrency": .integer(concurrency)]
        if let toleratedCount { json["toleratedCount"] = .integer(toleratedCount) }
        if let number = toleratedPercentage.flatMap({ JSONNumber($0) }) {
            json["toleratedPercentage"] = .number(number)
        }
        if let itemCount { json["itemCount"] = .integer(itemCount) }
        return .object(json)
    }

    fileprivate init(json: JSONValue) throws(StoredFormError) {
        let stored = try StoredObject(json, kind: "the limits of a Map")
        concurrency = try stored.integer("concurrency")
        toleratedCount = try stored.optionalInteger("toleratedCount")
        toleratedPercentage = stored["toleratedPercentage"]?.doubleValue
        itemCount = try stored.optionalInteger("itemCount")
    }
}

extension RunState.Activity {
    var json: JSONValue {
        switch self {
        case .none: return ["type": "none"]
        case .forked: return ["type": "forked"]
        case .task(let task): return task.json
        case .reading(let id): return ["type": "reading", "task": .integer(id)]
        case .writing(let id): return ["type": "writing", "task": .integer(id)]
        case .timer(let id, let fireAt):
            return ["type": "timer", "timer": .integer(id), "fireAt": fireAt.storedForm]
        case .backoff(let timer, let until, let error):
            return [
                "type": "backoff", "timer": .integer(timer), "until": until.storedForm, "error": .string(error),
            ]
        }
    }

    init(json: JSONValue) throws(StoredFormError) {
        let stored = try StoredObject(json, kind: "the activity of a run's state")
        switch try stored.string("type") {
        case "none": self = .none
        case "forked": self = .forked
        case "reading": self = .reading(id: try stored.integer("task"))
        case "writing": self = .writing(id: try stored.integer("task"))
        case "task":
            self = .task(
                RunState.TaskWait(
                    id: try stored.integer("task"), token: try stored.optionalString("token"),
                    timeoutTimer: try stored.optionalInteger("timer"),
                    heartbeatTimer: try stored.optionalInteger("heartbeatTimer"),
                    heartbeatSeconds: try stored.optionalInteger("heartbeatSeconds"),
                    isStarted: stored["isWaiting"] == nil, isSubmitted: stored["isSubmitted"] != nil))
        case "timer":
            self = .timer(id: try stored.integer("timer"), fireAt: try stored.timestamp("fireAt"))
        case "backoff":
            self = .backoff(
                timer: try stored.integer("timer"), until: try stored.timestamp("until"),
                error: try stored.string("error"))
        case let other:
            throw StoredFormError("there is no activity '\(other)'")
        }
    }
}

extension RunState.TaskWait {
    fileprivate var json: JSONValue {
        var json: JSONObject = ["type": "task", "task": .integer(id)]
        if let token { json["token"] = .string(token) }
        if let timeoutTimer { json["timer"] = .integer(timeoutTimer) }
        if let heartbeatTimer { json["heartbeatTimer"] = .integer(heartbeatTimer) }
        if let heartbeatSeconds { json["heartbeatSeconds"] = .integer(heartbeatSeconds) }
        if !isStarted { json["isWaiting"] = true }
        if isSubmitted { json["isSubmitted"] = true }
        return .object(json)
    }
}

extension Timestamp {
    /// Milliseconds, because RFC 3339 cannot name every moment a timer may have.
    var storedForm: JSONValue { .number(JSONNumber(millisecondsSinceEpoch)) }
}
