import StatesLanguage
import Testing

@Suite struct JSONParserTests {
    @Test(arguments: [
        ("null", "null"), (" true ", "true"), ("[1, 2.50 ,-3]", "[1,2.5,-3]"), ("1.0", "1.0"), ("-0", "0"),
        ("1e2", "100.0"), ("1E-7", "1.0E-7"), ("1e21", "1.0E21"),
        ("123456789012345678901234567890", "123456789012345678901234567890"),
        ("9223372036854775807", "9223372036854775807"), ("-9223372036854775808", "-9223372036854775808"),
        ("9223372036854775808", "9223372036854775808"), ("0.1", "0.1"),
        ("1.7976931348623157e308", "1.7976931348623157E308"),
        ("5e-324", "4.9E-324"), ("1e-400", "0.0"), (#""\u00e9\ud83d\ude00\/\n""#, #""é😀/\n""#),
        (#"{"b":1,"a":{"c":[]}}"#, #"{"b":1,"a":{"c":[]}}"#), ("{}", "{}"), ("[ ]", "[]"), (#""\u0000""#, #""\u0000""#),
        (#""\u001f\b\f\r\t\"\\""#, #""\u001f\b\f\r\t\"\\""#),
    ])
    func `a text prints compactly after it is read`(text: String, printed: String) throws {
        #expect(try JSONValue(parsing: text).serialized() == printed)
    }

    /// Jackson, in whose trees Step Functions keeps data, prints doubles as Java's `Double.toString` lays them out:
    /// plain from 1e-3 up to 1e7, elsewhere with an exponent (Java SE API, Double.toString; schibsted/jslt#326 shows
    /// Jackson printing 1.8E7).
    @Test(arguments: [
        ("0.001", "0.001"), ("0.0009999", "9.999E-4"), ("9999999.0", "9999999.0"), ("1e7", "1.0E7"),
        ("18000000.00000", "1.8E7"), ("12345678.5", "1.23456785E7"), ("-1.5e-10", "-1.5E-10"), ("100.0", "100.0"),
        ("0.5", "0.5"), ("0.05", "0.05"), ("123456.789", "123456.789"), ("-0.0", "-0.0"), ("1e-323", "9.9E-324"),
        ("1.5e-323", "1.5E-323"), ("10000000", "10000000"), ("2.0", "2.0"), ("-9999999.5", "-9999999.5"),
    ])
    func `doubles print as Java's`(text: String, printed: String) throws {
        let value = try JSONValue(parsing: text)
        #expect(value.serialized() == printed)
        #expect(try JSONValue(parsing: printed) == value)
    }

    @Test func `what ends a plain run is found at every place`() throws {
        for count in 0..<20 {
            let plain = String(repeating: "a", count: count)
            for (special, printed) in [("\\n", "\\n"), ("\\\"", "\\\""), ("é", "é"), ("\\u007f", "\u{7f}"), (" ", " ")]
            {
                for tail in ["", "bbbbbbbbbbbb"] {
                    let text = "\"\(plain)\(special)\(tail)\""
                    #expect(try JSONValue(parsing: text).serialized() == "\"\(plain)\(printed)\(tail)\"")
                }
            }
            for byte in [0x00, 0x0A, 0x1F] as [UInt8] {
                let bytes = Array("\"\(plain)".utf8) + [byte] + Array("bbbbbbbb\"".utf8)
                #expect(throws: JSONParseError.self) { try JSONValue(parsing: bytes) }
            }
        }
    }

    @Test(arguments: [
        ("", 1, 1), ("nul", 1, 1), ("[1,]", 1, 4), ("{\"a\":1,}", 1, 8), ("{a:1}", 1, 2), ("01", 1, 1), ("-", 1, 2),
        ("1.", 1, 3), ("1e", 1, 3), (".5", 1, 1), ("+1", 1, 1), ("1 2", 1, 3), ("\"a", 1, 1), ("\"\t\"", 1, 2),
        ("\"\\x\"", 1, 2), ("\"\\u12\"", 1, 2), ("\"\\ud800\"", 1, 2), ("\"\\udc00\"", 1, 2),
        ("\"\\ud800\\u0041\"", 1, 2),
        ("{\n  \"a\": 1,\n  \"a\": 2\n}", 3, 3), ("1e400", 1, 1), ("NaN", 1, 1), ("[1", 1, 3), ("{\"a\"}", 1, 5),
        ("'a'", 1, 1),
    ])
    func `a text that is not JSON is refused with its place`(text: String, line: Int, column: Int) {
        let error = #expect(throws: JSONParseError.self) { try JSONValue(parsing: text) }
        #expect(error?.line == line)
        #expect(error?.column == column)
    }

    @Test(
        arguments: [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82], [0x80]]
            as [[UInt8]])
    func `invalid UTF-8 is refused`(bytes: [UInt8]) {
        let quote = UInt8(ascii: "\"")
        #expect(throws: JSONParseError.self) { try JSONValue(parsing: [quote] + bytes + [quote]) }
        #expect(throws: JSONParseError.self) { try JSONValue(parsing: Array(#""\n"#.utf8) + bytes + [quote]) }
        #expect(throws: JSONParseError.self) { try JSONValue(parsing: bytes) }
    }

    @Test func `nesting is limited to 256 levels`() throws {
        let text = { (depth: Int) in String(repeating: "[", count: depth) + String(repeating: "]", count: depth) }
        #expect(try JSONValue(parsing: text(256)).serialized() == text(256))
        #expect(throws: JSONParseError.self) { try JSONValue(parsing: text(257)) }
        #expect(throws: JSONParseError.self) { try JSONValue(parsing: String(repeating: "{\"a\":", count: 1_000_000)) }
    }

    @Test func `every truncation of a text is refused`() throws {
        let text = Array(#"{"a":[1,-2.5e3,"x\u00e9\n",true,false,null],"é":{"b":"😀"}}"#.utf8)
        _ = try JSONValue(parsing: text)
        for count in 0..<text.count {
            #expect(throws: JSONParseError.self) { try JSONValue(parsing: Array(text.prefix(count))) }
        }
    }

    @Test func `random changes to a text never crash the parser`() {
        let text = Array(#"{"a":[1,-2.5e3,"x\u00e9\n\ud83d\ude00",true,false,null],"é":{"b":"😀"}}"#.utf8)
        var random = SeededGenerator(seed: 7)
        for _ in 0..<5_000 {
            var changed = text
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                changed[Int.random(in: 0..<changed.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            guard let value = try? JSONValue(parsing: changed) else { continue }  // Most changes break the text; fine.
            #expect((try? JSONValue(parsing: value.serialized())) == value)  // nil would differ, which is the test.
        }
    }

    @Test func `random values survive printing and reading in every layout`() throws {
        var random = SeededGenerator(seed: 42)
        for _ in 0..<2_000 {
            let value = JSONValue.random(using: &random, depth: 4)
            #expect(try JSONValue(parsing: value.serialized()) == value)
            #expect(try JSONValue(parsing: value.serializedBytes()).serialized() == value.serialized())
            #expect(try JSONValue(parsing: value.pretty()) == value)
            let canonical = value.canonical()
            #expect(try JSONValue(parsing: canonical) == value)
            #expect(try JSONValue(parsing: canonical).canonical() == canonical)
        }
    }

    @Test func `large texts are read`() throws {
        let elements = (0..<100_000).map { "{\"key\($0)\":\($0)}" }.joined(separator: ",")
        #expect(try JSONValue(parsing: "[\(elements)]").arrayValue?.count == 100_000)
        let members = (0..<100_000).map { "\"key\($0)\":\($0)" }.joined(separator: ",")
        let object = try JSONValue(parsing: "{\(members)}")
        #expect(object["key99999"] == 99_999)
        let digits = String(repeating: "9", count: 300)
        #expect(try JSONValue(parsing: digits).serialized() == digits)
        #expect(throws: JSONParseError.self) { try JSONValue(parsing: digits + "9") }
    }
}
