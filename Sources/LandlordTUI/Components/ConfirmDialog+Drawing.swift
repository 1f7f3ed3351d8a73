extension ConfirmDialog {
    /// The columns that labels take.
    private static let labelWidth = 10
    private static let standardColumns = 69

    /// Draws the question: a line at the bottom for the lowest level, a dialog for the others.
    public func draw(into frame: inout Frame, in rect: Rect, theme: Theme) {
        if level == .line {
            drawLine(into: &frame, in: rect.line(-1), theme: theme)
            return
        }
        // As wide as its longest line needs where there is room: a command that is cut off cannot be copied.
        let widest = Self.labelWidth + (lines.map(\.text.width).max() ?? 0)
        let columns = max(Self.standardColumns, min(widest, rect.columns - 6))
        let rows = rows(columns: min(columns, max(1, rect.columns - 4)))
        let dialog = Dialog(title: title, contentSize: Size(rows: rows.count + 6, columns: columns))
        let inner = dialog.draw(into: &frame, in: rect, theme: theme)
        // The fields and the way out are what must be seen; on a tiny screen the lines above them go first.
        let needed = level >= .count ? 4 : 3
        let (top, bottom) = inner.splitRows(max(0, inner.rows - needed))
        for (index, line) in rows.prefix(top.rows).enumerated() {
            draw(line, into: &frame, in: top.line(index), theme: theme)
        }
        drawFields(into: &frame, in: bottom, theme: theme)
    }

    /// The lines, broken where they do not fit; what goes on has no label.
    private func rows(columns: Int) -> [Line] {
        let room = max(1, columns - Self.labelWidth(in: columns))
        return lines.flatMap { line in
            let parts = line.text.wrapped(to: room)
            return parts.isEmpty
                ? [line] : parts.enumerated().map { Line($0 == 0 ? line.label : .empty, $1, role: line.role) }
        }
    }

    /// The columns that labels take where there are so many.
    private static func labelWidth(in columns: Int) -> Int { min(labelWidth, columns / 3) }

    private func drawLine(into frame: inout Frame, in line: Rect, theme: Theme) {
        guard !line.isEmpty else { return }
        frame.fill(line, style: theme[.text])
        frame.textCursor = nil
        let keys: DisplayText = " y yes  esc no"
        let summary = lines.reduce(title) { $0 + ", " + $1.text }
        let room = max(0, line.columns - keys.width)
        frame.put(summary, row: line.row, column: line.column, style: theme[.text], width: room)
        frame.putRight(keys, in: line, style: theme[.changeKey])
    }

    private func draw(_ line: Line, into frame: inout Frame, in rect: Rect, theme: Theme) {
        guard !rect.isEmpty else { return }
        let labelWidth = Self.labelWidth(in: rect.columns)
        frame.put(line.label, row: rect.row, column: rect.column, style: theme[.muted], width: labelWidth - 1)
        frame.put(
            line.text, row: rect.row, column: rect.column + labelWidth, style: theme[line.role],
            width: rect.columns - labelWidth)
    }

    private func drawFields(into frame: inout Frame, in rect: Rect, theme: Theme) {
        let reasonLabel: DisplayText = needsReason ? "reason *" : "reason"
        var row = 0
        drawField(
            reasonLabel, editor: reason, isFocused: field == .reason,
            ghost: field == .reason ? .empty : level >= .count ? "tab writes one" : "r writes one", into: &frame,
            in: rect.line(row), theme: theme)
        row += 1
        if level >= .count {
            let role: Role = typed.text == expectedText ? .input : .invalid
            drawField(
                .sanitize("type \(expectedText)"), editor: typed, isFocused: field == .typed, role: role, into: &frame,
                in: rect.line(row), theme: theme)
            row += 1
        }
        let hintLine = rect.line(row)
        if !hintLine.isEmpty {
            frame.put(
                hint, row: hintLine.row, column: hintLine.column, style: theme[.invalid], width: hintLine.columns)
        }
        let last = rect.line(-1)
        guard !last.isEmpty else { return }
        let confirm: DisplayText =
            switch (level >= .count, isReady) {
            case (true, true): "enter confirm"
            case (true, false): "locked"
            case (false, _): "y confirm"
            }
        let used = frame.put(
            "esc no (default)  tab field", row: last.row, column: last.column, style: theme[.key],
            width: max(0, last.columns - confirm.width - 1))
        if used + confirm.width < last.columns || last.columns < 20 {
            frame.putRight(confirm, in: last, style: theme[isReady ? .changeKey : .muted])
        }
    }

    private func drawField(
        _ label: DisplayText, editor: LineEditor, isFocused: Bool, role: Role = .input, ghost: DisplayText = .empty,
        into frame: inout Frame, in line: Rect, theme: Theme
    ) {
        guard !line.isEmpty else { return }
        let labelWidth = min(max(Self.labelWidth, label.width + 1), line.columns / 2)
        frame.put(
            label, row: line.row, column: line.column, style: theme[isFocused ? .title : .muted], width: labelWidth - 1)
        let fieldRect = line.inset(left: labelWidth)
        guard !editor.isEmpty || ghost.isEmpty else {
            // An empty field that has no focus says how to get there, or one would type into the question.
            frame.put(
                ghost, row: fieldRect.row, column: fieldRect.column, style: theme[.muted], width: fieldRect.columns)
            return
        }
        editor.draw(into: &frame, in: fieldRect, style: theme[role], isFocused: isFocused)
    }
}
