import LandlordDomain
import LandlordTestSupport
import StatesLanguage
import Testing

/// Where in a small legal spec a value is put, and the last legal and first illegal ones.
private struct Edge: Sendable, CustomTestStringConvertible {
    let path: String
    let legal: [JSONValue]
    let illegal: [JSONValue]
    var field: String?

    var testDescription: String { path }
}

private func text(_ count: Int, _ letter: String = "a") -> JSONValue {
    .string(String(repeating: letter, count: count))
}
private func list(_ count: Int, _ item: (Int) -> JSONValue) -> JSONValue { .array((0..<count).map(item)) }
private func map(_ count: Int, _ value: JSONValue = "v") -> JSONValue {
    .object((0..<count).reduce(into: JSONObject()) { $0["K\($1)"] = value })
}
private func container(_ number: Int) -> JSONValue { ["name": .string("c\(number)")] }
private func port(_ number: Int) -> JSONValue { ["container_port": .number(JSONNumber(number + 1))] }
private func secret(_ number: Int) -> JSONValue { ["name": .string("S\(number)"), "source": "env:S"] }

private let edges: [Edge] = [
    Edge(
        path: "name", legal: [text(1), text(63), "a-1"], illegal: ["", text(64), "-a", "a-", "A", "a_b", "a.b", "é"]),
    Edge(path: "labels", legal: [map(64)], illegal: [map(65)]),
    Edge(path: "labels.K", legal: [text(63), ""], illegal: [text(64), "a b", "a,b", 7, .null]),
    Edge(path: "annotations", legal: [map(64)], illegal: [map(65)]),
    Edge(path: "annotations.K", legal: [text(4_096), "a b"], illegal: [text(4_097)]),
    Edge(
        path: "compute.containers", legal: [list(1, container), list(16, container)],
        illegal: [[], list(17, container), 1]),
    Edge(path: "compute.containers[0].name", legal: [text(63)], illegal: [text(64), "", .null, "UP"]),
    Edge(
        path: "compute.containers[0].command", legal: [list(256) { _ in "a" }], illegal: [list(257) { _ in "a" }, "a"]),
    Edge(path: "compute.containers[0].command[0]", legal: [text(4_096)], illegal: [text(4_097), "", "a\u{0}b", .null]),
    Edge(path: "compute.containers[0].args", legal: [list(256) { _ in "a" }], illegal: [list(257) { _ in "a" }]),
    Edge(path: "compute.containers[0].args[0]", legal: [text(4_096), ""], illegal: [text(4_097), "a\u{0}"]),
    Edge(
        path: "compute.containers[0].env", legal: [map(256)],
        illegal: [map(257), ["1A": "x"], ["A-B": "x"], ["": "x"]]),
    Edge(path: "compute.containers[0].env.K", legal: [text(16_384), ""], illegal: [text(16_385), "\u{0}", 1]),
    Edge(path: "compute.containers[0].ports", legal: [list(32, port)], illegal: [list(33, port)]),
    Edge(
        path: "compute.containers[0].ports[0].container_port", legal: [1, 65_535],
        illegal: [0, 65_536, -1, "80", 80.5, .null]),
    Edge(path: "compute.containers[0].ports[0].host_port", legal: [1, 65_535], illegal: [0, 65_536]),
    Edge(path: "compute.containers[0].ports[0].protocol", legal: ["tcp", "udp"], illegal: ["sctp", "TCP", 6]),
    Edge(path: "compute.resources.cpu", legal: [128, 256_000], illegal: [127, 256_001, "1"]),
    Edge(path: "compute.resources.memory", legal: [128, 4_194_304], illegal: [127, 4_194_305]),
    Edge(path: "compute.resources.storage", legal: [1, 67_108_864], illegal: [0, 67_108_865]),
    Edge(path: "compute.secrets", legal: [list(64, secret)], illegal: [list(65, secret)]),
    Edge(path: "compute.secrets[0].source", legal: ["env:A", "file:/a"], illegal: ["hunter2", "env:", "file:", ""]),
    Edge(path: "compute.networking.subnets", legal: [list(16) { _ in "a" }], illegal: [list(17) { _ in "a" }]),
    Edge(path: "compute.networking.public_ip", legal: [true, .null], illegal: ["yes", 1]),
    Edge(
        path: "callbacks", legal: [list(8) { ["url": .string("https://a/\($0)")] }],
        illegal: [list(9) { ["url": .string("https://a/\($0)")] }, list(2) { _ in ["url": "https://a"] }]),
    Edge(
        path: "callbacks[0].url", legal: ["https://a", text(2_048, "https://a").clippedURL],
        illegal: [
            "ftp://a", "", "https://a b", text(2_049, "https://a").clippedURL, "https://\u{7}", "https://u:p@a/",
            "https://a/#b",
        ]),
    Edge(
        path: "callbacks[0].secret", legal: ["env:A", "file:/a", list(4) { _ in "env:A" }],
        illegal: ["hunter2", list(5) { _ in "env:A" }, ["env:A", "hunter2"], 1]),
]

