/// Text of many lines with a window over it: payloads, errors, diffs.
public struct TextPane: Hashable, Sendable {
    /// One line and the role it is drawn in.
    public struct Line: Hashable, Sendable {
        /// What the line says.
        public var text: DisplayText
        /// The role that it is drawn in, such as that of an added line of a diff.
        public var role: Role
        /// What the line tells of, such as the number of an event, by which a place in the text is found again.
        public var subject: Int?

        /// Creates a line; a plain one unless a role says otherwise.
        public init(_ text: DisplayText, role: Role = .text, subject: Int? = nil) {
            self.text = text
            self.role = role
            self.subject = subject
        }
    }

    /// All lines, visible or not.
    public var lines: [Line]
    /// How many lines are scrolled out above.
    public var scrolledRows = 0
    /// How many columns are scrolled out to the left.
    public var scrolledColumns = 0

    /// Shows lines from the first one on.
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
