/// What one cell shows: a character and the marks that combine with it, at most four scalars in all.
public struct Glyph: Hashable, Sendable {
    var first: UInt32
    var second: UInt32 = 0
    var third: UInt32 = 0
    var fourth: UInt32 = 0

    /// Creates the glyph of one printable scalar; anything else becomes a `?`.
    init(_ scalar: Unicode.Scalar) {
        first = (CharacterWidth.columns(of: scalar) ?? 0) > 0 ? scalar.value : 0x3F
    }

    private init(rawFirst: UInt32) {
        first = rawFirst
    }

    /// A blank.
    public static let space = Glyph(rawFirst: 0x20)

    /// The right half of the wide character in the cell before.
    static let rightHalf = Glyph(rawFirst: 0)

    /// The scalars of the glyph; none for the right half of a wide character.
    public var scalars: [Unicode.Scalar] {
        [first, second, third, fourth].prefix { $0 != 0 }.compactMap(Unicode.Scalar.init)
    }

    mutating func combine(_ mark: Unicode.Scalar) {
        if second == 0 {
            second = mark.value
        } else if third == 0 {
            third = mark.value
        } else if fourth == 0 {
            fourth = mark.value
        }
    }
}

/// One place on the screen: what it shows and how.
public struct Cell: Hashable, Sendable {
    /// What the cell shows.
    public var glyph: Glyph
    /// How it shows it.
    public var style: Style

    /// Creates a cell; a blank one in the terminal's own colours unless it says otherwise.
    public init(glyph: Glyph = .space, style: Style = .plain) {
        self.glyph = glyph
        self.style = style
    }

    /// Whether the cell belongs to the wide character left of it.
    public var isRightHalf: Bool { glyph == .rightHalf }
}
