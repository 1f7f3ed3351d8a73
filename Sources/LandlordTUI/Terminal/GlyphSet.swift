/// The marks and lines that views draw, in Unicode or as their ASCII twins.
///
/// A terminal that cannot show Unicode, or shows a box line two columns wide, gets the twins; nothing else about a
/// view changes, because every twin takes as many columns.
public struct GlyphSet: Hashable, Sendable {
    /// The name in a golden screen: `unicode` or `ascii`.
    public let name: String
    /// The line from left to right.
    public let horizontal: Glyph
    /// The line from top to bottom.
    public let vertical: Glyph
    /// The upper left corner of a box.
    public let topLeft: Glyph
    /// The upper right corner of a box.
    public let topRight: Glyph
    /// The lower left corner of a box.
    public let bottomLeft: Glyph
    /// The lower right corner of a box.
    public let bottomRight: Glyph
    /// Where a vertical line meets a horizontal one.
    public let cross: Glyph
    /// Says that text was cut off.
    public let ellipsis: Glyph
    /// Points at the row under the cursor.
    public let cursor: Glyph
    /// Marks a chosen row.
    public let mark: Glyph
    /// Stands between the old and the new status.
    public let arrow: Glyph
    /// Says that a column sorts downwards.
    public let descending: Glyph
    /// Says that a column sorts upwards.
    public let ascending: Glyph
    /// Leads back to what stands above.
    public let back: Glyph
    /// The steps of a sparkline, from nothing to most.
    public let levels: [Glyph]

    /// Lines and marks of Unicode.
    public static let unicode = GlyphSet(name: "unicode", characters: "─│┌┐└┘┼…▸✱→▾▴↑ ▁▂▃▄▅▆▇█")

    /// Lines and marks that every terminal shows.
    public static let ascii = GlyphSet(name: "ascii", characters: "-|+++++~>*>v^^_.-=#")

    /// Whether these are the marks of Unicode and not their twins.
    public var isUnicode: Bool { name == "unicode" }

    private init(name: String, characters: String) {
        self.name = name
        let glyphs = characters.unicodeScalars.map { Glyph($0) }
        precondition(glyphs.count > 15, "A glyph set has fourteen marks and its levels.")
        horizontal = glyphs[0]
        vertical = glyphs[1]
        topLeft = glyphs[2]
        topRight = glyphs[3]
        bottomLeft = glyphs[4]
        bottomRight = glyphs[5]
        cross = glyphs[6]
        ellipsis = glyphs[7]
        cursor = glyphs[8]
        mark = glyphs[9]
        arrow = glyphs[10]
        descending = glyphs[11]
        ascending = glyphs[12]
        back = glyphs[13]
        levels = Array(glyphs[14...])
    }

    /// Returns the step of a sparkline for a part of the whole, 0 to 1.
    public func level(_ part: Double) -> Glyph {
        let last = levels.count - 1
        guard part > 0 else { return levels[0] }
        return levels[min(last, max(1, Int((part * Double(last)).rounded(.up))))]
    }
}
