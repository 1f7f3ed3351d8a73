import Testing

@testable import StatesLanguage

@Suite struct JSONataPropertyTests {
    @Test(arguments: ReferenceCases.all)
    func `printing an expression and parsing it again gives the same`(_ example: ReferenceCases.Case) throws {
        // An expression that does not parse has nothing to print.
        guard let expression = try? JSONataExpression(parsing: example.expression) else { return }
        let printed = try expression.canonicalText
        let again = try JSONataExpression(parsing: printed)
        #expect(try again.canonicalText == printed)
        #expect(outcome(of: printed, ReferenceCases.input) == outcome(of: example.expression, ReferenceCases.input))
    }

    private static let pieces = [
        "a", "b", "`c d`", "$", "$$", "$x", "$y", "$sum", "$map", "$string", "$f", "1", "0", "-1", "2.5", "'s'",
        "\"t\"",
        "true", "null", "/a+/", "/(b)/i", ".", "[", "]", "[]", "{", "}", "(", ")", ",", ":", ";", ":=", "+", "-", "*",
        "/", "%", "&", "=", "!=", "<", ">=", "and", "or", "in", "?", "??", "?:", "~>", "^(", "@$x", "#$y", "**", "..",
        "function($x){", "λ($y)<n:n>{", "|", "/*c*/", " ", "\\", "é", "😀", "\u{0}",
    ]

    private static func garbage(_ random: inout SeededGenerator) -> String {
        let count = Int.random(in: 1...14, using: &random)
        return (0..<count).map { _ in pieces[Int.random(in: 0..<pieces.count, using: &random)] }.joined()
    }

    @Test func `random expressions never crash, and are evaluated and printed alike each time`() throws {
        var random = SeededGenerator(seed: 5)
        let limits = JSONataLimits(steps: 20_000, depth: 200, bytes: 1 << 20)
        let input: JSONValue = ["a": [1, ["b": "x"]], "b": ["a": 2], "c d": [[1], []]]
        for _ in 0..<20_000 {
            let text = Self.garbage(&random)
            let first = outcome(of: text, input, limits: limits)
            #expect(first == outcome(of: text, input, limits: limits))
            // Most garbage is no expression.
            guard let expression = try? JSONataExpression(parsing: text) else { continue }
            let printed = try expression.canonicalText
            // What went wrong with a printed expression is seen in the expression.
            let again = try #require(try? JSONataExpression(parsing: printed), "\(text) is printed as \(printed)")
            #expect(try again.canonicalText == printed)
        }
    }

    @Test func `an expression that is only checked is refused, or not, as one that is compiled`() {
        var random = SeededGenerator(seed: 8)
        let texts = ReferenceCases.all.map(\.expression) + (0..<60_000).map { _ in Self.garbage(&random) }
        var refused = 0
        for text in texts {
            let (compiled, checked) = (
                said(of: text, JSONataExpression.init(parsing:)), said(of: text, JSONataExpression.init(checking:))
            )
            #expect(compiled == checked, "\(text)")
            if case .failure = compiled { refused += 1 }
        }
        #expect(refused < texts.count - 1_000)
    }

    private func said(
        of text: String, _ read: (String) throws(JSONataError) -> JSONataExpression
    ) -> Result<[JSONataExpression.FreeVariable], JSONataError> {
        Result { () throws(JSONataError) in try read(text).freeVariables }
    }

    @Test func `a byte changed anywhere never crashes`() {
        var random = SeededGenerator(seed: 6)
        let limits = JSONataLimits(steps: 20_000, depth: 200, bytes: 1 << 20)
        for example in ReferenceCases.all {
            var bytes = Array(example.expression.utf8)
            guard !bytes.isEmpty else { continue }
            bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            _ = outcome(of: String(decoding: bytes, as: UTF8.self), ReferenceCases.input, limits: limits)
        }
    }

    @Test func `values pass through untouched`() throws {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<300 {
            let value = JSONValue.random(using: &random, depth: 4)
            var seed: UInt64 = 1
            let result = try JSONataExpression(parsing: "$states.input").evaluate(
                nil, variables: JSONataVariables(states: .object(["input": value])),
                now: Timestamp(millisecondsSinceEpoch: 0), seed: &seed)
            #expect(result?.serialized() == value.serialized())
        }
    }
}
