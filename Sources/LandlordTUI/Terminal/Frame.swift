/// A whole screen as a value: a grid of cells and a place for the text cursor.
///
/// Views draw into a frame and know no terminal. Every cell is printable whatever is drawn, because only
/// `DisplayText` and glyphs can be drawn; what would lie outside is left out, so a view need not measure the screen
/// before it draws.
public struct Frame: Hashable, Sendable {
    /// The extent of the screen that the frame was made for.
    public let size: Size

    /// The lines and marks that this screen is drawn with.
    public let glyphs: GlyphSet

    /// The cells, row after row.
    public private(set) var cells: [Cell]

    /// Where the text cursor stands; nil hides it.
    public var textCursor: Point?

    /// Creates an empty screen.
    public init(size: Size, glyphs: GlyphSet = .unicode, style: Style = .plain) {
        self.size = size
        self.glyphs = glyphs
        cells = Array(repeating: Cell(style: style), count: size.rows * size.columns)
    }

    /// The rectangle of the whole screen.
    public var bounds: Rect { Rect(size) }

    /// Returns a cell, or a blank one outside the screen.
    public subscript(row: Int, column: Int) -> Cell {
        guard let index = index(row, column) else { return Cell() }
        return cells[index]
    }

    /// Draws text in one row and returns the columns it took.
    ///
    /// With a width, text that is longer ends in an ellipsis; the cells after shorter text are left alone. The text
    /// is cut at the edge of the screen in any case.
    ///
    /// - Parameters:
    ///   - text: What to draw.
    ///   - row: The row, from the top.
    ///   - column: The column of the text's first cell.
    ///   - style: How to draw it; escapes of unprintable characters are drawn dim as well.
    ///   - width: The most columns to take.
    /// - Returns: The columns taken.
    @discardableResult
    public mutating func put(
        _ text: DisplayText, row: Int, column: Int, style: Style = .plain, width: Int? = nil
    ) -> Int {
        let room = min(width ?? .max, size.columns - column)
        guard room > 0, row >= 0, row < size.rows else { return 0 }
        let shown = text.truncated(to: room, ellipsis: glyphs.ellipsis)
        var position = column
        for cluster in shown.clusters {
            let columns = Int(cluster.columns)
            let clusterStyle = cluster.isSubstitute ? style.adding(.dim) : style
            write(Cell(glyph: cluster.glyph, style: clusterStyle), columns: columns, row: row, column: position)
            position += columns
        }
        return position - column
    }

    /// Draws one glyph.
    public mutating func put(_ glyph: Glyph, row: Int, column: Int, style: Style = .plain) {
        write(Cell(glyph: glyph, style: style), columns: 1, row: row, column: column)
    }

    /// Draws text that ends at the right edge of a rectangle's row.
    public mutating func putRight(_ text: DisplayText, in line: Rect, style: Style = .plain) {
        guard !line.isEmpty else { return }
        let width = min(text.width, line.columns)
        put(text, row: line.row, column: line.endColumn - width, style: style, width: width)
    }

    /// Fills a rectangle with one glyph.
    public mutating func fill(_ rect: Rect, style: Style = .plain, glyph: Glyph = .space) {
        let visible = clipped(rect)
        for row in visible.row..<visible.endRow {
            for column in visible.column..<visible.endColumn {
                write(Cell(glyph: glyph, style: style), columns: 1, row: row, column: column)
            }
        }
    }

    /// Lays a style over what is already drawn, as a cursor or as staleness.
    public mutating func restyle(_ rect: Rect, with overlay: Style) {
        let visible = clipped(rect)
        for row in visible.row..<visible.endRow {
            for column in visible.column..<visible.endColumn {
                let index = row * size.columns + column
                cells[index].style = cells[index].style.under(overlay)
            }
        }
    }

    /// Draws a line around the inside of a rectangle, with a title in its upper side.
    public mutating func box(_ rect: Rect, style: Style = .plain, title: DisplayText = .empty, titleStyle: Style? = nil)
    {
        guard rect.rows >= 2, rect.columns >= 2 else { return }
        horizontalLine(rect.line(0), style: style)
        horizontalLine(rect.line(-1), style: style)
        for row in (rect.row + 1)..<(rect.endRow - 1) {
            put(glyphs.vertical, row: row, column: rect.column, style: style)
            put(glyphs.vertical, row: row, column: rect.endColumn - 1, style: style)
        }
        put(glyphs.topLeft, row: rect.row, column: rect.column, style: style)
        put(glyphs.topRight, row: rect.row, column: rect.endColumn - 1, style: style)
        put(glyphs.bottomLeft, row: rect.endRow - 1, column: rect.column, style: style)
        put(glyphs.bottomRight, row: rect.endRow - 1, column: rect.endColumn - 1, style: style)
        guard !title.isEmpty, rect.columns > 6 else { return }
        let label = title.truncated(to: rect.columns - 6, ellipsis: glyphs.ellipsis)
        let column = rect.column + (rect.columns - label.width) / 2
        put(" ", row: rect.row, column: column - 1, style: style)
        put(label, row: rect.row, column: column, style: titleStyle ?? style)
        put(" ", row: rect.row, column: column + label.width, style: style)
    }

    /// Draws a horizontal line through a rectangle's first row.
    public mutating func horizontalLine(_ line: Rect, style: Style = .plain) {
        fill(
            Rect(row: line.row, column: line.column, rows: min(1, line.rows), columns: line.columns),
            style: style, glyph: glyphs.horizontal)
    }

    /// Draws a vertical line through a rectangle's first column.
    public mutating func verticalLine(_ line: Rect, style: Style = .plain) {
        fill(
            Rect(row: line.row, column: line.column, rows: line.rows, columns: min(1, line.columns)),
            style: style, glyph: glyphs.vertical)
    }

    private func index(_ row: Int, _ column: Int) -> Int? {
        guard row >= 0, row < size.rows, column >= 0, column < size.columns else { return nil }
        return row * size.columns + column
    }

    private func clipped(_ rect: Rect) -> Rect {
        let row = min(max(0, rect.row), size.rows)
        let column = min(max(0, rect.column), size.columns)
        return Rect(
            row: row, column: column, rows: min(rect.endRow, size.rows) - row,
            columns: min(rect.endColumn, size.columns) - column)
    }

    /// Writes one cell, or two, and never leaves half of a wide character behind.
    private mutating func write(_ cell: Cell, columns: Int, row: Int, column: Int) {
        guard let index = index(row, column) else { return }
        breakWide(at: index, row: row, column: column)
        guard columns == 2 else {
            cells[index] = cell
            return
        }
        guard let right = self.index(row, column + 1) else {
            cells[index] = Cell(style: cell.style)
            return
        }
        breakWide(at: right, row: row, column: column + 1)
        cells[index] = cell
        cells[right] = Cell(glyph: .rightHalf, style: cell.style)
    }

    private mutating func breakWide(at index: Int, row: Int, column: Int) {
        if cells[index].isRightHalf, column > 0 { cells[index - 1].glyph = .space }
        if column + 1 < size.columns, cells[index + 1].isRightHalf { cells[index + 1].glyph = .space }
        if cells[index].isRightHalf { cells[index].glyph = .space }
    }
}
