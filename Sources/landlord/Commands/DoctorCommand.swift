import ArgumentParser
import Foundation
import LandlordDomain
import LandlordEngine
import StatesLanguage

/// `landlord doctor`.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Show what this machine offers, what is configured and what is missing.",
        discussion: "The exit code is 0 unless the configuration or the database cannot be used.")

    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let environment = Session.environment
        let configuration = try global.configuration(environment: environment)
        let machine = Machine(environment: environment)
        var report = DoctorReport(machine: machine, configuration: configuration)
        do {
            let session = try Session.open(global)
            report.providers = ListedProvider.all(in: session)
            report.database = try await DoctorReport.DatabaseFacts(session)
            await session.host.database.close()
        } catch {
            // The rest of the report is what helps with such a database, so it is written all the same.
            let failure = Failure(translating: error)
            report.problems += failure.lines
            try write(report)
            throw ExitCode(failure.status.rawValue)
        }
        try write(report)
    }

    private func write(_ report: DoctorReport) throws(Failure) {
        try output.write(report.document) { report.text }
    }
}

/// Everything that `landlord doctor` has found.
struct DoctorReport {
    /// What is known of a database that could be opened.
    struct DatabaseFacts {
        let path: String
        let schemaVersion: Int
        let libraryVersion: String
        let lease: Lease?
        let counts: [TenantStatus: Int]

        /// Asks a database.
        init(_ session: Session) async throws {
            let database = session.host.database
            path = database.path
            schemaVersion = try await database.migrationStatus().filter(\.isApplied).map(\.number).max() ?? 0
            libraryVersion = try await database.libraryVersion()
            lease = try await DrivingLock(database: database).current(at: session.surroundings.now())
            counts = try await session.engine.tenants.counts()
        }
    }

    let machine: Machine
    let settings: [Setting]
    var database: DatabaseFacts?
    var providers: [ListedProvider] = []
    var problems: [String]

    init(machine: Machine, configuration: Configuration) {
        self.machine = machine
        settings = configuration.settings
        problems = machine.problems
        problems += configuration.unusedVariables.map { "$\($0) means nothing to landlord" }
    }

    /// The report as scripts see it.
    var document: JSONValue {
        [
            "version": .string(Landlord.version),
            "machine": machine.document,
            "configuration": .array(
                settings.map { setting in
                    [
                        "key": .string(setting.key.name), "value": .string(setting.shown),
                        "origin": .string(setting.origin.description),
                    ]
                }),
            "database": database?.document ?? .null,
            "providers": .array(providers.map(\.document)),
            "problems": .array(problems.map { .string($0) }),
        ]
    }

    /// The report for people.
    var text: String {
        var parts = ["landlord \(Landlord.version)\n", "machine\n" + machine.fields.rendered]
        let table = TextTable(["KEY", "VALUE", "FROM"], settings) { [$0.key.name, $0.shown, $0.origin.description] }
        parts.append("configuration\n" + table.rendered(columns: StandardStream.columns))
        if let database { parts.append("database\n" + database.fields.rendered) }
        if !providers.isEmpty {
            let table = TextTable(["KIND", "NAME", "DEFAULT"], providers) {
                [$0.kind, $0.name, $0.isDefault ? "yes" : "no"]
            }
            parts.append("providers\n" + table.rendered(columns: StandardStream.columns))
        }
        var list = TextFields()
        for problem in problems { list.add("!", problem) }
        parts.append(problems.isEmpty ? "nothing is missing\n" : "to look at\n" + list.rendered)
        return parts.joined(separator: "\n")
    }
}

extension DoctorReport.DatabaseFacts {
    /// The facts as scripts see them.
    var document: JSONValue {
        var tenants = JSONObject()
        for status in TenantStatus.allCases { tenants[status.rawValue] = JSONValue(counts[status] ?? 0) }
        return [
            "path": .string(path), "schema_version": JSONValue(schemaVersion),
            "sqlite_version": .string(libraryVersion), "driver": JSONValue(lease?.holder),
            "driver_since": JSONValue(lease?.acquiredAt), "tenants": .object(tenants),
        ]
    }

    /// The facts for people.
    var fields: TextFields {
        var fields = TextFields()
        fields.add("path", path)
        fields.add("schema", "version \(schemaVersion)")
        fields.add("SQLite", libraryVersion)
        fields.add("driven by", lease.map { "\($0.holder) since \($0.acquiredAt.rfc3339)" } ?? "nobody")
        let words = TenantStatus.allCases.compactMap { status in counts[status].map { "\($0) \(status.rawValue)" } }
        fields.add("tenants", words.isEmpty ? "none" : words.joined(separator: ", "))
        return fields
    }
}
