import ArgumentParser
import LandlordEngine
import StatesLanguage

/// `landlord verify`.
struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check the database: the file, references, hash chains, rows against their logs; or exported runs.",
        discussion: "The exit code is 1 when anything is wrong.")

    @Option(
        help: ArgumentHelp(
            "Check exported or archived runs instead: their chains and what they lead to.", valueName: "file"))
    var file: String?
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        if let file { return try check(file) }
        let configuration = try global.configuration(environment: Session.environment)
        var options = Database.Options()
        options.checksCells = true
        let database = try Database(path: configuration.database, options: options)
        let report = try await DatabaseVerifier(database).verify()
        await database.close()
        try output.write(report.document) { report.text }
        guard report.isSound else { throw ExitCode(ExitStatus.failed.rawValue) }
    }

    private func check(_ file: String) throws {
        var check = RunLineCheck()
        do throws(RepositoryError) {
            try LineFile.read(file) { check.take($0) }
        } catch .unusable(let reason) {
            throw Failure(.missing, reason)
        } catch {
            throw Failure(.missing, error.description)
        }
        let report = check.finish()
        guard report.hasRuns || !report.isSound else {
            throw Failure(.data, "\(file) holds no run, so that nothing is proved")
        }
        try output.write(report.document) { report.text }
        guard report.isSound else { throw ExitCode(ExitStatus.failed.rawValue) }
    }
}

extension VerificationReport {
    /// The report as scripts see it.
    var document: JSONValue {
        var counts = JSONObject()
        for checked in checked { counts[checked.name] = JSONValue(checked.count) }
        let found = findings.map { finding -> JSONValue in
            [
                "kind": .string(finding.kind.rawValue), "subject": .string(finding.subject),
                "message": .string(finding.message),
            ]
        }
        return [
            "sound": .bool(isSound), "checked": .object(counts), "finding_count": JSONValue(findingCount),
            "findings": .array(found),
        ]
    }

    /// Whether there was a run to look at.
    fileprivate var hasRuns: Bool { checked.contains { $0.name == "runs" && $0.count > 0 } }

    /// The report for people.
    var text: String {
        let counts = checked.filter { $0.name != "file" }.map { "\($0.count) \($0.name)" }.joined(separator: ", ")
        guard !isSound else { return "sound: the file, \(counts)\n" }
        let table = TextTable(["KIND", "SUBJECT", "WHAT IS WRONG"], findings) { finding in
            [finding.kind.rawValue, finding.subject, finding.message]
        }
        let rest = findingCount > findings.count ? " (the first \(findings.count) are shown)" : ""
        return table.rendered(columns: StandardStream.columns)
            + "not sound: \(CountText.text(findingCount, "finding"))\(rest); looked at the file, \(counts)\n"
    }
}
