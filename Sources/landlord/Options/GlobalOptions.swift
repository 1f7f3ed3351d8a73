import ArgumentParser
import Foundation
import LandlordEngine

/// The options that every command takes.
struct GlobalOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The database.", valueName: "path"))
    var database: String?

    @Option(help: ArgumentHelp("The configuration file.", valueName: "file"))
    var config: String?

    /// Lays the options over the environment, the file and the defaults.
    ///
    /// A relative path means a place in today's directory; it is made absolute here, because the directories of tenants
    /// hang on it and outlive the command.
    func configuration(environment: [String: String], database replacement: String? = nil) throws -> Configuration {
        var flags: [Configuration.Flag] = []
        if let path = replacement ?? database {
            flags.append(Configuration.Flag(key: "database", name: "--database", value: Self.absolute(path)))
        }
        var environment = environment
        if let path = environment["LANDLORD_DATABASE"] { environment["LANDLORD_DATABASE"] = Self.absolute(path) }
        let configuration = try Configuration.load(path: config, flags: flags, environment: environment)
        if configuration.database.contains("://") {
            let shown = Redaction.withoutPassword(configuration.database)
            throw Failure(.unavailable, "\(shown) cannot be used: this landlord keeps its database in a SQLite file")
        }
        return configuration
    }

    private static func absolute(_ path: String) -> String {
        guard !path.isEmpty, !path.hasPrefix("/"), !path.contains("://") else { return path }
        return FileManager.default.currentDirectoryPath + "/" + path
    }
}
