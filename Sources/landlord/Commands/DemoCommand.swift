import ArgumentParser
import Foundation
import Glibc
import LandlordDomain
import LandlordEngine
import LandlordTUI
import Logging

/// `landlord demo`.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "Open the console on a throw-away fleet of the mock provider.",
        discussion: """
            Some tenants fail, some fail once and recover, some are unhealthy. The same seed gives the same fleet. \
            Without --database the fleet is in a temporary directory that is removed when the console is left.
            """)

    @Option(help: ArgumentHelp("How many tenants.", valueName: "n"))
    var tenants = 50
    @Option(help: ArgumentHelp("How many are asked for in one second; without it, all at once.", valueName: "n"))
    var rate: Double?
    @Option(help: ArgumentHelp("What the fleet follows from.", valueName: "n"))
    var seed: UInt64 = 1
    @Flag(help: "Only fill the database, until every tenant is at rest, and exit.")
    var noConsole = false
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard (1...1_000_000).contains(tenants) else {
            throw ValidationError("'--tenants' must be from 1 to 1000000, not \(tenants)")
        }
        if let rate, !(rate > 0 && rate.isFinite) { throw ValidationError("'--rate' must be more than 0") }
    }

    func run() async throws {
        let session = try Session.open(global, database: try DemoDirectory.databasePath(global))
        let fleet = DemoFleet(count: tenants, seed: seed)
        let rate = rate
        do {
            try await session.whileDriving {
                try await fleet.apply(with: session, rate: rate)
                try await fleet.settle(with: session)
            }
        } catch {
            await session.host.database.close()
            throw error
        }
        let counts = try await session.engine.tenants.counts()
        await session.host.database.close()
        let words = TenantStatus.allCases.compactMap { status in counts[status].map { "\($0) \(status.rawValue)" } }
        try StandardStream.write(
            "\(VisibleJSON.escaped(session.host.database.path)): \(words.joined(separator: ", "))\n")
    }

    /// Opens the console on the calling thread while the fleet is asked for and driven on others.
    func openOnMainThread() throws -> Int32 {
        try ConsoleCommand.requireTerminal()
        let path = try DemoDirectory.databasePath(global)
        defer { if global.database == nil { DemoDirectory.remove(databasePath: path) } }
        let session = try Session.open(global, database: path)
        let fleet = DemoFleet(count: tenants, seed: seed)
        let rate = rate
        Task {
            do {
                try await fleet.apply(with: session, rate: rate)
            } catch {
                session.logger.error("The demo fleet is not complete", metadata: [LogKeys.error: "\(error)"])
            }
        }
        return try ConsoleSeam.run(session)
    }
}

/// Where a throw-away fleet lives.
enum DemoDirectory {
    /// The database that was asked for, or one in a new directory of its own.
    static func databasePath(_ options: GlobalOptions) throws(Failure) -> String {
        if let path = options.database { return path.hasPrefix("/") ? path : currentDirectory + "/" + path }
        var template = Array((folder + "/landlord-demo-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else {
            throw Failure(.cannotCreate, "no directory can be made in \(folder): \(String(cString: strerror(errno)))")
        }
        return String(decoding: template.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            + "/landlord.db"
    }

    /// Takes a throw-away database away with its directory.
    static func remove(databasePath: String) {
        let directory = URL(fileURLWithPath: databasePath).deletingLastPathComponent().path
        guard directory.contains("/landlord-demo-") else { return }
        // What cannot be removed lies in a folder for temporary files, which the system empties.
        try? FileManager.default.removeItem(atPath: directory)
    }

    private static var currentDirectory: String { FileManager.default.currentDirectoryPath }

    private static var folder: String {
        let path = Session.environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
        return path.hasSuffix("/") ? String(path.dropLast()) : path
    }
}
