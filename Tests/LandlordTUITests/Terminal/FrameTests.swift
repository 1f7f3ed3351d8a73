import LandlordTUI
import Testing

@Suite("Frame")
struct FrameTests {
    private func frame(_ rows: Int, _ columns: Int, glyphs: GlyphSet = .ascii) -> Frame {
        Frame(size: Size(rows: rows, columns: columns), glyphs: glyphs)
    }

    @Test func `text is cut at the edge and at its width`() {
        var frame = frame(3, 8)
        #expect(frame.put("acme-billing", row: 0, column: 2) == 6)
        #expect(frame.put("acme-billing", row: 1, column: 0, width: 5) == 5)
        #expect(frame.put("acme", row: 2, column: 8) == 0)
        #expect(frame.put("acme", row: 3, column: 0) == 0)
        #expect(frame.lines == ["  acme-~", "acme~", ""])
    }

    @Test func `writing over half of a wide character clears the other half`() {
        var frame = frame(2, 6)
        frame.put("作業員", row: 0, column: 0)
        frame.put("x", row: 0, column: 1)
        frame.put("y", row: 0, column: 4)
        #expect(frame.lines[0] == " x業y")
    }

    @Test func `a wide character that is cut by the edge becomes an ellipsis`() {
        var frame = frame(1, 3)
        frame.put("作業", row: 0, column: 0)
        #expect(frame.lines == ["作~"])
    }

    @Test(arguments: [
        (GlyphSet.ascii, ["+- go -+", "|      |", "+------+"]), (.unicode, ["┌─ go ─┐", "│      │", "└──────┘"]),
    ])
    func `a box has the lines of its glyphs`(glyphs: GlyphSet, lines: [String]) {
        var frame = frame(3, 8, glyphs: glyphs)
        frame.box(frame.bounds, title: "go")
        #expect(frame.lines == lines)
    }

    @Test func `drawing outside of the screen does nothing`() {
        var frame = frame(2, 2)
        let empty = frame
        frame.box(Rect(row: 5, column: 5, rows: 9, columns: 9))
        frame.fill(Rect(row: -3, column: -3, rows: 2, columns: 2), style: .plain, glyph: frame.glyphs.mark)
        frame.restyle(Rect(row: 2, column: 0, rows: 1, columns: 1), with: Style(role: .cursor))
        #expect(frame == empty)
    }

    @Test func `a golden shows text, roles and a legend`() {
        let theme = Theme.builtIn(glyphs: .ascii)
        var frame = theme.frame(Size(rows: 2, columns: 12))
        frame.put("Tenants", row: 0, column: 0, style: theme[.title])
        frame.put("ac", row: 1, column: 0)
        frame.put("failed", row: 1, column: 3, style: theme[.failed])
        frame.restyle(frame.bounds.line(1), with: theme[.cursor])
        #expect(
            frame.golden(theme: "terminal") == """
                screen 12x2 theme=terminal glyphs=ascii
                |Tenants     |
                |ac failed   |
                style
                |ttttttt     |
                |CCCEEEEEECCC|
                legend t=title C=cursor E=status.failed

                """)
        #expect(frame.styleLines == ["ttttttt", "CCCEEEEEECCC"])
    }

    @Test func `rectangles without room are empty and never negative`() {
        let rect = Rect(row: 0, column: 0, rows: 2, columns: 3)
        #expect(rect.inset(top: 3).isEmpty)
        #expect(rect.line(2).isEmpty)
        #expect(rect.line(-1).row == 1)
        #expect(rect.centered(rows: 9, columns: 1) == Rect(row: 0, column: 1, rows: 2, columns: 1))
        #expect(rect.splitRows(9).bottom.isEmpty)
        #expect(rect.splitColumns(1).right == Rect(row: 0, column: 1, rows: 2, columns: 2))
    }
}