private let healthEdges: [Edge] = [
    Edge(path: "type", legal: ["http", "tcp"], illegal: ["exec", "grpc", .null]),
    Edge(path: "interval_seconds", legal: [5, 3_600], illegal: [4, 0, 3_601]),
    Edge(path: "timeout_seconds", legal: [1, 9], illegal: [0, 10, 11]),
    Edge(path: "healthy_threshold", legal: [1, 100], illegal: [0, 101]),
    Edge(path: "unhealthy_threshold", legal: [1, 100], illegal: [0, 101]),
    Edge(path: "path", legal: ["/", "/a?b"], illegal: ["a", "/a b", "/\u{7}"]),
    Edge(path: "port", legal: [80, "http"], illegal: [81, "https", 0, 65_536, true]),
]

extension JSONValue {
    /// A web address of so many letters as the text repeated has words.
    fileprivate var clippedURL: JSONValue {
        guard let text = stringValue else { return self }
        return .string("https://a/" + String(repeating: "a", count: text.count / 9 - 10))
    }

    /// The same document with another value at a path.
    fileprivate func setting(_ value: JSONValue, at path: [PathPart]) -> JSONValue {
        guard let part = path.first else { return value }
        let rest = Array(path.dropFirst())
        switch part {
        case .key(let key):
            var object = objectValue ?? [:]
            object[key] = (object[key] ?? .null).setting(value, at: rest)
            return .object(object)
        case .index(let index):
            var items = arrayValue ?? []
            while items.count <= index { items.append(.null) }
            items[index] = items[index].setting(value, at: rest)
            return .array(items)
        }
    }
}

private enum PathPart {
    case key(String)
    case index(Int)

    static func parse(_ path: String) -> [PathPart] {
        path.split { ".[]".contains($0) }.map { word in Int(word).map(PathPart.index) ?? .key(String(word)) }
    }
}

struct SpecTests {
    private static let base: JSONValue = [
        "name": "acme",
        "compute": [
            "provider": "mock", "containers": [["name": "web", "command": ["run"], "ports": [["container_port": 80]]]],
        ],
    ]

    private static func violations(_ document: JSONValue) -> [Violation] {
        do throws(InvalidSpec) {
            _ = try TenantSpec(json: document)
            return []
        } catch {
            return error.violations
        }
    }

    /// A document that gives the fields beside an edge what they need to be legal themselves.
    private static func document(_ path: String, _ value: JSONValue) -> JSONValue {
        var base = base
        if path.hasPrefix("compute.secrets[0]") {
            base = base.setting(secret(0), at: PathPart.parse("compute.secrets[0]"))
        }
        if path.hasPrefix("callbacks[0]") {
            base = base.setting(["url": "https://a"], at: PathPart.parse("callbacks[0]"))
        }
        return base.setting(value, at: PathPart.parse(path))
    }

