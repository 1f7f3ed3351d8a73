/// A column of a table.
public struct TableColumn: Hashable, Sendable {
    /// How wide a column is.
    public enum Width: Hashable, Sendable {
        case fixed(Int)
        /// At least some columns, and a share of what is left up to a limit.
        case flexible(minimum: Int, maximum: Int = .max)

        var minimum: Int {
            switch self {
            case .fixed(let width): width
            case .flexible(let minimum, _): minimum
            }
        }

        var maximum: Int {
            switch self {
            case .fixed(let width): width
            case .flexible(_, let maximum): maximum
            }
        }
    }

    /// The side of a column that its text stands at.
    public enum Alignment: Hashable, Sendable {
        case left, right
    }

    /// The name that sorting and commands use.
    public var id: String
    /// Stands above the column.
    public var title: DisplayText
    /// How many columns of the screen it takes.
    public var width: Width
    /// The side that its text stands at: numbers read better at the right.
    public var alignment: Alignment
    /// The columns of least importance go first when the screen is narrow.
    public var importance: Int

    /// Describes a column; one without an importance is among the first to go.
    public init(
        _ id: String, title: DisplayText, width: Width, alignment: Alignment = .left, importance: Int = 0
    ) {
        self.id = id
        self.title = title
        self.width = width
        self.alignment = alignment
        self.importance = importance
    }
}

/// One cell's text and the role it is drawn in.
public struct TableCell: Hashable, Sendable {
    /// What the cell says.
    public var text: DisplayText
    /// The role that it is drawn in.
    public var role: Role

    /// Creates a cell; a plain one unless a role says otherwise.
    public init(_ text: DisplayText, role: Role = .text) {
        self.text = text
        self.role = role
    }
}

/// One row: a cell for every column of the table.
public struct TableRow: Hashable, Sendable {
    /// One cell for each column of the table, in its order.
    public var cells: [TableCell]
    /// Whether the operator has chosen the row for the next command.
    public var isMarked: Bool
    /// Whether the row may be out of date; drawn dim.
    public var isStale: Bool

    /// Creates a row from one cell for each column.
    public init(cells: [TableCell], isMarked: Bool = false, isStale: Bool = false) {
        self.cells = cells
        self.isMarked = isMarked
        self.isStale = isStale
    }
}

/// A table of the rows that are visible now, below a line of titles.
///
/// It is given no more rows than it shows: the window over a list of a million is the `Scroller`'s work.
public struct Table: Hashable, Sendable {
    /// All columns, in order; those that do not fit are left out when the table is drawn.
    public var columns: [TableColumn]
    /// The visible rows, top to bottom.
    public var rows: [TableRow]
    /// The cursor's place among `rows`.
    public var cursorRow: Int?
    /// The column that the list is sorted by.
    public var sortColumn: String?
    /// Whether the greatest comes first; the mark at the sorted column says so.
    public var isDescending = false
    /// How many columns after the first are scrolled out to the left.
    public var scrolledColumns = 0
    /// Whether keys go to this table; without them the cursor is only pointed at.
    public var isFocused = true
    /// What stands in an empty table: why it is empty.
    public var emptyText: DisplayText = .empty

    /// Creates a table of the visible rows.
    public init(columns: [TableColumn], rows: [TableRow], cursorRow: Int? = nil) {
        self.columns = columns
        self.rows = rows
        self.cursorRow = cursorRow
    }

    /// The rows that a table of some height can show below its titles.
    public static func visibleRows(in rect: Rect) -> Int { max(0, rect.rows - 1) }

    /// Draws the table.
    public func draw(into frame: inout Frame, in rect: Rect, theme: Theme) {
        guard !rect.isEmpty else { return }
        let gutter = rect.columns >= 60 ? 3 : 2
        let layout = placed(available: rect.columns - gutter, from: rect.column + gutter)
        drawTitles(layout, into: &frame, line: rect.line(0), theme: theme)
        if rows.isEmpty {
            frame.put(
                emptyText, row: rect.row + 1, column: rect.column + gutter, style: theme[.muted],
                width: rect.rows > 1 ? rect.columns - gutter : 0)
        }
        for (index, row) in rows.prefix(Self.visibleRows(in: rect)).enumerated() {
            draw(
                row, isCursor: index == cursorRow, layout: layout, into: &frame, line: rect.line(index + 1),
                theme: theme)
        }
    }

