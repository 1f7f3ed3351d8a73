/// One entry of a timeline: when, what, and a note such as who did it.
public struct TimelineEntry: Hashable, Sendable {
    /// When it happened, as the operator wants to read it.
    public var time: DisplayText
    /// What happened.
    public var text: DisplayText
    /// What stands at the right, such as who did it or how long it took; the first to go on a narrow screen.
    public var note: DisplayText
    /// The role that the text is drawn in.
    public var role: Role

    /// Creates an entry; a plain one without a note unless it says otherwise.
    public init(time: DisplayText, text: DisplayText, note: DisplayText = .empty, role: Role = .text) {
        self.time = time
        self.text = text
        self.note = note
        self.role = role
    }
}

/// A list of what happened, one line each; given the visible entries only.
public struct Timeline: Hashable, Sendable {
    /// The visible entries, top to bottom.
    public var entries: [TimelineEntry]
    /// The cursor's place among `entries`; nil shows none.
    public var cursorRow: Int?
    /// Whether keys go to this list; without them the cursor is only pointed at.
    public var isFocused = true
    /// What stands in an empty list: why it is empty.
    public var emptyText: DisplayText = .empty

    /// Creates a list of the visible entries.
    public init(entries: [TimelineEntry], cursorRow: Int? = nil) {
        self.entries = entries
        self.cursorRow = cursorRow
    }

    /// Draws the entries from the top of a rectangle.
    public func draw(into frame: inout Frame, in rect: Rect, theme: Theme) {
        if entries.isEmpty {
            let line = rect.line(0)
            guard !line.isEmpty else { return }
            frame.put(
                emptyText, row: line.row, column: line.column + 1, style: theme[.muted], width: line.columns - 1)
            return
        }
        let shown = entries.prefix(rect.rows)
        let timeWidth = min(shown.map(\.time.width).max() ?? 0, rect.columns / 2)
        let start = rect.column + 1 + timeWidth + 2
        let room = rect.endColumn - start
        let noteWidth = min(shown.map(\.note.width).max() ?? 0, room / 3)
        let hasNotes = noteWidth > 3
        for (index, entry) in shown.enumerated() {
            let line = rect.line(index)
            let isCursor = index == cursorRow
            if isCursor { frame.put(frame.glyphs.cursor, row: line.row, column: line.column, style: theme[.cursor]) }
            frame.put(entry.time, row: line.row, column: line.column + 1, style: theme[.muted], width: timeWidth)
            frame.put(
                entry.text, row: line.row, column: start, style: theme[entry.role],
                width: hasNotes ? room - noteWidth - 2 : room)
            if hasNotes {
                frame.put(
                    entry.note, row: line.row, column: rect.endColumn - noteWidth, style: theme[.muted],
                    width: noteWidth)
            }
            if isCursor, isFocused { frame.restyle(line, with: theme[.cursor]) }
        }
    }
}
