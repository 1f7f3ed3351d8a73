import LandlordEngine
import StatesLanguage
import Testing

@Suite(.timeLimit(.minutes(3)))
struct ListingTests {
    @Test func `windows of a list join to the whole of it, newest first`() async throws {
        let home = try Home()
        let filled = try await home.run([
            "demo", "--tenants", "7", "--seed", "3", "--no-console", "--database", home.database,
        ])
        #expect(filled.code == 0, "\(filled.problems)")
        var seen: [JSONValue] = []
        var next: String?
        repeat {
            let page = try await home.json(["tenant", "list", "--limit", "3"] + (next.map { ["--after", $0] } ?? []))
            let items = try #require(page["items"]?.arrayValue)
            #expect(items.count <= 3)
            seen += items
            next = page["next"]?.stringValue
        } while next != nil
        #expect(Set(seen.compactMap { $0["id"]?.stringValue }).count == 7)
        let times = seen.compactMap { $0["created_at"]?.stringValue }
        #expect(times == times.sorted(by: >))
        #expect(try await home.run(["verify"]).code == 0)
    }

    @Test func `the same seed gives the same fleet`() async throws {
        var fleets: [Set<String>] = []
        for _ in 1...2 {
            let home = try Home()
            try await home.run(["demo", "--tenants", "5", "--seed", "9", "--no-console", "--database", home.database])
            let items = try await home.json(["tenant", "list"])["items"]?.arrayValue ?? []
            fleets.append(Set(items.compactMap { $0["desired_config"]?.canonical() }))
        }
        #expect(fleets[0] == fleets[1])
        #expect(fleets[0].count == 5)
    }

    @Test func `options narrow a list`() async throws {
        let home = try Home()
        for name in ["acme", "beta"] { try await home.run(["tenant", "apply", "-f", try home.spec(name)]) }
        func names(_ arguments: String...) async throws -> [String] {
            let items = try await home.json(["tenant", "list"] + arguments)["items"]?.arrayValue ?? []
            return items.compactMap { $0["name"]?.stringValue }
        }
        #expect(try await names() == ["beta", "acme"])
        #expect(try await names("--filter", "name~acme") == ["acme"])
        #expect(try await names("--filter", "status:requested label.plan:pro provider:mock").count == 2)
        #expect(try await names("--selector", "plan=free") == [])
        #expect(try await names("--status", "ready,failed") == [])
        #expect(try await home.json(["tenant", "list", "--status", "ready"])["next"] == .null)
    }

    @Test func `yaml is the same document as json`() async throws {
        let home = try Home()
        try await home.run(["tenant", "apply", "-f", try home.spec("acme")])
        for arguments in [["tenant", "list"], ["tenant", "history", "acme"], ["provider", "list"], ["doctor"]] {
            let yaml = try await home.run(arguments + ["-o", "yaml"])
            let document = try YAMLDocument.read(yaml.output, file: "output")
            #expect(try await home.json(arguments) == document.json)
        }
    }

    @Test func `a table is plain when it is piped`() async throws {
        let home = try Home()
        try await home.run(["tenant", "apply", "-f", try home.spec("acme")])
        let end = try await home.run(["tenant", "list"])
        let lines = end.output.split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines.first?.hasPrefix("NAME  STATUS     FOR") == true)
        #expect(lines.last?.hasPrefix("acme  requested  ") == true)
        #expect(!end.output.contains("\u{1B}"))
    }

    @Test func `an option before the noun counts as one behind the verb`() async throws {
        let home = try Home()
        let end = try await home.run(["--database", home.file("other.db"), "tenant", "list", "-o", "json"])
        #expect(end.code == 0)
        #expect(try JSONValue(parsing: end.output) == ["items": [], "next": nil])
    }
}
