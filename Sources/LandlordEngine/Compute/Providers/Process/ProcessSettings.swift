import LandlordDomain
import StatesLanguage

/// What `compute.provider_config` may say to the process provider.
struct ProcessSettings: Sendable, Hashable {
    /// What becomes of a process that has ended.
    enum Restart: String, Sendable, Hashable, CaseIterable {
        /// It is started again, however it ended.
        case always
        /// It is started again unless it ended with code 0.
        case onFailure = "on-failure"
        /// It is over.
        case never
    }

    /// What becomes of a process that has ended.
    var restart: Restart = .always
    /// Restarts in a row before the supervisor gives up; 0 means never.
    var restartLimit = 0
    /// From SIGTERM to SIGKILL.
    ///
    /// nil for what the configuration says.
    var stopGraceSeconds: Int?
    /// A log file is full at this size.
    var logByteCount = 1_048_576
    /// How many full log files are kept.
    var logFileCount = 3

    /// Reads the settings; what is missing has its default.
    init(json: JSONValue) {
        var reader = SpecReader()
        self.init(json: json, &reader)
    }

    /// Every rule that the settings break.
    static func violations(of json: JSONValue) -> [Violation] {
        var reader = SpecReader()
        _ = ProcessSettings(json: json, &reader)
        return reader.violations
    }

    private init(json: JSONValue, _ reader: inout SpecReader) {
        let path = "provider_config"
        guard let fields = reader.object(json, path: path) else { return }
        reader.refuseUnknown(
            fields, allowed: ["restart", "restart_limit", "stop_grace_seconds", "log_bytes", "log_files"], path: path)
        restart = reader.choice(fields["restart"], path: "\(path).restart") ?? restart
        restartLimit =
            reader.integer(fields["restart_limit"], path: "\(path).restart_limit", range: 0...1_000) ?? restartLimit
        stopGraceSeconds =
            reader.integer(fields["stop_grace_seconds"], path: "\(path).stop_grace_seconds", range: 0...600)
            ?? stopGraceSeconds
        logByteCount =
            reader.integer(fields["log_bytes"], path: "\(path).log_bytes", range: 4_096...1_073_741_824)
            ?? logByteCount
        logFileCount = reader.integer(fields["log_files"], path: "\(path).log_files", range: 0...100) ?? logFileCount
    }

    /// What `landlord provider schema process` shows.
    static let schema: JSONValue = [
        "$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "additionalProperties": false,
        "properties": [
            "restart": [
                "enum": ["always", "on-failure", "never"], "default": "always",
                "description": "What becomes of a process that has ended.",
            ],
            "restart_limit": [
                "type": "integer", "minimum": 0, "maximum": 1000, "default": 0,
                "description": "Restarts in a row before giving up; 0 means never.",
            ],
            "stop_grace_seconds": [
                "type": "integer", "minimum": 0, "maximum": 600,
                "description": "From SIGTERM to SIGKILL; without it, what the configuration says.",
            ],
            "log_bytes": [
                "type": "integer", "minimum": 4096, "maximum": 1_073_741_824, "default": 1_048_576,
                "description": "A log file is full at this size.",
            ],
            "log_files": [
                "type": "integer", "minimum": 0, "maximum": 100, "default": 3,
                "description": "How many full log files are kept.",
            ],
        ],
    ]

    /// What the settings mean where a spec says nothing.
    static let defaults: JSONValue = [
        "restart": "always", "restart_limit": 0, "log_bytes": 1_048_576, "log_files": 3,
    ]
}