    /// Returns which columns fit and how wide each is; leaves out the least important ones.
    public static func layout(_ columns: [TableColumn], available: Int, gap: Int = 1) -> [(index: Int, width: Int)] {
        var kept = Array(columns.indices)
        func needed(_ indices: [Int]) -> Int {
            indices.reduce(0) { $0 + columns[$1].width.minimum } + gap * max(0, indices.count - 1)
        }
        while kept.count > 1, needed(kept) > available {
            let least = kept.map { columns[$0].importance }.min()
            guard let place = kept.lastIndex(where: { columns[$0].importance == least }) else { break }
            kept.remove(at: place)
        }
        var widths = kept.map { columns[$0].width.minimum }
        var rest = available - needed(kept)
        if kept.count == 1, rest < 0 { return [(kept[0], max(0, available))] }
        // Shares of one column each in turn: nobody is a whole share ahead, and limits need no second pass.
        while rest > 0,
            let grower = widths.indices.filter({ widths[$0] < columns[kept[$0]].width.maximum })
                .min(by: { growth($0) < growth($1) })
        {
            widths[grower] += 1
            rest -= 1
        }
        return Array(zip(kept, widths)).map { (index: $0, width: $1) }

        func growth(_ place: Int) -> Int { widths[place] - columns[kept[place]].width.minimum }
    }

    private struct Placed {
        var index: Int
        var column: Int
        var width: Int
    }

    private func placed(available: Int, from start: Int) -> [Placed] {
        guard !columns.isEmpty else { return [] }
        let skipped = min(max(0, scrolledColumns), columns.count - 1)
        let shown = [0] + Array((1 + skipped)..<max(columns.count, 1 + skipped))
        var column = start
        return Self.layout(shown.map { columns[$0] }, available: available).map { entry in
            defer { column += entry.width + 1 }
            return Placed(index: shown[entry.index], column: column, width: entry.width)
        }
    }

    private func drawTitles(_ layout: [Placed], into frame: inout Frame, line: Rect, theme: Theme) {
        for place in layout {
            let column = columns[place.index]
            var title = column.title
            if column.id == sortColumn {
                let glyph = isDescending ? frame.glyphs.descending : frame.glyphs.ascending
                title = title + " " + DisplayText(glyph)
            }
            put(title, place, alignment: column.alignment, into: &frame, row: line.row, style: theme[.header])
        }
    }

    private func draw(
        _ row: TableRow, isCursor: Bool, layout: [Placed], into frame: inout Frame, line: Rect, theme: Theme
    ) {
        if isCursor { frame.put(frame.glyphs.cursor, row: line.row, column: line.column, style: theme[.cursor]) }
        if row.isMarked, line.columns > 1 {
            frame.put(frame.glyphs.mark, row: line.row, column: line.column + 1, style: theme[.mark])
        }
        for place in layout where row.cells.indices.contains(place.index) {
            let cell = row.cells[place.index]
            put(
                cell.text, place, alignment: columns[place.index].alignment, into: &frame, row: line.row,
                style: theme[cell.role])
        }
        if row.isStale { frame.restyle(line, with: theme[.stale]) }
        if isCursor, isFocused { frame.restyle(line, with: theme[.cursor]) }
    }

    private func put(
        _ text: DisplayText, _ place: Placed, alignment: TableColumn.Alignment, into frame: inout Frame, row: Int,
        style: Style
    ) {
        let free = alignment == .right ? max(0, place.width - text.width) : 0
        frame.put(text, row: row, column: place.column + free, style: style, width: place.width - free)
    }
}
