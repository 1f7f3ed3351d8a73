/// One event of a run's history, in the form of Step Functions' `GetExecutionHistory`.
public struct HistoryEvent: Sendable, Hashable {
    /// The number of the event in its run, counted from 1.
    public let id: Int
    /// The event that this one follows on its line of execution; 0 for the first.
    public let previousEventID: Int
    /// The kind.
    public let type: HistoryEventType
    /// When it happened.
    public let timestamp: Timestamp
    /// The details, with the names AWS gives them; data (`input`, `output`, `parameters`) is JSON text in a string.
    public let details: JSONValue

    /// Makes an event.
    public init(id: Int, previousEventID: Int, type: HistoryEventType, timestamp: Timestamp, details: JSONValue) {
        self.id = id
        self.previousEventID = previousEventID
        self.type = type
        self.timestamp = timestamp
        self.details = details
    }

    /// The form that `GetExecutionHistory` gives; reading it back gives an equal event.
    public var json: JSONValue {
        [
            "timestamp": .string(timestamp.rfc3339),
            "type": .string(type.rawValue),
            "id": .number(JSONNumber(id)),
            "previousEventId": .number(JSONNumber(previousEventID)),
            type.detailsName: details,
        ]
    }

    /// Reads a stored event.
    public init(json: JSONValue) throws(StoredFormError) {
        let stored = try StoredObject(json, kind: "a history event")
        let typeName = try stored.string("type")
        guard let type = HistoryEventType(rawValue: typeName) else {
            throw StoredFormError("there is no history event of type '\(typeName)'")
        }
        self.type = type
        id = try stored.integer("id")
        previousEventID = try stored.integer("previousEventId")
        guard let timestamp = Timestamp(rfc3339: try stored.string("timestamp")) else {
            throw StoredFormError("'timestamp' of a history event is not a timestamp")
        }
        self.timestamp = timestamp
        details = try stored.value(type.detailsName)
    }
}
