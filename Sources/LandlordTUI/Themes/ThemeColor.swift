/// A colour as a theme file names it, before it is fitted to a terminal.
public enum ThemeColor: Hashable, Sendable {
    case standard
    case named(NamedColor)
    /// One of the fixed colours 16 to 255.
    case indexed(UInt8)
    case rgb(red: UInt8, green: UInt8, blue: UInt8)

    /// Reads `default`, a colour name, an index 16 to 255 or `#rrggbb`; nil if it is none of them.
    public init?(_ text: String) {
        if text == "default" {
            self = .standard
        } else if let name = NamedColor(name: text) {
            self = .named(name)
        } else if let index = UInt8(text), index >= 16 {
            self = .indexed(index)
        } else if text.first == "#", text.utf8.count == 7, text.dropFirst().allSatisfy(\.isHexDigit),
            let value = UInt32(text.dropFirst(), radix: 16)
        {
            self = .rgb(
                red: UInt8(value >> 16 & 0xFF), green: UInt8(value >> 8 & 0xFF), blue: UInt8(value & 0xFF))
        } else {
            return nil
        }
    }

    /// Returns the nearest colour that a depth allows.
    ///
    /// At 256 colours only the indices 16 to 255 stand for a fixed colour; the first sixteen are the user's own.
    func fitted(to depth: ColorDepth) -> TerminalColor {
        switch (self, depth) {
        case (.standard, _), (_, .mono): .standard
        case (.named(let name), _): .named(name)
        case (.indexed(let index), .indexed256): .indexed(index)
        case (.rgb(let red, let green, let blue), .indexed256):
            .indexed(Palette.nearestIndex(red: red, green: green, blue: blue))
        case (.indexed, _), (.rgb, _):
            .named(Palette.nearestName(to: components ?? (0, 0, 0)))
        }
    }

    /// Red, green and blue; nil for colours that the user chooses.
    var components: (red: Int, green: Int, blue: Int)? {
        switch self {
        case .standard, .named: nil
        case .indexed(let index): Palette.components(ofIndex: Int(index))
        case .rgb(let red, let green, let blue): (Int(red), Int(green), Int(blue))
        }
    }
}

/// The colours 16 to 255 of a terminal with 256: a cube of 6 x 6 x 6 and 24 greys.
enum Palette {
    private static let steps = [0, 95, 135, 175, 215, 255]

    static func components(ofIndex index: Int) -> (red: Int, green: Int, blue: Int)? {
        guard index >= 16 else { return nil }
        if index >= 232 {
            let grey = 8 + (index - 232) * 10
            return (grey, grey, grey)
        }
        let place = index - 16
        return (steps[place / 36], steps[place / 6 % 6], steps[place % 6])
    }

    static func nearestIndex(red: UInt8, green: UInt8, blue: UInt8) -> UInt8 {
        var best = 16
        var bestDistance = Int.max
        for index in 16...255 {
            guard let candidate = components(ofIndex: index) else { continue }
            let distance = distance(candidate, (Int(red), Int(green), Int(blue)))
            if distance < bestDistance {
                best = index
                bestDistance = distance
            }
        }
        return UInt8(best)
    }

    static func nearestName(to color: (red: Int, green: Int, blue: Int)) -> NamedColor {
        let low = min(color.red, color.green, color.blue)
        let high = max(color.red, color.green, color.blue)
        // What is nearly grey has no hue to keep.
        if high - low < 32 {
            switch high {
            case ..<64: return .black
            case ..<144: return .brightBlack
            case ..<208: return .white
            default: return .brightWhite
            }
        }
        // A hue counts from the middle between the weakest and the strongest part; brightness is a matter of its own.
        let middle = (low + high) / 2
        var hue: UInt8 = 0
        if color.red > middle { hue |= 1 }
        if color.green > middle { hue |= 2 }
        if color.blue > middle { hue |= 4 }
        return NamedColor(rawValue: high > 224 && low > 64 ? hue + 8 : hue) ?? .white
    }

    private static func distance(
        _ left: (red: Int, green: Int, blue: Int), _ right: (red: Int, green: Int, blue: Int)
    ) -> Int {
        let red = left.red - right.red
        let green = left.green - right.green
        let blue = left.blue - right.blue
        // The eye sees differences of green best and of blue least.
        return 3 * red * red + 4 * green * green + 2 * blue * blue
    }
}
