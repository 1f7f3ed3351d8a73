/// One entry of a timeline: when, what, and a note such as who did it.
public struct TimelineEntry: Hashable, Sendable {
    public var time: DisplayText
    public var text: DisplayText
    public var note: DisplayText
    public var role: Role

    public init(time: DisplayText, text: DisplayText, note: DisplayText = .empty, role: Role = .text) {
        self.time = time
        self.text = text
        self.note = note
        self.role = role
    }
}

/// A list of what happened, one line each; given the visible entries only.
public struct Timeline: Hashable, Sendable {
    public var entries: [TimelineEntry]
    public var cursorRow: Int?
    public var isFocused = true
    public var emptyText: DisplayText = .empty

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
