/// The extent of a screen or of a part of it, in cells.
public struct Size: Hashable, Sendable, CustomStringConvertible {
    /// How many cells one below the other.
    public var rows: Int
    /// How many cells beside each other.
    public var columns: Int

    /// Creates a size; negative extents count as none.
    public init(rows: Int, columns: Int) {
        self.rows = max(0, rows)
        self.columns = max(0, columns)
    }

    /// The size as people write it: columns first, as in `80x24`.
    public var description: String { "\(columns)x\(rows)" }
}

/// A cell's place, counted from the top left corner.
public struct Point: Hashable, Sendable {
    /// The row, 0 at the top.
    public var row: Int
    /// The column, 0 at the left.
    public var column: Int

    /// Creates a place; it may lie outside the screen, where nothing is drawn.
    public init(row: Int, column: Int) {
        self.row = row
        self.column = column
    }
}

/// A rectangle of cells.
///
/// A rectangle may have no cells at all; drawing into such a one does nothing, so that views need not ask on tiny
/// screens.
public struct Rect: Hashable, Sendable {
    /// The first row, 0 at the top.
    public var row: Int
    /// The first column, 0 at the left.
    public var column: Int
    /// How many rows it has.
    public var rows: Int
    /// How many columns it has.
    public var columns: Int

    /// Creates a rectangle; negative extents count as none.
    public init(row: Int, column: Int, rows: Int, columns: Int) {
        self.row = row
        self.column = column
        self.rows = max(0, rows)
        self.columns = max(0, columns)
    }

    /// Creates the rectangle of a whole screen.
    public init(_ size: Size) {
        self.init(row: 0, column: 0, rows: size.rows, columns: size.columns)
    }

    /// The extent without the place.
    public var size: Size { Size(rows: rows, columns: columns) }

    /// Whether there is no cell to draw into.
    public var isEmpty: Bool { rows == 0 || columns == 0 }

    /// The row below the last one.
    public var endRow: Int { row + rows }

    /// The column right of the last one.
    public var endColumn: Int { column + columns }

    /// Returns the one-row rectangle at a row counted from the top, or from the bottom when negative.
    public func line(_ index: Int) -> Rect {
        let offset = index < 0 ? rows + index : index
        guard offset >= 0, offset < rows else { return Rect(row: row, column: column, rows: 0, columns: columns) }
        return Rect(row: row + offset, column: column, rows: 1, columns: columns)
    }

    /// Returns the rectangle without some cells at its edges.
    public func inset(top: Int = 0, bottom: Int = 0, left: Int = 0, right: Int = 0) -> Rect {
        Rect(row: row + top, column: column + left, rows: rows - top - bottom, columns: columns - left - right)
    }

    /// Cuts the rectangle below its first rows.
    public func splitRows(_ count: Int) -> (top: Rect, bottom: Rect) {
        let count = min(max(0, count), rows)
        return (
            Rect(row: row, column: column, rows: count, columns: columns),
            Rect(row: row + count, column: column, rows: rows - count, columns: columns)
        )
    }

    /// Cuts the rectangle right of its first columns.
    public func splitColumns(_ count: Int) -> (left: Rect, right: Rect) {
        let count = min(max(0, count), columns)
        return (
            Rect(row: row, column: column, rows: rows, columns: count),
            Rect(row: row, column: column + count, rows: rows, columns: columns - count)
        )
    }

    /// Returns a rectangle of the given size, or what fits of it, in the middle of this one.
    public func centered(rows wantedRows: Int, columns wantedColumns: Int) -> Rect {
        let height = min(wantedRows, rows)
        let width = min(wantedColumns, columns)
        return Rect(
            row: row + (rows - height) / 2, column: column + (columns - width) / 2, rows: height, columns: width)
    }
}
