/// How a role looks, as a theme file writes it: `fg [on bg] [attributes]`.
public struct StyleSpec: Hashable, Sendable {
    /// The colour of the letters, before it is fitted to a terminal.
    public var foreground: ThemeColor
    /// The colour behind the letters, before it is fitted to a terminal.
    public var background: ThemeColor
    /// How the letters are written beside their colours.
    public var attributes: TextAttributes

    /// Creates a style; the plain one unless it says otherwise.
    public init(
        foreground: ThemeColor = .standard, background: ThemeColor = .standard, attributes: TextAttributes = []
    ) {
        self.foreground = foreground
        self.background = background
        self.attributes = attributes
    }

    /// Reads a style; `none` and `-` are the plain one.
    ///
    /// - Parameters:
    ///   - text: The value in the file.
    ///   - palette: The colours that `$name` may stand for.
    /// - Throws: What cannot be understood, as a sentence for the person who wrote it.
    public init(parsing text: String, palette: [String: ThemeColor]) throws(StyleProblem) {
        self.init()
        var words = text.split(separator: " ").map(String.init)[...]
        if words.count == 1, words.first == "none" || words.first == "-" { return }
        guard let first = words.first else { throw StyleProblem(message: "is empty; write none for no style") }
        if first != "on", Self.attribute(first) == nil {
            foreground = try Self.color(first, palette: palette)
            words.removeFirst()
        }
        if words.first == "on" {
            words.removeFirst()
            guard let name = words.popFirst() else { throw StyleProblem(message: "names no colour after \"on\"") }
            background = try Self.color(name, palette: palette)
        }
        for word in words {
            guard let attribute = Self.attribute(word) else {
                throw StyleProblem(
                    message: "\"\(word)\" is not an attribute; use bold, dim, underline, reverse or italic")
            }
            attributes.insert(attribute)
        }
    }

    /// Returns the style for a terminal of some depth.
    func style(for role: Role, depth: ColorDepth) -> Style {
        var style = Style(role: role, attributes: attributes)
        switch depth {
        case .mono:
            // A coloured background sets a thing apart; without colours only reversing does.
            if background != .standard { style.attributes.insert(.reverse) }
        case .eight:
            style.foreground = foreground.fitted(to: depth)
            style.background = background.fitted(to: depth)
            if case .named(let name) = style.foreground, name.rawValue >= 8 {
                // Terminals of eight colours show the bright ones as bold.
                style.foreground = .named(NamedColor(rawValue: name.rawValue - 8) ?? .white)
                style.attributes.insert(.bold)
            }
            if case .named(let name) = style.background, name.rawValue >= 8 {
                style.background = .named(NamedColor(rawValue: name.rawValue - 8) ?? .white)
            }
        case .sixteen, .indexed256:
            style.foreground = foreground.fitted(to: depth)
            style.background = background.fitted(to: depth)
        }
        return style
    }

    private static func attribute(_ word: String) -> TextAttributes? {
        TextAttributes.names.first { $0.name == word }?.attribute
    }

    private static func color(_ word: String, palette: [String: ThemeColor]) throws(StyleProblem) -> ThemeColor {
        if word.first == "$" {
            guard let color = palette[String(word.dropFirst())] else {
                throw StyleProblem(message: "\"\(word)\" is not in the palette")
            }
            return color
        }
        guard let color = ThemeColor(word) else {
            throw StyleProblem(
                message: "\"\(word)\" is not a colour; use a name such as bright-red, 16 to 255, #rrggbb or default")
        }
        return color
    }
}

/// Why a style cannot be understood; the sentence's subject is the key.
public struct StyleProblem: Error, Hashable, Sendable {
    /// The rest of the sentence, without its subject.
    public let message: String
}
