import LandlordDomain
import StatesLanguage

extension Configuration {
    /// A value from the command line.
    public struct Flag: Sendable, Hashable {
        /// The key that the option sets.
        public let key: String
        /// The option as the person wrote it, such as `--database`.
        public let name: String
        /// What it was given.
        public let value: String

        /// Names a value from the command line.
        public init(key: String, name: String, value: String) {
            self.key = key
            self.name = name
            self.value = value
        }
    }

    /// The text of a configuration file.
    public struct File: Sendable, Hashable {
        /// The file as the person named it.
        public let path: String
        /// What it holds.
        public let bytes: [UInt8]

        /// Names a file's text.
        public init(path: String, bytes: [UInt8]) {
            self.path = path
            self.bytes = bytes
        }
    }

    /// Lays options, environment, file and defaults over each other.
    ///
    /// - Throws: Everything that is wrong in any of them, each with file and line, variable or option.
    public static func resolve(
        flags: [Flag] = [], environment: [String: String], file: File? = nil
    ) throws(DocumentError) -> Configuration {
        var layers = Layers(directories: Directories(environment: environment))
        if let file { try layers.read(file) }
        layers.read(environment)
        layers.read(flags)
        return try layers.resolved()
    }
}

/// The values found so far, each written over by the next layer.
private struct Layers {
    private let directories: Directories
    private var settings: [String: Setting] = [:]
    private var problems: [DocumentProblem] = []
    private var unusedVariables: [String] = []

    init(directories: Directories) {
        self.directories = directories
    }

    // MARK: The file

    mutating func read(_ file: Configuration.File) throws(DocumentError) {
        let document = try YAMLDocument.read(file.bytes, file: file.path)
        switch document.content {
        case .null: return
        case .mapping(let members): readFields(members, below: "", file: file.path)
        case .bool, .number, .text, .list:
            problems.append(
                DocumentProblem(
                    .invalid, file: file.path, line: document.line, "must be a mapping, not \(document.kind)"))
        }
    }

    private mutating func readFields(_ members: [LocatedValue.Member], below parent: String, file: String) {
        for member in members {
            let name = parent.isEmpty ? member.key : "\(parent).\(member.key)"
            if let key = ConfigurationKey.named(name) {
                take(
                    SettingReader.value(of: member.value, for: key), for: key, from: .file(file, line: member.line),
                    file: file, line: member.line)
            } else if ConfigurationKey.all.contains(where: { $0.name.hasPrefix(name + ".") }) {
                readSection(member, name: name, file: file)
            } else {
                problems.append(
                    DocumentProblem(
                        .invalid, file: file, line: member.line, field: Self.visible(name),
                        "is not a known key" + Self.hint(for: name)))
            }
        }
    }

    private mutating func readSection(_ member: LocatedValue.Member, name: String, file: String) {
        switch member.value.content {
        case .null: return
        case .mapping(let members): readFields(members, below: name, file: file)
        case .bool, .number, .text, .list:
            problems.append(
                DocumentProblem(
                    .invalid, file: file, line: member.line, field: name,
                    "must be a mapping, not \(member.value.kind)"))
        }
    }

    // MARK: The environment and the command line

    mutating func read(_ environment: [String: String]) {
        let known: Set<String> = ["LANDLORD_CONFIG"]
        for key in ConfigurationKey.all {
            // An empty variable counts as unset: that is how a shell takes one back for a single command.
            let names = [key.variable] + key.alternatives
            guard let name = names.first(where: { environment[$0].map { !$0.isEmpty } ?? false }),
                let text = environment[name]
            else { continue }
            take(
                SettingReader.value(of: text, for: key), for: key, from: .environment(name), file: "$\(name)", line: nil
            )
        }
        let variables = ConfigurationKey.all.map(\.variable)
        for name in environment.keys.sorted()
        where name.hasPrefix("LANDLORD_") && !variables.contains(name) && !known.contains(name) {
            // A near miss is a slip that would otherwise be ignored in silence; others belong to other programs.
            if let meant = Suggestion.nearest(to: name, among: variables), Self.isSlip(name, for: meant) {
                problems.append(
                    DocumentProblem(.invalid, file: "$\(name)", "is not a known variable; did you mean '\(meant)'?"))
            } else {
                unusedVariables.append(name)
            }
        }
    }

