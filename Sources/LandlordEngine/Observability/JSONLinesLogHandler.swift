import Glibc
public import Logging
public import StatesLanguage

/// Writes log lines as JSON objects, one a line, to a file.
///
/// Never to the standard error: one byte there tears the console's screen.
public struct JSONLinesLogHandler: LogHandler {
    /// The most bytes of one text in a line; the rest is cut off and marked.
    static let textByteLimit = 8_192

    /// The least level that is written.
    public var logLevel: Logger.Level
    /// What every line tells.
    public var metadata: Logger.Metadata = [:]
    /// Adds what the current task knows.
    public var metadataProvider: Logger.MetadataProvider?

    private let label: String
    private let file: LogFile
    private let now: @Sendable () -> Timestamp

    /// Makes a handler for one logger.
    ///
    /// - Parameters:
    ///   - label: The logger's name.
    ///   - file: Where lines go; many handlers share one.
    ///   - level: The least level that is written.
    ///   - metadataProvider: Adds what the current task knows.
    ///   - now: The time of a line.
    public init(
        label: String, file: LogFile, level: Logger.Level = .info, metadataProvider: Logger.MetadataProvider? = nil,
        now: @escaping @Sendable () -> Timestamp = JSONLinesLogHandler.wallClock
    ) {
        self.label = label
        self.file = file
        logLevel = level
        self.metadataProvider = metadataProvider
        self.now = now
    }

    /// The level of a configuration, which has been checked to be one.
    public static func level(_ configuration: Configuration.Log) -> Logger.Level {
        Logger.Level(rawValue: configuration.level) ?? .info
    }

    /// The time of the machine.
    public static func wallClock() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(millisecondsSinceEpoch: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
    }

    /// One item of what every line tells.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes one line.
    public func log(event: LogEvent) {
        var told = metadata
        if let provided = metadataProvider?.get() { told.merge(provided) { $1 } }
        if let own = event.metadata { told.merge(own) { $1 } }
        var line = JSONObject()
        line["timestamp"] = .string(now().rfc3339)
        line["level"] = .string(event.level.rawValue)
        line["logger"] = .string(label)
        line["message"] = Self.text(event.message.description)
        if let error = event.error { line[LogKeys.error] = Self.text("\(error)") }
        for (key, value) in told.sorted(by: { $0.key < $1.key }) where line[key] == nil {
            line[key] = Self.json(value, depth: 0)
        }
        file.append(JSONValue.object(line).serializedBytes())
    }

    private static func json(_ value: Logger.MetadataValue, depth: Int) -> JSONValue {
        guard depth < 8 else { return "…" }
        switch value {
        case .string(let text): return self.text(text)
        case .stringConvertible(let value): return scalar(value)
        case .array(let items): return .array(items.map { json($0, depth: depth + 1) })
        case .dictionary(let fields):
            let sorted = fields.sorted { $0.key < $1.key }
            return .object(JSONObject(sorted.map { ($0.key, json($0.value, depth: depth + 1)) }))
        }
    }

    /// Numbers stay numbers, so that a log can be sorted by them.
    private static func scalar(_ value: any CustomStringConvertible & Sendable) -> JSONValue {
        switch value {
        case let flag as Bool: .bool(flag)
        case let number as Int: .number(JSONNumber(number))
        case let number as Int64: .number(JSONNumber(number))
        case let number as Double: JSONNumber(number).map(JSONValue.number) ?? text("\(number)")
        default: text(value.description)
        }
    }

    private static func text(_ text: String) -> JSONValue {
        guard text.utf8.count > textByteLimit else { return .string(text) }
        return .string(String(decoding: text.utf8.prefix(textByteLimit), as: UTF8.self) + "…")
    }
}
