/// How many colours a theme may use: the steps of a ladder that ends without any.
public enum ColorDepth: Int, CaseIterable, Comparable, Sendable {
    case mono
    case eight
    case sixteen
    case indexed256

    /// Chooses the step for what a terminal says it can, unless the user wants no colours (`NO_COLOR`).
    public init(colors: Int, environment: [String: String]) {
        if let wish = environment["NO_COLOR"], !wish.isEmpty {
            self = .mono
        } else if colors >= 256 {
            self = .indexed256
        } else if colors >= 16 {
            self = .sixteen
        } else {
            self = colors >= 8 ? .eight : .mono
        }
    }

    /// Orders the steps by how many colours they have.
    public static func < (left: ColorDepth, right: ColorDepth) -> Bool { left.rawValue < right.rawValue }
}
