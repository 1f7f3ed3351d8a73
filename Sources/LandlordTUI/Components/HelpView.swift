/// A group of keys under a title.
public struct HelpSection: Hashable, Sendable {
    /// Names the place where these keys work.
    public var title: DisplayText
    /// The keys, in the order of the bindings.
    public var hints: [KeyHint]

    /// Gathers the keys of one place.
    public init(title: DisplayText, hints: [KeyHint]) {
        self.title = title
        self.hints = hints
    }
}

/// All keys and what they do, from the table of bindings; a key that can do nothing now says why.
public struct HelpView: Hashable, Sendable {
    /// The groups, in the order in which they are shown.
    public var sections: [HelpSection]
    /// Shows the keys whose name or title contains this only.
    public var filter = ""
    /// How many rows are scrolled out above.
    public var scrolledRows = 0

    /// The columns that one column of help takes.
    private static let columnWidth = 40
    private static let nameWidth = 12

    private enum Row: Hashable {
        case title(DisplayText)
        case hint(KeyHint)
        case blank
    }

    /// Shows every key, from the first row on.
    public init(sections: [HelpSection]) {
        self.sections = sections
    }

    /// Returns how many rows can be scrolled at most in a rectangle.
    public func scrollLimit(in rect: Rect) -> Int {
        let columns = max(1, rect.columns / Self.columnWidth)
        return max(0, (rows.count + columns - 1) / columns - rect.rows)
    }

    /// Draws the help in as many columns as fit.
    public func draw(into frame: inout Frame, in rect: Rect, theme: Theme) {
        guard !rect.isEmpty else { return }
        let rows = rows
        if rows.isEmpty {
            frame.put(
                "no key matches", row: rect.row, column: rect.column, style: theme[.muted], width: rect.columns)
        }
        let columns = max(1, rect.columns / Self.columnWidth)
        let height = (rows.count + columns - 1) / columns
        let scrolled = min(max(0, scrolledRows), scrollLimit(in: rect))
        for (index, row) in rows.enumerated() {
            let line = index % max(1, height) - scrolled
            guard line >= 0, line < rect.rows else { continue }
            let place = Rect(
                row: rect.row + line, column: rect.column + index / max(1, height) * (rect.columns / columns),
                rows: 1, columns: rect.columns / columns - (columns > 1 ? 1 : 0))
            draw(row, into: &frame, in: place, theme: theme)
        }
    }

    private var rows: [Row] {
        let wanted = filter.lowercased()
        var rows: [Row] = []
        for section in sections {
            let hints = section.hints.filter { hint in
                wanted.isEmpty || hint.title.string.lowercased().contains(wanted)
                    || hint.names.string.lowercased().contains(wanted)
            }
            guard !hints.isEmpty else { continue }
            if !rows.isEmpty { rows.append(.blank) }
            rows.append(.title(section.title))
            rows += hints.map { .hint($0) }
        }
        return rows
    }

    private func draw(_ row: Row, into frame: inout Frame, in line: Rect, theme: Theme) {
        switch row {
        case .blank: break
        case .title(let title):
            frame.put(title, row: line.row, column: line.column, style: theme[.title], width: line.columns)
        case .hint(let hint):
            let nameWidth = min(Self.nameWidth, line.columns / 2)
            let role: Role = hint.refusal != nil ? .muted : hint.isChange ? .changeKey : .key
            frame.put(hint.names, row: line.row, column: line.column, style: theme[role], width: nameWidth - 1)
            let text = hint.refusal.map { hint.title + " (" + $0 + ")" } ?? hint.title
            frame.put(
                text, row: line.row, column: line.column + nameWidth,
                style: theme[hint.refusal == nil ? .text : .muted], width: line.columns - nameWidth)
        }
    }
}
