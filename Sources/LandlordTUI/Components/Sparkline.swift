/// A row of bars, one per value, against the greatest of them.
public struct Sparkline: Hashable, Sendable {
    /// The values, oldest first.
    public var values: [Double]

    /// Creates the bars of some values, oldest first.
    public init(values: [Double]) {
        self.values = values
    }

    /// Draws the last values that fit.
    public func draw(into frame: inout Frame, in line: Rect, style: Style) {
        guard !line.isEmpty else { return }
        let shown = values.suffix(line.columns)
        let greatest = shown.max() ?? 0
        for (index, value) in shown.enumerated() {
            let part = greatest > 0 ? value / greatest : 0
            frame.put(frame.glyphs.level(part), row: line.row, column: line.column + index, style: style)
        }
    }
}
