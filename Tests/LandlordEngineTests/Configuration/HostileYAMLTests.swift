import Testing

@testable import LandlordEngine

/// Documents made to hurt the reader.
///
/// Each must be refused, or read, in no time; a stack or memory that overflows ends
/// the test process, which is the failure that these look for.
@Suite(.timeLimit(.minutes(1))) struct HostileYAMLTests {
    private func refusal(_ text: String) throws -> DocumentError {
        try #require(throws: DocumentError.self) { try YAMLDocument.read(text, file: "a.yaml") }
    }

    @Test func `a billion laughs are refused before they are written out`() throws {
        var text = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n"
        for level in 1...40 {
            let items = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(items)]\n"
        }
        let error = try refusal(text)
        #expect(error.code == .tooLarge)
        #expect(error.description.contains("aliases"))
    }

    @Test func `laughs in the names of fields are refused too`() throws {
        var text = "a0: &a0 [lol, lol]\n"
        for level in 1...60 { text += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
        for name in ["? *a60\n: 1\n", "*a60 : 1\n", "{*a60}\n", "? [*a60, *a60]\n: x\n", "b: {[*a60]: 1}\n"] {
            #expect(try [.syntax, .tooLarge].contains(refusal(text + name).code))
        }
    }

    @Test func `laughs as mappings are refused`() throws {
        var text = "a0: &a0 {x: lol}\n"
        for level in 1...50 { text += "a\(level): &a\(level) {x: *a\(level - 1), y: *a\(level - 1)}\n" }
        #expect(try refusal(text).code == .tooLarge)
    }

    @Test func `one large text under many aliases is refused at the limit`() throws {
        let long = String(repeating: "x", count: 100_000)
        let nine = "a: &a \(long)\nb: [" + Array(repeating: "*a", count: 9).joined(separator: ", ") + "]\n"
        #expect(try YAMLDocument.read(nine, file: "a.yaml")["b"] != nil)
        let eleven = "a: &a \(long)\nb: [" + Array(repeating: "*a", count: 11).joined(separator: ", ") + "]\n"
        #expect(try refusal(eleven).code == .tooLarge)
    }

    @Test func `ten megabytes are refused unread`() throws {
        #expect(try refusal(String(repeating: "a: b\n", count: 2 << 20)).code == .tooLarge)
        #expect(try refusal(String(repeating: "[", count: 10 << 20)).code == .tooLarge)
    }

    @Test func `the limit of the size is exact`() throws {
        let full = "a: " + String(repeating: "x", count: YAMLDocument.sizeLimit - 3)
        #expect(try YAMLDocument.read(full, file: "a.yaml")["a"] != nil)
        #expect(try refusal(full + "x").code == .tooLarge)
    }

    @Test(arguments: ["[", "{a: ", "- ", "? ", "[{a: ", "a:\n "])
    func `deep nesting is refused`(opening: String) throws {
        for count in [100, 999, 1_001, 20_000] {
            #expect(throws: DocumentError.self) {
                try YAMLDocument.read(String(repeating: opening, count: count), file: "a.yaml")
            }
        }
    }

    @Test func `the limit of the depth is exact`() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(throws: Never.self) { try YAMLDocument.read(nested(YAMLDocument.depthLimit), file: "a.yaml") }
        #expect(try refusal(nested(YAMLDocument.depthLimit + 2)).code == .tooLarge)
    }

    @Test func `depth by aliases is refused`() throws {
        var text = "a0: &a0 [x]\n"
        for level in 1...100 { text += "a\(level): &a\(level) [*a\(level - 1)]\n" }
        #expect(try refusal(text).code == .tooLarge)
    }

    @Test func `recursion through anchors is refused`() throws {
        for text in ["&a [*a]", "a: &a {b: *a}", "a: &a [&b [*a], *b]", "- &a\n  - *a\n", "&a *a"] {
            #expect(try refusal(text).code == .syntax)
        }
    }

    @Test func `a document of many small parts is read in reasonable time`() throws {
        let documents = [
            (0..<20_000).map { "k\($0): v\n" }.joined(),
            String(repeating: "- x\n", count: 50_000),
            "[" + String(repeating: "1,", count: 50_000) + "1]",
            "a: \"" + String(repeating: "*", count: 1_000_000) + "\"",
            "a: '" + String(repeating: "''", count: 500_000) + "'",
            String(repeating: "#\n", count: 500_000),
            "a: |\n" + String(repeating: "  x\n", count: 250_000),
        ]
        for text in documents { _ = try YAMLDocument.read(text, file: "a.yaml") }
    }

    @Test func `every cut of a document is read or refused`() throws {
        let text = """
            # A spec.
            name: &n "ac\\u0301me"
            list: [1, 'two', {three: *n}]
            text: |-
              line
            ? plain
            : !!str 5
            """
        let bytes = Array(text.utf8)
        for end in bytes.indices {
            // Read or refused, it must come back.
            _ = try? YAMLDocument.read(Array(bytes[..<end]), file: "a.yaml")
            var changed = bytes
            changed[end] = changed[end] ^ 0x15
            // As above.
            _ = try? YAMLDocument.read(changed, file: "a.yaml")
        }
    }
}
