import StatesLanguage
import Testing

@Suite struct JSONataLimitTests {
    @Test(arguments: [
        "($f := function($x) {$f($x)}; $f(1))",
        "($f := function($x) {1 + $f($x)}; $f(1))",
        "($f := function($x) {[$f($x)]}; $f(1))",
        "[1..10000000]",
        "$range(1, 10000000, 1)",
        "$reduce([1..40], function($s, $x) {$s & $s}, 'aaaaaaaaaa')",
        "$reduce([1..40], function($s, $x) {$append($s, $s)}, [1, 2])",
        "$reduce([1..40], function($s, $x) {{'a': $s, 'b': $s}}, {}) ~> $string",
        "$reduce([1..100000], function($a, $x) {[[$a]]}, 1)",
        "$reduce([1..100000], function($a, $x) {{'a': $a}}, 1)",
        "($c := function($f, $n) {$n = 0 ? $f : $c($f ~> $uppercase, $n - 1)}; $c($lowercase, 5000))",
        "($c := function($f, $n) {$n = 0 ? $f : $c(function($y) {1 + $f($y)}, $n - 1)}; $c($length, 9000)('a'))",
        "$pad('a', 1e12)", "$pad('a', -1e300)", "$join($map([1..30], function($x) {$pad('a', 4000000)}))",
        "$contains('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!', /^(a+)+$/)",
        "$replace($pad('', 100000, 'a'), /a/, $pad('', 100000, 'b'))",
        "$split($pad('', 3000000, 'a'), '')",
        "$map([1..3000], function($x) {$map([1..3000], function($y) {$x * $y})})",
        "$sort([1..200000], function($a, $b) {$sum([$a, $b]) > $a * 2})",
        "{'a': [1..2000000]}.a.($ + 1)",
        "$zip([1..900000], [1..900000])",
        "$string([1..1500000])",
        "$formatInteger(1e300, '#,##0') ~> $pad(1e9)",
    ])
    func `a runaway expression ends with an error`(_ expression: String) {
        // A tenth of the default limits, so that the test does not take minutes in a debug build.
        let limits = JSONataLimits(steps: 500_000, bytes: 8 << 20)
        #expect(outcome(of: expression, nil, limits: limits) == "!U1001")
    }

    @Test func `a range beyond ten million elements is refused as such`() {
        #expect(outcome(of: "[1..10000001]", nil) == "!D2014")
    }

    @Test(arguments: [
        ("(", "1", ")"), ("[", "1", "]"), ("{'a': ", "1", "}"), ("-", "a", ""), ("a[", "1", "]"), ("$f(", "1", ")"),
        ("function($x) {", "1", "}"), ("true ? ", "1", " : 2"), ("1 + ", "1", ""), ("", "1", " + 1"), ("", "a", ".a"),
        ("", "a", "[0]"), ("$x := ", "1", ""), ("|a|", "b", "|"), ("a^(", "b", ")"), ("", "a", "(1)"), ("", "a", "@$x"),
        ("a ?? ", "1", ""), ("", "a", "[]"),
    ])
    func `a thousand levels of nesting end with an error or a value`(_ parts: (String, String, String)) {
        let count = 1_000
        let expression = String(repeating: parts.0, count: count) + parts.1 + String(repeating: parts.2, count: count)
        let result = outcome(of: expression, nil)
        #expect(result.hasPrefix("!") || result == "undefined" || result == "1")
    }

    @Test func `three hundred levels of brackets work`() {
        let open = String(repeating: "(", count: 300)
        #expect(outcome(of: open + "1" + String(repeating: ")", count: 300), nil) == "1")
        let sum = Array(repeating: "1", count: 300).joined(separator: " + ")
        #expect(outcome(of: sum, nil) == "300")
    }

    @Test func `a function may call itself two hundred times, and for ever in tail position`() {
        #expect(outcome(of: "($f := function($n) {$n = 0 ? 0 : 1 + $f($n - 1)}; $f(200))", nil) == "200")
        #expect(outcome(of: "($f := function($n) {$n = 0 ? 'done' : $f($n - 1)}; $f(50000))", nil) == "\"done\"")
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            ("$contains($pad('', 300000, 'a'), $pad('', 150000, 'a') & 'b')", "false"),
            ("$contains($pad('', 300000, 'a') & 'b', $pad('', 150000, 'a') & 'b')", "true"),
            ("$count($split($pad('', 300000, 'a'), $pad('', 150000, 'a') & 'b'))", "1"),
            ("$length($substringBefore($pad('', 300000, 'a'), $pad('', 150000, 'a') & 'b'))", "300000"),
            ("$length($replace($pad('', 300000, 'a') & 'b', $pad('', 150000, 'a') & 'b', ''))", "150000"),
        ])
    func `a text is found in one pass over another, however alike they are`(_ expression: String, _ value: String) {
        #expect(outcome(of: expression, nil) == value)
    }

    @Test func `limits are the caller's`() {
        let steps = JSONataLimits(steps: 100)
        #expect(outcome(of: "[1..20]", nil, limits: steps) != "!U1001")
        #expect(outcome(of: "[1..101]", nil, limits: steps) == "!U1001")
        #expect(outcome(of: "((((1))))", nil, limits: JSONataLimits(depth: 4)) == "1")
        #expect(outcome(of: "(((((1)))))", nil, limits: JSONataLimits(depth: 4)) == "!U1001")
        #expect(outcome(of: "$pad('', 100)", nil, limits: JSONataLimits(bytes: 1_000)) != "!U1001")
        #expect(outcome(of: "$pad('', 1000)", nil, limits: JSONataLimits(bytes: 1_000)) == "!U1001")
    }

    @Test(arguments: [
        "($f := function($n) {$n = 0 ? 'done' : ($g := function() {$n}; $f($n - 1))}; $f(20000))",
        "$map([1..4000], function($x) {($a := 1; $b := 2; $c := 3; $d := 4; function() {$x})})",
    ])
    func `what functions remember counts`(_ expression: String) {
        #expect(outcome(of: "$string(\(expression)) = 'x'", nil) == "false")
        #expect(outcome(of: expression, nil, limits: JSONataLimits(bytes: 2 << 20)) == "!U1001")
    }

    @Test(arguments: [
        ("$formatNumber(1, $pad('', 100, '0') & '.' & $pad('', 100, '0')) ~> $length", "201"),
        ("$formatNumber(1, '0.' & $pad('', 101, '0'))", "!U1001"),
        ("$formatNumber(1, $pad('', 309, '0'))", "!U1001"),
        ("$formatInteger(1, $pad('', 1000, '0')) ~> $length", "1000"),
        ("$formatInteger(1, $pad('', 1001, '0'))", "!U1001"), ("$parseInteger('1', $pad('', 1001, '0'))", "!U1001"),
        ("$fromMillis(0, $pad('', 1000, 'a')) ~> $length", "1000"), ("$fromMillis(0, $pad('', 1001, 'a'))", "!U1001"),
        ("$toMillis('1', $pad('', 1001, 'a'))", "!U1001"), ("$now($pad('', 1001, 'a'))", "!U1001"),
    ])
    func `a picture has a thousand characters at most`(_ expression: String, _ value: String) {
        #expect(outcome(of: expression, nil) == value)
    }

    @Test func `a text of more than 256 KB is refused`() {
        let text = String(repeating: " ", count: JSONataExpression.textLimit)
        #expect(outcome(of: text.dropLast() + "1", nil) == "1")
        #expect(outcome(of: text + "1", nil) == "!U1001")
    }
}
