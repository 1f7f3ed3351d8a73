import ArgumentParser
import LandlordDomain
import LandlordEngine
import LandlordTUI
import StatesLanguage

/// `landlord workflow lint`.
struct WorkflowLintCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint", abstract: "Say what is wrong with a definition, and what will probably go wrong with it.",
        discussion: "The rules are in docs/workflow-lint.md.")

    /// How findings are written.
    enum Format: String, CaseIterable, ExpressibleByArgument {
        /// One line each, as compilers print them.
        case text
        /// One document.
        case json
        /// SARIF 2.1.0, for code hosts and editors.
        case sarif
    }

    @Argument(help: ArgumentHelp("A definition as JSON or YAML; - for the standard input.", valueName: "file"))
    var file: String
    @Option(name: [.customShort("o"), .long], help: "text, json or sarif.")
    var output = Format.text
    @Option(help: ArgumentHelp("What the machine is to be: STANDARD or EXPRESS.", valueName: "type"))
    var type = MachineType.standard
    @Flag(help: "Fail on warnings too.")
    var strict = false
    @OptionGroup var global: GlobalOptions

    func run() throws {
        let definition = try DefinitionFile(file)
        let linter = Linter(options: .init(kind: type.kind, now: WallClock.now))
        let findings = definition.findings(linter)
        let shown = file == "-" ? "stdin" : file
        switch output {
        case .text: try StandardStream.write(Self.text(findings, in: shown))
        case .json: try StandardStream.write(VisibleJSON.text(Self.document(findings, of: shown)))
        case .sarif:
            let sarif = LintSARIF(file: shown, version: Landlord.version)
            try StandardStream.write(VisibleJSON.text(sarif.document(findings)))
        }
        let refused = findings.contains { $0.severity == .error || (strict && $0.severity == .warning) }
        if refused { throw ExitCode(ExitStatus.data.rawValue) }
    }

    private static func text(_ findings: [LintFinding], in file: String) -> String {
        let lines = findings.map { DisplayText.sanitize($0.text(in: file)).string }
        let counts = LintFinding.Severity.allCases.compactMap { severity -> String? in
            let count = findings.count { $0.severity == severity }
            guard count > 0 else { return nil }
            return "\(count) \(severity.rawValue)" + (count == 1 || severity == .info ? "" : "s")
        }
        let end =
            counts.isEmpty ? "\(DisplayText.sanitize(file).string): nothing found" : counts.joined(separator: ", ")
        return (lines + [end]).joined(separator: "\n") + "\n"
    }

    private static func document(_ findings: [LintFinding], of file: String) -> JSONValue {
        func count(_ severity: LintFinding.Severity) -> JSONValue {
            .number(JSONNumber(findings.count { $0.severity == severity }))
        }
        return [
            "file": .string(file), "findings": .array(findings.map(\.json)), "errors": count(.error),
            "warnings": count(.warning), "infos": count(.info),
        ]
    }
}
