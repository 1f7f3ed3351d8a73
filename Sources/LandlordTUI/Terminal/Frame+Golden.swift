extension Frame {
    /// The text of the screen, one string per row, without the blanks at the ends.
    public var lines: [String] {
        (0..<size.rows).map { row in
            var line = text(ofRow: row)
            while line.last == " " { line.removeLast() }
            return line
        }
    }

    /// The roles of the screen, one letter per cell, without the blanks at the ends.
    public var styleLines: [String] {
        (0..<size.rows).map { row in
            var line = roles(ofRow: row)
            while line.last == " " { line.removeLast() }
            return line
        }
    }

    /// The screen as a golden file keeps it: the text, the roles and what their letters mean.
    ///
    /// Colours are named by role and not by number, so that a golden survives a change of theme and can be reviewed
    /// in a diff.
    ///
    /// - Parameter theme: The name of the theme for the heading.
    /// - Returns: The lines of the file.
    public func golden(theme: String) -> String {
        var text = ["screen \(size) theme=\(theme) glyphs=\(glyphs.name)"]
        for row in 0..<size.rows { text.append("|" + self.text(ofRow: row) + "|") }
        text.append("style")
        for row in 0..<size.rows { text.append("|" + roles(ofRow: row) + "|") }
        let used = Set(cells.map(\.style.role))
        let legend = Role.allCases.filter { used.contains($0) && $0 != .text }
            .map { "\($0.letter)=\($0.legendName)" }
        text.append((["legend"] + legend).joined(separator: " "))
        return text.joined(separator: "\n") + "\n"
    }

    private func text(ofRow row: Int) -> String {
        var text = ""
        for column in 0..<size.columns {
            text.unicodeScalars.append(contentsOf: self[row, column].glyph.scalars)
        }
        return text
    }

    private func roles(ofRow row: Int) -> String {
        String((0..<size.columns).map { self[row, $0].style.role.letter })
    }
}
