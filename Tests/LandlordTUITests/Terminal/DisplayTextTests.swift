import LandlordTUI
import Testing

@Suite("Display text")
struct DisplayTextTests {
    @Test(arguments: [
        ("plain", "plain"),
        ("line\nbreak", "line\\x0Abreak"),
        ("\r\n", "\\x0D\\x0A"),
        ("\u{1B}[31mred", "\\x1B[31mred"),
        ("bell\u{07}", "bell\\x07"),
        ("\u{7F}", "\\x7F"),
        ("\u{9B}31m", "\\x9B31m"),
        ("a\u{202E}b", "a\\u{202E}b"),
        ("a\u{2066}b\u{2069}", "a\\u{2066}b\\u{2069}"),
        ("\u{200E}\u{200F}\u{61C}", "\\u{200E}\\u{200F}\\u{61C}"),
        ("\u{2028}\u{2029}", "\\u{2028}\\u{2029}"),
        ("\u{FEFF}x", "\\u{FEFF}x"),
        ("ad\u{200B}min", "ad\\u{200B}min"),
        ("\u{3164}", "\\u{3164}"),
        ("\u{E000}", "\\u{E000}"),
        ("a\u{A0}b", "a b"),
        ("\u{301}", "\\u{301}"),
        ("👨‍👩‍👧‍👦", "?"),
        ("🇩🇪", "?"),
        ("👍🏽", "?"),
        ("❤️", "❤"),
    ])
    func `what is invisible or dangerous is written as an escape`(input: String, shown: String) {
        #expect(DisplayText.sanitize(input).string == shown)
    }

    @Test func `bytes that are not UTF-8 become replacement characters`() {
        #expect(DisplayText.sanitize(bytes: [0x61, 0xFF, 0x62]).string == "a\u{FFFD}b")
    }

    @Test(arguments: [
        ("", 0), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("作業", 4), ("한글", 4), ("ｆ", 2), ("✓", 1), ("─", 1), ("🚀", 2),
        ("\u{1100}\u{1161}", 2),
    ])
    func `text is as wide as the terminal shows it`(input: String, width: Int) {
        #expect(DisplayText.sanitize(input).width == width)
    }

    @Test(arguments: [
        ("abcdef", 6, "abcdef"), ("abcdef", 5, "abcd~"), ("abcdef", 1, "~"), ("abcdef", 0, ""), ("作業員", 6, "作業員"),
        ("作業員", 5, "作業~"), ("作業員", 4, "作~"), ("e\u{301}e\u{301}e\u{301}", 2, "e\u{301}~"),
    ])
    func `text that is too long ends in an ellipsis`(input: String, columns: Int, shown: String) {
        let text = DisplayText.sanitize(input).truncated(to: columns, ellipsis: GlyphSet.ascii.ellipsis)
        #expect(text.string == shown)
        #expect(text.width <= columns)
    }

    @Test(arguments: [(0, "作業ab"), (1, " 業ab"), (2, "業ab"), (4, "ab"), (9, "")])
    func `columns can be dropped in front`(columns: Int, shown: String) {
        #expect(DisplayText.sanitize("作業ab").dropping(columns: columns).string == shown)
    }

    @Test func `text wraps at spaces, and inside words that are too long`() {
        let text = DisplayText.sanitize("pull access denied for registry.acme.io")
        #expect(text.wrapped(to: 12).map(\.string) == ["pull access", "denied for", "registry.acm", "e.io"])
        #expect(text.wrapped(to: 0).isEmpty)
    }

    @Test func `lines are split and tabs widened before anything is made safe`() {
        #expect(DisplayText.lines("a\n\tb\r\nc\u{1B}").map(\.string) == ["a", "  b", "c\\x1B"])
    }

    @Test func `a pile of marks does not grow beyond its cell`() {
        let text = DisplayText.sanitize("e" + String(repeating: "\u{301}", count: 50) + "x")
        #expect(text.width == 2)
        #expect(text.string.unicodeScalars.count == 5)
    }

    @Test func `very long text is cut`() {
        let text = DisplayText.sanitize(String(repeating: "x", count: DisplayText.columnLimit + 500))
        #expect(text.width <= DisplayText.columnLimit)
    }

    /// The property behind the type, for every scalar there is, alone and in company.
    @Test func `no cell ever contains a scalar that is not printable`() {
        for value in UInt32(0)...0x10FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            // Everything where scripts, controls and fillers are close together, and a sample of the rest.
            let isDense = value < 0x3400 || (0xD7A0...0xE010).contains(value) || (0xF900...0x10000).contains(value)
            if !isDense, !(0xE0000...0xE0200).contains(value), value % 211 != 0 { continue }
            var frame = Frame(size: Size(rows: 1, columns: 12))
            frame.put(.sanitize("a\(Character(scalar))b"), row: 0, column: 0)
            if let problem = Self.problem(in: frame) {
                Issue.record("U+\(String(value, radix: 16)): \(problem)")
                return
            }
        }
    }

    @Test func `frames stay whole whatever is drawn where`() {
        var seed: UInt64 = 42
        func random(_ limit: Int) -> Int {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(seed >> 33) % limit
        }
        let samples = ["作業", "e\u{301}", "abc", "\n", "🚀🚀", "👨‍👩‍👧", "x", "\u{202E}", "한"]
        var frame = Frame(size: Size(rows: 4, columns: 9))
        for _ in 0..<5000 {
            let text = DisplayText.sanitize(samples[random(samples.count)] + samples[random(samples.count)])
            frame.put(text, row: random(6) - 1, column: random(12) - 2, width: random(10))
            #expect(frame.cells.count == 36)
            if let problem = Self.problem(in: frame) {
                Issue.record("\(problem): \(frame.lines)")
                return
            }
        }
    }

    /// Says what is wrong with a frame: cells that cannot be printed, or halves of wide characters.
    private static func problem(in frame: Frame) -> String? {
        for row in 0..<frame.size.rows {
            for column in 0..<frame.size.columns {
                let cell = frame[row, column]
                if cell.isRightHalf {
                    let left = column > 0 ? frame[row, column - 1].glyph.scalars.first : nil
                    if left.flatMap(CharacterWidth.columns) != 2 { return "half of nothing at \(row), \(column)" }
                    continue
                }
                let widths = cell.glyph.scalars.map { CharacterWidth.columns(of: $0) }
                guard let width = widths.first.flatMap({ $0 }), width > 0 else {
                    return "unprintable at \(row), \(column)"
                }
                if widths.dropFirst().contains(where: { $0 != 0 }) { return "no mark at \(row), \(column)" }
                if width == 2, !frame[row, column + 1].isRightHalf { return "half at \(row), \(column)" }
            }
        }
        return nil
    }
}
