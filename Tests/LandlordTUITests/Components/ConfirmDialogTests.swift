import LandlordTUI
import Testing

@Suite("Confirmation")
struct ConfirmDialogTests {
    private static func asked(_ level: ConfirmationLevel, expecting text: String = "93") -> ConfirmDialog {
        ConfirmDialog(
            level: level, title: "Redrive 93 callbacks",
            lines: [
                .init("scope", "cause = 503 hooks.acme.io, frozen at 12:05:41"),
                .init("effect", "POST hooks.acme.io x93"), .init("context", "PROTECTED", role: .protected),
            ],
            expectedText: text)
    }

    private static func answer(_ confirmation: ConfirmDialog, _ keys: [Key]) -> ConfirmDialog.Outcome {
        var confirmation = confirmation
        var outcome = ConfirmDialog.Outcome.asking
        for key in keys where outcome == .asking { outcome = confirmation.handle(key) }
        return outcome
    }

    @Test(arguments: [
        (ConfirmationLevel.dialog, [Key.character("y")]), (.count, [.character("9"), .character("3"), .enter]),
    ])
    func `a reason that is needed is asked for first`(level: ConfirmationLevel, rest: [Key]) {
        let asked = ConfirmDialog(level: level, title: "Discard", lines: [], expectedText: "93", needsReason: true)
        #expect(asked.field == .reason)
        #expect(Self.answer(asked, [.enter] + rest) == .asking)
        #expect(Self.answer(asked, Self.keys("left") + [.enter] + rest) == .confirmed(reason: "left"))
    }

    private static func keys(_ text: String) -> [Key] { text.map { .character($0) } }

    @Test(arguments: [
        (1, true, false, false, ConfirmationLevel.line),
        (1, false, false, false, .dialog),
        (1, true, true, false, .dialog),
        (10, true, false, false, .dialog),
        (11, true, false, false, .count),
        (1, true, false, true, .count),
        (1, false, true, false, .name),
        (11, false, true, true, .name),
    ])
    func `the level follows from what would change`(
        count: Int, isReversible: Bool, isProtected: Bool, isByFilter: Bool, level: ConfirmationLevel
    ) {
        let computed = ConfirmationLevel(
            count: count, isReversible: isReversible, isProtected: isProtected, isByFilter: isByFilter)
        #expect(computed == level)
    }

    @Test(arguments: ConfirmationLevel.allCases)
    func `Enter alone never confirms, Escape always cancels`(level: ConfirmationLevel) {
        for count in 1...5 {
            let outcome = Self.answer(Self.asked(level), Array(repeating: .enter, count: count))
            #expect(outcome == (level < .count ? .cancelled : .asking))
        }
        #expect(Self.answer(Self.asked(level), [.escape]) == .cancelled)
        #expect(Self.answer(Self.asked(level), [.tab, .escape]) == .cancelled)
        #expect(Self.answer(Self.asked(level), [.paste("y\n")]) == .asking)
    }

    @Test func `y confirms at the lower levels, with a reason if one was given`() {
        #expect(Self.answer(Self.asked(.line), Self.keys("y")) == .confirmed(reason: nil))
        #expect(Self.answer(Self.asked(.dialog), Self.keys("y")) == .confirmed(reason: nil))
        let keys = [Key.tab] + Self.keys(" yes ") + [.enter] + Self.keys("y")
        #expect(Self.answer(Self.asked(.dialog), keys) == .confirmed(reason: "yes"))
        #expect(Self.answer(Self.asked(.dialog), Self.keys("x")) == .asking)
        #expect(Self.answer(Self.asked(.dialog), Self.keys("n")) == .cancelled)
    }

    @Test func `the upper levels want the count or the name, exactly`() {
        #expect(Self.answer(Self.asked(.count), Self.keys("93") + [.enter]) == .confirmed(reason: nil))
        #expect(Self.answer(Self.asked(.count), Self.keys("92") + [.enter]) == .asking)
        #expect(Self.answer(Self.asked(.count), Self.keys("y")) == .asking)
        #expect(Self.answer(Self.asked(.name, expecting: "acme"), Self.keys("Acme") + [.enter]) == .asking)
    }

    @Test func `the highest level wants a reason as well`() {
        let typed = Self.keys("acme") + [.enter]
        #expect(Self.answer(Self.asked(.name, expecting: "acme"), typed) == .asking)
        let reasoned = typed + Self.keys("gone") + [.enter, .enter]
        #expect(Self.answer(Self.asked(.name, expecting: "acme"), reasoned) == .confirmed(reason: "gone"))
        #expect(
            Self.answer(Self.asked(.name, expecting: "acme"), typed + Self.keys("  ") + [.enter, .enter]) == .asking)
    }

    private func draw(_ confirmation: ConfirmDialog, _ size: Size) -> Frame {
        let theme = Theme.builtIn(glyphs: .ascii)
        var frame = theme.frame(size)
        confirmation.draw(into: &frame, in: frame.bounds, theme: theme)
        return frame
    }

    @Test func `a dialog at 80x24 shows what would happen and how to answer`() {
        var confirmation = Self.asked(.count)
        for key in Self.keys("9") { _ = confirmation.handle(key) }
        let lines = draw(confirmation, Size(rows: 24, columns: 80)).lines
        #expect(
            Array(lines[6...16]) == [
                "   +------------------------ Redrive 93 callbacks -------------------------+",
                "   | scope     cause = 503 hooks.acme.io, frozen at 12:05:41               |",
                "   | effect    POST hooks.acme.io x93                                      |",
                "   | context   PROTECTED                                                   |",
                "   |                                                                       |",
                "   |                                                                       |",
                "   | reason    tab writes one                                              |",
                "   | type 93   9                                                           |",
                "   |                                                                       |",
                "   | esc no (default)  tab field                                    locked |",
                "   +-----------------------------------------------------------------------+",
            ])
    }

    @Test(arguments: [Size(rows: 48, columns: 160), Size(rows: 10, columns: 40), Size(rows: 5, columns: 20)])
    func `at every size the field and the way out are there`(size: Size) throws {
        var confirmation = Self.asked(.count)
        for key in Self.keys("93") { _ = confirmation.handle(key) }
        let frame = draw(confirmation, size)
        #expect(frame.lines.contains { $0.contains("type 93") && $0.contains("93") })
        #expect(frame.lines.contains { $0.contains("esc") } || size.rows == 5)
        let cursor = try #require(frame.textCursor)
        #expect(cursor.row < size.rows && cursor.column < size.columns)
    }

    @Test func `the lowest level is a line at the bottom`() {
        let confirmation = ConfirmDialog(
            level: .line, title: "retry x-8f2c10", lines: [.init("from", "step compute of acme-billing")])
        let lines = draw(confirmation, Size(rows: 5, columns: 60)).lines
        #expect(lines[0...3].allSatisfy { $0.isEmpty })
        #expect(lines[4] == "retry x-8f2c10, step compute of acme-billing   y yes  esc no")
    }
}