    mutating func read(_ flags: [Configuration.Flag]) {
        for flag in flags {
            guard let key = ConfigurationKey.named(flag.key) else {
                problems.append(
                    DocumentProblem(
                        .invalid, file: flag.name, field: Self.visible(flag.key),
                        "is not a known key" + Self.hint(for: flag.key)))
                continue
            }
            take(
                SettingReader.value(of: flag.value, for: key), for: key, from: .flag(flag.name), file: flag.name,
                line: nil)
        }
    }

    // MARK: The result

    /// The configuration, with the defaults where nobody said anything.
    func resolved() throws(DocumentError) -> Configuration {
        var problems = problems
        var complete: [Setting] = []
        for key in ConfigurationKey.all {
            if let setting = settings[key.name] {
                complete.append(setting)
            } else if let value = fallback(of: key) {
                complete.append(Setting(key: key, value: value, origin: .fallback))
            } else {
                let reason = "has no default here, because neither XDG_STATE_HOME nor HOME is set; set \(key.variable)"
                problems.append(DocumentProblem(.invalid, file: "configuration", field: key.name, reason))
            }
        }
        let configuration = Configuration(settings: complete, unusedVariables: unusedVariables)
        problems += crossed(configuration)
        guard problems.isEmpty else { throw DocumentError(problems) }
        return configuration
    }

    private func fallback(of key: ConfigurationKey) -> Setting.Value? {
        switch key.name {
        case "database": return directories.database.map { .text($0) }
        case "log.file": return directories.log.map { .text($0) }
        case "process.directory": return databasePath.map { .text($0 + ".process") }
        case "workflow.archive": return databasePath.map { .text($0 + ".archive") }
        default: break
        }
        guard let text = key.fallback, case .success(let value) = SettingReader.value(of: text, for: key) else {
            return nil
        }
        return value
    }

    /// Beside the database, because what has no record in this one database is removed from the directory.
    private var databasePath: String? {
        if case .text(let path)? = settings["database"]?.value { return path }
        return directories.database
    }

    /// Rules that hold between two keys.
    private func crossed(_ configuration: Configuration) -> [DocumentProblem] {
        let pairs: [(String, Duration, Duration)] = [
            ("reconciler", configuration.reconciler.delayBase, configuration.reconciler.delayLimit),
            ("callbacks", configuration.callbacks.delayBase, configuration.callbacks.delayLimit),
        ]
        return pairs.filter { $0.1 > $0.2 }.map { section, _, _ in
            let name = "\(section).max_delay"
            var line: Int?
            var file = "configuration"
            if case .file(let path, let number)? = settings[name]?.origin { (file, line) = (path, number) }
            return DocumentProblem(
                .invalid, file: file, line: line, field: name, "must not be less than \(section).initial_delay")
        }
    }

    private mutating func take(
        _ result: Result<Setting.Value, SettingReader.Broken>, for key: ConfigurationKey, from origin: Setting.Origin,
        file: String, line: Int?
    ) {
        switch result {
        case .success(let value):
            settings[key.name] = Setting(key: key, value: value, origin: origin)
        case .failure(let broken):
            problems.append(
                DocumentProblem(.invalid, file: file, line: line, field: key.name, Self.visible(broken.rule)))
        }
    }

    /// True where the variable differs so little that nobody can have meant something else.
    private static func isSlip(_ name: String, for meant: String) -> Bool {
        let difference = abs(name.utf8.count - meant.utf8.count)
        return difference <= 2 && zip(name.utf8, meant.utf8).prefix(10).allSatisfy { $0 == $1 }
    }

    private static func hint(for name: String) -> String {
        let whole = Suggestion.nearest(to: name, among: ConfigurationKey.all.map(\.name))
        return whole.map { "; did you mean '\($0)'?" } ?? ""
    }

    private static func visible(_ text: String) -> String {
        VisibleText.shown(text)
    }
}
