/// A box over the screen with a title.
public struct Dialog: Hashable, Sendable {
    /// Stands in the upper edge of the frame.
    public var title: DisplayText
    /// The size that the content would like to have, without the frame.
    public var contentSize: Size

    /// Creates a box for content of some size.
    public init(title: DisplayText, contentSize: Size) {
        self.title = title
        self.contentSize = contentSize
    }

    /// Clears the middle of a rectangle, draws the frame and returns the place for the content.
    ///
    /// Where there is no room for a frame the content gets the whole rectangle.
    public func draw(into frame: inout Frame, in rect: Rect, theme: Theme) -> Rect {
        guard rect.rows >= 5, rect.columns >= 20 else {
            frame.fill(rect, style: theme[.text])
            frame.textCursor = nil
            return rect
        }
        let outer = rect.centered(rows: contentSize.rows + 2, columns: contentSize.columns + 4)
        frame.fill(outer, style: theme[.text])
        frame.textCursor = nil
        frame.box(outer, style: theme[.border], title: title, titleStyle: theme[.title])
        return outer.inset(top: 1, bottom: 1, left: 2, right: 2)
    }
}
