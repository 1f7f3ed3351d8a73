/// Finds a theme and the themes it inherits from.
public enum ThemeCatalog {
    /// The most themes that one may inherit through.
    public static let depthLimit = 8

    /// What was found: the themes, nearest first and without the built-in one, and all that is wrong with them.
    public struct Finding: Hashable, Sendable {
        /// The theme that was asked for, then what it inherits from.
        public var chain: [ThemeDefinition]
        /// What is wrong with any of them; the themes can be used all the same.
        public var problems: [ThemeProblem]

        /// Gathers themes and problems.
        public init(chain: [ThemeDefinition], problems: [ThemeProblem]) {
            self.chain = chain
            self.problems = problems
        }
    }

    /// Follows a theme's inheritance.
    ///
    /// A theme that is missing or inherits from itself is a problem and not an error: the console then shows what it
    /// has, and the built-in theme for the rest.
    ///
    /// - Parameters:
    ///   - name: The theme that the user asked for.
    ///   - load: Reads the file of a theme; nil if there is none.
    /// - Returns: The themes and the problems, each with its file before the key.
    public static func find(_ name: String, load: (String) -> ThemeDocument?) -> Finding {
        var finding = Finding(chain: [], problems: [])
        var next: String? = name
        var path = [String]()
        while let wanted = next {
            guard !path.contains(wanted), path.count < depthLimit else {
                let loop = (path + [wanted]).joined(separator: " > ")
                finding.problems.append(ThemeProblem(path: "inherits", message: "never ends: \(loop)"))
                break
            }
            path.append(wanted)
            guard let document = load(wanted) else {
                if wanted != ThemeDefinition.builtInName {
                    finding.problems.append(ThemeProblem(path: "inherits", message: "no theme is named \"\(wanted)\""))
                }
                break
            }
            let (definition, problems) = ThemeDefinition.read(document, fallbackName: wanted)
            finding.chain.append(definition)
            finding.problems += problems.map {
                ThemeProblem(path: "\(document.source): \($0.path)", message: $0.message)
            }
            next = wanted == ThemeDefinition.builtInName ? nil : definition.inherits
        }
        return finding
    }

    /// Returns the files that may hold a theme, the first one to look at first.
    ///
    /// A name with a slash or an ending in `.yaml` is the path of a file and is not searched for.
    ///
    /// - Parameters:
    ///   - name: The name or the path that the user asked for.
    ///   - environment: The process's environment.
    ///   - executablePath: The program, for themes installed beside it.
    /// - Returns: Paths, relative to the working directory where they do not start with a slash.
    public static func candidates(
        for name: String, environment: [String: String], executablePath: String
    ) -> [String] {
        if name.contains("/") || name.hasSuffix(".yaml") { return [name] }
        return directories(environment: environment, executablePath: executablePath).map { "\($0)/\(name).yaml" }
    }

    /// Returns the directories that may hold themes, the first one to look at first.
    public static func directories(environment: [String: String], executablePath: String) -> [String] {
        var directories: [String] = []
        if let configuration = absolute(environment["XDG_CONFIG_HOME"]) {
            directories.append("\(configuration)/landlord/themes")
        } else if let home = absolute(environment["HOME"]) {
            directories.append("\(home)/.config/landlord/themes")
        }
        let data = environment["XDG_DATA_DIRS"].flatMap { $0.isEmpty ? nil : $0 } ?? "/usr/local/share:/usr/share"
        directories += data.split(separator: ":").compactMap { absolute(String($0)) }.map { "\($0)/landlord/themes" }
        let parts = executablePath.split(separator: "/", omittingEmptySubsequences: false)
        if parts.count > 1 {
            let folder = parts.dropLast().joined(separator: "/")
            directories.append("\(folder)/../share/landlord/themes")
        }
        directories.append("./themes")
        return directories
    }

    /// Returns the theme that the user asked for: by option, by `$LANDLORD_THEME`, or none and so the built-in one.
    public static func wantedName(option: String?, environment: [String: String]) -> String {
        if let option, !option.isEmpty { return option }
        if let wish = environment["LANDLORD_THEME"], !wish.isEmpty { return wish }
        return ThemeDefinition.builtInName
    }

    /// The base directory specification tells to ignore paths that are not absolute.
    private static func absolute(_ path: String?) -> String? {
        guard let path, path.hasPrefix("/") else { return nil }
        return path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    }
}
