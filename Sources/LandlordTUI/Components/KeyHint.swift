/// One key as help and footer show it, taken from the table of bindings.
public struct KeyHint: Hashable, Sendable {
    /// The keys that do the same; the footer shows the first.
    public var keys: [Key]
    /// What the keys do, in one or two words.
    public var title: DisplayText
    /// Whether the key leads to a change.
    public var isChange: Bool
    /// Why the key can do nothing now; the key is shown all the same.
    public var refusal: DisplayText?

    /// Describes keys; those that only look and can be used now need no more than a title.
    public init(_ keys: [Key], title: DisplayText, isChange: Bool = false, refusal: DisplayText? = nil) {
        self.keys = keys
        self.title = title
        self.isChange = isChange
        self.refusal = refusal
    }

    /// The keys' names: `j, down`.
    var names: DisplayText { .sanitize(keys.map(\.name).joined(separator: ", ")) }

    /// The first key's name, as short as a footer wants it.
    var shortName: DisplayText { .sanitize(keys.first?.name ?? "") }
}

/// The line that says what the most useful keys do: what looks on the left, what changes on the right of the bar.
public struct KeyFooter: Hashable, Sendable {
    /// The hints, the most useful first: when the screen is narrow the last ones go.
    public var hints: [KeyHint]

    /// Creates the line for some keys.
    public init(hints: [KeyHint]) {
        self.hints = hints
    }

    /// Draws as many hints as fit; a screen too narrow for their titles gets the keys alone.
    public func draw(into frame: inout Frame, in line: Rect, theme: Theme) {
        guard !line.isEmpty else { return }
        let changes = hints.filter(\.isChange)
        var looks = hints.filter { !$0.isChange }
        var hasTitles = true
        while width(looks, changes, hasTitles: hasTitles) > line.columns {
            if looks.count > 3 {
                looks.removeLast()
            } else if hasTitles {
                hasTitles = false
                looks = hints.filter { !$0.isChange }
            } else {
                break
            }
        }
        var column = line.column
        for hint in looks {
            draw(hint, hasTitles: hasTitles, into: &frame, row: line.row, column: &column, line, theme)
        }
        guard !changes.isEmpty else { return }
        if !looks.isEmpty, hasTitles, column < line.endColumn {
            frame.put(frame.glyphs.vertical, row: line.row, column: column - 1, style: theme[.border])
            column += 1
        }
        for hint in changes {
            draw(hint, hasTitles: hasTitles, into: &frame, row: line.row, column: &column, line, theme)
        }
    }

    private func width(_ looks: [KeyHint], _ changes: [KeyHint], hasTitles: Bool) -> Int {
        let hints = (looks + changes).reduce(0) { sum, hint in
            sum + hint.shortName.width + (hasTitles ? hint.title.width + 3 : 1)
        }
        return hints + (hasTitles && !looks.isEmpty && !changes.isEmpty ? 1 : 0)
    }

    private func draw(
        _ hint: KeyHint, hasTitles: Bool, into frame: inout Frame, row: Int, column: inout Int, _ line: Rect,
        _ theme: Theme
    ) {
        guard column < line.endColumn else { return }
        let role: Role = hint.refusal != nil ? .muted : hint.isChange ? .changeKey : .key
        column += frame.put(
            hint.shortName, row: row, column: column, style: theme[role], width: line.endColumn - column)
        column += 1
        guard hasTitles, column < line.endColumn else { return }
        let style = theme[hint.refusal == nil ? .text : .muted]
        column += frame.put(hint.title, row: row, column: column, style: style, width: line.endColumn - column)
        column += 2
    }
}
