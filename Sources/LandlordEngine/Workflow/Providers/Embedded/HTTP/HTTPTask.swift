import LandlordDomain
import StatesLanguage

/// What a task of `landlord:http` asks for.
struct HTTPTask: Sendable, Hashable {
    /// The value of a header.
    enum HeaderValue: Sendable, Hashable {
        /// As it stands.
        case text(String)
        /// What stands at a place of secrets, behind a prefix such as `Bearer `.
        case secret(String, prefix: String)
    }

    static let resource = "landlord:http"
    /// The largest body that is sent, in bytes; an answer may have as many.
    static let bodyByteLimit = 262_144
    /// How long a request may take whose state says nothing.
    static let standardSeconds = 60

    private static let methods: Set<String> = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
    private static let fields: Set<String> = ["ApiEndpoint", "Method", "Headers", "QueryParameters", "RequestBody"]
    /// What the client itself says, or what would let a request be read in two ways.
    private static let refusedHeaders: Set<String> = [
        "host", "content-length", "transfer-encoding", "connection", "upgrade", "te", "trailer", "expect",
    ]

    let url: String
    let method: String
    let headers: [(name: String, value: HeaderValue)]
    let body: [UInt8]?
    /// How long one attempt may take.
    let limit: Duration

    /// Whether a resource asks for a request.
    static func serves(_ resource: String) -> Bool { TaskResource.withoutTokenPattern(resource) == Self.resource }

    /// Reads a task.
    ///
    /// - Throws: `States.Runtime` with all that is wrong.
    init(_ task: ScheduledTask, key: String) throws(WorkflowFailure) {
        var reading = Reading()
        let parameters = task.parameters.objectValue ?? [:]
        if task.parameters.objectValue == nil { reading.problems.append("the parameters are no object") }
        for name in parameters.keys where !Self.fields.contains(name) {
            reading.problems.append("'\(name)' is not known")
        }
        method = reading.method(parameters["Method"], of: Self.methods)
        url = reading.url(parameters["ApiEndpoint"], query: parameters["QueryParameters"])
        var headers = reading.headers(parameters["Headers"], refused: Self.refusedHeaders)
        body = reading.body(parameters["RequestBody"], &headers, limit: Self.bodyByteLimit)
        if !headers.contains(where: { $0.name.lowercased() == "idempotency-key" }) {
            headers.append(("Idempotency-Key", .text(key)))
        }
        self.headers = headers
        limit = .seconds(task.timeoutSeconds ?? Self.standardSeconds)
        guard reading.problems.isEmpty else {
            throw WorkflowFailure(
                code: "States.Runtime", message: "\(task.resource): \(reading.problems.joined(separator: "; "))")
        }
    }

    static func == (left: HTTPTask, right: HTTPTask) -> Bool {
        left.url == right.url && left.method == right.method && left.body == right.body && left.limit == right.limit
            && left.headers.elementsEqual(right.headers) { $0 == $1 }
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(url)
        hasher.combine(method)
        hasher.combine(body)
    }
}

/// Reads the parameters of a request and gathers what is wrong with them.
private struct Reading {
    var problems: [String] = []

    mutating func method(_ value: JSONValue?, of known: Set<String>) -> String {
        guard let value else { return "GET" }
        let name = value.stringValue?.uppercased() ?? ""
        if !known.contains(name) { problems.append("'Method' is one of \(known.sorted().joined(separator: ", "))") }
        return name
    }

    mutating func url(_ value: JSONValue?, query: JSONValue?) -> String {
        guard let text = value?.stringValue else {
            problems.append("'ApiEndpoint' must be an address")
            return ""
        }
        let pairs = pairs(query)
        let address = pairs.isEmpty ? text : text + (text.contains("?") ? "&" : "?") + pairs.joined(separator: "&")
        do throws(WebhookAddress.Problem) {
            _ = try WebhookAddress(address)
        } catch {
            problems.append("'ApiEndpoint' \(error)")
        }
        return address
    }

    private mutating func pairs(_ query: JSONValue?) -> [String] {
        guard let query else { return [] }
        guard let members = query.objectValue else {
            problems.append("'QueryParameters' must be an object")
            return []
        }
        return members.flatMap { name, value in
            (value.arrayValue ?? [value]).map { "\(Self.percentForm(name))=\(Self.percentForm(Self.text(of: $0)))" }
        }
    }

    /// A text as it stands, everything else as JSON.
    private static func text(of value: JSONValue) -> String { value.stringValue ?? value.serialized() }

    /// The text with everything but letters, digits and `-._~` in percent form (RFC 3986, 2.3).
    private static func percentForm(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                bytes.append(byte)
            default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    mutating func headers(
        _ value: JSONValue?, refused: Set<String>
    ) -> [(name: String, value: HTTPTask.HeaderValue)] {
        guard let value else { return [] }
        guard let members = value.objectValue else {
            problems.append("'Headers' must be an object")
            return []
        }
        var headers: [(name: String, value: HTTPTask.HeaderValue)] = []
        for (name, value) in members {
            if name.isEmpty || !name.utf8.allSatisfy(Self.isNameByte) || refused.contains(name.lowercased()) {
                problems.append("the header '\(name.filter(\.isASCII))' cannot be set")
            } else if let value = header(value, name) {
                headers.append((name, value))
            }
        }
        return headers
    }

    private mutating func header(_ value: JSONValue, _ name: String) -> HTTPTask.HeaderValue? {
        if case .object(let object) = value {
            let prefix = object["Prefix"] ?? ""
            guard let source = object["Secret"]?.stringValue, let prefix = prefix.stringValue,
                source.hasPrefix("env:") || source.hasPrefix("file:"), Self.isHeaderText(prefix),
                object.keys.allSatisfy({ $0 == "Secret" || $0 == "Prefix" })
            else {
                problems.append("the header '\(name)' needs a text, or {\"Secret\": \"env:NAME\" or \"file:PATH\"}")
                return nil
            }
            return .secret(source, prefix: prefix)
        }
        let text = Self.text(of: value)
        guard Self.isHeaderText(text) else {
            problems.append("the header '\(name)' holds characters that a header cannot have")
            return nil
        }
        return .text(text)
    }

    static func isHeaderText(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 == UInt8(ascii: "\t") || (0x20...0x7E).contains($0) }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        (0x21...0x7E).contains(byte) && !"\"(),/:;<=>?@[\\]{}".utf8.contains(byte)
    }

    /// A text is sent as it stands, everything else as JSON.
    mutating func body(
        _ value: JSONValue?, _ headers: inout [(name: String, value: HTTPTask.HeaderValue)], limit: Int
    ) -> [UInt8]? {
        guard let value, value != .null else { return nil }
        let bytes: [UInt8]
        if case .string(let text) = value { bytes = Array(text.utf8) } else { bytes = value.serializedBytes() }
        if bytes.count > limit { problems.append("'RequestBody' has more than \(limit) bytes") }
        if !headers.contains(where: { $0.name.lowercased() == "content-type" }) {
            let isText = value.stringValue != nil
            headers.append(("Content-Type", .text(isText ? "text/plain; charset=utf-8" : "application/json")))
        }
        return bytes
    }
}
