/// How much must be done before something changes.
public enum ConfirmationLevel: Int, CaseIterable, Comparable, Sendable {
    /// One thing that can be taken back: a line, and `y`.
    case line = 1
    /// A deletion, or a few things: a dialog with a reason, and `y`.
    case dialog
    /// Many things, or whatever a filter matches: the count must be typed.
    case count
    /// A deletion in a protected context: the name or the count must be typed, and a reason is required.
    case name

    /// The most things that `y` may change at once.
    public static let fewLimit = 10

    /// Returns the level for a change.
    ///
    /// - Parameters:
    ///   - count: How many things would change.
    ///   - isReversible: Whether the change can be taken back.
    ///   - isProtected: Whether the context is protected.
    ///   - isByFilter: Whether the things were chosen by a filter and not one by one.
    public init(count: Int, isReversible: Bool, isProtected: Bool, isByFilter: Bool) {
        if isProtected, !isReversible {
            self = .name
        } else if isByFilter || count > Self.fewLimit {
            self = .count
        } else {
            self = count == 1 && isReversible && !isProtected ? .line : .dialog
        }
    }

    /// Orders the levels by how much they ask for.
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// A question before a change, and what has been answered so far.
///
/// Enter alone never confirms: the choice that stands ready is to cancel. Who must type a name or a count confirms with
/// Enter after it is right.
public struct ConfirmDialog: Hashable, Sendable {
    /// One line of what is going to happen, such as `scope` and `96 callbacks`.
    public struct Line: Hashable, Sendable {
        /// What the line is about, such as `scope`.
        public var label: DisplayText
        /// What there is to say about it.
        public var text: DisplayText
        /// The role that the text is drawn in, so that a danger stands out.
        public var role: Role

        /// Creates a line; a plain one unless a role says otherwise.
        public init(_ label: DisplayText, _ text: DisplayText, role: Role = .text) {
            self.label = label
            self.text = text
            self.role = role
        }
    }

    /// Where keys go.
    public enum Field: Hashable, Sendable {
        case choice, reason, typed
    }

    /// What a key led to.
    public enum Outcome: Hashable, Sendable {
        /// The question stands.
        case asking
        case cancelled
        /// The operator means it; the reason is nil if none was given.
        case confirmed(reason: String?)
    }

    /// How much must be done to confirm.
    public let level: ConfirmationLevel
    /// The question, short.
    public let title: DisplayText
    /// What would happen, line by line.
    public let lines: [Line]
    /// What must be typed at the upper levels: the name, or the count.
    public let expectedText: String
    /// Whether a reason must be given, as the highest level wants it always.
    public let needsReason: Bool
    /// Where the next key goes.
    public private(set) var field: Field
    /// The reason as it was typed so far.
    public private(set) var reason = LineEditor()
    /// The name or the count as it was typed so far.
    public private(set) var typed = LineEditor()
    /// Why the last attempt to confirm did nothing.
    public private(set) var hint: DisplayText = .empty

    /// Asks a question.
    ///
    /// - Parameters:
    ///   - level: How much must be done to confirm.
    ///   - title: The question, short: `Delete acme`.
    ///   - lines: What would happen.
    ///   - expectedText: What must be typed at the levels that ask for it.
    ///   - needsReason: Whether a reason must be given; it is asked for first then.
    public init(
        level: ConfirmationLevel, title: DisplayText, lines: [Line], expectedText: String = "",
        needsReason: Bool = false
    ) {
        precondition(level < .count || !expectedText.isEmpty, "A level that asks to type needs a text to type.")
        self.level = level
        self.title = title
        self.lines = lines
        self.expectedText = expectedText
        self.needsReason = needsReason || level >= .name
        field = needsReason && level > .line ? .reason : level >= .count ? .typed : .choice
    }

    /// Whether everything but the last key is there.
    public var isReady: Bool {
        (level < .count || typed.text == expectedText) && (!needsReason || !trimmedReason.isEmpty)
    }

    var hasReason: Bool { level > .line }

    private var trimmedReason: String {
        let text = reason.text
        let start = text.firstIndex { !$0.isWhitespace } ?? text.endIndex
        let end = text.lastIndex { !$0.isWhitespace }
        return end.map { String(text[start...$0]) } ?? ""
    }

    /// Takes a key.
    public mutating func handle(_ key: Key) -> Outcome {
        hint = .empty
        if key == .escape || key == .control("c") { return .cancelled }
        if key == .tab || key == .backTab || key == .down || key == .up {
            switchField()
            return .asking
        }
        switch field {
        case .choice: return choose(key)
        case .reason:
            switch reason.handle(key) {
            case .submitted: switchField()
            case .edited, .ignored, .cancelled: break
            }
            return .asking
        case .typed:
            guard typed.handle(key) == .submitted else { return .asking }
            return confirm()
        }
    }

    private mutating func choose(_ key: Key) -> Outcome {
        switch key {
        case .character("y"): return confirm()
        case .character("n"), .character("q"), .enter, .backspace: return .cancelled
        case .character("r") where hasReason:
            field = .reason
            return .asking
        default: return .asking
        }
    }

    private mutating func switchField() {
        guard hasReason else { return }
        let last: Field = level >= .count ? .typed : .choice
        field = field == .reason ? last : .reason
    }

    private mutating func confirm() -> Outcome {
        guard isReady else {
            if level >= .count, typed.text != expectedText {
                hint = .sanitize("type \(expectedText) to confirm")
            } else {
                hint = "a reason is required"
                field = .reason
            }
            return .asking
        }
        let reason = trimmedReason
        return .confirmed(reason: reason.isEmpty ? nil : reason)
    }
}
