import LandlordDomain
import StatesLanguage
import Testing

@testable import LandlordEngine

@Suite struct TenantSpecDocumentTests {
    private func problems(_ text: String) throws -> [String] {
        let error = try #require(throws: DocumentError.self) { try TenantSpecDocument.read(text, file: "t.yaml") }
        return error.problems.map(\.description)
    }

    @Test func `a spec is read from YAML and from JSON alike`() throws {
        let yaml = """
            name: acme
            labels: { plan: pro }
            compute:
              provider: process
              containers:
                - name: web
                  command: ["python3", "-m", "http.server", "$PORT"]
                  ports: [{ name: http, container_port: 8080 }]
            """
        let spec = try TenantSpecDocument.read(yaml, file: "t.yaml")
        #expect(spec.name == "acme")
        #expect(spec.labels == ["plan": "pro"])
        let json = try YAMLDocument.read(yaml, file: "t.yaml").json.serialized()
        #expect(try TenantSpecDocument.read(json, file: "t.json") == spec)
    }

    @Test func `all problems are told at once, each with its line`() throws {
        let found = try problems(
            """
            name: Acme
            lables: {plan: pro}
            compute:
              provider: 5
              containers:
                - name: web
                  comand: [a]
                  ports:
                    - container_port: 70000
                - name: web
                  env: {A: 1}
            """)
        #expect(found.contains { $0.hasPrefix("t.yaml:1: name: must be 1 to 63") }, "\(found)")
        #expect(found.contains("t.yaml:2: lables: is not a known field; did you mean 'labels'?"))
        #expect(found.contains { $0.hasPrefix("t.yaml:4: compute.provider: must be text") })
        #expect(
            found.contains("t.yaml:7: compute.containers[0].comand: is not a known field; did you mean 'command'?"))
        #expect(
            found.contains { $0.hasPrefix("t.yaml:9: compute.containers[0].ports[0].container_port: must be from") })
        #expect(found.contains { $0.hasPrefix("t.yaml:10: compute.containers[1].name: 'web' is used twice") })
        #expect(found.contains { $0.hasPrefix("t.yaml:11: compute.containers[1].env.A: must be text") })
        let lines = found.compactMap { Int($0.split(separator: ":")[1]) }
        #expect(lines == lines.sorted())
    }

    @Test(arguments: [("", "mapping"), ("- a", "mapping"), ("text", "mapping"), ("{}", "name: is required")])
    func `what is no spec at all is refused`(text: String, words: String) throws {
        let found = try problems(text)
        #expect(found.contains { $0.contains(words) }, "\(found)")
        #expect(found.allSatisfy { $0.hasPrefix("t.yaml:1: ") })
    }

    @Test(arguments: [
        "name", "labels.a", "annotations.a", "compute.containers[0].name", "compute.containers[0].command[0]",
        "compute.containers[0].env.A", "compute.secrets[0].source", "callbacks[0].url",
    ])
    func `a control character is refused in every field and never shown`(field: String) throws {
        func value(_ name: String, _ usual: String) -> String { name == field ? "\"x\\e[31m\\u009b\"" : usual }
        let found = try problems(
            """
            name: \(value("name", "acme"))
            labels: {a: \(value("labels.a", "b"))}
            annotations: {a: \(value("annotations.a", "b"))}
            compute:
              containers:
                - name: \(value("compute.containers[0].name", "web"))
                  command: [\(value("compute.containers[0].command[0]", "a"))]
                  env: {A: \(value("compute.containers[0].env.A", "b"))}
              secrets: [{name: S, source: \(value("compute.secrets[0].source", "env:S"))}]
            callbacks: [{url: \(value("callbacks[0].url", "https://a.example/"))}]
            """)
        #expect(found.contains { $0.contains("\(field): holds the control character U+001B") }, "\(found)")
        #expect(found.joined().unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7f..<0xa0).contains($0.value) })
    }

    @Test func `a control character in a name is shown by its number`() throws {
        let found = try problems("name: acme\n\"x\\e\": 1\ncompute: {containers: [{name: a}]}\n")
        #expect(found.contains { $0.contains("x<U+001B>") }, "\(found)")
        #expect(!found.joined().unicodeScalars.contains("\u{1b}"))
    }

    @Test func `a name of a thousand characters gives one short message`() throws {
        let name = String(repeating: "n", count: 1_000)
        let found = try problems("name: \(name)\ncompute: {containers: [{name: a}]}\n")
        #expect(found.count == 1)
        #expect(found[0].count < 200)
        let unknown = try problems("\(name): 1\nname: a\ncompute: {containers: [{name: a}]}\n")
        #expect(unknown[0].count < 600)
    }
}
