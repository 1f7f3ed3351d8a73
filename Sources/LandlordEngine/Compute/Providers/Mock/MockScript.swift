import LandlordDomain
import StatesLanguage

/// What a tenant's `compute.provider_config` tells the mock to do: how long to take and how to fail.
struct MockScript: Sendable, Hashable {
    /// A failure to play.
    struct Failure: Sendable, Hashable {
        /// What kind of failure.
        var code: ComputeError.Code
        /// How often in a row; nil for every time.
        var times: Int?
        /// Only for this operation; nil for each.
        var operation: ComputeOperation?
        /// What the provider says.
        var message: String
        /// Leave behind what was made before the failure.
        var isPartial: Bool
    }

    /// How long an operation takes.
    var delay: Duration
    /// Steps that are reported on the way.
    var stepCount: Int
    /// Answer at once with `in_progress` and let `status` tell the rest.
    var isAsynchronous: Bool
    /// What the health checks say once it runs.
    var health: ComputeStatus.Health
    /// The failure to play.
    var failure: Failure?

    /// Reads a script; rules that it breaks are left out, because `violations` reports them before.
    init(json: JSONValue) {
        var reader = SpecReader()
        self.init(json: json, &reader)
    }

    /// Every rule that a script breaks.
    static func violations(of json: JSONValue) -> [Violation] {
        var reader = SpecReader()
        _ = MockScript(json: json, &reader)
        return reader.violations
    }

    private init(json: JSONValue, _ reader: inout SpecReader) {
        let path = "provider_config"
        let fields = reader.object(json, path: path) ?? [:]
        reader.refuseUnknown(
            fields, allowed: ["delay_milliseconds", "steps", "asynchronous", "health", "fail"], path: path)
        let delay = reader.integer(
            fields["delay_milliseconds"], path: "\(path).delay_milliseconds", range: 0...86_400_000)
        self.delay = .milliseconds(delay ?? 0)
        stepCount = reader.integer(fields["steps"], path: "\(path).steps", range: 0...100) ?? 0
        isAsynchronous = Self.flag(fields["asynchronous"], path: "\(path).asynchronous", &reader)
        health = reader.choice(fields["health"], path: "\(path).health") ?? .healthy
        failure = reader.object(fields["fail"], path: "\(path).fail").flatMap {
            Self.failure($0, "\(path).fail", &reader)
        }
    }

    private static func failure(_ fields: JSONObject, _ path: String, _ reader: inout SpecReader) -> Failure? {
        reader.refuseUnknown(fields, allowed: ["code", "times", "operation", "message", "partial"], path: path)
        let code: ComputeError.Code? = reader.choice(fields["code"], path: "\(path).code", isRequired: true)
        let times = reader.integer(fields["times"], path: "\(path).times", range: 1...1_000_000)
        let operation: ComputeOperation? = reader.choice(fields["operation"], path: "\(path).operation")
        let message = reader.string(fields["message"], path: "\(path).message") ?? "scripted failure"
        let isPartial = flag(fields["partial"], path: "\(path).partial", &reader)
        return code.map {
            Failure(code: $0, times: times, operation: operation, message: message, isPartial: isPartial)
        }
    }

    private static func flag(_ value: JSONValue?, path: String, _ reader: inout SpecReader) -> Bool {
        guard let value, value != .null else { return false }
        if value.boolValue == nil { reader.report(path, "must be true or false") }
        return value.boolValue ?? false
    }

    static let schema: JSONValue = [
        "$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "additionalProperties": false,
        "properties": [
            "delay_milliseconds": ["type": "integer", "minimum": 0, "maximum": 86_400_000],
            "steps": ["type": "integer", "minimum": 0, "maximum": 100],
            "asynchronous": ["type": "boolean"],
            "health": ["enum": ["healthy", "unhealthy", "unknown"]],
            "fail": [
                "type": "object", "additionalProperties": false, "required": ["code"],
                "properties": [
                    "code": ["enum": .array(ComputeError.Code.allCases.map { .string($0.rawValue) })],
                    "times": ["type": "integer", "minimum": 1],
                    "operation": ["enum": .array(ComputeOperation.allCases.map { .string($0.rawValue) })],
                    "message": ["type": "string"],
                    "partial": ["type": "boolean"],
                ],
            ],
        ],
    ]
}
