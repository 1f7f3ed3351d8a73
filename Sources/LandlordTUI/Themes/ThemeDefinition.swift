/// A theme as one file defines it: the roles it names and the theme it leaves the others to.
public struct ThemeDefinition: Hashable, Sendable {
    /// The background that a theme is made for.
    public enum Variant: String, CaseIterable, Sendable {
        case dark, light, any
    }

    /// The name that `theme` in the configuration and `inherits` in other themes use.
    public var name: String
    /// The theme that styles the roles missing here; nil only for the built-in one.
    public var inherits: String?
    /// The background that the theme is made for.
    public var variant: Variant
    /// The roles that it styles itself.
    public var styles: [Role: StyleSpec]
    /// What replaces a style on 8 and 16 colours.
    public var fallback16: [Role: StyleSpec]
    /// What replaces a style without colours.
    public var mono: [Role: StyleSpec]

    /// Creates a theme; it leaves what it does not style to the built-in one.
    public init(
        name: String, inherits: String? = ThemeDefinition.builtInName, variant: Variant = .any,
        styles: [Role: StyleSpec] = [:], fallback16: [Role: StyleSpec] = [:], mono: [Role: StyleSpec] = [:]
    ) {
        self.name = name
        self.inherits = inherits
        self.variant = variant
        self.styles = styles
        self.fallback16 = fallback16
        self.mono = mono
    }

    /// Reads a theme file and finds everything that is wrong with it at once.
    ///
    /// What can be understood is kept, so that a console can start with a theme that has a typing error in it.
    ///
    /// - Parameters:
    ///   - document: The file's tree.
    ///   - fallbackName: The name if the file has none.
    /// - Returns: The theme, and the problems in the order of their keys.
    public static func read(
        _ document: ThemeDocument, fallbackName: String
    ) -> (definition: ThemeDefinition, problems: [ThemeProblem]) {
        var reader = ThemeReader(document: document)
        let definition = reader.read(fallbackName: fallbackName)
        return (definition, reader.problems.sorted { ($0.path, $0.message) < ($1.path, $1.message) })
    }

    /// Returns the style of a role at a depth, if this theme defines it.
    func style(of role: Role, depth: ColorDepth) -> Style? {
        let override: StyleSpec? =
            switch depth {
            case .mono: mono[role]
            case .eight, .sixteen: fallback16[role]
            case .indexed256: nil
            }
        return (override ?? styles[role])?.style(for: role, depth: depth)
    }
}

/// Reads one theme file, collecting problems.
private struct ThemeReader {
    let document: ThemeDocument
    var problems: [ThemeProblem] = []
    private var palette: [String: ThemeColor] = [:]

    private static let keys = ["name", "inherits", "variant", "palette", "ui", "status", "fallback16", "mono"]

    init(document: ThemeDocument) {
        self.document = document
    }

    mutating func read(fallbackName: String) -> ThemeDefinition {
        for key in document.root.keys where !Self.keys.contains(key) {
            let known = Self.keys.joined(separator: ", ")
            problems.append(ThemeProblem(path: key, message: "is not a key of a theme; the keys are \(known)"))
        }
        var definition = ThemeDefinition(name: scalar("name") ?? fallbackName)
        if let parent = scalar("inherits") { definition.inherits = parent }
        if let variant = scalar("variant") {
            if let known = ThemeDefinition.Variant(rawValue: variant) {
                definition.variant = known
            } else {
                problems.append(ThemeProblem(path: "variant", message: "must be dark, light or any"))
            }
        }
        readPalette()
        definition.styles = styles(in: "ui", prefix: "ui.")
            .merging(styles(in: "status", prefix: "status.")) { first, _ in first }
        definition.fallback16 = styles(in: "fallback16", prefix: "")
        definition.mono = styles(in: "mono", prefix: "")
        return definition
    }

    private mutating func scalar(_ key: String) -> String? {
        guard let node = document.root[key] else { return nil }
        if case .scalar(let text) = node, !text.isEmpty { return text }
        problems.append(ThemeProblem(path: key, message: "must be one word"))
        return nil
    }

    private mutating func readPalette() {
        for (key, text) in document.section("palette", problems: &problems) {
            if let color = ThemeColor(text) {
                palette[key] = color
            } else {
                problems.append(
                    ThemeProblem(
                        path: "palette.\(key)",
                        message:
                            "\"\(text)\" is not a colour; use a name such as bright-red, 16 to 255, #rrggbb or default")
                )
            }
        }
    }

    private mutating func styles(in section: String, prefix: String) -> [Role: StyleSpec] {
        var styles: [Role: StyleSpec] = [:]
        for (key, text) in document.section(section, problems: &problems) {
            let path = "\(section).\(key)"
            guard let role = Role(rawValue: prefix + key) else {
                problems.append(ThemeProblem(path: path, message: "is not a role"))
                continue
            }
            do throws(StyleProblem) {
                styles[role] = try StyleSpec(parsing: text, palette: palette)
            } catch {
                problems.append(ThemeProblem(path: path, message: error.message))
            }
        }
        return styles
    }
}
