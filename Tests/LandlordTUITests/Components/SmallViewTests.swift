import LandlordTUI
import Testing

@Suite("Small views")
struct SmallViewTests {
    private let theme = Theme.builtIn(glyphs: .ascii)

    private static let hints = [
        KeyHint([.enter], title: "open"), KeyHint([.character("/")], title: "filter"), KeyHint([.space], title: "mark"),
        KeyHint([.character("?")], title: "help"), KeyHint([.character(":")], title: "cmd"),
        KeyHint([.character("R")], title: "retry", isChange: true),
        KeyHint([.character("X"), .delete], title: "cancel", isChange: true, refusal: "nothing runs"),
    ]

    @Test(arguments: [
        (80, "enter open  / filter  space mark  ? help  : cmd | R retry  X cancel"),
        (60, "enter open  / filter  space mark | R retry  X cancel"),
        (50, "enter open  / filter  space | R retry  X cancel"),
        (30, "enter / space | R retry  X"), (20, "enter / space | R X"), (0, ""),
    ])
    func `the footer shows as many keys as fit`(columns: Int, line: String) {
        var frame = theme.frame(Size(rows: 1, columns: columns))
        KeyFooter(hints: Self.hints).draw(into: &frame, in: frame.bounds, theme: theme)
        #expect(frame.lines[0] == line)
    }

    @Test func `help lists every key in columns, with the reason of those that cannot be used`() {
        var frame = theme.frame(Size(rows: 6, columns: 80))
        let help = HelpView(sections: [
            HelpSection(title: "Look", hints: Array(Self.hints.prefix(5))),
            HelpSection(title: "Change", hints: Array(Self.hints.suffix(2))),
        ])
        help.draw(into: &frame, in: frame.bounds, theme: theme)
        #expect(
            frame.lines == [
                "Look                                    :           cmd",
                "enter       open",
                "/           filter                      Change",
                "space       mark                        R           retry",
                "?           help                        X, del      cancel (nothing runs)",
                "",
            ])
        #expect(help.scrollLimit(in: Rect(row: 0, column: 0, rows: 2, columns: 39)) == 8)
    }

    @Test func `help can be filtered`() {
        var help = HelpView(sections: [HelpSection(title: "All", hints: Self.hints)])
        help.filter = "RETR"
        var frame = theme.frame(Size(rows: 3, columns: 30))
        help.draw(into: &frame, in: frame.bounds, theme: theme)
        #expect(frame.lines == ["All", "R           retry", ""])
        help.filter = "nothing like this"
        frame = theme.frame(Size(rows: 1, columns: 30))
        help.draw(into: &frame, in: frame.bounds, theme: theme)
        #expect(frame.lines == ["no key matches"])
    }

    @Test func `a timeline aligns its times and notes`() {
        var frame = theme.frame(Size(rows: 3, columns: 60))
        let timeline = Timeline(
            entries: [
                TimelineEntry(time: "11:44:02.118", text: "requested > planning", note: "api ana"),
                TimelineEntry(time: "11:49:00.002", text: "provisioning > failed", note: "max retries", role: .failed),
            ], cursorRow: 1)
        timeline.draw(into: &frame, in: frame.bounds, theme: theme)
        #expect(
            frame.lines == [
                " 11:44:02.118  requested > planning              api ana",
                ">11:49:00.002  provisioning > failed             max retries", "",
            ])
        #expect(frame.styleLines[1].contains("EEEEEEEEEEEEEEEEEEEEE"))
    }

    @Test func `a toast says how serious it is in words too`() {
        var frame = theme.frame(Size(rows: 1, columns: 30))
        Toast("acme is gone", level: .error).draw(into: &frame, in: frame.bounds, theme: theme)
        #expect(frame.lines[0] == "          error: acme is gone")
        #expect(frame.styleLines[0].hasSuffix("zzz"))
    }

    @Test func `a text pane scrolls both ways and not beyond its end`() {
        var frame = theme.frame(Size(rows: 2, columns: 6))
        var pane = TextPane(text: "one\ntwo\nthree four")
        pane.scrolledRows = 99
        pane.scrolledColumns = 2
        pane.draw(into: &frame, in: frame.bounds, theme: theme)
        #expect(frame.lines == ["o", "ree f~"])
    }

    @Test func `a sparkline shows the last values against the greatest`() {
        var frame = theme.frame(Size(rows: 1, columns: 5))
        Sparkline(values: [9, 0, 1, 2, 4, 4]).draw(into: &frame, in: frame.bounds, style: .plain)
        #expect(frame.lines == ["_.-##"])
    }

    @Test(arguments: [
        (Duration.milliseconds(800), "0s"), (.seconds(59), "59s"), (.seconds(60), "1m"), (.seconds(3599), "59m"),
        (.seconds(3600), "1h"), (.seconds(86_399), "23h"), (.seconds(86_400), "1d"), (.seconds(-5), "0s"),
    ])
    func `ages are short`(age: Duration, text: String) {
        #expect(AgeText.text(age) == text)
    }

    @Test(arguments: [
        (Duration.milliseconds(849), "0.8s"), (.milliseconds(9999), "9.9s"), (.seconds(34), "34s"),
        (.milliseconds(-300), "0.0s"),
    ])
    func `freshness has tenths below ten seconds`(age: Duration, text: String) {
        #expect(AgeText.preciseText(age) == text)
    }

    @Test(arguments: [
        Duration.zero, .milliseconds(300), .seconds(59), .milliseconds(59_500), .seconds(61), .seconds(3599),
        .seconds(7300), .seconds(200_000), .milliseconds(-1500),
    ])
    func `the next change of an age is the first moment that its text differs`(age: Duration) {
        let wait = AgeText.nextChange(after: age)
        #expect(wait > .zero)
        #expect(AgeText.text(age + wait) != AgeText.text(age))
        #expect(AgeText.text(age + wait - .milliseconds(1)) == AgeText.text(age))
    }

    @Test(arguments: [(24, 80), (5, 20), (3, 10), (0, 0)])
    func `a dialog gives its content a place inside the screen`(rows: Int, columns: Int) {
        var frame = theme.frame(Size(rows: rows, columns: columns))
        let inner = Dialog(title: "Delete", contentSize: Size(rows: 4, columns: 30))
            .draw(into: &frame, in: frame.bounds, theme: theme)
        #expect(inner.endRow <= rows && inner.endColumn <= columns)
    }

    @Test(arguments: [Int64(500), 1_000, 42_300, 60_000, 60_001, 61_000, 3_600_000, 90_000_000])
    func `the text of a wait changes when it is said to change`(milliseconds: Int64) {
        let end = Duration.milliseconds(milliseconds)
        let wait = AgeText.nextChange(before: end)
        #expect(AgeText.text(end - wait) != AgeText.text(end) || end < .seconds(1))
        #expect(AgeText.text(end - wait + .milliseconds(1)) == AgeText.text(end))
    }
}
