import Testing

@testable import StatesLanguage

@Suite struct RegularExpressionTests {
    @Test(arguments: RegularExpressionCases.all)
    func `a pattern matches as in JavaScript`(_ example: ReferenceCases.Case) throws {
        let call = try JSONValue(parsing: example.expression)
        let (pattern, flags, text) = (
            call[0]?.stringValue ?? "", call[1]?.stringValue ?? "", call[2]?.stringValue ?? ""
        )
        let matches = try matches(of: pattern, flags: flags, in: text).serialized()
        #expect(try matches == JSONValue(parsing: example.expected).serialized())
    }

    private func matches(of pattern: String, flags: String, in string: String) throws -> JSONValue {
        let expression: RegularExpression
        do {
            expression = try RegularExpression(
                pattern, ignoresCase: flags.contains("i"), isMultiline: flags.contains("m"))
        } catch {
            return "error"
        }
        let text = RegularExpression.Text(string)
        var matches: [JSONValue] = []
        var position = 0
        var budget = 1_000_000
        while matches.count < 10, let match = try expression.firstMatch(in: text, from: position, budget: &budget) {
            var parts: [JSONValue] = [.number(JSONNumber(match.range.lowerBound)), .string(text.string(match.range))]
            for group in 0..<expression.groupCount {
                parts.append(match.group(group + 1).map { .string(text.string($0)) } ?? .null)
            }
            matches.append(.array(parts))
            position = max(match.range.upperBound, match.range.isEmpty ? match.range.upperBound + 1 : 0)
        }
        return .array(matches)
    }

    @Test(arguments: ["^(a+)+$", "(a|a)*b", "(.*)*x", "^(([a-z])+.)+[A-Z]([a-z])+$", "(?=(a+)+b)c", "(a*)*\\1b"])
    func `a pattern that backtracks for ever ends with its budget`(_ pattern: String) throws {
        let expression = try RegularExpression(pattern)
        let text = RegularExpression.Text(String(repeating: "a", count: 40) + "!")
        var budget = 300_000
        #expect(throws: RegularExpressionError.budget) {
            while let match = try expression.firstMatch(in: text, from: 0, budget: &budget), !match.range.isEmpty {}
            throw RegularExpressionError.budget
        }
        #expect(budget < 300_000)
    }

    @Test func `a text of a million characters needs no deep stack`() throws {
        let expression = try RegularExpression("^(?:a|b)*$")
        let text = RegularExpression.Text(String(repeating: "ab", count: 60_000))
        var budget = 10_000_000
        let match = try #require(try expression.firstMatch(in: text, from: 0, budget: &budget))
        #expect(match.range == 0..<120_000)
    }

    @Test func `a choice inside a repetition that is too long is an error and not a crash`() throws {
        let expression = try RegularExpression("^(?:(a)|b)*$")
        let text = RegularExpression.Text(String(repeating: "ab", count: 400_000))
        var budget = 100_000_000
        #expect(throws: RegularExpressionError.self) {
            try expression.firstMatch(in: text, from: 0, budget: &budget)
        }
    }

    @Test func `groups nest up to a limit`() throws {
        let open = { (count: Int) in String(repeating: "(", count: count) + "a" + String(repeating: ")", count: count) }
        _ = try RegularExpression(open(50))
        #expect(throws: RegularExpressionError.self) { try RegularExpression(open(1_000)) }
    }

    @Test func `random patterns never crash`() throws {
        var random = SeededGenerator(seed: 11)
        let pieces = [
            "a", "b", "(", ")", "(?:", "(?=", "(?!", "(?<=", "(?<!", "[", "]", "^", "$", "*", "+", "?", "{2}", "{1,3}",
            "|", "\\d", "\\b", "\\1", ".", "-", "\\", "(?<n>", "\\k<n>", "é", "😀",
        ]
        for _ in 0..<3_000 {
            let count = Int.random(in: 1...10, using: &random)
            let pattern = (0..<count).map { _ in pieces[Int.random(in: 0..<pieces.count, using: &random)] }.joined()
            // Most patterns do not compile; what matters is that each ends.
            // Most garbage is no pattern.
            guard let expression = try? RegularExpression(pattern) else { continue }
            var budget = 5_000
            let text = RegularExpression.Text("aab1éb😀-ab")
            // A search may run out of its budget; it must only end.
            _ = try? expression.firstMatch(in: text, from: 0, budget: &budget)
        }
    }
}
