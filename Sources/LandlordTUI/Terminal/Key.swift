/// What a person does at the keyboard or with the mouse.
public enum Key: Hashable, Sendable {
    case character(Character)
    /// Control and a lowercase letter, or one of `space [ \ ] ^ _`.
    case control(Character)
    /// Alt, or Escape quickly before.
    case alt(Character)
    case function(Int)
    case enter, tab, backTab, escape, backspace, delete, insert
    case up, down, left, right, home, end, pageUp, pageDown
    /// Text that was pasted. Only text fields take it: elsewhere each of its letters would be a command.
    case paste(String)
    case mouse(MouseAction, Point)
    /// The terminal's window came to the front or went away.
    case focus(isGained: Bool)

    /// The blank key.
    public static let space = Key.character(" ")

    /// The name in `keys.yaml`, help and footers: `P`, `ctrl-c`, `enter`, `pgdn`.
    public var name: String {
        switch self {
        case .character(" "): "space"
        case .character(let character): String(character)
        case .control(" "): "ctrl-space"
        case .control(let letter): "ctrl-\(letter)"
        case .alt(" "): "alt-space"
        case .alt(let letter): "alt-\(letter)"
        case .function(let number): "f\(number)"
        case .paste: "paste"
        case .mouse(let action, _): action.rawValue
        case .focus(let isGained): isGained ? "focus" : "blur"
        default: Self.named.first { $0.key == self }?.name ?? "?"
        }
    }

    /// Reads a name as `keys.yaml` writes it; nil if no key has it.
    public init?(name: String) {
        if let key = Self.named.first(where: { $0.name == name })?.key {
            self = key
        } else if name == "space" {
            self = .space
        } else if let letter = Self.letter(of: name, after: "ctrl-") {
            guard letter == " " || ("a"..."z").contains(letter) || "[\\]^_".contains(letter) else { return nil }
            self = .control(letter)
        } else if let letter = Self.letter(of: name, after: "alt-") {
            self = .alt(letter)
        } else if name.first == "f", let number = Int(name.dropFirst()), (1...24).contains(number) {
            self = .function(number)
        } else if let character = name.first, name.count == 1, DisplayText.sanitize(name).string == name {
            self = .character(character)
        } else {
            return nil
        }
    }

    private static func letter(of name: String, after prefix: String) -> Character? {
        guard name.hasPrefix(prefix) else { return nil }
        let rest = name.dropFirst(prefix.count)
        if rest == "space" { return " " }
        return rest.count == 1 ? rest.first : nil
    }

    /// The first name of a key is the one that is shown; the others are read as well.
    private static let named: [(name: String, key: Key)] = [
        ("enter", .enter), ("tab", .tab), ("S-tab", .backTab), ("shift-tab", .backTab), ("esc", .escape),
        ("backspace", .backspace), ("del", .delete), ("delete", .delete), ("ins", .insert), ("insert", .insert),
        ("up", .up), ("down", .down), ("left", .left), ("right", .right), ("home", .home), ("end", .end),
        ("pgup", .pageUp), ("pgdn", .pageDown), ("pageup", .pageUp), ("pagedown", .pageDown),
    ]
}

/// What the mouse did.
public enum MouseAction: String, Hashable, Sendable {
    case press = "mouse"
    case release = "mouse-release"
    case secondary = "mouse-right"
    case wheelUp = "wheel-up"
    case wheelDown = "wheel-down"
}
