import Foundation
import LandlordEngine
import Logging

/// What a command works with: the configuration and an engine on its database, which nobody drives yet.
struct Session: Sendable {
    /// The configuration, with who set what.
    let configuration: Configuration
    /// The engine on its database.
    let host: EngineHost
    /// The clock and chance of this machine.
    let surroundings: Surroundings
    /// Where log lines go.
    let logger: Logger
    /// Who works here, for histories.
    let actor: String

    /// What a command asks and tells.
    var engine: Engine { host.engine }

    /// The environment of the process.
    static var environment: [String: String] { ProcessInfo.processInfo.environment }

    /// Opens and migrates the database and puts the engine together.
    ///
    /// This is the one door from the command line to the engine's assembly.
    ///
    /// - Parameters:
    ///   - options: What the command line says.
    ///   - database: A path that wins over every other, for throw-away databases.
    /// - Returns: The session, whose engine nobody drives yet.
    /// - Throws: Why the configuration or the database cannot be used.
    static func open(_ options: GlobalOptions, database: String? = nil) throws -> Session {
        let environment = environment
        let configuration = try options.configuration(environment: environment, database: database)
        let database = try Database(path: configuration.database)
        let logger = ProgramLog.start(configuration)
        let variable: @Sendable (String) -> String? = { environment[$0] }
        let surroundings = Surroundings.system(variable: variable)
        do {
            let host = try EngineHost(
                configuration, database: database, variable: variable, surroundings: surroundings, logger: logger)
            return Session(
                configuration: configuration, host: host, surroundings: surroundings, logger: logger,
                actor: actor(environment))
        } catch let error as RegistryError {
            throw Failure(.data, "the configuration names a provider that there is not: \(error.description)")
        }
    }

    /// The login name, where it is a plain word.
    private static func actor(_ environment: [String: String]) -> String {
        let names = ["LOGNAME", "USER"].compactMap { environment[$0] }
        let plain = names.first { name in
            (1...64).contains(name.utf8.count) && name.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        }
        return plain ?? "operator"
    }
}

/// The log of the program: a file, never the standard error.
enum ProgramLog {
    /// Sends every logger of the process to the file of the configuration; called once.
    static func start(_ configuration: Configuration) -> Logger {
        let folder = URL(fileURLWithPath: configuration.log.file).deletingLastPathComponent().path
        // A log that cannot be written must not stop the command; the log counts the lines that it loses.
        try? FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let file = LogFile(path: configuration.log.file)
        let level = JSONLinesLogHandler.level(configuration.log)
        LoggingSystem.bootstrap { label in JSONLinesLogHandler(label: label, file: file, level: level) }
        return Logger(label: "landlord")
    }
}
