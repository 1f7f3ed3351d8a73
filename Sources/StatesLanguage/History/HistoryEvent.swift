/// One event of a run's history, in the form of Step Functions' `GetExecutionHistory`.
public struct HistoryEvent: Sendable {
    /// The number of the event in its run, counted from 1.
    public let id: Int
    /// The event that this one follows on its line of execution; 0 for the first.
    public let previousEventID: Int
    /// The kind.
    public let type: HistoryEventType
    /// When it happened.
    public let timestamp: Timestamp

    private let content: Content

    /// The details as the interpreter has them; only who reads them pays for the JSON.
    enum Content: Sendable {
        case entered(name: String, input: String)
        case exited(name: String, output: String, assigned: JSONObject?)
        case iteration(name: String, index: Int)
        case details(JSONValue)
    }

    /// Makes an event.
    public init(id: Int, previousEventID: Int, type: HistoryEventType, timestamp: Timestamp, details: JSONValue) {
        self.init(
            id: id, previousEventID: previousEventID, type: type, timestamp: timestamp, content: .details(details))
    }

    init(id: Int, previousEventID: Int, type: HistoryEventType, timestamp: Timestamp, content: Content) {
        self.id = id
        self.previousEventID = previousEventID
        self.type = type
        self.timestamp = timestamp
        self.content = content
    }

    static let notTruncated: JSONValue = ["truncated": false]

    /// The details, with the names AWS gives them; data (`input`, `output`, `parameters`) is JSON text in a string.
    public var details: JSONValue {
        switch content {
        case .details(let details): return details
        case .iteration(let name, let index): return ["name": .string(name), "index": .integer(index)]
        case .entered(let name, let input):
            return ["name": .string(name), "input": .string(input), "inputDetails": Self.notTruncated]
        case .exited(let name, let output, let assigned):
            var details: JSONObject = [
                "name": .string(name), "output": .string(output), "outputDetails": Self.notTruncated,
            ]
            if let assigned {
                details["assignedVariables"] = .object(assigned)
                details["assignedVariablesDetails"] = Self.notTruncated
            }
            return .object(details)
        }
    }

    /// The bytes of the data in the event.
    var dataByteCount: Int {
        switch content {
        case .entered(_, let input): input.utf8.count
        case .exited(_, let output, let assigned):
            output.utf8.count + (assigned ?? [:]).reduce(0) { $0 + ($1.value.stringValue?.utf8.count ?? 0) }
        case .iteration: 0
        case .details(let details):
            ["input", "output", "parameters", "cause"].reduce(0) { $0 + (details[$1]?.stringValue?.utf8.count ?? 0) }
        }
    }

    /// The form that `GetExecutionHistory` gives; reading it back gives an equal event.
    public var json: JSONValue {
        var json: JSONObject = [
            "timestamp": .string(timestamp.rfc3339),
            "type": .string(type.rawValue),
            "id": .number(JSONNumber(id)),
            "previousEventId": .number(JSONNumber(previousEventID)),
        ]
        if let name = type.detailsName { json[name] = details }
        return .object(json)
    }

    /// Reads a stored event.
    public init(json: JSONValue) throws(StoredFormError) {
        let stored = try StoredObject(json, kind: "a history event")
        let typeName = try stored.string("type")
        guard let type = HistoryEventType(rawValue: typeName) else {
            throw StoredFormError("there is no history event of type '\(typeName)'")
        }
        guard let timestamp = Timestamp(rfc3339: try stored.string("timestamp")) else {
            throw StoredFormError("'timestamp' of a history event is not a timestamp")
        }
        var details: JSONValue = [:]
        if let name = type.detailsName { details = try stored.value(name) }
        self.init(
            id: try stored.integer("id"), previousEventID: try stored.integer("previousEventId"), type: type,
            timestamp: timestamp, details: details)
    }
}

extension HistoryEvent: Hashable {
    /// Tells whether two events say the same.
    public static func == (left: HistoryEvent, right: HistoryEvent) -> Bool {
        left.id == right.id && left.previousEventID == right.previousEventID && left.type == right.type
            && left.timestamp == right.timestamp && left.details == right.details
    }

    /// Feeds what tells events of one run apart to a hasher.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(id)
        hasher.combine(type)
    }
}
