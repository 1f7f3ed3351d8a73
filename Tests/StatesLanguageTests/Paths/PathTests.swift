import StatesLanguage
import Testing

/// Paths and intrinsic functions, seen through a Pass state.
@Suite struct PathTests {
    static let document =
        #"{"a":{"b":[1,2,{"c":"x"}],"d-e":null,"f.g":7},"list":[10,20,30,40],"é":"ü","p":{"q":1,"r":2}}"#

    private func run(_ fields: String, input: String = PathTests.document) throws -> DrivenRun {
        let machine = try StateMachine.single("{\"Type\":\"Pass\",\"End\":true,\(fields)}")
        return DrivenRun(machine, input: try JSONValue(parsing: input))
    }

    @Test(arguments: [
        ("$", document), ("$.a.b", #"[1,2,{"c":"x"}]"#), ("$.a.b[2].c", #""x""#), ("$['a']['b'][0]", "1"),
        (#"$["a"].b[-1].c"#, #""x""#), ("$.a.d-e", "null"), ("$.a['f.g']", "7"), ("$.list[-2]", "30"),
        ("$.list[1:3]", "[20,30]"), ("$.list[:2]", "[10,20]"), ("$.list[-2:]", "[30,40]"), ("$.list[5:9]", "[]"),
        ("$.list[0,2,9]", "[10,30]"), ("$.list[*]", "[10,20,30,40]"), ("$.p.*", "[1,2]"),
        ("$.p['r','q','z']", #"{"r":2,"q":1}"#),
        ("$.a.b[*].c", #"["x"]"#), ("$.é", #""ü""#), ("$['é']", #""ü""#), ("$[ 'p' ].q", "1"), ("$.list[*].none", "[]"),
        ("$$.Execution.Id", #""run-1""#), ("$$.Execution.Name", #""first""#), ("$$.StateMachine.Name", #""sample""#),
        ("$$.State.Name", #""S""#), ("$$.Execution.StartTime", #""2026-11-21T12:00:00.000Z""#),
        ("$$.Execution.RedriveCount", "0"), ("$$.Execution.Input.p.q", "1"),
    ])
    func `a path selects`(path: String, expected: String) throws {
        let quoted = JSONValue.string(path).serialized()
        #expect(try run("\"InputPath\":\(quoted)").output?.serialized() == expected)
        #expect(try run("\"OutputPath\":\(quoted)").output?.serialized() == expected)
        #expect(try run("\"Parameters\":{\"x.$\":\(quoted)}").output?["x"]?.serialized() == expected)
    }

    @Test(arguments: ["$.none", "$.a.none.x", "$.list[4]", "$.list[-5]", "$.a[0]", "$.list.x", "$.none[*]"])
    func `a path that selects nothing fails the run`(path: String) throws {
        #expect(try run("\"InputPath\":\"\(path)\"").error == "States.Runtime")
        #expect(try run("\"OutputPath\":\"\(path)\"").error == "States.Runtime")
        #expect(try run("\"Parameters\":{\"x.$\":\"\(path)\"}").error == "States.Runtime")
    }

    @Test(arguments: [
        "", "a", "$.", "$..", "$[", "$[]", "$['a'", "$['a]", "$[?(@.x]", "$.a b", "$.length(", "$[a]", "$[1",
        "$[1,]",
        "$['a',2]", "$[99999999999999999999]", "$a b", "$.a[(@.length-1)]", "$[*", "$.a]",
    ])
    func `a path that does not parse is refused`(path: String) throws {
        let machine = Result { try StateMachine.single("{\"Type\":\"Pass\",\"End\":true,\"InputPath\":\"\(path)\"}") }
        let error = #expect(throws: DefinitionError.self) { try machine.get() }
        #expect(error?.problems.map(\.code) == ["INVALID_PATH"])
        #expect(error?.problems.first?.pointer == "/States/S/InputPath")
    }

    @Test func `a null path gives an empty object`() throws {
        #expect(try run("\"InputPath\":null").output == [:])
        #expect(try run("\"OutputPath\":null").output == [:])
    }

    @Test(arguments: [
        ("$", "{}", "5"), ("$.x", "{}", #"{"x":5}"#), ("$.x.y.z", #"{"a":1}"#, #"{"a":1,"x":{"y":{"z":5}}}"#),
        ("$.a", #"{"a":1,"b":2}"#, #"{"a":5,"b":2}"#), ("$.a[1]", #"{"a":[1,2]}"#, #"{"a":[1,5]}"#),
        ("$['x y'].z", "{}", #"{"x y":{"z":5}}"#), ("$.a[0].b", #"{"a":[{"c":1}]}"#, #"{"a":[{"c":1,"b":5}]}"#),
    ])
    func `a reference path puts a result into the input`(path: String, input: String, expected: String) throws {
        #expect(try run("\"Result\":5,\"ResultPath\":\"\(path)\"", input: input).output?.serialized() == expected)
    }

    @Test func `a null result path discards the result`() throws {
        #expect(try run("\"Result\":5,\"ResultPath\":null", input: "{\"a\":1}").output == ["a": 1])
    }

    @Test(arguments: [
        ("$.a.b", #"{"a":"text"}"#), ("$.a[2]", #"{"a":[1,2]}"#), ("$.a[0]", "{}"), ("$.a", "[]"), ("$.a", "null"),
        ("$[0]", "{}"),
    ])
    func `a reference path that does not fit fails the run`(path: String, input: String) throws {
        #expect(
            try run("\"Result\":5,\"ResultPath\":\"\(path)\"", input: input).error == "States.ResultPathMatchFailure")
    }

    @Test(arguments: ["$.a[*]", "$.a[-1]", "$.a[0:1]", "$$.x", "$['a','b']"])
    func `a result path names one place`(path: String) {
        #expect(throws: DefinitionError.self) { try run("\"ResultPath\":\"\(path)\"") }
    }

    @Test(arguments: [
        ("States.Format('Hi {}, {} of {}', 'Al', 2, $.list)", #""Hi Al, 2 of [10, 20, 30, 40]""#),
        (#"States.Format('it\'s \{\} {} \\', $.é)"#, #""it's {} ü \\""#),
        ("States.Format($.template, 'x')", #""a x {} b""#), ("States.Format('{}{}', null, true)", #""nulltrue""#),
        ("States.Format('{}', $.p)", #""{q=1, r=2}""#),
        ("States.StringToJson('{\"a\":[1,2.5]}')", #"{"a":[1,2.5]}"#),
        ("States.JsonToString($.p)", #""{\"q\":1,\"r\":2}""#),
        ("States.Array(1, 'a', $.p.q, null, true, -2.5e1)", #"[1,"a",1,null,true,-25.0]"#), ("States.Array()", "[]"),
        ("States.ArrayContains($.list, 20)", "true"), ("States.ArrayContains($.list, '20')", "false"),
        ("States.ArrayGetItem($.list, 3)", "40"), ("States.ArrayLength($.list)", "4"),
        ("States.ArrayPartition($.list, 3)", "[[10,20,30],[40]]"), ("States.ArrayRange(1, 9, 3)", "[1,4,7]"),
        ("States.ArrayRange(3, 1, -1)", "[3,2,1]"), ("States.ArrayUnique(States.Array(1, 1.0, 'a', 'a'))", #"[1,"a"]"#),
        ("States.MathAdd($.p.q, -3)", "-2"), ("States.MathAdd(1.5, 1)", "3"),
        ("States.JsonMerge($.p, States.StringToJson('{\"r\":9,\"s\":3}'), false)", #"{"q":1,"r":9,"s":3}"#),
        ("States.StringSplit('a-b.c--d', '-.')", #"["a","b","c","d"]"#),
        ("States.Base64Encode('Data to encode')", #""RGF0YSB0byBlbmNvZGU=""#),
        ("States.Base64Decode('RGF0YSB0byBlbmNvZGU=')", #""Data to encode""#), ("States.Base64Encode('')", #""""#),
        ("States.Base64Decode(States.Base64Encode('é'))", #""é""#),
        ("States.Hash('input data', 'SHA-1')", #""aaff4a450a104cd177d28d18d74485e8cae074b7""#),
        ("States.Hash('abc', 'MD5')", #""900150983cd24fb0d6963f7d28e17f72""#),
        (
            "States.Hash('abc', 'SHA-256')", #""ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad""#
        ),
        ("States.ArrayLength(States.ArrayPartition(States.Array(1,2,3), 1))", "3"),
        ("States.Format('{}', States.ArrayGetItem(States.StringSplit('x,y', ','), 1))", #""y""#),
        ("States.MathRandom(5, 6)", "5"),
        // Halves are rounded up, as moto notes of AWS; text that holds nothing holds null (moto 5.2.5).
        ("States.MathAdd(2.5, 0)", "3"), ("States.MathAdd(-2.5, 0)", "-2"), ("States.MathAdd(-2.6, 0)", "-3"),
        ("States.StringToJson('')", "null"), ("States.StringToJson($.a.d-e)", "null"),
        ("States.StringToJson(' 1 ')", "1"), ("States.JsonToString('a')", #""\"a\"""#),
        ("States.StringSplit('a,b', '')", #"["a,b"]"#), ("States.ArrayPartition($.list, 2.4)", "[[10,20],[30,40]]"),
        ("States.Format('{} {}', 1.0, 1e3)", #""1.0 1000.0""#), ("States.Array($.list[?(@.x)], $..q)", "[[],[1]]"),
        ("States.Base64Decode('SGVs bG8')", #""Hello""#),
    ])
    func `an intrinsic function computes`(call: String, expected: String) throws {
        var input = try JSONValue(parsing: Self.document)
        input["template"] = #"a {} \{\} b"#
        let quoted = JSONValue.string(call).serialized()
        let run = try run("\"Parameters\":{\"x.$\":\(quoted)}", input: input.serialized())
        #expect(run.output?["x"]?.serialized() == expected, "\(run.cause ?? "")")
    }

    @Test(arguments: [
        "States.ArrayGetItem($.list, 4)", "States.ArrayGetItem($.list, -1)", "States.ArrayLength(5)",
        "States.StringToJson('{')", "States.MathAdd('1', 2)", "States.JsonMerge(1, 2, false)",
        "States.ArrayRange(1, 2, 0)",
        "States.ArrayRange(1, 1001, 1)", "States.ArrayPartition($.list, 0)", "States.Base64Decode('x')",
        "States.Base64Decode('_w==')", "States.Base64Decode('/w==')", "States.Hash('a', 'SHA-2')",
        "States.Format($.é, 1)",
        "States.MathRandom(2, 2)", #"States.Format('a\nb')"#, "States.Hash($.p, 'MD5')", "States.Hash(1, 'MD5')",
        "States.JsonMerge($.p, $.p, true)", "States.Format('{ {}', 1)",
        "States.StringSplit(1, ',')", "States.MathAdd(1e300, 1)",
    ])
    func `an intrinsic function fails the run with its own error`(call: String) throws {
        let quoted = JSONValue.string(call).serialized()
        let run = try run("\"Parameters\":{\"x.$\":\(quoted)}")
        #expect(run.error == "States.IntrinsicFailure")
        #expect(run.cause?.contains("(entered at the event id #2)") == true)
    }

    @Test func `a path among the arguments that leads nowhere fails the run as any path does`() throws {
        let run = try run(#""Parameters":{"x.$":"States.Format('{}', $.none)"}"#, input: #"{"a":1}"#)
        #expect(run.error == "States.Runtime")
        #expect(
            run.cause?.hasSuffix(
                "The JsonPath argument for the field '$.none' could not be found in the input '{\"a\":1}'") == true)
    }

    @Test(arguments: [("Base64Encode('%')", 10_000), ("Base64Decode('%')", 10_000), ("Hash('%', 'MD5')", 10_000)])
    func `long texts are refused by the function`(call: String, limit: Int) throws {
        for (count, isLegal) in [(limit, true), (limit + 1, false)] {
            let text = String(repeating: "A", count: count)
            let call = "States." + call.split(separator: "%").joined(separator: text)
            let run = try run("\"Parameters\":{\"x.$\":\"\(call)\"}")
            // Four letters `A` decode to three zero bytes, which are text.
            #expect(run.error == (isLegal ? nil : "States.IntrinsicFailure"), "\(run.cause ?? "")")
        }
    }

    @Test(arguments: [
        ("1, 1000, 1", true), ("1, 1001, 1", false), ("-9223372036854775808, 9223372036854775807, 9", false),
    ])
    func `a range has a thousand elements at most`(range: String, isLegal: Bool) throws {
        let run = try run("\"Parameters\":{\"x.$\":\"States.ArrayLength(States.ArrayRange(\(range)))\"}")
        #expect(run.output == (isLegal ? ["x": 1_000] : nil))
    }

    @Test func `ten calls nest`() throws {
        let call = String(repeating: "States.Array(", count: 10) + String(repeating: ")", count: 10)
        #expect(try run("\"Parameters\":{\"x.$\":\"\(call)\"}").output?["x"]?.serialized() == "[[[[[[[[[[]]]]]]]]]]")
    }

    @Test func `a random number follows from its seed`() throws {
        let fields = #""Parameters":{"a.$":"States.MathRandom(1, 999, 7)","b.$":"States.MathRandom(1, 999)"}"#
        let machine = try StateMachine.single("{\"Type\":\"Pass\",\"End\":true,\(fields)}")
        let runs = try (0..<20).map { try #require(DrivenRun(machine, stamp: .at(0, seed: UInt64($0))).output) }
        #expect(Set(runs.map { $0["a"] }).count == 1)
        #expect(Set(runs.map { $0["b"] }).count > 10)
        #expect(runs.allSatisfy { (1..<999).contains($0["b"]?.intValue ?? 0) })
    }

    @Test(arguments: ["5", "null", "true", "[]", #"{"a":1}"#])
    func `the value of a field that ends in dollar is a text`(value: String) {
        let error = #expect(throws: DefinitionError.self) { try run("\"Parameters\":{\"x.$\":\(value)}") }
        #expect(error?.problems.map(\.code) == ["INVALID_TEMPLATE"])
    }

    @Test(arguments: [
        "States.None()", "States.UUID(1)", "States.Format()", "States.Format('{}')", "States.Format('x', 1)",
        "States.Array(1",
        "States.Array(1,)", "States.Array('a)", "States.Array(a)", "States.Array(1) x", "x", "", "States.Array($..)",
        "States.ArrayLength(1, 2)", "States", "States.Array[1]",
        "States.Array(States.Array(States.Array(States.Array(States.Array(States.Array(States.Array(States.Array("
            + "States.Array(States.Array(States.Array(1)))))))))))",
    ])
    func `an expression that does not parse is refused`(call: String) {
        let quoted = JSONValue.string(call).serialized()
        let error = #expect(throws: DefinitionError.self) { try run("\"Parameters\":{\"a\":[{\"x.$\":\(quoted)}]}") }
        #expect(error?.problems.map(\.pointer) == ["/States/S/Parameters/a/0/x.$"])
        #expect(error?.problems.map(\.code) == ["INVALID_TEMPLATE"])
    }

    @Test func `identifiers follow from the seed`() throws {
        let fields = #""Parameters":{"a.$":"States.UUID()","b.$":"States.UUID()"}"#
        let machine = try StateMachine.single("{\"Type\":\"Pass\",\"End\":true,\(fields)}")
        let first = try #require(DrivenRun(machine, stamp: .at(0, seed: 1)).output)
        #expect(DrivenRun(machine, stamp: .at(0, seed: 1)).output == first)
        #expect(DrivenRun(machine, stamp: .at(0, seed: 2)).output != first)
        #expect(first["a"] != first["b"])
        let shape = try Regex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
        #expect(try #require(first["a"]?.stringValue).wholeMatch(of: shape) != nil)
    }

    @Test func `templates keep what is fixed and fill what is not`() throws {
        let fields = #""Parameters":{"k":1,"n":{"x.$":"$.p.q","y":[1,{"z.$":"$.p.r"}]},"e":{}}"#
        #expect(try run(fields).output?.serialized() == #"{"k":1,"n":{"x":1,"y":[1,{"z":2}]},"e":{}}"#)
    }
}
