/// How every role looks on one terminal: what views ask.
public struct Theme: Hashable, Sendable {
    /// The name of the theme that the user asked for.
    public let name: String
    /// The background that it is made for.
    public let variant: ThemeDefinition.Variant
    /// The colours that the styles have been fitted to.
    public let depth: ColorDepth
    /// The lines and marks that frames of this theme use.
    public let glyphs: GlyphSet
    private let styles: [Role: Style]

    /// Fits a theme to a terminal.
    ///
    /// - Parameters:
    ///   - chain: The theme and what it inherits from, nearest first; the built-in theme follows by itself.
    ///   - depth: The colours that the terminal shows.
    ///   - glyphs: The lines and marks that it shows.
    public init(chain: [ThemeDefinition] = [], depth: ColorDepth, glyphs: GlyphSet) {
        let all = chain + [.builtIn]
        name = all[0].name
        variant = all[0].variant
        self.depth = depth
        self.glyphs = glyphs
        var styles: [Role: Style] = [:]
        for role in Role.allCases {
            styles[role] = all.lazy.compactMap { $0.style(of: role, depth: depth) }.first
        }
        self.styles = styles
    }

    /// The style of a role.
    public subscript(role: Role) -> Style {
        styles[role] ?? Style(role: role)
    }

    /// Returns the built-in theme for a terminal.
    public static func builtIn(depth: ColorDepth = .indexed256, glyphs: GlyphSet = .unicode) -> Theme {
        Theme(depth: depth, glyphs: glyphs)
    }

    /// An empty screen in the theme's text style.
    public func frame(_ size: Size) -> Frame {
        Frame(size: size, glyphs: glyphs, style: self[.text])
    }
}
