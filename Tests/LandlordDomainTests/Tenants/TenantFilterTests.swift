import LandlordDomain
import Testing

@Suite struct TenantFilterTests {
    struct Served: Sendable {
        let text: String
        var statuses: Set<TenantStatus> = []
        var labels: [String: String] = [:]
        var words: [String] = []
        var provider: String?
    }

    static let served: [Served] = [
        Served(text: ""),
        Served(text: "   "),
        Served(text: "acme", words: ["acme"]),
        Served(text: "acme  lake", words: ["acme", "lake"]),
        Served(text: "\"two words\"", words: ["two words"]),
        Served(text: "\"-not a negation\"", words: ["-not a negation"]),
        Served(text: "\"a\\\"b\"", words: ["a\"b"]),
        Served(text: "\"status:ready\"", words: ["status:ready"]),
        Served(text: "status:failed", statuses: [.failed]),
        Served(text: "status=failed,provisioning", statuses: [.failed, .provisioning]),
        Served(text: "label.plan:pro label.tier:a", labels: ["plan": "pro", "tier": "a"]),
        Served(text: "label.app.example/tier:b", labels: ["app.example/tier": "b"]),
        Served(text: "label.note:\"a, b\"", labels: ["note": "a, b"]),
        Served(text: "provider:mock name~ac", words: ["ac"], provider: "mock"),
        Served(text: "-", words: ["-"]),
        Served(text: "pro-eu", words: ["pro-eu"]),
    ]

    @Test(arguments: served)
    func `a filter that the database can answer becomes a query`(_ sample: Served) throws {
        let query = try TenantFilter.parse(sample.text)
        #expect(query.statuses == sample.statuses)
        #expect(query.labels == sample.labels)
        #expect(query.words == sample.words)
        #expect(query.provider == sample.provider)
    }

    static let refused: [(text: String, token: String, offset: Int)] = [
        ("acme age<24h", "age<24h", 5),
        ("status:redy", "status:redy", 0),
        ("status:", "status:", 0),
        ("status:failed status:ready", "status:ready", 14),
        ("-label.tier:free", "-label.tier:free", 0),
        ("!acme", "!acme", 0),
        ("(acme", "(acme", 0),
        ("acme or lake", "or", 5),
        ("acme | lake", "|", 5),
        ("/ac.*/", "/ac.*/", 0),
        ("\"open", "\"open", 0),
        ("\"\"", "\"\"", 0),
        ("label.:x", "label.:x", 0),
        ("label.a:1 label.a:2", "label.a:2", 10),
        ("label.a:1,2", "label.a:1,2", 0),
        ("provider:a provider:b", "provider:b", 11),
        ("name:acme", "name:acme", 0),
        ("stauts:ready", "stauts:ready", 0),
    ]

    @Test(arguments: refused)
    func `a filter that cannot be served is refused by its part`(text: String, token: String, offset: Int) {
        #expect {
            try TenantFilter.parse(text)
        } throws: { error in
            guard let problem = error as? FilterProblem else { return false }
            return problem.token == token && problem.offset == offset && !problem.message.isEmpty
        }
    }

    @Test func `a filter is laid over a query and cannot widen it`() throws {
        let base = TenantQuery(labels: ["plan": "pro"], order: .name, limit: 7)
        let query = try TenantFilter.parse("status:ready acme", into: base)
        #expect(query.labels == ["plan": "pro"])
        #expect(query.order == .name)
        #expect(query.limit == 7)
        #expect(throws: FilterProblem.self) {
            try TenantFilter.parse("status:ready", into: TenantQuery(statuses: [.failed]))
        }
        #expect(throws: FilterProblem.self) { try TenantFilter.parse("label.plan:free", into: base) }
    }

    @Test func `a filter has limits on both sides`() throws {
        let longest = String(repeating: "a", count: FilterText.lengthLimit)
        #expect(try TenantFilter.parse(longest).words == [longest])
        #expect(throws: FilterProblem.self) { try TenantFilter.parse(longest + "a") }
        let words = Array(repeating: "a", count: FilterText.termLimit)
        #expect(try TenantFilter.parse(words.joined(separator: " ")).words.count == FilterText.termLimit)
        #expect(throws: FilterProblem.self) { try TenantFilter.parse((words + ["a"]).joined(separator: " ")) }
    }
}
