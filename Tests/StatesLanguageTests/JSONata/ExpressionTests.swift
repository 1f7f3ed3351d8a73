import StatesLanguage
import Testing

@Suite struct JSONataExpressionTests {
    private func failure(_ text: String) -> JSONataError? {
        var seed: UInt64 = 1
        do {
            _ = try JSONataExpression(parsing: text).evaluate(
                ["a": 1], now: Timestamp(millisecondsSinceEpoch: 0), seed: &seed)
            return nil
        } catch { return error }
    }

    @Test(arguments: [
        ("'a' + 1", "T2001: The left side of the \"+\" operator must evaluate to a number", 5),
        ("$uppercase(5)", "T0410: Argument 1 of function \"uppercase\" does not match function signature", 11),
        ("$foo(5)", "T1006: Attempted to invoke a non-function", 5),
        ("'5' < 3", "T2009: The values \"5\" and 3 either side of operator \"<\" must be of the same data type", 5),
        ("1 +", "S0207: Unexpected end of expression", 3),
        ("(1", "S0203: Expected \")\" before end of expression", 2),
        ("[1 2]", "S0202: Expected \"]\", got \"2\"", 4),
        ("1 2", "S0201: Syntax error: \"2\"", 3),
        ("$sum(['a'])", "T0412: Argument 1 of function \"sum\" must be an array of \"numbers\"", 5),
        ("$number('x')", "D3030: Unable to cast value to a number: \"x\"", 8),
        ("$error('boom')", "D3137: boom", 7),
        ("{'a': 1, 'a': 2}", "D1009: Multiple key definitions evaluate to same key: \"a\"", 1),
        ("sum(1)", "T1005: Attempted to invoke a non-function. Did you mean $sum?", 4),
    ])
    func `an error has the reference's code, words and place`(_ example: (String, String, Int)) throws {
        let error = try #require(failure(example.0))
        #expect(error.description == example.1)
        #expect(error.offset == example.2)
    }

    @Test(arguments: [
        // AWS, Step Functions Developer Guide, "JSONata functions provided by Step Functions".
        ("$partition([1,2,3,4], 2)", "[[1,2],[3,4]]"), ("$partition([1,2,3], 2)", "[[1,2],[3]]"),
        ("$partition([], 2)", "[]"), ("$partition([1], 0)", "!D4001"), ("$partition([1], 1.5)", "!D4001"),
        ("$range(0, 10, 2)", "[0,2,4,6,8,10]"), ("$range(3, 1, -1)", "[3,2,1]"), ("$range(1, 3, 0)", "!D4001"),
        ("$range(1, 3)", "!T0410"), ("$range(5, 1, 1)", "[]"),
        ("$hash('a', 'MD5')", "\"0cc175b9c0f1b6a831c399e269772661\""),
        ("$hash('a', 'SHA-1')", "\"86f7e437faa5a7fce15d1ddcb9eaeaea377667b8\""),
        ("$hash('', 'SHA-256')", "\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\""),
        ("$hash('a', 'CRC')", "!D4001"), ("$hash(1, 'MD5')", "!T0410"),
        ("$random(7) = $random(7)", "true"), ("$random(7) = $random(8)", "false"), ("$random() < 1", "true"),
        ("$random() = $random()", "false"), ("$random('a')", "!T0410"),
        ("$length($uuid())", "36"), ("$uuid() = $uuid()", "false"), ("$substring($uuid(), 14, 1)", "\"4\""),
        ("$parse('{\"a\": [1, 2.50]}')", "{\"a\":[1,2.5]}"), ("$parse('{')", "!D4001"), ("$parse(none)", "undefined"),
        ("$eval('1')", "!T1006"), ("$sum", "!D4001"), ("{'f': $sum}", "!D4001"), ("$f := function($x) {$x}", "!D4001"),
        ("1 / 0", #""Infinity""#), ("-1e308 * 10", #""-Infinity""#), ("$shuffle([1..5]) ~> $sort", "[1,2,3,4,5]"),
    ])
    func `the functions of Step Functions are there, and those it refuses are not`(_ example: (String, String)) {
        #expect(outcome(of: example.0, [:]) == example.1)
    }

    @Test func `integers of the input stay exact, and calculated numbers print as JavaScript's`() throws {
        let input: JSONValue = ["big": 9_007_199_254_740_993, "half": 0.5]
        #expect(outcome(of: "big", input) == "9007199254740993")
        #expect(outcome(of: "[big, half + half, 6 / 2, 1 / 3]", input) == "[9007199254740993,1,3,0.3333333333333333]")
        #expect(outcome(of: "$string(1/3) & 0.1 + 0.2", [:]) == "!T2001")
        #expect(outcome(of: "$string(0.1 + 0.2)", [:]) == "\"0.3\"")
    }

    @Test func `there is no context unless the caller gives one`() {
        #expect(outcome(of: "$", nil) == "undefined")
        #expect(outcome(of: "a", nil) == "undefined")
        #expect(outcome(of: "$", [1]) == "[1]")
        #expect(outcome(of: "$.a", [["a": 1], ["a": 2]]) == "[1,2]")
    }

    @Test func `variables come from outside, and the expression's own hide them`() throws {
        let variables = JSONataVariables(states: ["input": ["x": [1, 2]]], ["count": 3])
        var seed: UInt64 = 1
        func value(_ text: String) throws -> JSONValue? {
            try JSONataExpression(parsing: text).evaluate(
                nil, variables: variables, now: Timestamp(millisecondsSinceEpoch: 0), seed: &seed)
        }
        #expect(try value("$states.input.x[1] + $count") == 5)
        #expect(try value("($count := 10; $count)") == 10)
        // `$count` is a function of the library, which the caller's variable hides.
        #expect(try value("$count") == 3)
        #expect(try value("$missing") == nil)
    }

    @Test(arguments: [
        ("$states.input.x", ["states/input/x"]), ("$a + $b", ["a", "b"]), ("($a := 1; $a)", []),
        ("function($x) {$x + $y}", ["y"]), ("$sum([1])", ["sum()"]), ("a.b", ["/a"]), ("$x.(a + $)", ["x"]),
        ("$", [""]), ("$$.a", ["$/a"]), ("$x[a > $n]", ["x", "n"]), ("($f := function() {$f()}; $f())", []),
        ("$x@$y.$y", ["x"]), ("$a := $a", ["a"]), ("($b := 1; ($c := 2); $c)", ["c"]),
        ("$states.context.Execution.Id & $v.'k'", ["states/context/Execution/Id", "v/k"]),
    ])
    func `free variables are found with the path behind them`(_ example: (String, [String])) throws {
        let found = try JSONataExpression(parsing: example.0).freeVariables.map { variable in
            variable.name + (variable.isCalled ? "()" : "") + variable.path.map { "/\($0)" }.joined()
        }
        #expect(found == example.1)
    }
}
