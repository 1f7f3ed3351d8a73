/// A line at the bottom of the screen that asks for text: a command, a filter, a search.
public struct Prompt: Hashable, Sendable {
    /// What stands before the text, such as `:` or `filter `.
    public var label: DisplayText
    /// What has been typed, and where typing goes on.
    public var editor: LineEditor
    /// What completion would add to the text.
    public var ghost: DisplayText = .empty
    /// Why the text cannot be used; shown at the right.
    public var problem: DisplayText = .empty

    /// That the last key brought more than there was room for; empty where it did not.
    var overflow: DisplayText {
        editor.isFull ? .sanitize("longer than \(LineEditor.limit) characters; a command takes @FILE") : .empty
    }

    /// Asks with a label, and with a text to start from if there is one.
    public init(label: DisplayText, editor: LineEditor = LineEditor()) {
        self.label = label
        self.editor = editor
    }

    /// Draws the prompt into a row.
    public func draw(into frame: inout Frame, in line: Rect, theme: Theme) {
        guard !line.isEmpty else { return }
        frame.fill(line.line(0), style: theme[.text])
        let used = frame.put(label, row: line.row, column: line.column, style: theme[.key], width: line.columns)
        let problemWidth = min(problem.width, line.columns / 2)
        let room = line.columns - used - (problem.isEmpty ? 0 : problemWidth + 2)
        let field = Rect(row: line.row, column: line.column + used, rows: 1, columns: room)
        editor.draw(
            into: &frame, in: field, style: theme[problem.isEmpty ? .input : .invalid], ghost: ghost,
            ghostStyle: theme[.muted])
        frame.put(
            problem, row: line.row, column: line.endColumn - problemWidth, style: theme[.invalid],
            width: problemWidth)
    }
}
