/// One line of text and the place in it where typing goes on.
///
/// It is a value that keys are put into, so the same editor serves commands, filters, reasons and confirmations.
public struct LineEditor: Hashable, Sendable {
    /// What a key did.
    public enum Outcome: Hashable, Sendable {
        /// The text or the place changed.
        case edited
        /// Enter.
        case submitted
        /// Escape, or Backspace in an empty line.
        case cancelled
        /// Not a key for an editor; somebody else may want it.
        case ignored
    }

    /// The most characters that a line may have; what does not fit is not taken, and not in part either.
    public static let limit = 4096

    private var characters: [Character]
    /// How many characters stand before the place where typing goes on.
    public private(set) var position: Int

    /// Whether the last key brought more than there was room for.
    public private(set) var isFull = false

    /// Creates an editor with some text, at its end.
    public init(_ text: String = "") {
        characters = Array(text.prefix(Self.limit))
        position = characters.count
    }

    /// What has been typed.
    public var text: String { String(characters) }

    /// Whether nothing has been typed, or all of it was deleted.
    public var isEmpty: Bool { characters.isEmpty }

    /// Replaces the text, as history and completion do.
    public mutating func replace(with text: String) {
        self = LineEditor(text)
    }

    /// Puts a key into the line.
    public mutating func handle(_ key: Key) -> Outcome {
        isFull = false
        switch key {
        case .character(let character): insert([character])
        case .paste(let text): insert(Self.line(text))
        case .enter: return .submitted
        case .escape: return .cancelled
        case .backspace:
            if characters.isEmpty { return .cancelled }
            delete(from: position - 1, to: position)
        case .delete, .control("d"): delete(from: position, to: position + 1)
        case .left, .control("b"): position = max(0, position - 1)
        case .right, .control("f"): position = min(characters.count, position + 1)
        case .home, .control("a"): position = 0
        case .end, .control("e"): position = characters.count
        case .alt("b"): position = wordStart
        case .alt("f"): position = wordEnd
        case .control("w"): delete(from: wordStart, to: position)
        case .alt("d"): delete(from: position, to: wordEnd)
        case .control("u"): delete(from: 0, to: position)
        case .control("k"): delete(from: position, to: characters.count)
        default: return .ignored
        }
        return .edited
    }

    /// A pasted text becomes one line: line ends and tabs are spaces, other controls are left out.
    private static func line(_ text: String) -> [Character] {
        var line: [Character] = []
        for character in text {
            if character.isNewline || character == "\t" {
                line.append(" ")
            } else if character.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) {
                line.append(character)
            }
        }
        while line.last == " " { line.removeLast() }
        return line
    }

    private mutating func insert(_ added: [Character]) {
        guard characters.count + added.count <= Self.limit else {
            isFull = true
            return
        }
        characters.insert(contentsOf: added, at: position)
        position += added.count
    }

    private mutating func delete(from start: Int, to end: Int) {
        let start = max(0, start)
        let end = min(characters.count, end)
        guard start < end else { return }
        characters.removeSubrange(start..<end)
        if position >= end {
            position -= end - start
        } else if position > start {
            position = start
        }
    }

    private var wordStart: Int {
        var index = position
        while index > 0, characters[index - 1].isWhitespace { index -= 1 }
        while index > 0, !characters[index - 1].isWhitespace { index -= 1 }
        return index
    }

    private var wordEnd: Int {
        var index = position
        while index < characters.count, characters[index].isWhitespace { index += 1 }
        while index < characters.count, !characters[index].isWhitespace { index += 1 }
        return index
    }
}

extension LineEditor {
    /// Draws the line into one row, scrolled so that the place of typing is visible, and puts the text cursor there.
    ///
    /// - Parameters:
    ///   - frame: The screen.
    ///   - line: The row; only its first row is used.
    ///   - style: How the text is drawn.
    ///   - isFocused: Whether the text cursor is shown here.
    ///   - ghost: What completion would add, drawn after the text in `ghostStyle`.
    ///   - ghostStyle: How the completion is drawn.
    public func draw(
        into frame: inout Frame, in line: Rect, style: Style, isFocused: Bool = true, ghost: DisplayText = .empty,
        ghostStyle: Style = .plain
    ) {
        guard !line.isEmpty else { return }
        frame.fill(Rect(row: line.row, column: line.column, rows: 1, columns: line.columns), style: style)
        let before = DisplayText.sanitize(String(characters[..<position]))
        let hidden = max(0, before.width - (line.columns - 1))
        let shown = DisplayText.sanitize(text).dropping(columns: hidden)
        let used = frame.put(shown, row: line.row, column: line.column, style: style, width: line.columns)
        if !ghost.isEmpty, position == characters.count {
            frame.put(
                ghost, row: line.row, column: line.column + used, style: ghostStyle, width: line.columns - used)
        }
        if isFocused {
            frame.textCursor = Point(row: line.row, column: line.column + min(before.width - hidden, line.columns - 1))
        }
    }
}
