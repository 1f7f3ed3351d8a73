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

    /// Draws as many hints as fit; on a screen too narrow for all titles the least useful go without.
    public func draw(into frame: inout Frame, in line: Rect, theme: Theme) {
        guard !line.isEmpty else { return }
        let changes = hints.filter(\.isChange)
        var looks = hints.filter { !$0.isChange }
        while width(looks, changes) > line.columns, looks.count > 3 {
            looks.removeLast()
        }
        // Those that look lose their titles first: everybody knows what enter does.
        let order = looks.indices.reversed() + changes.indices.reversed().map { $0 + looks.count }
        var bare: Set<Int> = []
        for index in order where width(looks, changes, without: bare) > line.columns { bare.insert(index) }
        var column = line.column
        for (index, hint) in looks.enumerated() {
            draw(hint, hasTitle: !bare.contains(index), into: &frame, row: line.row, column: &column, line, theme)
        }
        guard !changes.isEmpty else { return }
        if !looks.isEmpty, column < line.endColumn {
            if bare.contains(looks.count - 1) { column += 1 }
            frame.put(frame.glyphs.vertical, row: line.row, column: column - 1, style: theme[.border])
            column += 1
        }
        for (index, hint) in changes.enumerated() {
            let hasTitle = !bare.contains(index + looks.count)
            draw(hint, hasTitle: hasTitle, into: &frame, row: line.row, column: &column, line, theme)
        }
    }

    private func width(_ looks: [KeyHint], _ changes: [KeyHint], without bare: Set<Int> = []) -> Int {
        let widths = (looks + changes).enumerated().map { index, hint in
            hint.shortName.width + (bare.contains(index) ? 1 : hint.title.width + 3)
        }
        // The bar between the two has a column, and one before it.
        let bar = looks.isEmpty || changes.isEmpty ? 0 : bare.contains(looks.count - 1) ? 2 : 1
        return widths.reduce(bar, +)
    }

    private func draw(
        _ hint: KeyHint, hasTitle: Bool, into frame: inout Frame, row: Int, column: inout Int, _ line: Rect,
        _ theme: Theme
    ) {
        guard column < line.endColumn else { return }
        let role: Role = hint.refusal != nil ? .muted : hint.isChange ? .changeKey : .key
        column += frame.put(
            hint.shortName, row: row, column: column, style: theme[role], width: line.endColumn - column)
        column += 1
        guard hasTitle, column < line.endColumn else { return }
        let style = theme[hint.refusal == nil ? .text : .muted]
        column += frame.put(hint.title, row: row, column: column, style: style, width: line.endColumn - column)
        column += 2
    }
}
