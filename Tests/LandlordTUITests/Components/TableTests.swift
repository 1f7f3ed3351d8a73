import LandlordTUI
import Testing

@Suite("Table")
struct TableTests {
    private static let columns = [
        TableColumn("name", title: "NAME", width: .flexible(minimum: 16, maximum: 24), importance: 9),
        TableColumn("status", title: "STATUS", width: .fixed(14), importance: 8),
        TableColumn("for", title: "FOR", width: .fixed(5), alignment: .right, importance: 7),
        TableColumn("region", title: "REGION", width: .fixed(7), importance: 1),
        TableColumn("why", title: "WHY", width: .flexible(minimum: 12), importance: 2),
    ]

    private static func row(_ name: String, _ mark: StatusMark, _ age: String, why: String = "") -> TableRow {
        TableRow(cells: [
            TableCell(.sanitize(name)), TableCell(mark.text(.ascii), role: mark.role), TableCell(.sanitize(age)),
            TableCell("eu-w-1"), TableCell(.sanitize(why)),
        ])
    }

    private static var table: Table {
        var rows = [
            row("acme-billing", .failed, "14m", why: "ImagePullBackOff"), row("beta-lake", .provisioning, "12m"),
            row("作業-tenant", .ready, "3d", why: "ok"),
        ]
        rows[0].isMarked = true
        rows[2].isStale = true
        var table = Table(columns: columns, rows: rows, cursorRow: 1)
        table.sortColumn = "for"
        table.isDescending = true
        return table
    }

    private func draw(_ table: Table, _ size: Size) -> Frame {
        let theme = Theme.builtIn(glyphs: .ascii)
        var frame = theme.frame(size)
        table.draw(into: &frame, in: frame.bounds, theme: theme)
        return frame
    }

    @Test func `a table at 80x24 shows every column`() {
        let frame = draw(Self.table, Size(rows: 24, columns: 80))
        #expect(
            Array(frame.lines.prefix(4)) == [
                "   NAME                     STATUS         FOR v REGION  WHY",
                " * acme-billing             ! failed         14m eu-w-1  ImagePullBackOff",
                ">  beta-lake                ~ provisioning   12m eu-w-1",
                "   作業-tenant              + ready           3d eu-w-1  ok",
            ])
        #expect(frame.styleLines[1].contains("EEEEEEEE"))
        #expect(
            frame.styleLines[2] == String(repeating: "C", count: 28) + "PPPPPPPPPPPPPP"
                + String(repeating: "C", count: 38))
    }

    @Test func `a table at 160x48 gives the room to what can grow`() {
        let frame = draw(Self.table, Size(rows: 48, columns: 160))
        #expect(frame.lines[0] == "   NAME                     STATUS         FOR v REGION  WHY")
    }

    @Test func `a table at 40x10 leaves out the least important columns`() {
        #expect(
            draw(Self.table, Size(rows: 10, columns: 40)).lines.prefix(4) == [
                "  NAME              STATUS         FOR v", " *acme-billing      ! failed         14m",
                "> beta-lake         ~ provisioning   12m", "  作業-tenant       + ready           3d",
            ])
    }

    @Test func `a table at 20x5 shows the names and as much as fits`() {
        #expect(
            draw(Self.table, Size(rows: 5, columns: 20)).lines == [
                "  NAME", " *acme-billing", "> beta-lake", "  作業-tenant", "",
            ])
    }

    @Test(arguments: 0...12)
    func `a table of any width stays inside its rectangle`(columns: Int) {
        let theme = Theme.builtIn(glyphs: .ascii)
        var frame = theme.frame(Size(rows: 4, columns: 20))
        Self.table.draw(into: &frame, in: Rect(row: 0, column: 2, rows: 3, columns: columns), theme: theme)
        for row in 0..<4 {
            for column in (0..<20) where column < 2 || column >= 2 + columns || row == 3 {
                #expect(frame[row, column].glyph == .space)
            }
        }
    }

    @Test func `scrolled columns go, the first one stays`() {
        var table = Self.table
        table.scrolledColumns = 2
        #expect(draw(table, Size(rows: 2, columns: 60)).lines[0] == "   NAME                     REGION  WHY")
        table.scrolledColumns = 99
        #expect(draw(table, Size(rows: 2, columns: 60)).lines[0] == "   NAME")
    }

    @Test func `an empty table says why`() {
        var table = Self.table
        table.rows = []
        table.emptyText = "no tenant matches status:failed"
        #expect(draw(table, Size(rows: 3, columns: 60)).lines[1] == "   no tenant matches status:failed")
    }

    @Test func `without keys the cursor is only pointed at`() {
        var table = Self.table
        table.isFocused = false
        let frame = draw(table, Size(rows: 5, columns: 80))
        #expect(frame.lines[2].hasPrefix(">"))
        #expect(frame[2, 5].style.attributes.isEmpty)
    }

    @Test func `widths add up to what there is`() {
        let layout = Table.layout(Self.columns, available: 77)
        #expect(layout.map(\.width) == [24, 14, 5, 7, 23])
        #expect(Table.layout(Self.columns, available: 3).map(\.width) == [3])
        #expect(Table.layout([], available: 10).isEmpty)
    }
}
