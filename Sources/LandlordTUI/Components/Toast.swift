/// A short message over the screen, for what just happened; the model says when it goes.
public struct Toast: Hashable, Sendable {
    /// How much attention a message wants.
    public enum Level: Hashable, Sendable {
        case info, warning, error

        var role: Role {
            switch self {
            case .info: .toastInfo
            case .warning: .toastWarning
            case .error: .toastError
            }
        }

        /// Stands before the text, because colour is never the only signal.
        var word: DisplayText {
            switch self {
            case .info: ""
            case .warning: "warning: "
            case .error: "error: "
            }
        }
    }

    /// What happened.
    public var text: DisplayText
    /// How much attention it wants; a word before the text says so without colours.
    public var level: Level

    /// Creates a message; information unless a level says otherwise.
    public init(_ text: DisplayText, level: Level = .info) {
        self.text = text
        self.level = level
    }

    /// Draws the message at the right of a row.
    public func draw(into frame: inout Frame, in line: Rect, theme: Theme) {
        guard !line.isEmpty else { return }
        let message = (" " + level.word + text + " ").truncated(to: line.columns, ellipsis: frame.glyphs.ellipsis)
        frame.putRight(message, in: line, style: theme[level.role])
    }
}
