import StatesLanguage
import Testing

@testable import LandlordEngine

@Suite struct YAMLDocumentTests {
    @Test(arguments: [
        ("", "null"), ("~", "null"), ("null", "null"), ("# only a remark\n", "null"),
        ("true", "true"), ("False", "false"),
        ("yes", "\"yes\""), ("no", "\"no\""), ("on", "\"on\""), ("Off", "\"Off\""), ("y", "\"y\""),
        ("0", "0"), ("-0", "0"), ("+5", "5"), ("007", "7"), ("0o17", "15"), ("0xff", "255"), ("-12", "-12"),
        ("9007199254740993", "9007199254740993"), ("123456789012345678901234567890", "123456789012345678901234567890"),
        ("1.5", "1.5"), (".5", "0.5"), ("-.5e1", "-5.0"), ("1e3", "1000.0"), ("5.", "5.0"),
        ("12:30", "\"12:30\""), ("1_000", "\"1_000\""), ("2026-11-21", "\"2026-11-21\""), ("0b1", "\"0b1\""),
        ("-", "[null]"), ("0x", "\"0x\""), ("1.2.3", "\"1.2.3\""), ("+", "\"+\""), ("1e", "\"1e\""),
        ("\"5\"", "\"5\""), ("'yes'", "\"yes\""), ("!!str 5", "\"5\""), ("! 5", "\"5\""), ("!!int 5", "5"),
        ("|\n  a\n  b\n", "\"a\\nb\\n\""), (">\n  a\n  b\n", "\"a b\\n\""),
        ("[a, 1, {b: c}]", "[\"a\",1,{\"b\":\"c\"}]"),
        ("a: 1\nb:\n  - x\n  - y: z\n", "{\"a\":1,\"b\":[\"x\",{\"y\":\"z\"}]}"),
        ("null: 1\n1: 2\ntrue: 3\n", "{\"null\":1,\"1\":2,\"true\":3}"),
        ("---\na: 1\n...\n", "{\"a\":1}"),
        ("\u{FEFF}a: 1", "{\"a\":1}"),
        ("a: \"\\e\\u263A\"", "{\"a\":\"\\u001b☺\"}"),
    ])
    func `plain words mean what YAML 1.2 says`(text: String, json: String) throws {
        let document = try YAMLDocument.read(text, file: "a.yaml")
        #expect(try document.json == JSONValue(parsing: json))
    }

    @Test func `JSON is YAML`() throws {
        let text = #"{"a": [1, -2.5e3, true, null, "x\"y\u00e9\n"], "b": {"c": {}, "d": []}}"#
        #expect(try YAMLDocument.read(text, file: "a.json").json == JSONValue(parsing: text))
    }

    @Test(arguments: [
        ("a: &x {b: 1}\nc: *x\nd: *x\n", "{\"a\":{\"b\":1},\"c\":{\"b\":1},\"d\":{\"b\":1}}"),
        ("- &a one\n- *a\n- &a two\n- *a\n", "[\"one\",\"one\",\"two\",\"two\"]"),
        (
            "a: \"*x\"\nb: 2 * 3\nc: '&x *x'\n# *x\nd: |\n  *x\n",
            "{\"a\":\"*x\",\"b\":\"2 * 3\",\"c\":\"&x *x\",\"d\":\"*x\\n\"}"
        ),
        ("\"*\": 1\na*: 2\n", "{\"*\":1,\"a*\":2}"),
        ("a: \"*\u{301}\"\n", "{\"a\":\"*\u{301}\"}"),
        ("a: \"\u{E000}*\"\n", "{\"a\":\"\u{E000}*\"}"),
    ])
    func `aliases are resolved and stars are left alone`(text: String, json: String) throws {
        #expect(try YAMLDocument.read(text, file: "a.yaml").json == JSONValue(parsing: json))
    }

