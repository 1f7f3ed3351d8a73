/// Where a person's files of this program lie, by the XDG base directory rules.
///
/// A variable that is empty or not an absolute path counts as unset, as the rules demand. Without `HOME` there is no
/// default, and the paths are nil: guessing one would scatter databases over the machine.
public struct Directories: Sendable, Hashable {
    /// What the program keeps: the database, logs, working directories.
    public let state: String?
    /// What the person writes: the configuration, keys, themes.
    public let configuration: String?
    /// Where programs put what they share, first the person's own, in the order of search.
    public let data: [String]

    /// Finds the folders from an environment.
    public init(environment: [String: String]) {
        func absolute(_ name: String) -> String? {
            environment[name].flatMap { $0.hasPrefix("/") ? $0 : nil }
        }
        let home = absolute("HOME")
        func folder(_ name: String, fallback: String) -> String? {
            (absolute(name) ?? home.map { Self.joined($0, fallback) }).map { Self.joined($0, "landlord") }
        }
        state = folder("XDG_STATE_HOME", fallback: ".local/state")
        configuration = folder("XDG_CONFIG_HOME", fallback: ".config")
        let shared = environment["XDG_DATA_DIRS"].flatMap { $0.isEmpty ? nil : $0 } ?? "/usr/local/share:/usr/share"
        let system = shared.split(separator: ":").filter { $0.hasPrefix("/") }
        let own = folder("XDG_DATA_HOME", fallback: ".local/share")
        data = (own.map { [$0] } ?? []) + system.map { Self.joined(String($0), "landlord") }
    }

    /// The default database.
    public var database: String? { state.map { Self.joined($0, "landlord.db") } }

    /// The default log.
    public var log: String? { state.map { Self.joined($0, "landlord.log") } }

    /// The default configuration file.
    public var configurationFile: String? { configuration.map { Self.joined($0, "config.yaml") } }

    private static func joined(_ folder: String, _ name: String) -> String {
        folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
    }
}
