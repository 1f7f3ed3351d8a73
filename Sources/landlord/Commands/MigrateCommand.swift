import ArgumentParser
import Foundation
import LandlordEngine
import StatesLanguage

/// `landlord migrate`.
struct MigrateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate", abstract: "Look at the schema of the database and bring it up to date.",
        subcommands: [MigrateStatusCommand.self, MigrateUpCommand.self])
}

/// `landlord migrate status`.
struct MigrateStatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show which migrations the database has. An older database stays as it is.")

    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let configuration = try global.configuration(environment: Session.environment)
        let database = try Database(path: configuration.database, options: .looking(at: configuration.database))
        let migrations = try await database.migrationStatus()
        await database.close()
        try output.write(migrations)
    }
}

/// `landlord migrate up`.
struct MigrateUpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up", abstract: "Apply the migrations that the database does not have, each whole or not at all.")

    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let configuration = try global.configuration(environment: Session.environment)
        let database = try Database(path: configuration.database)
        let migrations = try await database.migrationStatus()
        await database.close()
        try output.write(migrations)
    }
}

extension Database.Options {
    /// Leaves a database that is there as it is; one that is not there yet is made complete.
    static func looking(at path: String) -> Database.Options {
        var options = Database.Options()
        options.migrations = FileManager.default.fileExists(atPath: path) ? .inspect : .apply
        return options
    }
}

extension OutputOptions {
    /// Writes migrations, oldest first.
    func write(_ migrations: [MigrationStatus]) throws(Failure) {
        let items = migrations.map { migration -> JSONValue in
            [
                "number": JSONValue(migration.number), "name": .string(migration.name),
                "checksum": .string(migration.checksum), "applied_at": JSONValue(migration.appliedAt),
            ]
        }
        try write(.items(items)) {
            TextTable(["NUMBER", "APPLIED", "NAME"], migrations) { migration in
                ["\(migration.number)", migration.appliedAt?.rfc3339 ?? "no", migration.name]
            }.rendered(columns: StandardStream.columns)
        }
    }
}