    @Test(arguments: edges)
    private func `a limit lets its last value in and keeps the next out`(edge: Edge) {
        for value in edge.legal { #expect(Self.violations(Self.document(edge.path, value)) == []) }
        for value in edge.illegal {
            let found = Self.violations(Self.document(edge.path, value))
            let place = edge.path.hasSuffix(".K") ? String(edge.path.dropLast(2)) : edge.path
            #expect(!found.isEmpty, "\(value.serialized().prefix(40)) was let in")
            #expect(found.allSatisfy { $0.field.hasPrefix(place) }, "\(found)")
        }
    }

    @Test(arguments: healthEdges)
    private func `a health check keeps its limits`(edge: Edge) {
        let check: JSONValue = ["type": "http", "interval_seconds": 10, "timeout_seconds": 2]
        let path = "compute.containers[0].health_check"
        let base = Self.base.setting("http", at: PathPart.parse("compute.containers[0].ports[0].name"))
        func violations(_ value: JSONValue) -> [Violation] {
            var check = check
            if edge.path == "interval_seconds" { check = check.setting(1, at: [.key("timeout_seconds")]) }
            return Self.violations(
                base.setting(check.setting(value, at: [.key(edge.path)]), at: PathPart.parse(path)))
        }
        for value in edge.legal { #expect(violations(value) == []) }
        for value in edge.illegal { #expect(!violations(value).isEmpty, "\(value.serialized()) was let in") }
    }

    @Test func `a config that no run could take in is refused at once`() {
        func env(_ bytes: Int) -> JSONValue {
            let variables = (0..<16).reduce(into: JSONObject()) { $0["K\($1)"] = text(bytes / 16) }
            return Self.base.setting(.object(variables), at: PathPart.parse("compute.containers[0].env"))
        }
        #expect(Self.violations(env(SpecLimits.configByteCount - 1_000)) == [])
        #expect(Self.violations(env(SpecLimits.configByteCount)).map(\.field) == ["compute"])
    }

    @Test func `everything that is wrong is said at once, each with its place`() {
        let document: JSONValue = [
            "name": "Bad Name", "labels": ["k": "a b"], "lables": [:],
            "compute": [
                "containers": [
                    [
                        "name": "web", "imge": "x",
                        "ports": [["container_port": 0], ["container_port": 80], ["container_port": 80]],
                    ],
                    ["name": "web", "resources": ["cpu": 500]], ["image": 7], .null,
                ],
                "resources": ["cpu": 250], "secrets": [["name": "1X", "source": "plain"]],
            ],
        ]
        let fields = Self.violations(document).map(\.field)
        let wanted = [
            "lables", "name", "labels.k", "compute.containers[0].imge", "compute.containers[0].ports[0].container_port",
            "compute.containers[0].ports[2].container_port", "compute.containers[1].name",
            "compute.containers[1].resources.cpu", "compute.containers[2].name", "compute.containers[2].image",
            "compute.containers[3]", "compute.secrets[0].name", "compute.secrets[0].source",
        ]
        #expect(Set(fields) == Set(wanted))
    }

    @Test(arguments: [
        ("nme", "name"), ("label", "labels"), ("computer", "compute"), ("callback", "callbacks"),
    ])
    func `an unknown field names the one that was meant`(typed: String, meant: String) {
        let found = Self.violations(Self.base.setting(1, at: [.key(typed)]))
        #expect(found.map(\.description) == ["\(typed): is not a known field; did you mean '\(meant)'?"])
    }

    @Test(arguments: [JSONValue.null, [], "text", 7, true, [:]])
    func `a document that is no spec is refused`(document: JSONValue) {
        let isRefused = !Self.violations(document).isEmpty
        #expect(isRefused)
    }

    private static let gaps: [(field: String, compute: JSONValue)] = [
        ("compute", .null), ("compute.containers[0]", ["containers": [.null, ["name": "w"]]]),
        ("compute.containers[0].ports[0]", ["containers": [["name": "w", "ports": [.null]]]]),
        ("compute.secrets[0]", ["containers": [["name": "w"]], "secrets": [.null]]),
    ]

    @Test(arguments: gaps)
    func `nothing where a mapping belongs is refused and never left out`(field: String, compute: JSONValue) {
        #expect(Self.violations(["name": "a", "compute": compute]).map(\.field) == [field])
    }

    @Test func `a default provider fills in where a spec names none`() throws {
        let spec = try TenantSpec(json: ["name": "a", "compute": ["containers": [["name": "web"]]]])
        #expect(spec.config.provider == nil)
        #expect(spec.withDefaultProvider("mock").config.provider == "mock")
        #expect(spec.withDefaultProvider(nil) == spec)
        #expect(try TenantSpec.sample(provider: "process").withDefaultProvider("mock").config.provider == "process")
    }
}

struct SuggestionTests {
    @Test(arguments: [
        ("nmae", ["name", "labels"], "name"), ("NAME", ["name"], "name"), ("xyz", ["name"], nil), ("", ["a"], nil),
        ("name", [], nil), (String(repeating: "a", count: 65), [String(repeating: "a", count: 65)], nil),
    ])
    func `a slip is recognised and a guess is not made`(typed: String, words: [String], meant: String?) {
        #expect(Suggestion.nearest(to: typed, among: words) == meant)
    }
}

struct PageTests {
    @Test(arguments: [("1750000000000", "id-1"), ("acme", "x~y"), ("", "i")])
    func `a cursor survives being a word`(key: String, id: String) {
        let cursor = PageCursor(key: key, id: id)
        #expect(PageCursor(text: cursor.text) == cursor)
    }

    @Test(arguments: ["", "no-mark", "key~"])
    func `what is no cursor is refused`(text: String) {
        #expect(PageCursor(text: text) == nil)
    }

    @Test(arguments: [(0, 1), (-1, 1), (1, 1), (1_000, 1_000), (1_001, 1_000), (Int.max, 1_000)])
    func `a window has a size within its limits`(wish: Int, size: Int) {
        #expect(PageLimit.clamped(wish) == size)
        #expect(TenantQuery(limit: wish).limit == size)
    }

    @Test(arguments: [
        (Duration.milliseconds(500), "500ms"), (.seconds(30), "30s"), (.seconds(300), "5m"), (.seconds(86_400), "24h"),
        (.zero, "0s"), (.milliseconds(1_500), "1500ms"), (.seconds(61), "61s"),
    ])
    func `a duration is said as it is written`(duration: Duration, words: String) {
        #expect(duration.inWords == words)
    }
}