    @Test(arguments: [
        ("a: 1\na: 2\n", 1, "written twice"),
        ("{\"a\": 1, 'a': 2}", 1, "written twice"),
        ("a: 1\n---\nb: 2\n", 2, "second document"),
        ("a: 1\nb: [1\nc: 2\n", 3, "is not YAML"),
        ("a:\n\t- b\n", 2, "is not YAML"),
        ("a: !ruby/object:Gem x\n", 1, "tag '!ruby/object:Gem'"),
        ("a: 1\nb: !!binary aGk=\n", 2, "tag"),
        ("a: !!set {b}\n", 1, "tag"),
        ("a: !!int x\n", 1, "not what its tag"),
        ("a: !!float yes\n", 1, "not what its tag"),
        ("? [a, b]\n: 1\n", 1, "name of a field"),
        ("a: &x b\n*x : 1\n", 2, "name of a field"),
        ("a: &x b\nc: {*x}\n", 2, "name of a field"),
        ("x: &a {b: 1}\ny:\n  <<: *a\n", 3, "merge key"),
        ("a: 1\nb: *nothing\n", 2, "names no anchor"),
        ("a: &a [1, *a]\n", 1, "names no anchor"),
        ("a: &a\n  b: *a\n", 2, "names no anchor"),
        ("a: .inf\n", 1, "infinity"),
        ("a: -.INF\n", 1, "infinity"),
        ("a: .nan\n", 1, "infinity"),
        ("a: 1e999\n", 1, "too large"),
        ("a: 0xffffffffffffffffff\n", 1, "too large"),
        ("%YAML 9.9\n---\na\n", 1, "is not YAML"),
        ("a: \"\\uD800\"\n", 1, "is not YAML"),
        ("a: \"x\n", 2, "is not YAML"),
        ("@a: 1\n", 1, "is not YAML"),
        ("a: b: c\n", 1, "is not YAML"),
    ])
    func `what is refused names its line`(text: String, line: Int, words: String) throws {
        let error = try #require(throws: DocumentError.self) { try YAMLDocument.read(text, file: "a.yaml") }
        #expect(error.problems.count == 1)
        #expect(error.problems.first?.line == line, "\(error)")
        #expect(error.description.contains(words), "\(error)")
        #expect(error.description.hasPrefix("a.yaml:\(line): "))
    }

    @Test(arguments: Array(0...8) + [0x0b, 0x0c] + Array(0x0e...0x1f) + [0x7f])
    func `a control character is named, never shown`(code: Int) throws {
        let bytes = Array("a: 1\nb: x".utf8) + [UInt8(code)]
        let error = try #require(throws: DocumentError.self) { try YAMLDocument.read(bytes, file: "a.yaml") }
        #expect(error.code == .syntax)
        #expect(error.problems.first?.line == 2)
        #expect(error.description.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f })
        let digits = String(code, radix: 16, uppercase: true)
        #expect(error.description.contains("U+00" + (digits.count < 2 ? "0" : "") + digits))
    }

    @Test func `the second control block is refused and the next line character is not`() throws {
        #expect(throws: DocumentError.self) { try YAMLDocument.read("a: \u{9b}31m", file: "a.yaml") }
        #expect(try YAMLDocument.read("a: \"x\u{a0}y\"", file: "a.yaml")["a"]?.json == "x\u{a0}y")
    }

    @Test(arguments: [[0xff, 0xfe, 0x61, 0x00], [0x61, 0x0a, 0x80], [0xc3, 0x28], [0xed, 0xa0, 0x80]] as [[UInt8]])
    func `text that is not UTF-8 is refused`(bytes: [UInt8]) throws {
        let error = try #require(throws: DocumentError.self) { try YAMLDocument.read(bytes, file: "a.yaml") }
        #expect(error.code == .syntax)
    }

    @Test func `places are kept`() throws {
        let text = """
            name: acme
            compute:
              containers:
                - name: web
                  env: {A: b}
                - name: db
                  ports:
                    - container_port: 80
            labels:
              app.example/tier: x
            """
        let document = try YAMLDocument.read(text, file: "a.yaml")
        let lines = [
            "": 1, "name": 1, "compute": 2, "compute.containers": 3, "compute.containers[0].name": 4,
            "compute.containers[0].env.A": 5, "compute.containers[1].name": 6, "compute.containers[1].ports[0]": 8,
            "compute.containers[1].ports[0].container_port": 8, "compute.containers[1].ports[0].name": 8,
            "compute.containers[2].name": 3, "compute.provider": 2, "labels.app.example/tier": 10, "nothing": 1,
            "compute.containers[x": 3, "compute.containers[-1]": 3, "..": 1,
        ]
        for (field, line) in lines { #expect(document.line(of: field) == line, "\(field)") }
        #expect(document["compute"]?["containers"]?.column == 5)
    }
}
