import Testing

@testable import StatesLanguage

@Suite struct JSONPointerTests {
    @Test func `a pointer is written as RFC 6901 says`() {
        let state = JSONPointer.root.appending("States").appending("a/b~c")
        #expect(JSONPointer.root.text == "")
        #expect(state.appending("Catch").appending(1).text == "/States/a~1b~0c/Catch/1")
        #expect(state.parent.text == "/States")
        #expect(JSONPointer.root.parent.text == "")
        #expect((state.memberName, state.appending(0).memberName) == ("a/b~c", nil))
    }

    @Test func `a field is named by the way from its state`() {
        let state = JSONPointer.root.appending("States").appending("Ask")
        let field = state.appending("Catch").appending(1).appending("Output").appending("total")
        #expect(field.path(from: state) == "Catch[1]/Output/total")
        #expect(field.path(from: .root) == "States/Ask/Catch[1]/Output/total")
        #expect(field.path(from: field) == "")
    }

    @Test func `the bytes of a value are counted as they are written`() {
        var random = SeededGenerator(seed: 4)
        for _ in 0..<2_000 {
            let value = JSONValue.random(using: &random, depth: 3)
            #expect(value.serializedByteCount == value.serializedBytes().count)
        }
        for value: JSONValue in [[], [:], [[], [:]], ["a": [], "b": [:]], true, false, 1.5, "\u{1}\t\""] {
            #expect(value.serializedByteCount == value.serializedBytes().count)
        }
    }

    @Test func `an expression may or may not look into the context`() throws {
        for (text, needsContext) in [
            ("$states.input.a", false), ("$states.result & $states.errorOutput.Error", false), ("$x + 1", false),
            ("$states", true), ("$states.context.Task.Token", true),
            ("$states.input ~> $f($states)", true), ("$states.(context)", true), ("$states['context']", true),
            ("'$states'", false), ("function($states) {$states}", false),
        ] {
            let expression = try JSONataExpression(parsing: text)
            #expect(JSONataField(expression: expression, text: text, field: "Output").usesContext == needsContext)
        }
    }

    @Test(arguments: [("{% 1 %}", "1"), ("{%\n\u{2003}$x \t%}", "$x"), ("{%%}", ""), ("{%   %}", ""), ("{% é %}", "é")])
    func `an expression stands between its marks without spaces around it`(_ text: String, _ inner: String) {
        #expect(JSONataField.inner(of: text) == inner)
    }
}
