public import StatesLanguage

/// A callback as a webhook gets it: a CloudEvents 1.0 event in its JSON form, whose data is the payload.
///
/// The event is the same at every attempt, byte for byte, because nothing in it depends on when it is sent.
public struct CallbackEvent: Sendable, Hashable {
    /// What the request calls its body.
    public static let contentType = "application/cloudevents+json; charset=UTF-8"
    /// What the data is called, so that a later shape can be told apart.
    public static let schema = "urn:landlord:callback-payload:1"

    private let callback: Callback

    /// The event of a callback.
    public init(_ callback: Callback) {
        self.callback = callback
    }

    /// What happened: `landlord.execution.succeeded`, and so for every other end.
    public static func type(of status: String) -> String { "landlord.execution.\(status)" }

    /// The event.
    public var json: JSONValue {
        let payload = callback.payload
        return [
            "specversion": "1.0",
            "id": .string(callback.id.rawValue),
            "source": .string("/landlord/tenants/\(callback.tenantName)"),
            "type": .string(Self.type(of: payload["status"]?.stringValue ?? "ended")),
            "subject": .string(callback.executionID.rawValue),
            "time": payload["ended_at"]?.stringValue.map { .string($0) } ?? .string(callback.createdAt.rfc3339),
            "datacontenttype": "application/json",
            "dataschema": .string(Self.schema),
            "data": payload,
        ]
    }
}
