/// Text of many lines with a window over it: payloads, errors, diffs.
public struct TextPane: Hashable, Sendable {
    /// One line and the role it is drawn in.
    public struct Line: Hashable, Sendable {
        public var text: DisplayText
        public var role: Role

        public init(_ text: DisplayText, role: Role = .text) {
            self.text = text
            self.role = role
        }
    }

    public var lines: [Line]
    public var scrolledRows = 0
    public var scrolledColumns = 0

    public init(lines: [Line]) {
        self.lines = lines
    }

    /// Shows plain text, one line per line of it.
    public init(text: String, role: Role = .text) {
        lines = DisplayText.lines(text).map { Line($0, role: role) }
    }

    /// Returns how many rows can be scrolled at most in a rectangle.
    public func scrollLimit(in rect: Rect) -> Int { max(0, lines.count - rect.rows) }

    /// Draws the visible lines.
    public func draw(into frame: inout Frame, in rect: Rect, theme: Theme) {
        let first = min(max(0, scrolledRows), scrollLimit(in: rect))
        for (index, line) in lines.dropFirst(first).prefix(rect.rows).enumerated() {
            frame.put(
                line.text.dropping(columns: scrolledColumns), row: rect.row + index, column: rect.column,
                style: theme[line.role], width: rect.columns)
        }
    }
}
