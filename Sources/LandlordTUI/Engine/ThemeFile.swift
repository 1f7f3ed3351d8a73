import LandlordEngine

/// Reads themes from files.
enum ThemeFile {
    /// Loads the theme that the operator asked for; what is wrong with it is told and never stops the console.
    static func load(
        option: String?, environment: [String: String], executablePath: String, depth: ColorDepth, glyphs: GlyphSet
    ) -> (theme: Theme, problems: [String]) {
        let name = ThemeCatalog.wantedName(option: option, environment: environment)
        var unreadable: [String] = []
        let finding = ThemeCatalog.find(name) { wanted in
            let paths = ThemeCatalog.candidates(for: wanted, environment: environment, executablePath: executablePath)
            for path in paths {
                do throws(DocumentError) {
                    return try read(path)
                } catch {
                    // A file that is not there is looked for in the next directory.
                    if error.code != .unreadable || path == wanted { unreadable.append(error.description) }
                }
            }
            return nil
        }
        let theme = Theme(chain: finding.chain, depth: depth, glyphs: glyphs)
        return (theme, unreadable + finding.problems.map(\.description))
    }

    private static func read(_ path: String) throws(DocumentError) -> ThemeDocument {
        let document = try YAMLDocument.read(try BoundedFile.read(path), file: path)
        guard case .mapping(let members) = document.content else {
            return ThemeDocument(source: path, root: [:])
        }
        return ThemeDocument(source: path, root: mapping(members))
    }

    private static func mapping(_ members: [LocatedValue.Member]) -> [String: ThemeNode] {
        Dictionary(members.map { ($0.key, node($0.value)) }, uniquingKeysWith: { first, _ in first })
    }

    private static func node(_ value: LocatedValue) -> ThemeNode {
        switch value.content {
        case .mapping(let members): .mapping(mapping(members))
        case .list(let items): .sequence(items.map(node))
        case .null, .bool, .number, .text: .scalar(value.scalarText ?? "")
        }
    }
}
