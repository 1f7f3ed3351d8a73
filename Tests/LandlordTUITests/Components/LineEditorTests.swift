import LandlordTUI
import Testing

@Suite("Line editor and prompt")
struct LineEditorTests {
    private static func typed(_ keys: [Key], into text: String = "") -> LineEditor {
        var editor = LineEditor(text)
        for key in keys { _ = editor.handle(key) }
        return editor
    }

    @Test(arguments: [
        ([Key.character("a"), .character("b")], "", "ab", 2),
        ([.left, .left, .character("x")], "abc", "axbc", 2),
        ([.control("a"), .character("x")], "abc", "xabc", 1),
        ([.control("a"), .control("e"), .character("x")], "abc", "abcx", 4),
        ([.home, .delete], "abc", "bc", 0),
        ([.backspace], "abc", "ab", 2),
        ([.control("w")], "one two  ", "one ", 4),
        ([.control("w"), .control("w"), .control("w")], "one two", "", 0),
        ([.left, .left, .control("u")], "abc", "bc", 0),
        ([.home, .right, .control("k")], "abc", "a", 1),
        ([.alt("b"), .control("k")], "one two", "one ", 4),
        ([.home, .alt("d")], "one two", " two", 0),
        ([.paste("a\tb\nc\u{1B}[31m\n")], "", "a b c[31m", 9),
        ([.left, .paste("作業")], "ab", "a作業b", 3),
        ([.right, .left, .end, .end], "ab", "ab", 2),
    ])
    func `keys edit the line`(keys: [Key], before: String, after: String, position: Int) {
        let editor = Self.typed(keys, into: before)
        #expect(editor.text == after)
        #expect(editor.position == position)
    }

    @Test(arguments: [
        (Key.enter, LineEditor.Outcome.submitted), (.escape, .cancelled), (.tab, .ignored), (.up, .ignored),
        (.control("c"), .ignored), (.backspace, .edited),
    ])
    func `keys that end or do not concern the line are told apart`(key: Key, outcome: LineEditor.Outcome) {
        var editor = LineEditor("x")
        #expect(editor.handle(key) == outcome)
    }

    @Test func `backspace in an empty line goes back`() {
        var editor = LineEditor()
        #expect(editor.handle(.backspace) == .cancelled)
    }

    @Test func `what does not fit is not taken in part, and the editor says so`() {
        var editor = LineEditor(String(repeating: "x", count: LineEditor.limit - 3))
        #expect(editor.handle(.paste("four")) == .edited)
        #expect(editor.text.count == LineEditor.limit - 3 && editor.isFull)
        #expect(editor.handle(.paste("two")) == .edited)
        #expect(editor.text.hasSuffix("two") && !editor.isFull)
    }

    @Test func `a line has a limit`() {
        let text = String(repeating: "x", count: LineEditor.limit)
        let editor = Self.typed([.paste(text), .character("y"), .paste(text)])
        #expect(editor.text.count == LineEditor.limit)
        #expect(editor.position == LineEditor.limit)
    }

    @Test(arguments: [(80, 24), (160, 48), (40, 10), (20, 5)])
    func `a prompt shows its end and the text cursor at every size`(columns: Int, rows: Int) throws {
        let theme = Theme.builtIn(glyphs: .ascii)
        var frame = theme.frame(Size(rows: rows, columns: columns))
        let prompt = Prompt(label: "filter ", editor: LineEditor("status:failed,provisioning age<24h"))
        prompt.draw(into: &frame, in: frame.bounds.line(-1), theme: theme)
        let line = try #require(frame.lines.last)
        #expect(line.hasPrefix("filter "))
        #expect(line.hasSuffix("age<24h"))
        let cursor = try #require(frame.textCursor)
        #expect(cursor == Point(row: rows - 1, column: line.count))
    }

    @Test func `a prompt shows what completion would add and what is wrong`() {
        let theme = Theme.builtIn(glyphs: .ascii)
        var frame = theme.frame(Size(rows: 2, columns: 40))
        var prompt = Prompt(label: ":", editor: LineEditor("ten"))
        prompt.ghost = "ants"
        prompt.draw(into: &frame, in: frame.bounds.line(0), theme: theme)
        prompt.problem = "unknown word"
        prompt.ghost = .empty
        prompt.draw(into: &frame, in: frame.bounds.line(1), theme: theme)
        #expect(frame.lines == [":tenants", ":ten                        unknown word"])
        #expect(frame.styleLines[0] == "kiiiuuuu" + String(repeating: "i", count: 32))
    }
}
