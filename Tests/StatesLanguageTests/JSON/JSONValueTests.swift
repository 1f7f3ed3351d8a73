import StatesLanguage
import Testing

@Suite struct JSONValueTests {
    @Test func `accessors answer only for their own kind`() {
        let value: JSONValue = ["a": 1, "b": [true, nil, "x", 2.5], "c": 3.0]
        #expect(value["a"]?.intValue == 1)
        #expect(value["c"]?.intValue == 3)
        #expect(value["b"]?[3]?.intValue == nil)
        #expect(value["b"]?[3]?.doubleValue == 2.5)
        #expect(value["b"]?[0]?.boolValue == true)
        #expect(value["b"]?[1]?.isNull == true)
        #expect(value["b"]?[2]?.stringValue == "x")
        #expect(value["b"]?[4] == nil)
        #expect(value["b"]?[-1] == nil)
        #expect(value["a"]?["x"] == nil)
        #expect(value["b"]?.arrayValue?.count == 4)
        #expect(value.objectValue?.keys == ["a", "b", "c"])
    }

    @Test func `members keep their order and may be changed and removed`() {
        var value: JSONValue = ["z": 1, "a": 2]
        value["m"] = 3
        value["z"] = "new"
        #expect(value.serialized() == #"{"z":"new","a":2,"m":3}"#)
        value["a"] = nil as JSONValue?
        #expect(value.serialized() == #"{"z":"new","m":3}"#)
        value["m"] = JSONValue.null
        #expect(value.serialized() == #"{"z":"new","m":null}"#)
    }

    @Test(arguments: [0, 1, 11, 12, 13, 100])
    func `an object of any size finds, changes and removes its members`(count: Int) {
        var object = JSONObject()
        for number in 0..<count { object["key\(number)"] = .number(JSONNumber(number)) }
        #expect(object.count == count)
        for number in 0..<count { #expect(object["key\(number)"]?.intValue == number) }
        #expect(object["none"] == nil)
        for number in stride(from: 0, to: count, by: 2) { object["key\(number)"] = nil }
        for number in 0..<count { #expect(object["key\(number)"]?.intValue == (number % 2 == 0 ? nil : number)) }
        #expect(object.map(\.key) == (0..<count).filter { $0 % 2 == 1 }.map { "key\($0)" })
    }

    @Test func `equality ignores the order of members and hashes agree`() {
        let left: JSONValue = ["a": 1, "b": [1, 2], "c": ["x": nil]]
        let right: JSONValue = ["c": ["x": nil], "b": [1.0, 2], "a": 1]
        #expect(left == right)
        #expect(left.hashValue == right.hashValue)
        #expect(left != ["a": 1, "b": [2, 1], "c": ["x": nil]])
        #expect(left != ["a": 1, "b": [1, 2]])
    }

    @Test func `strings and keys are equal only byte for byte`() {
        let composed = "\u{E9}"
        let decomposed = "e\u{301}"
        #expect(JSONValue.string(composed) != JSONValue.string(decomposed))
        let object: JSONObject = [composed: 1, decomposed: 2]
        #expect(object.count == 2)
        #expect(object[composed] == 1)
        #expect(object[decomposed] == 2)
        // Canonically equivalent, of the same length, and still different bytes.
        #expect(JSONValue.string("a\u{323}\u{307}") != JSONValue.string("a\u{307}\u{323}"))
    }

    /// The vectors of RFC 8785 (3.2.2, 3.2.3 and appendix B).
    @Test(arguments: [
        (
            #"{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"#
                + #""string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}"#,
            #"{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"#
                + #""string":"€$\u000f\nA'B\"\\\\\"/"}"#
        ),
        (
            #"{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","#
                + #""\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","#
                + #""\u00f6":"Latin Small Letter O With Diaeresis"}"#,
            "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u{80}\":\"Control\","
                + "\"ö\":\"Latin Small Letter O With Diaeresis\",\"€\":\"Euro Sign\","
                + "\"😀\":\"Emoji: Grinning Face\",\"\u{FB33}\":\"Hebrew Letter Dalet With Dagesh\"}"
        ),
        ("[-0.0,1.0,1e21,1e20,123456789012345680000.0]", "[0,1,1e+21,100000000000000000000,123456789012345680000]"),
    ])
    func `canonical text follows RFC 8785`(text: String, canonical: String) throws {
        #expect(try JSONValue(parsing: text).canonical() == canonical)
    }

    /// The vectors of RFC 8785, appendix B: bits of a double and its text.
    @Test(
        arguments: [
            (0x0000_0000_0000_0001, "5e-324"), (0x8000_0000_0000_0001, "-5e-324"),
            (0x7FEF_FFFF_FFFF_FFFF, "1.7976931348623157e+308"),
            (0x4340_0000_0000_0000, "9007199254740992"), (0x4430_0000_0000_0000, "295147905179352830000"),
            (0x44B5_2D02_C7E1_4AF5, "9.999999999999997e+22"), (0x44B5_2D02_C7E1_4AF6, "1e+23"),
            (0x44B5_2D02_C7E1_4AF7, "1.0000000000000001e+23"),
            (0x444B_1AE4_D6E2_EF4E, "999999999999999700000"), (0x444B_1AE4_D6E2_EF4F, "999999999999999900000"),
            (0x444B_1AE4_D6E2_EF50, "1e+21"),
            (0x3EB0_C6F7_A0B5_ED8C, "9.999999999999997e-7"), (0x3EB0_C6F7_A0B5_ED8D, "0.000001"),
            (0x41B3_DE43_5555_5553, "333333333.3333332"),
            (0x41B3_DE43_5555_5557, "333333333.33333343"), (0xBECB_F647_612F_3696, "-0.0000033333333333333333"),
            (0x4314_3FF3_C1CB_0959, "1424953923781206.2"), (0x8000_0000_0000_0000, "0"),
        ] as [(UInt64, String)])
    func `canonical numbers are JavaScript's`(bits: UInt64, text: String) throws {
        let number = try #require(JSONNumber(Double(bitPattern: bits)))
        #expect(JSONValue.number(number).canonical() == text)
    }

    @Test func `integers beyond 2^53 stay exact in canonical text`() throws {
        let text = "[-9223372036854775808,9007199254740993,123456789012345678901]"
        #expect(try JSONValue(parsing: text).canonical() == text)
    }

    @Test(arguments: [
        (#"{"image":"nginx:alpine"}"#, "644d4415691ddd89b77dfb71b4c6532cdf01ffc50d4d50200cee41686475d61f"),
        (#"{"b":1,"a":{"z":[1,2],"y":true}}"#, "d606d373e6017cdd39ba937d821f63107a355feffcc2cf5688b6ac5ec53746b5"),
        ("null", "74234e98afe7498fb5daf1f36ac2d78acc339464f950703b8c019892f982b90b"),
    ])
    func `canonical text hashes to the known digests`(text: String, digest: String) throws {
        #expect(SHA256Digest.hex(of: try JSONValue(parsing: text).canonical()) == digest)
    }

    @Test func `pretty text has two spaces a level`() {
        let value: JSONValue = ["a": [1, ["b": nil]], "e": [], "f": [:]]
        #expect(
            value.pretty() == """
                {
                  "a": [
                    1,
                    {
                      "b": null
                    }
                  ],
                  "e": [],
                  "f": {}
                }
                """)
    }

    @Test func `numbers that are not finite are refused`() {
        #expect(JSONNumber(Double.nan) == nil)
        #expect(JSONNumber(Double.infinity) == nil)
    }
}
