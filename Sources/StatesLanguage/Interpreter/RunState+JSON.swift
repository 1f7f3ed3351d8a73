extension RunState {
    /// The form that is stored; reading it back gives an equal state.
    public var json: JSONValue {
        var json: JSONObject = [
            "start": start.json,
            "startedAt": startedAt.storedForm,
            "eventCount": .number(JSONNumber(eventCount)),
            "nextID": .number(JSONNumber(nextID)),
            "frames": .array(frames.map(\.json)),
        ]
        if let limitTimer { json["limitTimer"] = .number(JSONNumber(limitTimer)) }
        if let outcome { json["outcome"] = outcome.json }
        return .object(json)
    }

    /// Reads a stored state.
    public init(json: JSONValue) throws(StoredFormError) {
        let stored = try StoredObject(json, kind: "a run's state")
        start = try RunStart(json: try stored.value("start"))
        startedAt = try stored.timestamp("startedAt")
        eventCount = try stored.integer("eventCount")
        nextID = try stored.integer("nextID")
        limitTimer = try stored.optionalInteger("limitTimer")
        outcome = nil
        frames = []
        if let value = stored["outcome"] { outcome = try RunOutcome(json: value) }
        for value in try stored.array("frames") { frames.append(try Frame(json: value)) }
    }
}

extension RunState.Frame {
    var json: JSONValue {
        [
            "state": .string(stateName),
            "input": input,
            "enteredAt": enteredAt.storedForm,
            "enteredEventID": .number(JSONNumber(enteredEventID)),
            "previousEventID": .number(JSONNumber(previousEventID)),
            "retryCounts": .array(retryCounts.map { .number(JSONNumber($0)) }),
            "activity": activity.json,
        ]
    }

    init(json: JSONValue) throws(StoredFormError) {
        let stored = try StoredObject(json, kind: "a frame of a run's state")
        stateName = try stored.string("state")
        input = try stored.value("input")
        enteredAt = try stored.timestamp("enteredAt")
        enteredEventID = try stored.integer("enteredEventID")
        previousEventID = try stored.integer("previousEventID")
        retryCounts = []
        activity = try RunState.Activity(json: try stored.value("activity"))
        for value in try stored.array("retryCounts") {
            guard let count = value.intValue else { throw StoredFormError("a retry count is not an integer") }
            retryCounts.append(count)
        }
    }
}

extension RunState.Activity {
    var json: JSONValue {
        switch self {
        case .none: return ["type": "none"]
        case .task(let id, let token, let timeoutTimer):
            var json: JSONObject = ["type": "task", "task": .number(JSONNumber(id))]
            if let token { json["token"] = .string(token) }
            if let timeoutTimer { json["timer"] = .number(JSONNumber(timeoutTimer)) }
            return .object(json)
        case .timer(let id, let fireAt):
            return ["type": "timer", "timer": .number(JSONNumber(id)), "fireAt": fireAt.storedForm]
        case .backoff(let timer, let until, let error):
            return [
                "type": "backoff", "timer": .number(JSONNumber(timer)), "until": until.storedForm,
                "error": .string(error),
            ]
        }
    }

    init(json: JSONValue) throws(StoredFormError) {
        let stored = try StoredObject(json, kind: "the activity of a run's state")
        switch try stored.string("type") {
        case "none":
            self = .none
        case "task":
            self = .task(
                id: try stored.integer("task"), token: try stored.optionalString("token"),
                timeoutTimer: try stored.optionalInteger("timer"))
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

extension Timestamp {
    /// Milliseconds, because RFC 3339 cannot name every moment a timer may have.
    fileprivate var storedForm: JSONValue { .number(JSONNumber(millisecondsSinceEpoch)) }
}
