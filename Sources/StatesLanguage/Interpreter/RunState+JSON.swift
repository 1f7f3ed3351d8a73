extension RunState {
    /// The form that is stored; reading it back gives an equal state.
    public var json: JSONValue {
        var json: JSONObject = [
            "start": start.json,
            "startedAt": startedAt.storedForm,
            "eventCount": .integer(eventCount),
            "nextID": .integer(nextID),
            "frames": .array(frames.places.map { $0.hasEnded ? .null : $0.json }),
        ]
        if frames.serial > 1 {
            json["free"] = .array(frames.free.map(JSONValue.integer))
            json["serial"] = .integer(frames.serial)
        }
        if let limitTimer { json["limitTimer"] = .integer(limitTimer) }
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
        frames = FrameTable()
        if let value = stored["outcome"] { outcome = try RunOutcome(json: value) }
        var places: [Frame] = []
        for value in try stored.array("frames") { places.append(value.isNull ? .ended : try Frame(json: value)) }
        let free = stored["free"] == nil ? [] : try stored.integers("free")
        let serial = try stored.optionalInteger("serial") ?? min(places.count, 1)
        frames = FrameTable(places: places, free: free, serial: serial)
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
        if let fork { json["fork"] = fork.json }
        if let parent { json["parent"] = .integer(parent) }
        if branch != 0 { json["branch"] = .integer(branch) }
        if let item { json["item"] = item.json }
        if let childInput { json["childInput"] = childInput }
        if isSilent { json["isSilent"] = true }
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
        if let value = stored["fork"] { fork = try RunState.Fork(json: value) }
        parent = try stored.optionalInteger("parent")
        branch = try stored.optionalInteger("branch") ?? 0
        if let value = stored["item"] { item = try MapItem(json: value) }
        childInput = stored["childInput"]
        isSilent = stored["isSilent"] != nil
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
    var json: JSONValue {
        var json: JSONObject = [
            "total": .integer(total), "begun": .integer(begun), "lastEventID": .integer(lastEventID),
            "running": .object(
                JSONObject(running.sorted { $0.key < $1.key }.map { (String($0.key), JSONValue.integer($0.value)) })),
            // A result may be null, so each is in an array of its own.
            "results": .array(results.map { $0.map { [$0] } ?? .null }),
        ]
        if !items.isEmpty { json["items"] = .array(items.map(\.json)) }
        if failedCount > 0 { json["failedCount"] = .integer(failedCount) }
        if let toleratedCount { json["toleratedCount"] = .integer(toleratedCount) }
        if limits != RunState.MapLimits() { json["limits"] = limits.json }
        if let mapRunARN { json["mapRunARN"] = .string(mapRunARN) }
        if isBatched { json["isBatched"] = true }
        return .object(json)
    }

    init(json: JSONValue) throws(StoredFormError) {
        let stored = try StoredObject(json, kind: "the branches of a state")
        self.init(total: try stored.integer("total"), results: try stored.array("results").map { $0[0] })
        begun = try stored.integer("begun")
        lastEventID = try stored.integer("lastEventID")
        for (branch, place) in try stored.value("running").objectValue ?? [:] {
            guard let branch = Int(branch), let place = place.intValue else {
                throw StoredFormError("a running branch is not an integer")
            }
            running[branch] = place
        }
        if stored["items"] != nil {
            for value in try stored.array("items") { items.append(try MapItem(json: value)) }
        }
        failedCount = try stored.optionalInteger("failedCount") ?? 0
        toleratedCount = try stored.optionalInteger("toleratedCount")
        if let value = stored["limits"] { limits = try RunState.MapLimits(json: value) }
        mapRunARN = try stored.optionalString("mapRunARN")
        isBatched = stored["isBatched"] != nil
    }
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
                    isStarted: stored["isWaiting"] == nil))
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
        return .object(json)
    }
}

extension Timestamp {
    /// Milliseconds, because RFC 3339 cannot name every moment a timer may have.
    fileprivate var storedForm: JSONValue { .number(JSONNumber(millisecondsSinceEpoch)) }
}
