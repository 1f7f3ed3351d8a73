import StatesLanguage
import Testing

@Suite struct ReferenceTests {
    @Test(arguments: ReferenceCases.all)
    func `an expression gives what the reference implementation gives`(_ example: ReferenceCases.Case) throws {
        let expected = try normalized(example.expected)
        #expect(outcome(of: example.expression, ReferenceCases.input) == expected)
    }

    @Test(arguments: ReferenceCases.cases(ReferenceCases.tree))
    func `a path through nested arrays gives what the reference implementation gives`(
        _ example: ReferenceCases.Case
    ) throws {
        let expected = try normalized(example.expected)
        #expect(outcome(of: example.expression, ReferenceCases.treeInput) == expected)
    }

    /// The expected text as this library writes JSON.
    private func normalized(_ text: String) throws -> String {
        text == "undefined" || text.hasPrefix("!") ? text : try JSONValue(parsing: text).canonical()
    }
}

/// What an expression gives: JSON, `undefined`, or the error's code behind an exclamation mark.
func outcome(of expression: String, _ input: JSONValue?, limits: JSONataLimits = JSONataLimits()) -> String {
    var seed: UInt64 = 1
    do {
        let result = try JSONataExpression(parsing: expression).evaluate(
            input, limits: limits, now: Timestamp(millisecondsSinceEpoch: 1_795_262_400_000), seed: &seed)
        return result?.canonical() ?? "undefined"
    } catch {
        return "!\(error.code)"
    }
}
