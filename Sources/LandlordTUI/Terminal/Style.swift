/// The sixteen colours that every colour terminal lets its user choose.
public enum NamedColor: UInt8, CaseIterable, Sendable {
    case black, red, green, yellow, blue, magenta, cyan, white
    case brightBlack, brightRed, brightGreen, brightYellow, brightBlue, brightMagenta, brightCyan, brightWhite

    /// The name in a theme file, such as `bright-black`.
    public var name: String {
        let plain = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"]
        return rawValue < 8 ? plain[Int(rawValue)] : "bright-" + plain[Int(rawValue) - 8]
    }

    /// Reads a name as a theme file writes it.
    public init?(name: String) {
        guard let color = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = color
    }
}

/// A colour as the terminal takes it.
public enum TerminalColor: Hashable, Sendable {
    /// What the terminal uses by itself; keeps a transparent background transparent.
    case standard
    case named(NamedColor)
    /// One of the fixed colours 16 to 255.
    case indexed(UInt8)
}

/// How a cell is written beside its colours.
public struct TextAttributes: OptionSet, Hashable, Sendable {
    /// The attributes as bits; the C side reads them as they are.
    public let rawValue: UInt8

    /// Takes the attributes as bits.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Heavier letters.
    public static let bold = TextAttributes(rawValue: 1)
    /// Fainter letters; many terminals show them grey.
    public static let dim = TextAttributes(rawValue: 2)
    /// A line under the letters.
    public static let underline = TextAttributes(rawValue: 4)
    /// Foreground and background changed for each other.
    public static let reverse = TextAttributes(rawValue: 8)
    /// Slanted letters; a terminal without them shows plain ones.
    public static let italic = TextAttributes(rawValue: 16)

    /// The names that theme files use.
    static let names: [(name: String, attribute: TextAttributes)] = [
        ("bold", .bold), ("dim", .dim), ("underline", .underline), ("reverse", .reverse), ("italic", .italic),
    ]
}

/// How a cell looks, and which role made it look so.
///
/// The role travels with the style so that a test can say "this is drawn as a failure" without knowing a theme.
public struct Style: Hashable, Sendable {
    /// What the cell means, such as a failure.
    public var role: Role
    /// The colour of the letters.
    public var foreground: TerminalColor
    /// The colour behind the letters.
    public var background: TerminalColor
    /// How the letters are written beside their colours.
    public var attributes: TextAttributes

    /// Creates a style; plain text in the terminal's own colours unless it says otherwise.
    public init(
        role: Role = .text, foreground: TerminalColor = .standard, background: TerminalColor = .standard,
        attributes: TextAttributes = []
    ) {
        self.role = role
        self.foreground = foreground
        self.background = background
        self.attributes = attributes
    }

    /// Text in the terminal's own colours.
    public static let plain = Style()

    /// Returns this style with another laid over it, as a cursor lies over a row.
    ///
    /// The overlay's background and attributes win. The foreground and the role stay if they say something, so that
    /// a failed row is still drawn as failed under the cursor.
    public func under(_ overlay: Style) -> Style {
        Style(
            role: role == .text ? overlay.role : role,
            foreground: foreground == .standard ? overlay.foreground : foreground,
            background: overlay.background == .standard ? background : overlay.background,
            attributes: attributes.union(overlay.attributes))
    }

    /// Returns this style with more attributes.
    public func adding(_ attributes: TextAttributes) -> Style {
        var style = self
        style.attributes.formUnion(attributes)
        return style
    }
}
